"""A part out of one machine and into another: its cost goes along, no stock is touched."""

from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import format_money, format_quantity, iso
from stockscan.domain.ledger import MovementKind
from stockscan.domain.operations import Op
from stockscan.services.installs.installing import refuse_retired, warn_if_unlisted
from stockscan.services.installs.returning import newest_installs, take_out
from stockscan.services.work import Context
from stockscan.store import goods, limits, locks, picking
from stockscan.store.ledger import Entry, Posting, key_of
from stockscan.store.maintenance.charging import charged_job
from stockscan.store.maintenance.job import JobRow
from stockscan.store.stock import Movement


class Moved(NamedTuple):
    """What went from one machine to the other: the row that installs it, its value, when."""

    seq: int
    value_e4: int
    at_us: int


def move_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Take a part out of one asset and install it on another, at the cost that it went in with.

    Written as a return and an install of the same instant in the bin that it once came from, so
    that nothing changes there. With `work` the other asset's job is charged, and a job that had
    installed it is credited. Raises as `return_part` does when fewer are recorded on the first
    asset, and `RuleBroken` (`asset_retired`) for an asset that nothing goes on any more.
    """
    actor = require(ctx.actor, Permission.PART_INSTALL)
    source = goods.asset_row(session, op, "from_asset")
    target = goods.asset_row(session, op, "to_asset")
    part = goods.part_row(session, op)
    limits.refuse_outside(session, actor, (source.location_id, target.location_id))
    if source.id == target.id:
        raise Invalid("It is on this machine already. Scan another one.", field="to_asset")
    refuse_retired(target)
    job = charged_job(session, op, target)
    locks.share_ledger(session)
    locks.hold_part(session, part.id)
    mark, quantity = picking.from_asset(session, op, part, source), picking.quantity(op, part)
    posting = goods.posting(session, op, actor, ctx.now_us)
    moved = [
        _move(posting, op, each, target, job)
        for each in newest_installs(session, op, (source, part), mark, quantity)
    ]
    posting.settle()
    picking.refuse_twice(session, part.id, part.name, mark.serial)
    return {
        **_names_json(source, target, part),
        "movement": moved[-1].seq,
        "quantity": format_quantity(quantity),
        "cost": format_money(sum(each.value_e4 for each in moved)),
        "effective_at": iso(moved[-1].at_us),
        **({"work": job.name} if job else {}),
        **mark.json(),
        "warnings": warn_if_unlisted(session, target, part),
    }


def _move(
    posting: Posting, op: Op, part_of: tuple[Movement, int], target: Row[Any], job: JobRow | None
) -> Moved:
    """Write both rows of what comes from one install, worth the same."""
    installed, quantity_milli = part_of
    key, cost = key_of(installed), installed.unit_cost_e4
    at_us = goods.place(posting, op, key).effective_us
    worth = take_out(posting, op, (key, at_us), installed, quantity_milli).value_e4
    entry = Entry(
        MovementKind.INSTALL,
        key,
        -quantity_milli,
        cost,
        -worth,
        at_us,
        asset_id=target.id,
        work_id=job.id if job else None,
        reason=job.name if job else "",
        note=op["note"] or "",
        removed_serial=op["removed_serial"] or "",
    )
    return Moved(posting.append(entry), worth, at_us)


def _names_json(source: Row[Any], target: Row[Any], part: Row[Any]) -> dict[str, str]:
    """Both machines and the part as fields of the answer."""
    return {
        "asset": target.code,
        "asset_tag": target.tag,
        "asset_name": target.name,
        "from_asset": source.code,
        "from_asset_tag": source.tag,
        "from_asset_name": source.name,
        "part": part.code,
        "part_name": part.name,
        "part_number": part.part_number,
        "unit": part.unit,
    }
