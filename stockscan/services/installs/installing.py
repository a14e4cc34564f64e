"""A part into a machine: stock down at the bin, cost on the machine, in one write."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import RuleBroken
from stockscan.domain.figures import format_cost, format_money, iso
from stockscan.domain.ledger import Key, MovementKind
from stockscan.domain.maintenance import JobState
from stockscan.domain.operations import Op
from stockscan.services.installs.answering import answer
from stockscan.services.work import Context
from stockscan.store import goods, limits, lots, picking
from stockscan.store.assets import AssetModel
from stockscan.store.installs.listed import listed_ids, substitutes
from stockscan.store.ledger import Entry, Posting
from stockscan.store.maintenance.charging import charged_job
from stockscan.store.maintenance.job import JobRow
from stockscan.store.maintenance.kit_moves import kit_bin
from stockscan.store.maintenance.reservations import Reserved
from stockscan.store.placing import Placed


def install(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Install a part on an asset: taken from its bin at the average, charged to the asset.

    A part that is not stocked is received and installed at once, so its cost is charged too. With
    `work` it is charged to that job as well, and taken from the job's kit if it lies there.
    """
    actor = require(ctx.actor, Permission.PART_INSTALL)
    asset, part = goods.asset_row(session, op), goods.part_row(session, op)
    limits.refuse_outside(session, actor, (asset.location_id,))
    refuse_retired(asset)
    job = charged_job(session, op, asset)
    location = _source(session, op, part, job)
    posting = goods.posting(session, op, actor, ctx.now_us)
    posting.lock(Key(part.id, location.id))
    mark, quantity = picking.from_bin(session, op, part, location), picking.quantity(op, part)
    key = mark.at(part.id, location.id)
    before = picking.on_hand(posting, key)
    warnings = warn_if_unlisted(session, asset, part) + picking.warn_if_expired(mark, op)
    warnings += _warn_if_over(job)
    if part.stocked:
        names = (part.name, location.name, part.unit)
        warnings += goods.check_stock(posting, key, quantity, names)
    placed = goods.place(posting, op, key, taken_milli=quantity)
    reserved = Reserved(session, ctx.today, part.id, besides=job.id if job else None)
    seq, cost, value = _write(posting, op, part, asset, key, placed, job)
    posting.settle()
    warnings += reserved.warnings(quantity)
    picking.refuse_twice(session, part.id, part.name, mark.serial)
    questions = goods.questions_for(session, op, placed, ctx.now_us)
    return {
        **answer(seq, asset, part, location, quantity),
        **({"work": job.name} if job else {}),
        "unit_cost": format_cost(cost),
        "cost": format_money(-value),
        "effective_at": iso(placed.effective_us),
        **mark.json(),
        **picking.shift_json(posting, key, before),
        **goods.asked(questions),
        "warnings": warnings,
    }


def _write(
    posting: Posting,
    op: Op,
    part: Row[Any],
    asset: Row[Any],
    key: Key,
    placed: Placed,
    job: JobRow | None,
) -> tuple[int, int, int]:
    """Write the rows of an install: its seq, unit cost and (negative) value."""
    quantity, at_us = op["quantity"], placed.effective_us
    cost, value = posting.at_average(key, -quantity)
    if not part.stocked:
        posting.append(Entry(MovementKind.RECEIVE, key, quantity, cost, -value, at_us))
    seq = posting.append(
        Entry(
            MovementKind.INSTALL,
            key,
            -quantity,
            cost,
            value,
            at_us,
            asset_id=asset.id,
            work_id=job.id if job else None,
            note=op["note"] or "",
            reason=job.name if job else "",
            removed_serial=op["removed_serial"] or "",
        )
    )
    return seq, cost, value


def _source(session: Session, op: Op, part: Row[Any], job: JobRow | None) -> goods.Place:
    """The bin that was scanned; else where the job's kit lies; else the one that holds the named
    lot or serial; else its own."""
    if op["location"]:
        return goods.location_row(session, op)
    mark = picking.named(session, op, part)
    holding = kit_bin(session, job.id, part.id, mark.lot, mark.serial) if job else None
    if holding is None and mark.text:
        holding = lots.fullest_bin(session, part.id, mark.lot, mark.serial)
    return goods.place_of(session, holding) if holding else goods.home_of(session, part)


def _warn_if_over(job: JobRow | None) -> list[dict[str, str]]:
    """A warning where the job that is charged was signed off or called off already."""
    if job is None or job.is_open:
        return []
    ended = "signed off" if job.state == JobState.DONE else "cancelled"
    return [{"code": "work_closed", "message": f"{job.name} is {ended}, and is charged with it."}]


def refuse_retired(asset: Row[Any]) -> None:
    """Raises `RuleBroken` (`asset_retired`) for an asset that nothing goes on any more."""
    if asset.status in {"retired", "disposed"}:
        raise RuleBroken(
            f"{asset.name} was {asset.status}. Put it back in service before parts go on it.",
            code="asset_retired",
        )


def warn_if_unlisted(session: Session, asset: Row[Any], part: Row[Any]) -> list[dict[str, str]]:
    """A warning where the machine has a list and neither the part nor its substitute is on it."""
    on_it = listed_ids(session, asset.id)
    if not on_it or part.id in on_it or on_it.intersection(_stand_ins(session, part.id)):
        return []
    message = f"{part.name} is not on the parts list of {asset.name}."
    model = session.scalar(select(AssetModel.name).where(AssetModel.id == asset.model_id))
    return [{"code": "not_on_parts_list", "message": message, "model": model or ""}]


def _stand_ins(session: Session, part_id: int) -> set[int]:
    return {one for pair in substitutes(session, {part_id}) for one in pair} - {part_id}
