"""Writes for a chunk of rows at once: things with their codes, changes with their log, events."""

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from stockscan.domain.cards import is_card
from stockscan.domain.codes import ALPHABET, make_code
from stockscan.store import standing
from stockscan.store.assets import Asset, AssetEvent
from stockscan.store.codes import Alias, Code
from stockscan.store.edits import Edit
from stockscan.store.importing.lookups import variants
from stockscan.store.importing.things import THINGS

TAG_PREFIX: Final = "A-"
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """The operation that a chunk is, who imports, and when."""

    operation_id: str
    person_id: int
    now_us: int


def insert_rows(session: Session, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns."""
    if rows:
        session.connection().execute(insert(table.__table__), list(rows))


def make_things(session: Session, kind: str, rows: Sequence[Values], now_us: int) -> list[int]:
    """Insert things of a kind (columns but code and time are given); their numbers, in order."""
    thing = THINGS[kind]
    if not rows:
        return []
    same = {"created_us": now_us}
    if not thing.code:
        insert_rows(session, thing.table, [{**row, **same} for row in rows])
        names = [row["name"] for row in rows]
        query = select(thing.table.name, thing.table.id).where(thing.table.name.in_(names))
        ids = {row.name: row.id for row in session.execute(query)}
        return [ids[name] for name in names]
    codes = draw_codes(session, thing.code, len(rows), now_us)
    pairs = zip(rows, codes, strict=True)
    insert_rows(session, thing.table, [{**row, **same, "code": code} for row, code in pairs])
    query = select(thing.table.code, thing.table.id).where(thing.table.code.in_(codes))
    ids = {row.code: row.id for row in session.execute(query)}
    return [ids[code] for code in codes]


def draw_codes(session: Session, kind: str, count: int, now_us: int) -> list[str]:
    """So many label codes that nothing carries yet, reserved for things of `kind`."""
    drawn: dict[str, None] = {}
    dice = secrets.SystemRandom()
    while len(drawn) < count:
        symbols = iter(dice.choices(ALPHABET, k=6 * (count - len(drawn))))
        fresh = [make_code(lambda _: next(symbols)) for _ in range(count - len(drawn))]  # noqa: B023
        known = set(session.scalars(select(Code.code).where(Code.code.in_(fresh))))
        drawn |= dict.fromkeys(code for code in fresh if code not in known and not is_card(code))
    rows = [{"code": code, "kind": kind, "created_us": now_us} for code in drawn]
    insert_rows(session, Code, rows)
    return list(drawn)


def free_tags(session: Session, count: int) -> list[str]:
    """The next tags that no asset has, as forms give them to assets without one."""
    lowered = func.lower(Asset.tag)
    used = select(func.count(Asset.id)).where(lowered.like(f"{TAG_PREFIX.lower()}%"))
    number = session.scalar(used) or 0
    found: list[str] = []
    while len(found) < count:
        tags = [f"{TAG_PREFIX}{number + one:04d}" for one in range(1, count - len(found) + 1)]
        taken = set(session.scalars(select(lowered).where(lowered.in_(variants(tags)))))
        found += [tag for tag in tags if tag.lower() not in taken]
        number += len(tags)
    return found


def change_things(session: Session, kind: str, changed: Sequence[tuple[int, Values]]) -> None:
    """Set columns of things by their numbers; rows that change the same columns go together."""
    table = THINGS[kind].table.__table__
    alike: dict[tuple[str, ...], list[Values]] = defaultdict(list)
    for number, columns in changed:
        if columns:
            alike[tuple(sorted(columns))].append({"of": number, **columns})
    for names, rows in alike.items():
        values: Values = {name: bindparam(name) for name in names}
        statement = update(table).where(table.c.id == bindparam("of")).values(values)
        session.connection().execute(statement, rows)


def log_edits(
    session: Session,
    kind: str,
    changed: Iterable[tuple[int, dict[str, tuple[str, str]]]],
    origin: Origin,
) -> None:
    """Keep what an import changed, as `store.edits.record` does for one thing."""
    rows = [
        {
            "kind": kind,
            "thing_id": number,
            "at_us": origin.now_us,
            "person_id": origin.person_id,
            "operation_id": origin.operation_id,
            "changes": json.dumps(changes, ensure_ascii=False),
        }
        for number, changes in changed
        if changes
    ]
    insert_rows(session, Edit, rows)


def add_aliases(session: Session, rows: Sequence[tuple[str, str]], origin: Origin) -> None:
    """Let texts (as `domain.codes.spelling` has them) stand for the things with these codes."""
    values = [
        {"text": text, "code": code, "created_us": origin.now_us,
         "operation_id": origin.operation_id}
        for text, code in rows
    ]  # fmt: skip
    insert_rows(session, Alias, values)


def codes_of(session: Session, kind: str, ids: Sequence[int]) -> dict[int, str]:
    """The label codes of things by their numbers."""
    if not ids:
        return {}
    table = THINGS[kind].table
    query = select(table.id, table.code).where(table.id.in_(ids))
    return {row.id: row.code for row in session.execute(query)}


def add_events(session: Session, events: Sequence[Values], origin: Origin) -> None:
    """Append events of assets, whose own rows are already as these events say.

    Where something happened later, because the import waited meanwhile, that holds.
    """
    same = {
        "effective_us": origin.now_us,
        "recorded_us": origin.now_us,
        "person_id": origin.person_id,
        "operation_id": origin.operation_id,
        "to_location_id": None,
        "condition": None,
        "to_status": None,
        "note": "",
    }
    rows = [{**same, **event, "leg": leg} for leg, event in enumerate(events)]
    insert_rows(session, AssetEvent, rows)
    later = select(AssetEvent.asset_id).where(
        AssetEvent.asset_id.in_({event["asset_id"] for event in events}),
        AssetEvent.effective_us > origin.now_us,
    )
    for asset_id in sorted(set(session.scalars(later))):
        standing.refresh(session, asset_id)


def never_graded(session: Session, asset_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """The condition and the age of those assets that came with one and have no event of it yet."""
    if not asset_ids:
        return {}
    graded = select(AssetEvent.asset_id).where(
        AssetEvent.asset_id.in_(asset_ids), AssetEvent.condition.is_not(None)
    )
    query = select(Asset.id, Asset.condition, Asset.created_us).where(
        Asset.id.in_(asset_ids), Asset.condition.is_not(None), Asset.id.not_in(graded)
    )
    return {row.id: (row.condition, row.created_us) for row in session.execute(query)}
