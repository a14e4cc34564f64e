"""Finding: the words of all things in one index, and what lists are sorted by.

Each thing has one row of words, kept by triggers whoever writes. Its id is the number of its kind
in the bits from 40 up and the thing's own id below, so that a kind is a range of ids.
SQLite indexes the words by FTS5; PostgreSQL as a tsvector whose lexemes begin with the number of
the kind, so that what is known of a word's frequency is known per kind.
"""

# ruff: noqa: S608 - put together from the names below, nothing comes from outside

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = {"asset": 1, "part": 2, "location": 3, "person": 4, "asset_model": 5}
# So long a prefix of a word is found without looking at every word that begins so.
PREFIXES = "1 2 3 4 5 6 7 8 9 10"

# A text without the separators that people leave out when they type it: A-0001 is a0001 too.
BARE = "replace(replace(replace(replace({0}, '-', ''), '.', ''), '/', ''), '_', '')"
# A GTIN is kept with zeros in front; people type what is printed.
ALIASES = {
    "sqlite": "(SELECT group_concat(text || ' ' || ltrim(text, '0'), ' ') FROM"
    " (SELECT text FROM alias WHERE alias.code = t.code ORDER BY text))",
    "postgresql": "(SELECT string_agg(text || ' ' || ltrim(text, '0'), ' ' ORDER BY text)"
    " FROM alias WHERE alias.code = t.code)",
}
NUMBERS = {
    "sqlite": "(SELECT group_concat(number, ' ') FROM"
    " (SELECT number FROM supplier_part WHERE part_id = t.id ORDER BY supplier_id))",
    "postgresql": "(SELECT string_agg(number, ' ' ORDER BY supplier_id)"
    " FROM supplier_part WHERE part_id = t.id)",
}
# What each kind is found by; aliases and numbers are put in per database.
WORDS: dict[str, tuple[str, ...]] = {
    "asset": ("t.tag", "t.name", "m.name", "t.serial", "m.manufacturer", "m.model_number",
              "t.category", "m.category", BARE.format("t.tag"), BARE.format("t.serial"),
              "aliases"),
    "part": ("t.part_number", "t.name", "t.manufacturer_part_number", "t.supplier_part_number",
             "numbers", "t.manufacturer", "t.category", BARE.format("t.part_number"),
             BARE.format("t.manufacturer_part_number"), BARE.format("t.supplier_part_number"),
             "aliases"),
    "location": ("t.name", BARE.format("t.name"), "aliases"),
    "person": ("t.name", "t.username", "t.email", "aliases"),
    "asset_model": ("t.name", "t.manufacturer", "t.model_number", "t.category",
                    BARE.format("t.model_number")),
}  # fmt: skip
JOINED = {"asset": " LEFT JOIN asset_model m ON m.id = t.model_id"}
# A change of anything else is no change to the words.
TOLD = {
    "asset": ("tag", "name", "serial", "category", "model_id"),
    "part": ("part_number", "name", "manufacturer_part_number", "supplier_part_number",
             "manufacturer", "category"),
    "location": ("name",),
    "person": ("name", "username", "email"),
    "asset_model": ("name", "manufacturer", "model_number", "category"),
}  # fmt: skip
CODED = ("asset", "part", "location", "person")

# What lists are sorted and filtered by, and what that replaces.
INDEXES = [
    ("ix_asset_name_lower", "asset", "lower(name), id", ""),
    ("ix_asset_bought", "asset", "coalesce(purchase_date, '0001-01-01'), id", ""),
    ("ix_asset_price", "asset", "coalesce(purchase_cost_minor, -1), id", ""),
    ("ix_asset_out", "asset", "coalesce(due_on, '9999-12-31'), id", "out_since_us IS NOT NULL"),
    ("ix_asset_status_tag", "asset", "status, lower(tag), id", ""),
    ("ix_asset_model_tag", "asset", "model_id, lower(tag), id", ""),
    ("ix_asset_location_tag", "asset", "location_id, lower(tag), id", ""),
    ("ix_asset_category_tag", "asset", "lower(category), lower(tag), id", ""),
    ("ix_part_name_lower", "part", "lower(name), id", ""),
    ("ix_part_category_number", "part", "lower(category), lower(part_number), id", ""),
    ("ix_part_supplier_id", "part", "supplier_id", ""),
    ("ix_person_name_lower", "person", "lower(name), id", ""),
    ("ix_asset_model_name_lower", "asset_model", "lower(name), id", ""),
]
# What the ones above do as well.
OBSOLETE = [
    ("ix_asset_name", "asset", "name"),
    ("ix_asset_model_id", "asset", "model_id"),
    ("ix_asset_location_id", "asset", "location_id"),
    ("ix_part_name", "part", "name"),
]
DATED = {"ix_asset_bought", "ix_asset_out"}


def upgrade() -> None:
    """Apply."""
    _make_tables()
    if _is_postgresql():
        _index_on_postgresql()
    else:
        _index_on_sqlite()
    for kind in KINDS:
        op.execute(_refresh(kind, "true"))
    for name, table, event, statements in _triggers():
        _make_trigger(name, table, event, statements)
    for name, table, columns, where in INDEXES:
        typed = (
            columns.replace(", '", ", DATE '") if name in DATED and _is_postgresql() else columns
        )
        only = f" WHERE {where}" if where else ""
        op.execute(f"CREATE INDEX {name} ON {table} ({typed}){only}")
    for name, *_ in OBSOLETE:
        op.execute(f"DROP INDEX {name}")


def downgrade() -> None:
    """Revert."""
    for name, table, column in OBSOLETE:
        op.create_index(name, table, [column])
    for name, *_ in INDEXES:
        op.execute(f"DROP INDEX {name}")
    for name, table, *_ in _triggers():
        if _is_postgresql():
            op.execute(f"DROP TRIGGER search_{name} ON {table}")
            op.execute(f"DROP FUNCTION stockscan_search_{name}")
        else:
            op.execute(f"DROP TRIGGER search_{name}")
    op.drop_table("search_entry")
    op.drop_table("search_word")
    if _is_postgresql():
        for function in (
            "search(tsquery, int)",
            "search_learn()",
            "lexemes(bigint, text)",
            "fold(text)",
        ):
            op.execute(f"DROP FUNCTION stockscan_{function}")
    else:
        op.drop_table("search_index")


def _make_tables() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("words", sa.String(), nullable=False),
    )
    # The entry that brought the word first: two who write at once never wait for one another.
    op.create_table(
        "search_word",
        sa.Column("word", sa.String(), primary_key=True),
        sa.Column("entry_id", BIG, primary_key=True),
    )


def _index_on_sqlite() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE search_index USING fts5(words, content = 'search_entry',"
        " content_rowid = 'id', detail = none, columnsize = 0,"
        f" tokenize = 'unicode61 remove_diacritics 2', prefix = '{PREFIXES}')"
    )
    add = "INSERT INTO search_index (rowid, words) VALUES (NEW.id, NEW.words);"
    drop = (
        "INSERT INTO search_index (search_index, rowid, words)"
        " VALUES ('delete', OLD.id, OLD.words);"
    )
    blank = "NEW.words"
    for sign in "-,./()":
        blank = f"replace({blank}, '{sign}', ' ')"
    # Words of letters alone, by what stands between blanks.
    learn = (
        "INSERT OR IGNORE INTO search_word (word, entry_id) SELECT DISTINCT lower(value), NEW.id"
        f" FROM json_each('[' || replace(json_quote({blank}), ' ', '\",\"') || ']')"
        " WHERE length(value) BETWEEN 4 AND 40 AND value NOT GLOB '*[!-@[-`{-~]*'"
        " AND NOT EXISTS (SELECT 1 FROM search_word WHERE word = lower(value));"
    )
    for event, statements in (
        ("INSERT", add + learn),
        ("DELETE", drop),
        ("UPDATE OF words", drop + add + learn),
    ):
        name = f"search_entry_{event.split()[0].lower()}"
        op.execute(f"CREATE TRIGGER {name} AFTER {event} ON search_entry BEGIN {statements} END")


def _index_on_postgresql() -> None:
    folded, into = _folding()
    # Only few texts have letters beyond ASCII, and only these need the long way.
    op.execute(
        "CREATE FUNCTION stockscan_fold(raw text) RETURNS text LANGUAGE sql IMMUTABLE STRICT"
        " PARALLEL SAFE AS $$ SELECT CASE WHEN octet_length(raw) = length(raw) THEN lower(raw)"
        f" ELSE lower(translate(raw, '{folded}', '{into}')) END $$"
    )
    op.execute(
        "CREATE FUNCTION stockscan_lexemes(id bigint, words text) RETURNS tsvector LANGUAGE sql"
        " IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT regexp_replace(regexp_replace(' ' ||"
        r" stockscan_fold(words), '([^\x01-\x2f\x3a-\x60\x7b-\x7f]{100})', '\1 ', 'g'),"
        r" '[\x01-\x2f\x3a-\x60\x7b-\x7f]+', ' ' || (id >> 40), 'g')::tsvector $$"
    )
    op.execute(
        "ALTER TABLE search_entry ADD COLUMN lexemes tsvector NOT NULL"
        " GENERATED ALWAYS AS (stockscan_lexemes(id, words)) STORED"
    )
    op.execute("ALTER TABLE search_entry ALTER COLUMN lexemes SET STATISTICS 500")
    op.execute("CREATE INDEX ix_search_entry_lexemes ON search_entry USING gin (lexemes)")
    # By the index whatever the planner thinks: of a word that it has never met it expects thousands,
    # and walks the whole table for the first few.
    op.execute(
        "CREATE FUNCTION stockscan_search(asked tsquery, most int) RETURNS SETOF bigint"
        " LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off"
        " AS $$ SELECT id FROM search_entry WHERE lexemes @@ asked LIMIT most $$"
    )
    op.execute(
        "CREATE FUNCTION stockscan_search_learn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO search_word (word, entry_id) SELECT DISTINCT word, NEW.id"
        r" FROM regexp_split_to_table(stockscan_fold(NEW.words), '[\x01-\x2f\x3a-\x60\x7b-\x7f]+')"
        " word WHERE length(word) BETWEEN 4 AND 40 AND word !~ '[0-9]' AND NOT EXISTS"
        " (SELECT 1 FROM search_word known WHERE known.word = word.word) ON CONFLICT DO NOTHING;"
        " RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER search_learn AFTER INSERT OR UPDATE OF words ON search_entry FOR EACH ROW"
        " EXECUTE FUNCTION stockscan_search_learn()"
    )


def _folding() -> tuple[str, str]:
    """Letters beyond ASCII and what they are without case and accents; the last ones vanish."""
    plain, vanishing = {}, []
    for number in (*range(0x80, 0x590), *range(0x1E00, 0x2070), *range(0x3000, 0x3003)):
        sign = chr(number)
        if unicodedata.category(sign) in ("Mn", "Cf"):
            vanishing.append(sign)
        elif not sign.isalnum():
            plain[sign] = " "
        else:
            bare = [c for c in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(c)]
            lowered = "".join(bare).lower()
            if len(lowered) == 1 and lowered != sign:
                plain[sign] = lowered
    return "".join((*plain, *vanishing)), "".join(plain.values())


def _triggers() -> list[tuple[str, str, str, str]]:
    """Name, table, event and what is done then."""
    made = []
    for kind, columns in TOLD.items():
        again = _refresh(kind, "t.id = NEW.id")
        gone = f"DELETE FROM search_entry WHERE id = {_id(kind, 'OLD.id')}"
        if kind == "asset_model":
            told = f"{again}; {_refresh('asset', 't.model_id = NEW.id')}"
        else:
            told = again
        made.append((f"{kind}_made", kind, "INSERT", again))
        made.append((f"{kind}_told", kind, f"UPDATE OF {', '.join(columns)}", told))
        made.append((f"{kind}_gone", kind, "DELETE", gone))
    for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        coded = "; ".join(_refresh(kind, f"t.code = {row}.code") for kind in CODED)
        numbered = _refresh("part", f"t.id = {row}.part_id")
        name = f"{event.lower()}_{row.lower()}"
        made.append((f"alias_{name}", "alias", event, coded))
        made.append((f"supplier_part_{name}", "supplier_part", event, numbered))
    return made


def _refresh(kind: str, where: str) -> str:
    """Write the words of these things anew, where they differ."""
    dialect = op.get_bind().dialect.name
    put_in = {"aliases": ALIASES[dialect], "numbers": NUMBERS[dialect]}
    words = " || ' ' || ".join(f"coalesce({put_in.get(text, text)}, '')" for text in WORDS[kind])
    return (
        f"INSERT INTO search_entry (id, words) SELECT {_id(kind, 't.id')}, {words}"
        f" FROM {kind} t{JOINED.get(kind, '')} WHERE {where}"
        " ON CONFLICT (id) DO UPDATE SET words = excluded.words"
        " WHERE search_entry.words <> excluded.words"
    )


def _make_trigger(name: str, table: str, event: str, statements: str) -> None:
    if _is_postgresql():
        op.execute(
            f"CREATE FUNCTION stockscan_search_{name}() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN {statements}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER search_{name} AFTER {event} ON {table} FOR EACH ROW"
            f" EXECUTE FUNCTION stockscan_search_{name}()"
        )
    else:
        op.execute(f"CREATE TRIGGER search_{name} AFTER {event} ON {table} BEGIN {statements}; END")


def _id(kind: str, thing_id: str) -> str:
    return (
        f"({KINDS[kind]}::bigint << 40) + {thing_id}"
        if _is_postgresql()
        else (f"({KINDS[kind]} << 40) + {thing_id}")
    )


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
