"""The moments at which parts ran out, came back or were delivered, over some months."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Select, Subquery, and_, case, cast, func, or_, select

from stockscan.domain.ledger import MovementKind
from stockscan.domain.reports.months import LAST
from stockscan.store.parts import PartWorth
from stockscan.store.reports.ledger import first_seq
from stockscan.store.reports.places import held_rows
from stockscan.store.reports.usage import Only, sums
from stockscan.store.stock import Movement

_DELIVERIES: Final = (MovementKind.RECEIVE.value, MovementKind.OPENING.value)
_MOVES: Final = (MovementKind.TRANSFER_OUT.value, MovementKind.TRANSFER_IN.value)
# Rows that are fetched at once.
_ROWS: Final = 5_000


def moments(
    connection: Connection, month: int, from_us: int, until_us: int, only: Only
) -> Iterator[Any]:
    """Rows of `part_id`, `at_us`, `before_milli`, `after_milli`, `came` and `ordered`.

    In the order of parts and moments, from the start of a month until a moment: those at which
    goods came, and those at which the stock ran out or came back. What moves within the stock is no
    change, and what was taken back cancels out, as it stands at the same moment. `came` and
    `ordered` say whether goods came, and whether some were for a requisition. At a place, what is
    moved there from elsewhere has come too.
    """
    at, opened = _at_moments(connection, from_us, until_us, only), _opening(month, only).subquery()
    so_far = func.sum(at.c.change_milli).over(
        partition_by=at.c.part_id, order_by=at.c.at_us, rows=(None, 0)
    )
    after = cast(opened.c.quantity_milli + so_far, BigInteger)
    each = (
        select(at, (after - at.c.change_milli).label("before_milli"), after.label("after_milli"))
        .join(opened, opened.c.part_id == at.c.part_id)
        .subquery("each")
    )
    runs_out = and_(each.c.before_milli > 0, each.c.after_milli <= 0)
    comes_back = and_(each.c.before_milli <= 0, each.c.after_milli > 0)
    wanted = (
        select(each)
        .where(or_(each.c.came > 0, runs_out, comes_back))
        .order_by(each.c.part_id, each.c.at_us)
    )
    yield from connection.execute(wanted, execution_options={"yield_per": _ROWS})


def opening(connection: Connection, month: int, only: Only) -> dict[int, int]:
    """How much of each part was there when a month began: what is there, less all since."""
    return {row.part_id: row.quantity_milli for row in connection.execute(_opening(month, only))}


def _at_moments(connection: Connection, from_us: int, until_us: int, only: Only) -> Subquery:
    """What changed of each part at each moment, summed."""
    comes_by = (*_DELIVERIES, *_MOVES) if only.at else _DELIVERIES
    came = case((Movement.kind.in_(comes_by), Movement.quantity_milli), else_=0)
    change = func.sum(Movement.quantity_milli)
    wanted = select(
        Movement.part_id,
        Movement.effective_us.label("at_us"),
        cast(change, BigInteger).label("change_milli"),
        cast(func.sum(came), BigInteger).label("came"),
        func.max(Movement.requisition_line_id).label("ordered"),
    ).where(
        Movement.seq > first_seq(connection, from_us),
        Movement.effective_us >= from_us,
        Movement.effective_us < until_us,
        only.at.has(Movement.location_id),
    )
    chosen = wanted.where(*only.parts(Movement.part_id))
    grouped = chosen.group_by(Movement.part_id, Movement.effective_us)
    return grouped.having(change != 0).subquery("at")


def _opening(month: int, only: Only) -> Select[int, int]:
    since = sums(month, LAST, ("part_id",), only).subquery("since")
    now = held_rows(only).subquery("now") if only.at else PartWorth.__table__
    then = now.c.quantity_milli - func.coalesce(since.c.quantity_milli, 0)
    return (
        select(now.c.part_id, then.label("quantity_milli"))
        .outerjoin(since, since.c.part_id == now.c.part_id)
        .where(*only.parts(now.c.part_id))
    )
