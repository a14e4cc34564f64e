"""Goods in, out and between bins; and taking a wrong record back."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.errors import Invalid, RuleBroken
from stockscan.domain.figures import format_cost, format_money, format_quantity, iso, times
from stockscan.domain.ledger import Key, MovementKind
from stockscan.domain.operations import Op
from stockscan.services.work import Context
from stockscan.store import goods, limits, locks, lots, picking, transferring
from stockscan.store.assets import Asset
from stockscan.store.ledger import Entry, Posting, key_of
from stockscan.store.maintenance.reservations import Reserved
from stockscan.store.picking import Mark
from stockscan.store.placing import Placed
from stockscan.store.purchasing import receiving
from stockscan.store.purchasing.receiving import OrderLine
from stockscan.store.stock import Movement, live_goods, unreversed


def receive(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Put goods into a bin at their own price, or at the part's average where none is given.

    Where they are on order they are for that order, at its price. Raises `RuleBroken` for a place
    out of use (`unused_place`), for a serial that is in a bin or on an asset already
    (`serial_exists`), and for an order that does not wait for the part (`not_on_order`).
    """
    actor = require(ctx.actor, Permission.STOCK_MOVE)
    part, location = goods.part_row(session, op), goods.location_row(session, op)
    posting = goods.posting(session, op, actor, ctx.now_us)
    posting.lock(Key(part.id, location.id))
    transferring.refuse_unused(posting, location, "location")
    arriving = picking.coming_in(session, op, part, location)
    total = sum(quantity for _, quantity in arriving)
    ordered = receiving.line_for(session, part.id, total, op["requisition"])
    warnings = [warning for mark, _ in arriving for warning in _keep(session, op, part, mark)]
    warnings += receiving.warnings(ordered, op["requisition"], total, part.unit)
    first = arriving[0][0].at(part.id, location.id)
    before = picking.on_hand(posting, first)
    rows = [
        _put_in(posting, op, part, mark.at(part.id, location.id), quantity, ordered)
        for mark, quantity in arriving
    ]
    posting.settle()
    for mark, _ in arriving:
        picking.refuse_twice(session, part.id, part.name, mark.serial)
    questions = [
        question
        for row in rows
        for question in goods.questions_for(session, op, row.placed, ctx.now_us)
    ]
    return {
        **goods.names_json(part, location),
        **_received_json(rows),
        **_order_json(session, ordered, total, rows, ctx.now_us),
        "quantity": format_quantity(total),
        **_marks_json([mark for mark, _ in arriving], op["expires_on"]),
        **picking.shift_json(posting, first, before),
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
    reserved = Reserved(session, ctx.today, part.id)
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
    warnings += reserved.warnings(quantity)
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
    return transferring.transfer(posting, op, part, (source, target))


def reverse_goods(ctx: Context, session: Session, op: Op, target_id: str) -> dict[str, Any] | None:
    """Take the goods of a wrongly recorded operation out of the books, as if never recorded.

    Returns None where that operation moved no goods. Raises `RuleBroken` when it was taken back
    already, when installed parts have been returned since, or a serial has moved on; `NotAllowed`
    where the actor may not do the same again: see `_refuse_outside`.
    """
    actor = require(ctx.actor, Permission.OPERATION_REVERSE_OWN)
    rows = live_goods(session, target_id)
    if not rows:
        return None
    _refuse_outside(session, actor, rows)
    posting = goods.posting(session, op, actor, ctx.now_us)
    locks.hold_keys(session, [key_of(row) for row in rows])
    first = key_of(rows[0])
    before = picking.on_hand(posting, first)
    # Look again behind the lock: someone may have taken it back meanwhile, or put parts back.
    rows = live_goods(session, target_id)
    if not rows:
        raise RuleBroken("This was taken back already.", code="already_reversed")
    _refuse_if_returned(session, rows)
    for row in rows:
        posting.reverse(row, note=op["note"] or "")
    posting.settle()
    receiving.settle(session, {row.requisition_line_id for row in rows}, ctx.now_us)
    names = goods.names_of_key(session, first)
    for serial in {row.serial for row in rows}:
        picking.refuse_twice(session, first.part_id, names["part_name"], serial)
    return {
        "reversed": target_id,
        **names,
        **Mark(first.lot, first.serial).json(),
        **picking.shift_json(posting, first, before),
        "warnings": _below_nothing(posting, rows),
    }


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


class _Row(NamedTuple):
    """A row of a receipt as it was written."""

    seq: int
    cost_e4: int
    value_e4: int
    placed: Placed


def _put_in(
    posting: Posting, op: Op, part: Row[Any], key: Key, quantity: int, ordered: OrderLine | None
) -> _Row:
    """Write the row of a receipt: at its own price, that of its order, or the average."""
    # Below nothing: it was taken before its receipt was recorded.
    if key.serial and posting.balance(key) >= 0:
        picking.refuse_known(posting.session, part, key.serial)
    placed = goods.place(posting, op, key)
    price = op["unit_cost"]
    if price is None and ordered is not None:
        price = ordered.price_e4 or None
    if price is None:
        cost, value = posting.at_average(key, quantity)
    else:
        cost, value = price, times(quantity, price)
    entry = Entry(
        MovementKind.RECEIVE, key, quantity, cost, value, placed.effective_us,
        note=op["note"] or "", requisition_line_id=ordered.id if ordered else None,
    )  # fmt: skip
    seq = posting.append(entry) if price is None else posting.receive(entry)
    return _Row(seq, cost, value, placed)


def _received_json(rows: Sequence[_Row]) -> dict[str, Any]:
    """What is said of the first row, with what all of them are worth."""
    worth = sum(row.value_e4 for row in rows)
    return _told(rows[0].seq, rows[0].placed.effective_us, rows[0].cost_e4, worth)


def _order_json(
    session: Session, ordered: OrderLine | None, total: int, rows: Sequence[_Row], now_us: int
) -> dict[str, str]:
    """Bring the order up to date, and what is said of it; nothing where there is none."""
    if ordered is None:
        return {}
    receiving.settle(session, {ordered.id}, now_us)
    worth = sum(row.value_e4 for row in rows)
    return receiving.told(ordered, total, rows[0].cost_e4, worth)


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


def _below_nothing(posting: Posting, rows: Sequence[Movement]) -> list[dict[str, str]]:
    """A warning for each bin that holds less than nothing now: what had come was used since."""
    keys = {key_of(row) for row in rows if row.quantity_milli > 0}
    bins = {key.location_id: posting.balance(key) for key in keys if posting.balance(key) < 0}
    return [
        {
            "code": "negative_stock",
            "message": f"{goods.place_of(posting.session, location_id).name} holds"
            f" {format_quantity(milli)} on the books: some was used since. Count the bin.",
        }
        for location_id, milli in sorted(bins.items())
    ]


def _refuse_outside(session: Session, actor: Actor, rows: Sequence[Movement]) -> None:
    """What may be done may be taken back: at the bins that it changes, and on the machines.

    A part that goes from one machine to another changes nothing in the bin between.
    """
    if not actor.limited:
        return
    changed = Counter[int]()
    for row in rows:
        changed[row.location_id] += row.quantity_milli
    asset_ids = {row.asset_id for row in rows if row.asset_id is not None}
    stand = session.scalars(select(Asset.location_id).where(Asset.id.in_(asset_ids))).all()
    bins = [location_id for location_id, milli in changed.items() if milli]
    limits.refuse_outside(session, actor, [*bins, *stand])


def _told(seq: int, at_us: int, cost: int, value: int) -> dict[str, Any]:
    return {
        "movement": seq,
        "unit_cost": format_cost(cost),
        "value": format_money(abs(value)),
        "effective_at": iso(at_us),
    }
