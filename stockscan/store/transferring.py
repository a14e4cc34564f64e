"""Goods from one place to another: both legs at one cost, the average unchanged."""

from typing import Any

from sqlalchemy import Row, select

from stockscan.domain.errors import RuleBroken
from stockscan.domain.figures import format_cost, format_money, format_quantity, iso
from stockscan.domain.ledger import Key
from stockscan.domain.operations import Op
from stockscan.store import goods, picking
from stockscan.store.goods import Leg, Place
from stockscan.store.ledger import Posting
from stockscan.store.locations import Location
from stockscan.store.placing import Placed


def transfer(
    posting: Posting,
    op: Op,
    part: Row[Any],
    places: tuple[Place, Place],
    work: tuple[int | None, int | None] = (None, None),
    target_field: str = "to_location",
) -> dict[str, Any]:
    """Move what the operation names from the first place to the second; the answer to it.

    `work` is the job that each leg is for. Raises `RuleBroken` (`unused_place`) for a target out
    of use; whatever lies in one can leave it.
    """
    session, (source, target) = posting.session, places
    posting.lock(Key(part.id, source.id), Key(part.id, target.id))
    refuse_unused(posting, target, target_field)
    mark, quantity = picking.from_bin(session, op, part, source), picking.quantity(op, part)
    out, into = mark.at(part.id, source.id), mark.at(part.id, target.id)
    before, before_there = picking.on_hand(posting, out), picking.on_hand(posting, into)
    warnings = goods.check_stock(posting, out, quantity, (part.name, source.name, part.unit))
    leaves = goods.place(posting, op, out, taken_milli=quantity)
    arrives = goods.place(posting, op, into)
    legs = Leg(out, leaves.effective_us, work[0]), Leg(into, arrives.effective_us, work[1])
    moved = _write(posting, op, legs, quantity)
    picking.refuse_twice(session, part.id, part.name, mark.serial)
    return {
        **goods.names_json(part, source),
        **moved,
        "to_location": target.code,
        "to_location_name": target.name,
        "quantity": format_quantity(quantity),
        **mark.json(),
        **picking.shift_json(posting, out, before),
        "there": picking.shift_json(posting, into, before_there),
        **_asked(posting, op, leaves, arrives),
        "warnings": warnings,
    }


def refuse_unused(posting: Posting, place: Place, field: str) -> None:
    """Raises `RuleBroken` (`unused_place`) for a place that goods may no longer be put in."""
    used = posting.session.scalar(select(Location.active).where(Location.id == place.id))
    if not used:
        message = f"{place.name} is out of use. Choose another bin, or use that one again."
        raise RuleBroken(message, code="unused_place", field=field)


def _write(posting: Posting, op: Op, legs: tuple[Leg, Leg], quantity_milli: int) -> dict[str, Any]:
    """Write both legs; the movement and its value as fields of the answer."""
    cost, value = posting.at_average(legs[0].key, quantity_milli)
    seq = goods.move(posting, *legs, quantity_milli, op["note"] or "")
    posting.settle()
    return {
        "movement": seq,
        "unit_cost": format_cost(cost),
        "value": format_money(abs(value)),
        "effective_at": iso(legs[0].at_us),
    }


def _asked(posting: Posting, op: Op, *placed: Placed) -> dict[str, Any]:
    """What both ends leave open: which side of a count they are on."""
    return goods.asked(
        [
            question
            for each in placed
            for question in goods.questions_for(posting.session, op, each, posting.now_us)
        ]
    )
