"""Proves the invariants: every cache is the fold of its ledger, and every anchor holds."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import accumulate, groupby
from typing import Any

from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session, aliased

from stockscan.domain.access import Permission, require
from stockscan.domain.counts import LineState
from stockscan.domain.ledger import RANK_COUNT, RANK_GOODS, Key, MovementKind
from stockscan.services.work import Context, unit_of_work
from stockscan.store.checking import (
    assets_as_they_stand,
    events_as_told,
    meters_as_read,
    movements_as_told,
)
from stockscan.store.counts import CountLine
from stockscan.store.counts.audit_checking import audits_as_seen
from stockscan.store.db import on_postgresql
from stockscan.store.operations import Operation
from stockscan.store.parts import Part, PartWorth
from stockscan.store.searchable import words_as_told
from stockscan.store.stock import Balance, Movement

_KEY = (Movement.part_id, Movement.location_id, Movement.lot, Movement.serial)
# What a row that answers for another one has in common with it.
_SHARED = ("part_id", "location_id", "lot", "serial", "origin_id")


def check(ctx: Context) -> list[str]:
    """Everything that is wrong, in plain sentences; an empty list when the books are true."""
    require(ctx.actor, Permission.PEOPLE_EDIT)
    with unit_of_work() as session:
        _hold_still(session)
        return [finding for proof in PROOFS for finding in proof(session)]


def _hold_still(session: Session) -> None:
    """Let all proofs see one moment, whoever writes meanwhile; SQLite's transaction does."""
    if on_postgresql(session.connection()):
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def _foreign_keys(session: Session) -> Iterator[str]:
    connection: Connection = session.connection()
    if on_postgresql(connection):
        return
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield f"{row[0]} row {row[1]} points to a row of {row[2]} that does not exist"


def _balances(session: Session) -> Iterator[str]:
    columns = (Movement.part_id, Movement.location_id, Movement.lot, Movement.serial)
    folded = {
        Key(*row[:4]): int(row[4])
        for row in session.execute(
            select(*columns, func.sum(Movement.quantity_milli)).group_by(*columns)
        )
    }
    cached = {
        Key(*row[:4]): row[4]
        for row in session.execute(
            select(
                Balance.part_id,
                Balance.location_id,
                Balance.lot,
                Balance.serial,
                Balance.quantity_milli,
            )
        )
    }
    for key in sorted(folded.keys() | cached.keys()):
        if folded.get(key, 0) != cached.get(key):
            yield f"balance of {key} says {cached.get(key)}, its movements say {folded.get(key, 0)}"


def _worth(session: Session) -> Iterator[str]:
    sums = {
        row[0]: (int(row[1]), int(row[2]))
        for row in session.execute(
            select(
                Movement.part_id, func.sum(Movement.quantity_milli), func.sum(Movement.value_e4)
            ).group_by(Movement.part_id)
        )
    }
    cached = {row.part_id: row for row in session.execute(select(PartWorth.__table__))}
    for part_id in sorted(sums.keys() | cached.keys()):
        row, (quantity, value) = cached.get(part_id), sums.get(part_id, (0, 0))
        if row is None or (row.quantity_milli, row.value_e4) != (quantity, value):
            yield f"worth of part {part_id} is not the sum of its movements"
        elif quantity and 2 * abs(value * 1000 - quantity * row.average_e4) > max(
            abs(quantity), 1000
        ):
            yield f"average of part {part_id} is not its value by its quantity"


def _values(session: Session) -> Iterator[str]:
    """Value is quantity times cost, as near as a cost of 1/10,000 can say it."""
    for row in session.execute(
        select(
            Movement.seq,
            Movement.quantity_milli,
            Movement.unit_cost_e4,
            Movement.value_e4,
            Movement.kind,
        ).where(Movement.kind != MovementKind.REVALUATION)
    ):
        off = abs(row.value_e4 * 1000 - row.quantity_milli * row.unit_cost_e4)
        if 2 * off > abs(row.quantity_milli) + 2000:
            yield f"movement {row.seq}: value is not quantity times cost"


def _anchors(session: Session) -> Iterator[str]:
    """The book just behind a posted count is what was counted."""
    rows = session.execute(
        select(*_KEY, Movement.effective_us, Movement.rank, Movement.quantity_milli).order_by(
            *_KEY, Movement.effective_us, Movement.rank
        )
    )
    history = {key: list(group) for key, group in groupby(rows, lambda row: Key(*row[:4]))}
    places = {key: [(row[4], row[5]) for row in group] for key, group in history.items()}
    books = {
        key: list(accumulate((row[6] for row in group), initial=0))
        for key, group in history.items()
    }
    lines = session.execute(select(CountLine.__table__).where(CountLine.state == LineState.POSTED))
    for line in lines:
        key = Key(line.part_id, line.location_id, line.lot, line.serial)
        behind = bisect_right(places.get(key, []), (line.counted_us, RANK_COUNT))
        book = books.get(key, [0])[behind]
        if book != line.counted_milli:
            yield f"count line {line.id}: counted {line.counted_milli}, the book says {book}"


def _lines(session: Session) -> Iterator[str]:
    """A posted line has its adjustment, as it was shown; no other line has rows that hold."""
    undone = set(
        session.scalars(select(Movement.reverses_seq).where(Movement.reverses_seq.is_not(None)))
    )
    rows: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.execute(
        select(
            *_KEY,
            Movement.seq,
            Movement.kind,
            Movement.quantity_milli,
            Movement.unit_cost_e4,
            Movement.count_line_id,
        ).where(Movement.count_line_id.is_not(None))
    ):
        rows[row.count_line_id].append(row)
    for line in session.execute(select(CountLine.__table__)):
        key = Key(line.part_id, line.location_id, line.lot, line.serial)
        if any(Key(*row[:4]) != key for row in rows[line.id]):
            yield f"count line {line.id} has rows of another key"
        adjusts = [row for row in rows[line.id] if row.kind == MovementKind.COUNT_ADJUST]
        holding = [
            row
            for row in rows[line.id]
            if row.kind != MovementKind.REVERSAL and row.seq not in undone
        ]
        if line.posted_us is not None and len(adjusts) != 1:
            yield f"count line {line.id} is posted without its adjustment"
        if line.posted_us is not None and line.state not in {LineState.POSTED, LineState.VOIDED}:
            yield f"count line {line.id} is {line.state}, but was posted"
        if line.state != LineState.POSTED and holding:
            yield f"count line {line.id} is {line.state}, but its rows hold"
        if line.state == LineState.POSTED and not set(adjusts) <= set(holding):
            yield f"count line {line.id} is posted, but its adjustment was taken back"
        shown = (line.variance_milli, line.cost_e4, line.book_milli)
        if adjusts and shown != (
            adjusts[0].quantity_milli,
            adjusts[0].unit_cost_e4,
            line.counted_milli - adjusts[0].quantity_milli,
        ):
            yield f"count line {line.id} was shown another variance than its adjustment"


def _revaluations(session: Session) -> Iterator[str]:
    """A revaluation stands at the key of a row that called for it."""
    called = {
        (row.operation_id, Key(*row[:4]))
        for row in session.execute(
            select(*_KEY, Movement.operation_id).where(Movement.kind != MovementKind.REVALUATION)
        )
    }
    for row in session.execute(
        select(*_KEY, Movement.seq, Movement.operation_id, Movement.effective_us).where(
            Movement.kind == MovementKind.REVALUATION
        )
    ):
        if (row.operation_id, Key(*row[:4])) not in called:
            yield f"revaluation {row.seq} is of nothing that its operation moved"


def _answers(session: Session) -> Iterator[str]:
    """Reversals and late corrections answer exactly for the row that they name."""
    original = aliased(Movement)
    rows = session.execute(
        select(Movement, original).join(
            original, original.seq == func.coalesce(Movement.reverses_seq, Movement.late_seq)
        )
    )
    for row, named in rows:
        same = all(getattr(row, name) == getattr(named, name) for name in _SHARED)
        if not same or row.quantity_milli != -named.quantity_milli:
            yield f"movement {row.seq} does not answer for movement {named.seq}"
        elif row.kind == MovementKind.REVERSAL and (
            (row.value_e4, row.asset_id) != (-named.value_e4, named.asset_id)
            or (row.effective_us, row.rank) != (named.effective_us, named.rank)
        ):
            yield f"movement {row.seq} does not take back movement {named.seq} exactly"


def _places(session: Session) -> Iterator[str]:
    """Rows of a count stand at its instant, goods do not, and nothing lies in the future."""
    at_count = (MovementKind.COUNT_ADJUST, MovementKind.LATE_CORRECTION)
    rows = session.execute(
        select(
            Movement.seq,
            Movement.kind,
            Movement.rank,
            Movement.effective_us,
            Movement.recorded_us,
            CountLine.counted_us,
        ).outerjoin(CountLine, CountLine.id == Movement.count_line_id)
    )
    for row in rows:
        if row.effective_us > row.recorded_us + 1_000_000:
            yield f"movement {row.seq} happened after it was recorded"
        if row.kind in at_count and (row.effective_us, row.rank) != (row.counted_us, RANK_COUNT):
            yield f"movement {row.seq} does not stand at its count"
        if row.counted_us is None and row.rank != RANK_GOODS:
            yield f"movement {row.seq} stands at a count without having one"


def _transfers(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(Movement.origin_id, func.sum(Movement.quantity_milli), func.sum(Movement.value_e4))
        .join(Operation, Operation.id == Movement.origin_id)
        .where(
            Operation.kind.in_(("transfer", "pick", "put_back", "move_part")),
            Movement.kind.not_in([MovementKind.LATE_CORRECTION, MovementKind.REVALUATION]),
            Movement.count_line_id.is_(None),
        )
        .group_by(Movement.origin_id)
    )
    for origin_id, quantity, value in rows:
        if quantity or value:
            yield f"the legs of transfer {origin_id} do not sum to zero"


def _parts(session: Session) -> Iterator[str]:
    for part_id in session.scalars(select(Part.id).where(Part.list_cost_e4 < 0)):
        yield f"part {part_id} has a negative cost"


PROOFS: tuple[Callable[[Session], Iterator[str]], ...] = (
    _foreign_keys,
    _balances,
    _worth,
    _values,
    _anchors,
    _lines,
    _answers,
    _revaluations,
    _places,
    _transfers,
    _parts,
    assets_as_they_stand,
    movements_as_told,
    events_as_told,
    meters_as_read,
    words_as_told,
    audits_as_seen,
)
