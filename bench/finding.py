"""Search and list pages at 10,000 to 1,000,000 assets: the time of a page, and its growth.

`.venv/bin/python -m bench.finding [--sizes 10000,100000,1000000] [--database sqlite|postgresql]`
builds its own databases. Each page is asked as a browser asks it, signed in, without a network; the
figure is the best of several rounds, in milliseconds.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Connection, create_engine, text

from stockscan.domain.access import Role
from stockscan.store.db import dispose, migrate
from stockscan.web import create_app
from tests.cast import hire, sign_in
from tests.postgres import running_server

ROUNDS = 7
MODELS, PLACES = 200, 1000
NAMES = ("Forklift", "Drill", "Angle grinder", "Compressor", "Pallet truck", "Laptop",
         "Torque wrench", "Generator", "Pump", "Welding set")  # fmt: skip
MAKERS = ("Linde", "Bosch", "Makita", "Hilti", "Dell", "Jungheinrich", "Atlas")
# ruff: noqa: ISC004 - the statements are long words
# What is asked, and the address; {rare}, {code}, {after} are those of a thing in the middle.
PAGES = {
    "find: rare word": "/find?q={rare}",
    "find: broad word (1 in 10)": "/find?q=forklift",
    "find: two words": "/find?q=linde+forklift",
    "find: two words, none has both": "/find?q=forklift+compressor",
    "find: half a word": "/find?q=forkl",
    "find: typo": "/find?q=forklit",
    "find: part of a serial": "/find?q=sn{serial}",
    "find: a full code": "/find?q={code}",
    "list: first page": "/assets",
    "list: page in the middle": "/assets?after={code}",
    "list: by name, first": "/assets?sort=name",
    "list: by name, middle": "/assets?sort=name&after={code}",
    "list: by price, dearest": "/assets?sort=-price",
    "list: of one model": "/assets?model=Model+77",
    "list: of one model, middle": "/assets?model=Model+77&after={of_model}",
    "list: overdue": "/assets?show=overdue",
    "list: in a hall": "/assets?place=Hall+7",
    "list: rare word": "/assets?q={rare}",
    "list: broad word": "/assets?q=forklift",
    "list: broad word, middle": "/assets?q=forklift&after={code}",
    "list: broad word by name": "/assets?q=forklift&sort=name",
}


def main() -> None:
    """Build each database and print its table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sizes", default="10000,100000,1000000")
    asked.add_argument("--database", choices=("sqlite", "postgresql"))
    given = asked.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    kinds = [given.database] if given.database else ["sqlite", "postgresql"]
    with tempfile.TemporaryDirectory() as folder, running_server() as server:
        for kind in kinds:
            columns = []
            for size in sizes:
                url = f"sqlite:///{folder}/{size}.db"
                if kind == "postgresql":
                    server.create(f"finding_{size}")
                    url = server.url(f"finding_{size}")
                columns.append(measured(url, Path(folder) / f"{kind}{size}", size))
            show(kind, sizes, columns)


def measured(url: str, data: Path, size: int) -> dict[str, float]:
    """Milliseconds of each page of a new database with so many assets."""
    data.mkdir()
    migrate(url)
    settings = {"DATABASE_URL": url, "DATA_DIR": str(data), "TESTING": True}
    app = create_app(settings)
    try:
        player = hire(app).of(Role.ADMIN)
        began = time.perf_counter()
        names = fill(url, size)
        print(f"{size:,} assets in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        client = app.test_client()
        sign_in(client, player)
        return {what: _ms(client, path.format(**names)) for what, path in PAGES.items()}
    finally:
        dispose(app)


def fill(url: str, size: int) -> dict[str, str]:
    """Put the assets in by set-based SQL, the triggers at work; what the pages ask for."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for statement in _statements(connection, size):
            connection.execute(text(statement))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if engine.name == "sqlite" else "VACUUM ANALYZE"))
        middle = connection.execute(text(f"SELECT code FROM asset WHERE id = {size // 2}"))  # noqa: S608
        of_model = connection.execute(
            text("SELECT code FROM asset WHERE model_id = 77 ORDER BY id LIMIT 1 OFFSET :half"),
            {"half": size // MODELS // 2},
        )
        names = {"code": middle.scalar_one(), "of_model": of_model.scalar_one()}
    engine.dispose()
    number = size // 2
    return {**names, "rare": f"rarity{_letters(number // 50)}", "serial": f"{number:08d}"[:7]}


def _statements(connection: Connection, size: int) -> list[str]:
    """The statements; every fiftieth asset shares its rare word with the 49 before it."""
    is_sqlite = connection.dialect.name == "sqlite"
    padded = "printf('{0}%0{1}d', i)" if is_sqlite else "'{0}' || lpad(i::text, {1}, '0')"
    asset_code, place_code = padded.format("Z", 7), padded.format("Y", 7)
    day = "'2020-01-01'" if is_sqlite else "DATE '2020-01-01'"
    letters = " || ".join(
        f"substr('bcdfghjklmnpqrstvwxz', 1 + (i / 50 / {20**place}) % 20, 1)" for place in range(4)
    )
    rows = [
        ("code", "code, kind, created_us", f"{place_code}, 'location', 1", PLACES),
        ("code", "code, kind, created_us", f"{asset_code}, 'asset', 1", size),
        ("location", "id, code, name, kind, parent_id, active, notes, created_us",
         f"i, {place_code}, CASE WHEN i <= 20 THEN 'Hall ' || i ELSE 'Bay ' || i END,"
         " CASE WHEN i <= 20 THEN 'site' ELSE 'bin' END,"
         " CASE WHEN i > 20 THEN 1 + i % 20 END, true, '', 1", PLACES),
        ("asset_model", "id, name, manufacturer, model_number, category, notes, created_us",
         f"i, 'Model ' || i, {_one_of(MAKERS)}, 'M' || i, 'Class ' || i % 9, '', 1", MODELS),
        ("asset", "id, code, tag, name, serial, model_id, status, location_id,"
         " custodian_person_id, out_since_us, due_on, purchase_cost_minor, notes, created_us",
         f"i, {asset_code}, {padded.format('A-', 7)}, {_one_of(NAMES)} || ' rarity' || {letters},"
         f" {padded.format('SN', 8)}, 1 + i % {MODELS},"
         " CASE WHEN i % 40 = 0 THEN 'retired' ELSE 'in_service' END,"
         f" 1 + i % {PLACES}, CASE WHEN i % 20 = 1 THEN 1 END, CASE WHEN i % 20 = 1 THEN 1 END,"
         f" CASE WHEN i % 200 = 1 THEN {day} END, i % 1000 * 7919, '', 1", size),
    ]  # fmt: skip
    return [
        _insert(table, columns, values, _numbers(count, is_sqlite=is_sqlite))
        for table, columns, values, count in rows
    ]


def _numbers(count: int, *, is_sqlite: bool) -> str:
    if is_sqlite:
        return f"SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}"  # noqa: S608
    return f"SELECT generate_series(1, {count})"


def _insert(table: str, columns: str, values: str, numbers: str) -> str:
    counted = f"WITH RECURSIVE n(i) AS ({numbers})"
    return f"INSERT INTO {table} ({columns}) {counted} SELECT {values} FROM n"  # noqa: S608


def _one_of(words: tuple[str, ...]) -> str:
    cases = " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(words))
    return f"CASE i % {len(words)} {cases} END"


def _letters(number: int) -> str:
    return "".join("bcdfghjklmnpqrstvwxz"[number // 20**place % 20] for place in range(4))


def _ms(client: FlaskClient, path: str) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get(path)
        best = min(best, time.perf_counter() - began)
        if answer.status_code not in (200, 303):
            sys.exit(f"{path} answers {answer.status_code}")
    return best * 1000


def show(kind: str, sizes: list[int], columns: list[dict[str, float]]) -> None:
    """Print the table of a database, as docs/measurements.md has it."""
    print(f"\n| {kind}, ms | {' | '.join(f'{size:,}' for size in sizes)} | growth |")
    print("|---|" + "---|" * (len(sizes) + 1))
    for what in PAGES:
        times = [column[what] for column in columns]
        shown = " | ".join(f"{ms:.1f}" for ms in times)
        print(f"| {what} | {shown} | {times[-1] / times[0]:.1f} x |", flush=True)


if __name__ == "__main__":
    main()
