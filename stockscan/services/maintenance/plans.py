"""Maintenance plans: making and changing them, and the kits of their jobs."""

import json
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.errors import NotFound
from stockscan.domain.figures import format_quantity
from stockscan.domain.maintenance import Basis
from stockscan.domain.maintenance.cycles import Unit
from stockscan.domain.maintenance.expected import ALWAYS_BP
from stockscan.domain.maintenance.rules import check_plan
from stockscan.domain.operations import Op
from stockscan.services.work import Context
from stockscan.store import edits, goods, limits
from stockscan.store.assets import Asset
from stockscan.store.catalogue.assets import model_called
from stockscan.store.locks import hold_row
from stockscan.store.maintenance import plans as store
from stockscan.store.maintenance.plans import PlanRow
from stockscan.store.maintenance.rows import MaintenancePlan, PlanPart
from stockscan.store.unique import update_unique

# Fields of the operations that columns hold under another name.
_CALLED: Final = {"every_meter": "every_milli", "starts_meter": "starts_milli"}
_RULE: Final = ("every", "unit", "starts_on", "meter", "every_milli", "starts_milli")
# What a column holds where the field is empty; None for the rest.
_EMPTY: Final[dict[str, Any]] = {"unit": "", "meter": "", "instructions": ""}
_PLAIN: Final = (
    "name", "every", "unit", "starts_on", "meter", "every_meter", "starts_meter", "counts_from",
    "horizon_days", "minutes", "stops_asset", "instructions", "active",
)  # fmt: skip


def create_plan(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Plan work that comes again on a model's assets or on one asset; its uid is the op's id.

    Raises `Invalid` for what its basis lacks, `NotFound` for an unknown model, asset or part.
    """
    actor = require(ctx.actor, Permission.PLAN_EDIT)
    about: dict[str, int | None] = {"model_id": None, "asset_id": None}
    if op["model"]:
        about["model_id"] = model_called(session, op["model"]).id
    else:
        asset = goods.asset_row(session, op)
        limits.refuse_outside(session, actor, (asset.location_id,))
        about["asset_id"] = asset.id
    values = {**_blank(op["basis"]), **_given(session, op)}
    check_plan(values)
    made = insert(MaintenancePlan).values(
        **values, **about, uid=op.id, active=True, created_us=ctx.now_us
    )
    session.execute(made)
    return plan_json(session, store.plan_id_of(session, op.id))


def edit_plan(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Change a plan, or put it out of use (`active`); what it is for and its basis stay.

    Jobs that are made already stay as they are. Raises `Invalid` for what its basis lacks.
    """
    actor = require(ctx.actor, Permission.PLAN_EDIT)
    before = _held(session, actor, op)
    values = _given(session, op)
    check_plan({**{name: getattr(before, name) for name in ("basis", *_RULE)}, **values})
    update_unique(session, MaintenancePlan, before.id, values, taken="", field="name")
    after = store.plan(session, before.id)
    thing = edits.Thing("plan", before.id)
    edits.record(session, op, thing, actor.person_id, plan_texts(before), plan_texts(after))
    return plan_json(session, before.id)


def set_plan_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Put a part into the kit of a plan's coming jobs, or change its line there."""
    actor = require(ctx.actor, Permission.PLAN_EDIT)
    plan = _held(session, actor, op)
    before = _kit_texts(session, plan.id)
    part_id = goods.find(session, Kind.PART, "part", op["part"])
    session.execute(_line(plan.id, part_id))
    line = {"quantity_milli": op["quantity"], "probability_bp": op["probability"] or ALWAYS_BP}
    session.execute(insert(PlanPart).values(plan_id=plan.id, part_id=part_id, **line))
    return _changed(session, op, actor, plan, before)


def remove_plan_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Take a part out of the kit of a plan's coming jobs. Raises `NotFound` for one not in it."""
    actor = require(ctx.actor, Permission.PLAN_EDIT)
    plan = _held(session, actor, op)
    before = _kit_texts(session, plan.id)
    part_id = goods.find(session, Kind.PART, "part", op["part"])
    if session.execute(_line(plan.id, part_id).returning(PlanPart.part_id)).first() is None:
        raise NotFound("That part is not in the kit. Look at the plan again.", field="part")
    return _changed(session, op, actor, plan, before)


def plan_texts(plan: PlanRow) -> dict[str, str]:
    """What people may change of a plan, as they read it."""
    return {
        "name": plan.name,
        "every": str(plan.every or ""),
        "unit": plan.unit,
        "starts_on": plan.starts_on.isoformat() if plan.starts_on else "",
        "meter": plan.meter,
        "every_meter": format_quantity(plan.every_milli) if plan.every_milli else "",
        "starts_meter": "" if plan.starts_milli is None else format_quantity(plan.starts_milli),
        "part": plan.part_number or "",
        "counts_from": plan.counts_from,
        "horizon_days": str(plan.horizon_days),
        "minutes": str(plan.minutes or ""),
        "stops_asset": "yes" if plan.stops_asset else "no",
        "instructions": plan.instructions,
        "checklist": "\n".join(plan.steps),
        "active": "yes" if plan.active else "no",
    }


def plan_json(session: Session, plan_id: int) -> dict[str, Any]:
    """A plan as an answer: its uid is what it is referred to by."""
    plan = store.plan(session, plan_id)
    kit = [
        {
            "part": line.code,
            "part_number": line.part_number,
            "name": line.name,
            "quantity": format_quantity(line.quantity_milli),
            "probability": format_quantity(line.probability_bp * 10),
        }
        for line in store.kit_of(session, plan_id)
    ]
    return {
        "plan": plan.uid,
        "basis": plan.basis,
        "model": plan.model,
        "asset": plan.asset_code,
        **plan_texts(plan),
        "kit": kit,
    }


def _blank(basis: str) -> dict[str, Any]:
    """The columns of a plan that says nothing yet."""
    return {
        **dict.fromkeys(("every", "starts_on", "every_milli", "starts_milli", "part_id")),
        "basis": basis,
        "unit": Unit.MONTH.value if basis == Basis.AGE else "",
        "meter": "",
        "counts_from": "done",
        "horizon_days": 14,
        "instructions": "",
        "checklist": "[]",
    }


def _given(session: Session, op: Op) -> dict[str, Any]:
    """The columns that the operation says something about."""
    values: dict[str, Any] = {}
    for name in _PLAIN:
        if name in op.fields:
            column, said = _CALLED.get(name, name), op[name]
            values[column] = _EMPTY.get(column) if said == "" else said
    if "checklist" in op.fields:
        values["checklist"] = json.dumps(op["checklist"] or [], ensure_ascii=False)
    if "part" in op.fields:
        part = op["part"]
        values["part_id"] = goods.find(session, Kind.PART, "part", part) if part else None
    return values


def _held(session: Session, actor: Actor, op: Op) -> PlanRow:
    """The plan that the operation names, which nobody else changes meanwhile.

    Raises `NotAllowed` for that of one asset that stands outside the actor's places.
    """
    plan_id = store.plan_id_of(session, op["plan"])
    hold_row(session, MaintenancePlan, plan_id)
    plan = store.plan(session, plan_id)
    stands = select(Asset.location_id).where(Asset.id == plan.asset_id)
    limits.refuse_outside(session, actor, session.scalars(stands).all())
    return plan


def _line(plan_id: int, part_id: int) -> Any:
    return delete(PlanPart).where(PlanPart.plan_id == plan_id, PlanPart.part_id == part_id)


def _kit_texts(session: Session, plan_id: int) -> dict[str, str]:
    texts = {}
    for line in store.kit_of(session, plan_id):
        often = "" if line.probability_bp == ALWAYS_BP else f" in {line.probability_bp / 100:g} %"
        texts[line.part_number] = f"{format_quantity(line.quantity_milli)} {line.unit}{often}"
    return texts


def _changed(
    session: Session, op: Op, actor: Actor, plan: PlanRow, before: dict[str, str]
) -> dict[str, Any]:
    """Keep who changed the kit, and answer with the plan."""
    after = _kit_texts(session, plan.id)
    lines = dict.fromkeys([*before, *after], "")
    thing = edits.Thing("plan", plan.id)
    edits.record(session, op, thing, actor.person_id, {**lines, **before}, {**lines, **after})
    return plan_json(session, plan.id)
