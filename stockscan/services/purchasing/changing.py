"""Changing a requisition before it is ordered: its lines, its supplier, and what is known of them.

What was approved and is then changed by somebody who may not approve waits for approval again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid, NotFound
from stockscan.domain.figures import refuse_absurd, times
from stockscan.domain.purchasing import RequisitionState
from stockscan.domain.purchasing.projecting import Policy
from stockscan.domain.purchasing.steps import name_of, refuse_odd_day, refuse_unless_changeable
from stockscan.services.purchasing.deciding import change
from stockscan.services.work import Context, retrying, unit_of_work
from stockscan.store import goods, suppliers
from stockscan.store.parts import Part, Supplier, SupplierPart
from stockscan.store.purchasing import writing
from stockscan.store.purchasing.leads import line_leads
from stockscan.store.purchasing.policies import buying
from stockscan.store.purchasing.rows import Requisition, RequisitionLine
from stockscan.store.purchasing.seen import refuse_changed
from stockscan.store.purchasing.writing import NewLine
from stockscan.store.settings import load

_LONGEST_NOTE: Final = 1000
_LONGEST_EMAIL: Final = 254


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a line asks for: so much, at that price each, until a day (None: no day)."""

    quantity_milli: int
    price_e4: int
    need_by: date | None = None


def change_lines(
    ctx: Context, number: int, lines: Mapping[int, Wanted | None], seen: str | None = None
) -> None:
    """Let lines, by their number, ask for something else, or (None) for nothing any more.

    Raises `NotFound` for a line of another requisition, `RuleBroken` once it is ordered, `Invalid`
    where no line would be left, and for a day or an amount that was mistyped; `Conflict` where it
    is not any more what was `seen` (a page's `version`; None: whatever it is).
    """
    actor = require(ctx.actor, Permission.PURCHASE_ORDER)

    def work(session: Session, row: Requisition) -> None:
        refuse_unless_changeable(number, row.state)
        refuse_changed(session, row, seen)
        there = _there(session, row)
        if not lines.keys() <= there.keys():
            raise NotFound
        gone = [line_id for line_id, wanted in lines.items() if wanted is None]
        if len(gone) == len(there):
            raise Invalid(f"It would ask for nothing. Cancel {name_of(number)} instead.")
        changed = [
            _rewrite(there[line_id], wanted, ctx.today)
            for line_id, wanted in lines.items()
            if wanted is not None
        ]
        if any(changed):
            _order_by_again(session, row)
        session.execute(delete(RequisitionLine).where(RequisitionLine.id.in_(gone)))
        if gone or any(changed):
            _approve_again(row, actor)

    change(number, work)


def add_line(ctx: Context, number: int, reference: str, quantity_milli: int) -> None:
    """Ask for one part more, by any reference to it; what is on it already is asked for so much."""
    actor = require(ctx.actor, Permission.PURCHASE_ORDER)

    def work(session: Session, row: Requisition) -> None:
        _begin(row, actor)
        part_id = goods.find(session, Kind.PART, "part", reference)
        bought = buying(session, load(session), {part_id}).get(part_id)
        if bought is None:
            message = "That part is not in use. Choose another one."
            raise NotFound(message, field="part")
        refuse_absurd(times(quantity_milli, bought.price_e4))
        there = writing.lines_without_job(session, [row.id]).get((row.id, part_id))
        if there is not None:
            same = update(RequisitionLine).where(RequisitionLine.id == there.id)
            session.execute(same.values(quantity_milli=quantity_milli))
        else:
            line = NewLine(part_id, quantity_milli, bought.price_e4)
            writing.add_lines(session, row.id, [line])

    change(number, work)


def set_supplier(ctx: Context, number: int, name: str) -> None:
    """Buy it all from this supplier, a new one is noted; at their prices, where they are known.

    The days by which to order follow from their lead times.
    """
    actor = require(ctx.actor, Permission.PURCHASE_ORDER)
    if not name.strip() or len(name) > _LONGEST_EMAIL:
        raise Invalid("Enter the supplier's name.", field="supplier")

    def work(session: Session, row: Requisition) -> None:
        _begin(row, actor)
        row.supplier_id = suppliers.supplier_id(session, name.strip())
        session.flush()
        for line_id, price in _prices(session, row):
            line = update(RequisitionLine).where(RequisitionLine.id == line_id)
            session.execute(line.values(price_e4=price))
        _order_by_again(session, row)

    change(number, work)


def set_note(ctx: Context, number: int, note: str) -> None:
    """Keep a note with a requisition; it is printed on the order."""
    require(ctx.actor, Permission.PURCHASE_ORDER)
    if len(note) > _LONGEST_NOTE:
        raise Invalid(f"Enter at most {_LONGEST_NOTE} characters.", field="note")

    def work(_session: Session, row: Requisition) -> None:
        row.note = note

    change(number, work)


def set_email(ctx: Context, supplier_id: int, email: str) -> None:
    """Keep the address to which a supplier's orders go, "" for none. Raises `NotFound`."""
    require(ctx.actor, Permission.PURCHASE_ORDER)
    email = email.strip()
    local, at, domain = email.rpartition("@")
    is_address = bool(local and at and "." in domain and " " not in email)
    if len(email) > _LONGEST_EMAIL or (email and not (is_address and email.isprintable())):
        raise Invalid("Enter an e-mail address, such as orders@example.com.", field="email")

    def work() -> None:
        with unit_of_work() as session:
            row = session.get(Supplier, supplier_id)
            if row is None:
                raise NotFound
            row.email = email

    retrying(work)


def _begin(row: Requisition, actor: Actor) -> None:
    """Refuse what is ordered, and let what was approved wait for approval again."""
    refuse_unless_changeable(row.number, row.state)
    _approve_again(row, actor)


def _approve_again(row: Requisition, actor: Actor) -> None:
    """Let a changed one wait for approval again, but where who changes it may give it."""
    if not actor.may(Permission.PURCHASE_APPROVE):
        row.state = RequisitionState.RAISED.value
        row.approved_us = row.approved_by = None


def _there(session: Session, row: Requisition) -> dict[int, RequisitionLine]:
    of_it = select(RequisitionLine).where(RequisitionLine.requisition_id == row.id)
    return {line.id: line for line in session.scalars(of_it)}


def _order_by_again(session: Session, row: Requisition) -> None:
    """Let the lines be ordered as long ahead as the supplier takes."""
    settings = load(session)
    leads, lines = line_leads(session, settings, row), _there(session, row)
    for line_id, line in lines.items():
        policy = Policy(lead_days=leads[line_id].days, buffer_days=settings.order_buffer_days)
        line.order_by = policy.order_by(line.need_by) if line.need_by else None
    session.flush()


def _rewrite(line: RequisitionLine, wanted: Wanted, today: date) -> bool:
    """Whether the line asks for something else now."""
    before = Wanted(line.quantity_milli, line.price_e4, line.need_by)
    if before == wanted:
        return False
    refuse_absurd(times(wanted.quantity_milli, wanted.price_e4), field=f"quantity-{line.id}")
    if wanted.need_by != line.need_by:
        refuse_odd_day(wanted.need_by, today, f"need-{line.id}")
    line.quantity_milli, line.price_e4 = wanted.quantity_milli, wanted.price_e4
    line.need_by = wanted.need_by
    return True


def _prices(session: Session, row: Requisition) -> list[tuple[int, int]]:
    """The lines for which the supplier's price is known: theirs beside the usual one, or usual."""
    lines = session.execute(
        select(RequisitionLine.id, Part.supplier_id, Part.list_cost_e4, SupplierPart.price_e4)
        .join(Part, Part.id == RequisitionLine.part_id)
        .outerjoin(
            SupplierPart,
            (SupplierPart.part_id == Part.id) & (SupplierPart.supplier_id == row.supplier_id),
        )
        .where(RequisitionLine.requisition_id == row.id)
    )
    found = [
        (line.id, line.list_cost_e4 if line.supplier_id == row.supplier_id else line.price_e4)
        for line in lines
    ]
    return [(line_id, price) for line_id, price in found if price]
