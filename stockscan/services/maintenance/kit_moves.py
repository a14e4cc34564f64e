"""Goods into the kit of a job and back into a bin; they stay in stock all the while."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, RuleBroken
from stockscan.domain.figures import format_quantity
from stockscan.domain.ledger import Key
from stockscan.domain.operations import Op
from stockscan.services.work import Context
from stockscan.store import goods, picking, settings
from stockscan.store.goods import Place
from stockscan.store.maintenance.charging import held_open
from stockscan.store.maintenance.job import JobRow, job_called
from stockscan.store.maintenance.kit_moves import lying, total_at
from stockscan.store.maintenance.kits import line_of
from stockscan.store.maintenance.reservations import Reserved
from stockscan.store.picking import Mark
from stockscan.store.transferring import transfer


def pick(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Bring a part from its bin to where the kit of a job lies.

    Raises `RuleBroken` for a job on which nothing is left to do (`work_closed`), for a part that
    is not kept in stock (`not_stocked`), and like a transfer.
    """
    actor = require(ctx.actor, Permission.JOB_WORK)
    job, part = held_open(session, op["work"]), goods.part_row(session, op)
    if not part.stocked:
        message = f"{part.name} is not kept in stock. Install it without picking it."
        raise RuleBroken(message, code="not_stocked", field="part")
    source, kit = goods.location_row(session, op), _kit_place(session, op)
    if source.id == kit.id:
        message = f"{kit.name} is where the kit lies. Scan the bin that it comes from."
        raise Invalid(message, field="location")
    posting = goods.posting(session, op, actor, ctx.now_us)
    reserved = Reserved(session, ctx.today, part.id, besides=job.id)
    told = transfer(posting, op, part, (source, kit), work=(None, job.id))
    told["warnings"] += reserved.warnings(op["quantity"])
    told["warnings"] += picking.warn_if_expired(picking.named(session, op, part), op)
    return {**told, **_kit_json(session, job, part)}


def put_back(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Bring what a job did not need from its kit into a bin, its own where none is named.

    Raises `RuleBroken` (`not_in_kit`) for more than lies in the kit.
    """
    actor = require(ctx.actor, Permission.JOB_WORK)
    job, part = job_called(session, op["work"]), goods.part_row(session, op)
    target = goods.location_row(session, op) if op["location"] else _own_bin(session, part)
    op, key = _in_kit(session, op, job, part)
    if key.location_id == target.id:
        message = f"{target.name} is where the kit lies. Scan the bin that it goes to."
        raise Invalid(message, field="location")
    posting, kit = (
        goods.posting(session, op, actor, ctx.now_us),
        goods.place_of(session, key.location_id),
    )
    told = transfer(posting, op, part, (kit, target), work=(job.id, None), target_field="location")
    # Behind the lock: someone may have put it back meanwhile.
    if total_at(session, job.id, key) < 0:
        raise _not_in_kit(job, part, 0)
    return {**told, **_kit_json(session, job, part)}


def _kit_place(session: Session, op: Op) -> Place:
    """The cart or shelf that was scanned, else the company's place of kits."""
    if op["to_location"]:
        return goods.location_row(session, op, "to_location")
    code = settings.load(session).kit_place
    if not code:
        message = "Where is the kit to lie? Scan a cart or shelf, or set the place of kits."
        raise Invalid(message, field="to_location", code="no_kit_place")
    return goods.named_place(session, code, "to_location")


def _own_bin(session: Session, part: Row[Any]) -> Place:
    """The part's own bin. Raises `Invalid` where it has none: a kit's place is not its home."""
    if part.default_location_id is None:
        raise Invalid(f"{part.name} has no bin. Scan where it goes.", field="location")
    return goods.place_of(session, part.default_location_id)


def _in_kit(session: Session, op: Op, job: JobRow, part: Row[Any]) -> tuple[Op, Key]:
    """What in the kit it is about; the operation names the lot or serial from then on."""
    mark = picking.named(session, op, part)
    place = goods.location_row(session, op, "from_location") if op["from_location"] else None
    there = {
        key: milli
        for key, milli in lying(session, job.id, (part.id,)).items()
        if (place is None or key.location_id == place.id) and _is_of(key, mark)
    }
    key = max(there, key=lambda one: (there[one], one), default=None)
    if key is None or there[key] < op["quantity"]:
        raise _not_in_kit(job, part, there[key] if key else 0)
    marks = {"lot": key.lot or None, "serial": key.serial or None}
    return replace(op, fields={**op.fields, **marks}), key


def _not_in_kit(job: JobRow, part: Row[Any], most_milli: int) -> RuleBroken:
    there = f"{format_quantity(most_milli)} {part.unit}" if most_milli else "Nothing"
    message = f"{there} of {part.name} lies in the kit of {job.name}. Put back no more than that."
    return RuleBroken(message, code="not_in_kit", field="quantity")


def _is_of(key: Key, mark: Mark) -> bool:
    return not mark.text or mark.text in {key.lot, key.serial}


def _kit_json(session: Session, job: JobRow, part: Row[Any]) -> dict[str, str]:
    """The job, and how far the part is picked for it."""
    amounts = line_of(session, job.id, part.id)
    return {
        "work": job.name,
        "needed": format_quantity(amounts.needed_milli),
        "in_kit": format_quantity(amounts.lying_milli),
        "left_to_pick": format_quantity(amounts.to_pick_milli),
    }
