"""Approving, ordering, cancelling requisitions, and closing lines that will not come in full.

Each verb can be repeated: what was done already is done, and nothing changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, NotFound, RuleBroken
from stockscan.domain.purchasing import RequisitionState
from stockscan.domain.purchasing.steps import (
    APPROVED,
    ORDERED,
    name_of,
    refuse_cancel,
    refuse_cancelled,
    refuse_odd_day,
)
from stockscan.services.work import Context, retrying, unit_of_work
from stockscan.store.purchasing import receiving
from stockscan.store.purchasing.leads import line_leads
from stockscan.store.purchasing.rows import Requisition, RequisitionLine
from stockscan.store.purchasing.seen import refuse_changed
from stockscan.store.settings import load

_STATE = RequisitionState
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Placed:
    """What is known once an order is placed: when it is to come (None: by the lead times), and the
    supplier's or our own reference for it."""

    expected_on: date | None = None
    reference: str = ""


def approve(ctx: Context, number: int, seen: str | None = None) -> None:
    """Let a requisition be ordered as it was `seen` (a page's `version`; None: as it is).

    Raises `NotFound`, `RuleBroken` for a cancelled one, `Conflict` where it was changed since.
    """
    actor = require(ctx.actor, Permission.PURCHASE_APPROVE)

    def work(session: Session, row: Requisition) -> None:
        refuse_cancelled(number, row.state)
        if row.state not in APPROVED:
            refuse_changed(session, row, seen)
            _approve(row, actor.person_id, ctx.now_us)

    change(number, work)


def order(ctx: Context, number: int, placed: Placed, seen: str | None = None) -> None:
    """Note that the order was placed with the supplier. Who may approve does so by ordering.

    What was `seen` is ordered, as with `approve`.
    Raises `RuleBroken` for one that is cancelled, not approved, or without supplier or lines;
    `Invalid` for a day in the past or a long reference.
    """
    actor = require(ctx.actor, Permission.PURCHASE_ORDER)
    _refuse_odd(ctx, placed)

    def work(session: Session, row: Requisition) -> None:
        refuse_cancelled(number, row.state)
        if row.state in ORDERED:
            return
        refuse_changed(session, row, seen)
        if row.state not in APPROVED:
            if not actor.may(Permission.PURCHASE_APPROVE):
                message = f"{name_of(number)} is not approved yet. Ask a supervisor."
                raise RuleBroken(message, code="not_approved")
            _approve(row, actor.person_id, ctx.now_us)
        _refuse_incomplete(session, row)
        row.state = _STATE.ORDERED.value
        row.ordered_us, row.ordered_by = ctx.now_us, actor.person_id
        row.reference = placed.reference
        row.expected_on = _expect(session, row, ctx.today, placed.expected_on)

    change(number, work)


def expect(ctx: Context, number: int, placed: Placed) -> None:
    """Note another day on which an order is to come, or another reference for it."""
    require(ctx.actor, Permission.PURCHASE_ORDER)
    _refuse_odd(ctx, placed)

    def work(session: Session, row: Requisition) -> None:
        if row.state != _STATE.ORDERED:
            raise RuleBroken(f"{name_of(number)} is not on order.", code="not_ordered")
        row.reference = placed.reference
        if placed.expected_on is not None:
            row.expected_on = _expect(session, row, ctx.today, placed.expected_on)

    change(number, work)


def cancel(ctx: Context, number: int) -> None:
    """Call a requisition off: nothing of it is to come. Raises `RuleBroken` once something came.

    Who raised it may do so until it is approved, who orders at any time.
    """
    actor = require(ctx.actor, Permission.PURCHASE_REQUEST)

    def work(session: Session, row: Requisition) -> None:
        if row.state == _STATE.CANCELLED:
            return
        if row.state != _STATE.RAISED or row.created_by != actor.person_id:
            require(actor, Permission.PURCHASE_ORDER)
        refuse_cancel(number, row.state, receiving.came_of(session, row.id))
        row.state, row.ended_us = _STATE.CANCELLED.value, ctx.now_us

    change(number, work)


def close_line(ctx: Context, number: int, line_id: int, *, closed: bool = True) -> None:
    """Say that no more of a line will come, or (not `closed`) that it will after all.

    The order is received when no line waits. Raises `RuleBroken` for one that is not placed.
    """
    require(ctx.actor, Permission.PURCHASE_ORDER)

    def work(session: Session, row: Requisition) -> None:
        if row.state not in ORDERED:
            message = f"{name_of(number)} is not ordered. Change the line instead."
            raise RuleBroken(message, code="not_ordered")
        line = session.get(RequisitionLine, line_id)
        if line is None or line.requisition_id != row.id:
            raise NotFound
        line.closed_us = ctx.now_us if closed else None
        session.flush()
        receiving.settle(session, {line_id}, ctx.now_us)

    change(number, work)


def change(number: int, work: Callable[[Session, Requisition], None]) -> None:
    """Do something with a requisition that nobody else changes meanwhile."""

    def once() -> None:
        with unit_of_work() as session:
            work(session, _held(session, number))

    retrying(once)


def _held(session: Session, number: int) -> Requisition:
    """A requisition that nobody else changes until the commit. Raises `NotFound`."""
    wanted = select(Requisition).where(Requisition.number == number).with_for_update()
    row = session.scalars(wanted).first()
    if row is None:
        raise NotFound(f"There is no requisition {name_of(number)}.")
    return row


def _approve(row: Requisition, person_id: int, now_us: int) -> None:
    row.state = _STATE.APPROVED.value
    row.approved_us, row.approved_by = now_us, person_id


def _refuse_odd(ctx: Context, placed: Placed) -> None:
    refuse_odd_day(placed.expected_on, ctx.today, "expected_on")
    if len(placed.reference) > _LONGEST:
        raise Invalid(f"Enter at most {_LONGEST} characters.", field="reference")


def _refuse_incomplete(session: Session, row: Requisition) -> None:
    if row.supplier_id is None:
        message = f"Choose the supplier of {name_of(row.number)} first."
        raise RuleBroken(message, code="no_supplier")
    lines = select(RequisitionLine.id).where(RequisitionLine.requisition_id == row.id)
    if session.scalar(lines.limit(1)) is None:
        message = f"{name_of(row.number)} asks for nothing. Cancel it."
        raise RuleBroken(message, code="no_lines")


def _expect(session: Session, row: Requisition, today: date, said: date | None) -> date:
    """Note on each line when it is to come; the last of these days.

    What the supplier said counts for all; else each comes after its own lead time from them.
    """
    leads = line_leads(session, load(session), row)
    days = {line: said or today + timedelta(days=lead.days) for line, lead in leads.items()}
    changed = [{"id": number, "expected_on": day} for number, day in days.items()]
    session.execute(update(RequisitionLine), changed)
    return max(days.values())
