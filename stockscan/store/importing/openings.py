"""Opening stock for a chunk of rows at once: `opening` movements by the rules of the ledger."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, text, tuple_, update
from sqlalchemy.orm import Session

from stockscan.domain.errors import Conflict
from stockscan.domain.figures import times
from stockscan.domain.ledger import RANK_GOODS, Key, MovementKind
from stockscan.domain.valuation import Worth, settle, value_at_average
from stockscan.store.db import on_postgresql
from stockscan.store.importing.lookups import variants
from stockscan.store.importing.writing import Origin, Values, insert_rows
from stockscan.store.locks import LOCATION_LOCK, PART_LOCK, share_ledger
from stockscan.store.lots import Lot
from stockscan.store.parts import Part, PartWorth
from stockscan.store.stock import Balance, Movement

# The numbers and fences of so many movements; the inner query keeps one call per row.
_DRAW: Final = text(
    "SELECT (drawn).seq, (drawn).fence FROM (SELECT stockscan_next_movement() AS drawn"
    " FROM generate_series(1, :count) OFFSET 0) numbers"
)

_LOCK_PLACES: Final = text(
    "SELECT pg_advisory_xact_lock_shared(:space, id) FROM"
    " (SELECT unnest(CAST(:ids AS integer[])) AS id ORDER BY 1 OFFSET 0) ids"
)
_LOCK_PARTS: Final = text(
    "SELECT pg_advisory_xact_lock(:space, id) FROM"
    " (SELECT unnest(CAST(:ids AS integer[])) AS id ORDER BY 1 OFFSET 0) ids"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """Goods that were there before the books began; `cost_e4` None is the part's average."""

    key: Key
    quantity_milli: int
    cost_e4: int | None = None
    expires_on: date | None = None


class Booked(NamedTuple):
    """What the books know of a key: the quantity that it opened with, if so, and that of now."""

    opened_milli: int | None
    on_hand_milli: int


def moved_keys(
    connection: Connection | Session, part_ids: Collection[int]
) -> dict[tuple[int, int, str, str], Booked]:
    """Every key of these parts that the books know.

    Lots and serials are in lower case, as people do not mind their case.
    """
    if not part_ids:
        return {}
    opened = (
        select(func.sum(Movement.quantity_milli))
        .where(
            Movement.part_id == Balance.part_id,
            Movement.location_id == Balance.location_id,
            Movement.lot == Balance.lot,
            Movement.serial == Balance.serial,
            Movement.kind == MovementKind.OPENING,
        )
        .scalar_subquery()
    )
    columns = (Balance.part_id, Balance.location_id, Balance.lot, Balance.serial)
    figures = (opened, Balance.quantity_milli)
    rows = connection.execute(select(*columns, *figures).where(Balance.part_id.in_(part_ids)))
    return {(row[0], row[1], row[2].lower(), row[3].lower()): Booked(*row[4:]) for row in rows}


def serials_around(
    connection: Connection | Session, part_ids: Collection[int], serials: Collection[str]
) -> set[tuple[int, str]]:
    """Which serials of these parts are in a bin or on an asset by the books, in lower case."""
    if not serials:
        return set()
    wanted = variants(serials)
    balances = select(Balance.part_id, func.lower(Balance.serial)).where(
        Balance.part_id.in_(part_ids),
        func.lower(Balance.serial).in_(wanted),
        Balance.serial != "",
        Balance.quantity_milli > 0,
    )
    fitted = (
        select(Movement.part_id, func.lower(Movement.serial))
        .where(
            Movement.part_id.in_(part_ids),
            func.lower(Movement.serial).in_(wanted),
            Movement.serial != "",
            Movement.asset_id.is_not(None),
        )
        .group_by(Movement.part_id, func.lower(Movement.serial), Movement.asset_id)
        .having(func.sum(Movement.quantity_milli) < 0)
    )
    rows = [*connection.execute(balances), *connection.execute(fitted)]
    return {(row[0], row[1]) for row in rows}


def known_marks(
    connection: Connection | Session, part_ids: Collection[int], marks: Collection[str]
) -> dict[tuple[int, str], tuple[str, date | None]]:
    """Lots and serials that are known: (part, in lower case) to (as first spelled, expiry)."""
    if not marks:
        return {}
    query = select(Lot.part_id, Lot.lot, Lot.expires_on).where(
        Lot.part_id.in_(part_ids), func.lower(Lot.lot).in_(variants(marks))
    )
    return {
        (row.part_id, row.lot.lower()): (row.lot, row.expires_on)
        for row in connection.execute(query)
    }


def post(session: Session, openings: Sequence[Opening], origin: Origin) -> None:
    """Write the movements with balances, worth and lots.

    Raises `Conflict` for a key that has moved before.
    """
    if not openings:
        return
    _lock(session, openings)
    _refuse_moved(session, openings)
    _keep_marks(session, openings, origin)
    ids = sorted({opening.key.part_id for opening in openings})
    before = _worths(session, ids)
    rows: list[Values] = []
    after: list[Values] = []
    by_part: dict[int, list[Opening]] = defaultdict(list)
    for opening in openings:
        by_part[opening.key.part_id].append(opening)
    for part_id, mine in by_part.items():
        worth, more = _post_part(before[part_id], mine)
        rows += more
        after.append({"of": part_id, **asdict(worth)})
    _append(session, rows, origin)
    insert_rows(
        session,
        Balance,
        [{**one.key._asdict(), "quantity_milli": one.quantity_milli} for one in openings],
    )
    worths = PartWorth.__table__
    values: Values = {
        name: bindparam(name) for name in ("quantity_milli", "value_e4", "average_e4")
    }
    statement = update(PartWorth).where(worths.c.part_id == bindparam("of")).values(values)
    session.connection().execute(statement, after)


def _post_part(before: Worth, openings: Sequence[Opening]) -> tuple[Worth, list[Values]]:
    """The rows of one part and what it is worth behind them; each brings its price, if it has one.

    The same figures as of receipts one by one in one operation: see `store.ledger.Posting`.
    """
    rows: list[Values] = []
    receipt: int | None = None
    for opening in openings:
        quantity = opening.quantity_milli
        cost, value = before.average_e4, value_at_average(before, quantity)
        if opening.cost_e4 is not None:
            receipt = cost = opening.cost_e4
            value = times(quantity, cost)
        kind = MovementKind.OPENING.value
        rows.append(_row(kind, opening.key, quantity, cost, value))
    settled = settle(
        before,
        quantity_milli=sum(row["quantity_milli"] for row in rows),
        value_e4=sum(row["value_e4"] for row in rows),
        receipt_cost_e4=receipt,
    )
    if settled.revaluation_e4:
        kind = MovementKind.REVALUATION.value
        rows.append(_row(kind, openings[-1].key, 0, 0, settled.revaluation_e4))
    return settled.worth, rows


def _row(kind: str, key: Key, quantity: int, cost: int, value: int) -> Values:
    return {
        "kind": kind,
        **key._asdict(),
        "quantity_milli": quantity,
        "unit_cost_e4": cost,
        "value_e4": value,
    }


def _append(session: Session, rows: list[Values], origin: Origin) -> None:
    same = {
        "effective_us": origin.now_us,
        "recorded_us": origin.now_us,
        "rank": RANK_GOODS,
        "person_id": origin.person_id,
        "operation_id": origin.operation_id,
        "origin_id": origin.operation_id,
        "reason": "",
        "note": "",
        "removed_serial": "",
    }
    for leg, row in enumerate(rows):
        row |= {**same, "leg": leg}
    if on_postgresql(session.connection()):
        drawn = session.execute(_DRAW, {"count": len(rows)}).all()
        for row, (seq, fence) in zip(rows, drawn, strict=True):
            row |= {"seq": seq, "fence": fence}
    insert_rows(session, Movement, rows)


def _lock(session: Session, openings: Sequence[Opening]) -> None:
    """Serialise with everyone who writes these places and parts, in the order that all take."""
    if not on_postgresql(session.connection()):
        return
    share_ledger(session)
    places = {opening.key.location_id for opening in openings}
    session.execute(_LOCK_PLACES, {"space": LOCATION_LOCK, "ids": sorted(places)})
    parts = {opening.key.part_id for opening in openings}
    session.execute(_LOCK_PARTS, {"space": PART_LOCK, "ids": sorted(parts)})


def _refuse_moved(session: Session, openings: Sequence[Opening]) -> None:
    """Raises `Conflict` when somebody moved one of the keys before the lock was ours."""
    known = moved_keys(session, {opening.key.part_id for opening in openings})
    if any(folded(opening.key) in known for opening in openings):
        raise Conflict("Somebody moved some of this meanwhile. Check the file again.")


def folded(key: Key) -> tuple[int, int, str, str]:
    """A key as `moved_keys` has it."""
    return (key.part_id, key.location_id, key.lot.lower(), key.serial.lower())


def _worths(session: Session, part_ids: Sequence[int]) -> dict[int, Worth]:
    """What the parts are worth before; one that never had an average stands at its list cost."""
    rows = session.execute(
        select(
            PartWorth.part_id, PartWorth.quantity_milli, PartWorth.value_e4, PartWorth.average_e4
        ).where(PartWorth.part_id.in_(part_ids))
    )
    found = {row[0]: Worth(*row[1:]) for row in rows}
    missing = [part_id for part_id in part_ids if part_id not in found]
    if missing:
        insert_rows(session, PartWorth, [{"part_id": one} for one in missing])
        listed = session.execute(select(Part.id, Part.list_cost_e4).where(Part.id.in_(missing)))
        found |= {part_id: Worth(average_e4=cost) for part_id, cost in listed}
    return found


def _keep_marks(session: Session, openings: Sequence[Opening], origin: Origin) -> None:
    """Remember lots and serials that come in; an expiry that one has already is kept."""
    dates: dict[tuple[int, str], date | None] = {}
    for one in openings:
        mark = one.key.lot or one.key.serial
        if mark:
            dates.setdefault((one.key.part_id, mark), one.expires_on)
    if not dates:
        return
    pairs = tuple_(Lot.part_id, Lot.lot).in_(list(dates))
    known = {
        (row.part_id, row.lot): row.expires_on
        for row in session.execute(select(Lot.part_id, Lot.lot, Lot.expires_on).where(pairs))
    }
    insert_rows(
        session,
        Lot,
        [
            {"part_id": part, "lot": lot, "expires_on": day, "created_us": origin.now_us}
            for (part, lot), day in dates.items()
            if (part, lot) not in known
        ],
    )
    dated: list[dict[str, Any]] = [
        {"part": part, "mark": lot, "day": dates[part, lot]}
        for (part, lot), day in known.items()
        if day is None and dates[part, lot] is not None
    ]
    if dated:
        same = (Lot.part_id == bindparam("part"), Lot.lot == bindparam("mark"))
        statement = update(Lot.__table__).where(*same).values(expires_on=bindparam("day"))  # type: ignore[arg-type]
        session.connection().execute(statement, dated)
