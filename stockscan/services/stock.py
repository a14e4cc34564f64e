"""Goods in, out and between bins; and taking a wrong record back."""

from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, RuleBroken
from stockscan.domain.figures import format_cost, format_money, format_quantity, iso, times
from stockscan.domain.ledger import Key, MovementKind
from stockscan.domain.operations import Op
from stockscan.services.work import Context
from stockscan.store import goods, lots, picking
from stockscan.store.goods import Place
from stockscan.store.ledger import Entry, Posting, key_of
from stockscan.store.locations import Location
from stockscan.store.picking import Mark
from stockscan.store.placing import Placed
from stockscan.store.stock import Movement, live_goods, unreversed


def receive(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Put goods into a bin at their own price, or at the part's average where none is given.

    Raises `RuleBroken` for a place out of use (`unused_place`), and for a serial that is in a bin
    or on an asset already (`serial_exists`).
    """
    actor = require(ctx.actor, Permission.STOCK_MOVE)
    part, location = goods.part_row(session, op), goods.location_row(session, op)
    posting = goods.posting(session, op, actor, ctx.now_us)
    posting.lock(Key(part.id, location.id))
    _refuse_unused(session, location, "location")
    arriving = picking.coming_in(session, op, part, location)
    first = arriving[0][0]
    warnings = [warning for mark, _ in arriving for warning in _keep(session, op, part, mark)]
    before = picking.on_hand(posting, first.at(part.id, location.id))
    written: list[tuple[int, int, int, int]] = []
    questions: list[dict[str, Any]] = []
    for mark, quantity in arriving:
        key = mark.at(part.id, location.id)
        # Below nothing: it was taken before its receipt was recorded.
        if mark.serial and posting.balance(key) >= 0:
            picking.refuse_known(session, part, mark.serial)
        placed = goods.place(posting, op, key)
        written.append((*_put_in(posting, op, key, quantity, placed), placed.effective_us))
        questions += goods.questions_for(session, op, placed, ctx.now_us)
    posting.settle()
    for mark, _ in arriving:
        picking.refuse_twice(session, part.id, part.name, mark.serial)
    seq, cost, _, at_us = written[0]
    return {
        **goods.names_json(part, location),
        **_told(seq, at_us, cost, sum(value for _, _, value, _ in written)),
        "quantity": format_quantity(sum(quantity for _, quantity in arriving)),
        **_marks_json([mark for mark, _ in arriving], op["expires_on"]),
        **picking.shift_json(posting, first.at(part.id, location.id), before),
        **goods.asked(questions),
        "warnings": warnings,
    }


def issue(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Take goods out of a bin for a reason that is no asset."""
    return _take_out(ctx, session, op, MovementKind.ISSUE)


def scrap(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Take goods out of a bin because they are of no use any more."""
    return _take_out(ctx, session, op, MovementKind.SCRAP)


def _take_out(ctx: Context, session: Session, op: Op, kind: MovementKind) -> dict[str, Any]:
    actor = require(ctx.actor, Permission.STOCK_MOVE)
    part, location = goods.part_row(session, op), goods.location_row(session, op)
    posting = goods.posting(session, op, actor, ctx.now_us)
    posting.lock(Key(part.id, location.id))
    mark, quantity = picking.from_bin(session, op, part, location), picking.quantity(op, part)
    key = mark.at(part.id, location.id)
    before = picking.on_hand(posting, key)
    warnings = goods.check_stock(posting, key, quantity, (part.name, location.name, part.unit))
    if kind is MovementKind.ISSUE:
        warnings += picking.warn_if_expired(mark, op)
    placed = goods.place(posting, op, key, taken_milli=quantity)
    cost, value = posting.at_average(key, -quantity)
    seq = posting.append(
        Entry(
            kind,
            key,
            -quantity,
            cost,
            value,
            placed.effective_us,
            reason=op["reason"],
            note=op["note"] or "",
        )
    )
    posting.settle()
    picking.refuse_twice(session, part.id, part.name, mark.serial)
    return {
        **goods.names_json(part, location),
        **_told(seq, placed.effective_us, cost, value),
        "quantity": format_quantity(quantity),
        **mark.json(),
        **picking.shift_json(posting, key, before),
        **goods.asked(goods.questions_for(session, op, placed, ctx.now_us)),
        "warnings": warnings,
    }


def transfer(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Move goods from one bin to another; one cost on both legs, the average unchanged.

    Raises `RuleBroken` (`unused_place`) for a target out of use; whatever lies in one can leave it.
    """
    actor = require(ctx.actor, Permission.STOCK_MOVE)
    part = goods.part_row(session, op)
    source = goods.location_row(session, op, "from_location")
    target = goods.location_row(session, op, "to_location")
    if source.id == target.id:
        raise Invalid("From and to are the same place.", field="to_location")
    posting = goods.posting(session, op, actor, ctx.now_us)
    posting.lock(Key(part.id, source.id), Key(part.id, target.id))
    _refuse_unused(session, target, "to_location")
    mark, quantity = picking.from_bin(session, op, part, source), picking.quantity(op, part)
    out, into = mark.at(part.id, source.id), mark.at(part.id, target.id)
    before, before_there = picking.on_hand(posting, out), picking.on_hand(posting, into)
    warnings = goods.check_stock(posting, out, quantity, (part.name, source.name, part.unit))
    leaves = goods.place(posting, op, out, taken_milli=quantity)
    arrives = goods.place(posting, op, into)
    cost, value = posting.at_average(out, quantity)
    seq = goods.move(
        posting, out, into, quantity, (leaves.effective_us, arrives.effective_us), op["note"] or ""
    )
    posting.settle()
    picking.refuse_twice(session, part.id, part.name, mark.serial)
    questions = goods.questions_for(session, op, leaves, ctx.now_us)
    questions += goods.questions_for(session, op, arrives, ctx.now_us)
    return {
        **goods.names_json(part, source),
        **_told(seq, leaves.effective_us, cost, value),
        "to_location": target.code,
        "to_location_name": target.name,
        "quantity": format_quantity(quantity),
        **mark.json(),
        **picking.shift_json(posting, out, before),
        "there": picking.shift_json(posting, into, before_there),
        **goods.asked(questions),
        "warnings": warnings,
    }


def reverse_goods(ctx: Context, session: Session, op: Op, target_id: str) -> dict[str, Any] | None:
    """Take the goods of a wrongly recorded operation out of the books, as if never recorded.

    Returns None where that operation moved no goods. Raises `RuleBroken` when it was taken back
    already, when installed parts have been returned since, or a serial has moved on.
    """
    actor = require(ctx.actor, Permission.OPERATION_REVERSE_OWN)
    rows = live_goods(session, target_id)
    if not rows:
        return None
    _refuse_if_returned(session, rows)
    posting = goods.posting(session, op, actor, ctx.now_us)
    posting.lock(*(key_of(row) for row in rows))
    first = key_of(rows[0])
    before = picking.on_hand(posting, first)
    # Look again behind the lock: someone may have taken it back meanwhile.
    rows = live_goods(session, target_id)
    if not rows:
        raise RuleBroken("This was taken back already.", code="already_reversed")
    for row in rows:
        posting.reverse(row, note=op["note"] or "")
    posting.settle()
    names = goods.names_of_key(session, first)
    for serial in {row.serial for row in rows}:
        picking.refuse_twice(session, first.part_id, names["part_name"], serial)
    return {
        "reversed": target_id,
        **names,
        **Mark(first.lot, first.serial).json(),
        **picking.shift_json(posting, first, before),
    }


def _refuse_unused(session: Session, place: Place, field: str) -> None:
    used = session.scalar(select(Location.active).where(Location.id == place.id))
    if not used:
        message = f"{place.name} is out of use. Choose another bin, or use that one again."
        raise RuleBroken(message, code="unused_place", field=field)


def _keep(session: Session, op: Op, part: Row[Any], mark: Mark) -> list[dict[str, str]]:
    """Remember a lot or serial that comes in; the expiry that it had first stays."""
    expires_on: date | None = op["expires_on"]
    if mark.text:
        lots.keep(session, part.id, mark.text, expires_on, op.timing.received_us)
    if expires_on is None or mark.expires_on == expires_on:
        return []
    if not mark.text:
        message = f"{part.name} is not tracked by lot, so its expiry was not kept."
        return [{"code": "expiry_not_kept", "message": message}]
    if mark.expires_on is None:
        return []
    message = (
        f"{mark.text} is known to expire on {mark.expires_on.isoformat()}, not on"
        f" {expires_on.isoformat()}. The first date was kept."
    )
    return [{"code": "expiry_differs", "message": message}]


def _put_in(
    posting: Posting, op: Op, key: Key, quantity: int, placed: Placed
) -> tuple[int, int, int]:
    """Write the row of a receipt: its seq, unit cost and value."""
    price = op["unit_cost"]
    if price is None:
        cost, value = posting.at_average(key, quantity)
    else:
        cost, value = price, times(quantity, price)
    note, at_us = op["note"] or "", placed.effective_us
    entry = Entry(MovementKind.RECEIVE, key, quantity, cost, value, at_us, note=note)
    return (posting.append(entry) if price is None else posting.receive(entry)), cost, value


def _marks_json(marks: list[Mark], expires_on: date | None) -> dict[str, Any]:
    """The lot or the serials that came in; the expiry that holds is the first that was said."""
    first = marks[0]
    if first.text and first.expires_on is None:
        first = first._replace(expires_on=expires_on)
    if len(marks) == 1:
        return first.json()
    return {"serials": [mark.serial for mark in marks]}


def _refuse_if_returned(session: Session, rows: Any) -> None:
    installs = [row.seq for row in rows if row.kind == MovementKind.INSTALL]
    if installs and session.scalars(unreversed(Movement.returns_seq.in_(installs))).first():
        raise RuleBroken(
            "Some of these parts were put back since. Take that back first.", code="was_returned"
        )


def _told(seq: int, at_us: int, cost: int, value: int) -> dict[str, Any]:
    return {
        "movement": seq,
        "unit_cost": format_cost(cost),
        "value": format_money(abs(value)),
        "effective_at": iso(at_us),
    }
