"""Goods of an order as they come in: which line they are for, and what that makes of the order."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from stockscan.domain.errors import RuleBroken
from stockscan.domain.figures import format_cost, format_money, format_quantity, times
from stockscan.domain.purchasing import RequisitionState
from stockscan.domain.purchasing.steps import ORDERED, name_of, number_of, state_after
from stockscan.store.purchasing.coming import received
from stockscan.store.purchasing.rows import Requisition, RequisitionLine

# What a receipt says that is for no order, although one is open.
NO_ORDER = "none"

_PLACED = Requisition.state == RequisitionState.ORDERED


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line that goods come for: how much it still waits for, and the price that was expected."""

    id: int
    number: int
    quantity_milli: int
    left_milli: int
    price_e4: int


def line_for(
    session: Session, part_id: int, quantity_milli: int, reference: str | None
) -> OrderLine | None:
    """The order line that a receipt is for: on the order it names, else the oldest that waits.

    Of several, the oldest that waits for as much. None for "none", where nothing is on order, and
    for a text that names no requisition of ours. Raises `RuleBroken` for one that does not wait for
    the part. Nobody changes or cancels an order that waits for the part until the commit.
    """
    if (reference or "").strip().lower() == NO_ORDER:
        return None
    _hold_orders(session, part_id, reference)
    named = _named(session, part_id, reference) if reference else None
    lines = _lines(session, part_id, _PLACED) if named is None else named
    waiting = [line for line in lines if line.left_milli > 0]
    enough = [line for line in waiting if line.left_milli >= quantity_milli]
    return next(iter(enough or waiting or named or ()), None)


def told(line: OrderLine, quantity_milli: int, cost_e4: int, value_e4: int) -> dict[str, str]:
    """What a receipt's answer says about its order; the price only where it is another one."""
    left = max(0, line.left_milli - quantity_milli)
    said = {"requisition": name_of(line.number), "still_to_come": format_quantity(left)}
    if line.price_e4 and cost_e4 != line.price_e4:
        said["expected_cost"] = format_cost(line.price_e4)
        expected_e4 = times(quantity_milli, line.price_e4)
        said["price_difference"] = format_money(value_e4 - expected_e4)
    return said


def warnings(
    line: OrderLine | None, reference: str | None, quantity_milli: int, unit: str
) -> list[dict[str, str]]:
    """What is odd about a receipt: more than was ordered, or for an order that is not ours."""
    if line is None:
        unknown = bool(reference) and (reference or "").strip().lower() != NO_ORDER
        message = f"We have no order {(reference or '')[:20]}. It was received without one."
        return [{"code": "unknown_requisition", "message": message}] if unknown else []
    over = quantity_milli - line.left_milli
    if over <= 0:
        return []
    message = (
        f"{name_of(line.number)} is for {format_quantity(line.quantity_milli)} {unit}:"
        f" {format_quantity(over)} more have come. Send them back, or keep them."
    )
    return [{"code": "over_delivery", "message": message}]


def settle(session: Session, line_ids: Collection[int | None], now_us: int) -> None:
    """Bring the state of the orders of these lines up to date with what has come of them."""
    wanted = {number for number in line_ids if number is not None}
    if not wanted:
        return
    of_lines = select(RequisitionLine.requisition_id).where(RequisitionLine.id.in_(wanted))
    rows = session.execute(
        select(Requisition.id, Requisition.state)
        .where(Requisition.id.in_(of_lines))
        .order_by(Requisition.id)
        .with_for_update()
    ).all()
    for row in rows:
        after = state_after(row.state, waits=_waits(session, row.id))
        if after == row.state:
            continue
        ended = now_us if after is RequisitionState.RECEIVED else None
        change = update(Requisition).where(Requisition.id == row.id)
        session.execute(change.values(state=after.value, ended_us=ended))


def came_of(session: Session, requisition_id: int) -> int:
    """How much has come of all lines of a requisition, in thousandths of whatever unit."""
    lines = select(func.sum(received())).where(RequisitionLine.requisition_id == requisition_id)
    return int(session.scalar(lines.select_from(RequisitionLine)) or 0)


def _hold_orders(session: Session, part_id: int, reference: str | None) -> None:
    """Hold the orders that goods could come for, in one order, so that nobody waits in a ring."""
    of_part = select(RequisitionLine.requisition_id).where(RequisitionLine.part_id == part_id)
    is_named = Requisition.number == number_of(reference or "")
    session.execute(
        select(Requisition.id)
        .where(Requisition.id.in_(of_part), or_(_PLACED, is_named))
        .order_by(Requisition.id)
        .with_for_update(key_share=True)
    )


def _lines(session: Session, part_id: int, *conditions: ColumnElement[bool]) -> list[OrderLine]:
    rows = session.execute(
        select(
            RequisitionLine.id,
            Requisition.number,
            RequisitionLine.quantity_milli,
            RequisitionLine.quantity_milli - received(),
            RequisitionLine.price_e4,
        )
        .join(Requisition, Requisition.id == RequisitionLine.requisition_id)
        .where(
            RequisitionLine.part_id == part_id,
            RequisitionLine.closed_us.is_(None),
            *conditions,
        )
        .order_by(RequisitionLine.id)
    )
    return [OrderLine(*row) for row in rows]


def _named(session: Session, part_id: int, reference: str) -> list[OrderLine]:
    of_it = Requisition.number == number_of(reference)
    found = _lines(session, part_id, of_it, Requisition.state.in_(sorted(ORDERED)))
    known = found or session.scalar(select(Requisition.id).where(of_it))
    if known and not found:
        message = (
            f"{reference[:20]} is no order that waits for this part."
            " Look at the order, or receive it without one."
        )
        raise RuleBroken(message, code="not_on_order", field="requisition")
    return found


def _waits(session: Session, requisition_id: int) -> bool:
    lines = session.execute(
        select(RequisitionLine.quantity_milli - received()).where(
            RequisitionLine.requisition_id == requisition_id, RequisitionLine.closed_us.is_(None)
        )
    )
    return any(left > 0 for left in lines.scalars())
