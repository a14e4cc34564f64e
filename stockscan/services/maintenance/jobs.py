"""Jobs that somebody plans by hand: made, given to somebody, moved to another day."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.errors import Conflict, RuleBroken
from stockscan.domain.maintenance import JobKind
from stockscan.domain.maintenance.jobs import checklist, job_name
from stockscan.domain.operations import Op
from stockscan.services.maintenance.changing import add, answer, change, held, refuse_closed
from stockscan.services.work import Context, reading
from stockscan.store import edits, goods, limits, locks
from stockscan.store.maintenance.job import JobRow, job_called, next_number, same_day
from stockscan.store.people import Person

_GONE: Final = {"retired": "retired", "disposed": "disposed of"}
_EDITABLE: Final = ("title", "due_on", "urgent", "instructions")


def create_job(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Make a job on an asset. Raises `RuleBroken` for an asset that is not in use any more."""
    actor = require(ctx.actor, Permission.JOB_PLAN)
    asset = goods.asset_row(session, op)
    limits.refuse_outside(session, actor, (asset.location_id,))
    if asset.status in _GONE:
        message = f"{asset.name} {asset.tag} was {_GONE[asset.status]}. Choose one in use."
        raise RuleBroken(message, code="asset_retired", field="asset")
    values = {
        "number": next_number(session),
        "asset_id": asset.id,
        "kind": JobKind.REPAIR,
        "title": op["title"],
        "due_on": op["due_on"],
        "urgent": bool(op["urgent"]),
        "assigned_id": _worker(session, op),
        "instructions": op["instructions"] or "",
        "checklist": checklist(op["checklist"] or ()),
        "created_us": op.timing.effective_us,
    }
    return answer(add(session, op, actor, values))


def edit_job(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Change what an open job is about, when it is due or whose it is; only what is given.

    Raises `Conflict` (`edited_since`) when someone changed one of these after `based_on`, and
    `RuleBroken` (`day_taken`) for the day on which its plan has another job of the asset.
    """
    actor = require(ctx.actor, Permission.JOB_PLAN)
    job = held(session, actor, op["job"])
    refuse_closed(job)
    values = {name: op.fields[name] for name in _EDITABLE if name in op.fields}
    if "due_on" in values:
        values["due_on"] = values["due_on"] or None
        _refuse_taken(session, job, values["due_on"])
    if "assigned" in op.fields:
        values["assigned_id"] = _worker(session, op)
    if op["based_on"] is not None:
        _refuse_stale(session, job, values, op["based_on"])
    return answer(change(session, op, actor, job, values))


def _refuse_taken(session: Session, job: JobRow, day: date | None) -> None:
    locks.hold_job_numbers(session)  # whoever makes jobs of plans waits
    other = same_day(session, job, day)
    if other is not None:
        message = f"{job_name(other)} of this plan is due on that day. Choose another one."
        raise RuleBroken(message, code="day_taken", field="due_on")


def _refuse_stale(session: Session, job: JobRow, values: Mapping[str, Any], version: int) -> None:
    since, now = edits.changed_since(session, edits.Thing("job", job.id), version), asdict(job)
    for name in since.keys() & values.keys():
        if now[name] != values[name]:
            message = f"{since[name]} changed this meanwhile. Look at it and save again."
            raise Conflict(message, code="edited_since", field=name.removesuffix("_id"))


def machine_of(ctx: Context, reference: str) -> str:
    """The label code of the asset that a job is on. Raises `NotFound`."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        return job_called(connection, reference).asset_code


def _worker(session: Session, op: Op) -> int | None:
    """Who is to do it; None for nobody yet. Raises `RuleBroken` for one who left."""
    if not op["assigned"]:
        return None
    person_id = goods.find(session, Kind.PERSON, "assigned", op["assigned"])
    person = session.get_one(Person, person_id)
    if not person.active:
        message = f"{person.name} no longer works here. Choose somebody else."
        raise RuleBroken(message, code="person_inactive", field="assigned")
    return person_id
