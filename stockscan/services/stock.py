"""Goods in, out and between bins; and taking a wrong record back."""

from typing import Any

from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, RuleBroken
from stockscan.domain.figures import format_cost, format_money, iso, times
from stockscan.domain.ledger import Key, MovementKind
from stockscan.domain.operations import Op
from stockscan.services.work import Context
from stockscan.store import goods
from stockscan.store.ledger import Entry, key_of
from stockscan.store.stock import Movement, live_goods, unreversed


def receive(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Put goods into a bin at their own price, or at the part's average where none is given."""
    actor = require(ctx.actor, Permission.STOCK_MOVE)
    part, location = goods.part_row(session, op), goods.location_row(session, op)
    key = Key(part.id, location.id, op["lot"] or "", op["serial"] or "")
    posting = goods.posting(session, op, actor.person_id, ctx.now_us)
    posting.lock(key)
    before = posting.balance(key)
    placed = goods.place(posting, op, key)
    quantity, price = op["quantity"], op["unit_cost"]
    if price is None:
        cost, value = posting.at_average(key, quantity)
    else:
        cost, value = price, times(quantity, price)
    entry = Entry(
        MovementKind.RECEIVE, key, quantity, cost, value, placed.effective_us, note=op["note"] or ""
    )
    seq = posting.receive(entry) if price is not None else posting.append(entry)
    posting.settle()
    return {
        **_answer(seq, part, location, placed.effective_us, cost, value),
        **goods.shift_json(posting, key, before),
        **goods.asked(goods.questions_for(session, op, placed, ctx.now_us)),
    }


def issue(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Take goods out of a bin for a reason that is no asset."""
    actor = require(ctx.actor, Permission.STOCK_MOVE)
    part, location = goods.part_row(session, op), goods.location_row(session, op)
    key = Key(part.id, location.id, op["lot"] or "", op["serial"] or "")
    posting = goods.posting(session, op, actor.person_id, ctx.now_us)
    posting.lock(key)
    before, quantity = posting.balance(key), op["quantity"]
    warnings = goods.check_stock(posting, key, quantity, (part.name, location.name, part.unit))
    placed = goods.place(posting, op, key, taken_milli=quantity)
    cost, value = posting.at_average(key, -quantity)
    seq = posting.append(
        Entry(
            MovementKind.ISSUE,
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
    return {
        **_answer(seq, part, location, placed.effective_us, cost, value),
        **goods.shift_json(posting, key, before),
        **goods.asked(goods.questions_for(session, op, placed, ctx.now_us)),
        "warnings": warnings,
    }


def transfer(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Move goods from one bin to another; one cost on both legs, the average unchanged."""
    actor = require(ctx.actor, Permission.STOCK_MOVE)
    part = goods.part_row(session, op)
    source = goods.location_row(session, op, "from_location")
    target = goods.location_row(session, op, "to_location")
    if source.id == target.id:
        raise Invalid("From and to are the same place.", field="to_location")
    lot, serial = op["lot"] or "", op["serial"] or ""
    out, into = Key(part.id, source.id, lot, serial), Key(part.id, target.id, lot, serial)
    posting = goods.posting(session, op, actor.person_id, ctx.now_us)
    posting.lock(out, into)
    before, before_there = posting.balance(out), posting.balance(into)
    quantity = op["quantity"]
    warnings = goods.check_stock(posting, out, quantity, (part.name, source.name, part.unit))
    leaves = goods.place(posting, op, out, taken_milli=quantity)
    arrives = goods.place(posting, op, into)
    cost, value = posting.at_average(out, quantity)
    note = op["note"] or ""
    seq = posting.append(
        Entry(
            MovementKind.TRANSFER_OUT, out, -quantity, cost, -value, leaves.effective_us, note=note
        )
    )
    posting.append(
        Entry(
            MovementKind.TRANSFER_IN, into, quantity, cost, value, arrives.effective_us, note=note
        )
    )
    posting.settle()
    questions = goods.questions_for(session, op, leaves, ctx.now_us)
    questions += goods.questions_for(session, op, arrives, ctx.now_us)
    return {
        **_answer(seq, part, source, leaves.effective_us, cost, value),
        "to_location": target.code,
        "to_location_name": target.name,
        **goods.shift_json(posting, out, before),
        "there": goods.shift_json(posting, into, before_there),
        **goods.asked(questions),
        "warnings": warnings,
    }


def reverse_goods(ctx: Context, session: Session, op: Op, target_id: str) -> dict[str, Any] | None:
    """Take the goods of a wrongly recorded operation out of the books, as if never recorded.

    Returns None where that operation moved no goods. Raises `RuleBroken` when it was taken back
    already, or when installed parts have been returned since.
    """
    actor = require(ctx.actor, Permission.OPERATION_REVERSE_OWN)
    rows = live_goods(session, target_id)
    if not rows:
        return None
    _refuse_if_returned(session, rows)
    posting = goods.posting(session, op, actor.person_id, ctx.now_us)
    posting.lock(*(key_of(row) for row in rows))
    before = posting.balance(key_of(rows[0]))
    # Look again behind the lock: someone may have taken it back meanwhile.
    rows = live_goods(session, target_id)
    if not rows:
        raise RuleBroken("This was taken back already.", code="already_reversed")
    for row in rows:
        posting.reverse(row, note=op["note"] or "")
    posting.settle()
    return {
        "reversed": target_id,
        **goods.names_of_key(session, key_of(rows[0])),
        **goods.shift_json(posting, key_of(rows[0]), before),
    }


def _refuse_if_returned(session: Session, rows: Any) -> None:
    installs = [row.seq for row in rows if row.kind == MovementKind.INSTALL]
    if installs and session.scalars(unreversed(Movement.returns_seq.in_(installs))).first():
        raise RuleBroken(
            "Some of these parts were put back since. Take that back first.", code="was_returned"
        )


def _answer(
    seq: int, part: Any, location: Any, at_us: int, cost: int, value: int
) -> dict[str, Any]:
    return {
        "movement": seq,
        **goods.names_json(part, location),
        "unit_cost": format_cost(cost),
        "value": format_money(abs(value)),
        "effective_at": iso(at_us),
    }
