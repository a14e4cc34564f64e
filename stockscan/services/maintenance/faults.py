"""Faults: anyone who stands at a machine says what is wrong with it, and that is a job."""

from typing import Any

from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, anywhere, require
from stockscan.domain.errors import RuleBroken
from stockscan.domain.figures import day_of
from stockscan.domain.maintenance import JobKind
from stockscan.domain.maintenance.jobs import job_name
from stockscan.domain.operations import Op
from stockscan.services.maintenance.changing import add, answer
from stockscan.services.work import Context
from stockscan.store import custody, goods
from stockscan.store.maintenance import standstill
from stockscan.store.maintenance.job import next_number

_GONE = {"retired": "retired", "disposed": "disposed of"}


def report_fault(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Say what is wrong with an asset: a job of today, urgent if the asset stands still.

    With `stands` it is down from now on, unless it is already. Who is limited to some places
    reports one everywhere. Raises `RuleBroken` for an asset that is not in use any more.
    """
    actor = anywhere(require(ctx.actor, Permission.FAULT_REPORT))
    asset = goods.asset_row(session, op)
    before = custody.lock(session, asset.id)
    if before in _GONE:
        message = f"{asset.name} {asset.tag} was {_GONE[before]}. Scan one that is in use."
        raise RuleBroken(message, code="asset_retired")
    stands, at_us = bool(op["stands"]), op.timing.effective_us
    number = next_number(session)
    note = f"Fault: {op['what']} ({job_name(number)})"
    since_us = standstill.began_us(session, asset.id, at_us) if stands else None
    status = standstill.DOWN if stands else None
    standstill.mark(session, op, actor, ctx.now_us, asset.id, status, note)
    job = add(
        session,
        op,
        actor,
        {
            "number": number,
            "asset_id": asset.id,
            "kind": JobKind.FAULT,
            "title": op["what"],
            "notes": op["note"] or "",
            "urgent": stands or bool(op["urgent"]),
            "due_on": day_of(at_us),
            "reported_by": actor.person_id,
            "down_from_us": since_us,
            "created_us": at_us,
        },
    )
    return {**answer(job), "stands": stands}
