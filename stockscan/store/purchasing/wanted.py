"""Of which parts some is always kept: those with a safety stock that a machine may still need."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Connection, Exists, exists, or_, select
from sqlalchemy.orm import Session, aliased

from stockscan.store.assets import Asset, AssetPart, ModelPart
from stockscan.store.catalogue.paging import Query
from stockscan.store.maintenance.rows import MaintenancePlan, PlanPart
from stockscan.store.maintenance.standing import AT_WORK
from stockscan.store.parts import Part
from stockscan.store.purchasing.rows import MOST_NAMED


def with_safety(
    connection: Connection | Session, part_ids: Collection[int] | None = None
) -> dict[int, int]:
    """Part to how much of it is always to be kept; of these parts if they are given.

    Left out are parts out of use, and those that parts lists or kits name, but only of machines
    that are all retired: nobody needs these any more.
    """
    kept = _kept()
    if part_ids is not None and len(part_ids) <= MOST_NAMED:
        kept = kept.where(Part.id.in_(part_ids))
    return {row.id: row.safety_milli for row in connection.execute(kept)}


@cache
def _kept() -> Query:
    listed = or_(*(_named_by(each) for each in (ModelPart, AssetPart, PlanPart)))
    needed = or_(_by_a_model(), _by_a_machine(), _by_a_plan())
    return select(Part.id, Part.safety_milli).where(
        Part.active, Part.safety_milli > 0, or_(~listed, needed)
    )


def _named_by(lines: Any) -> Exists:
    # A quantity of 0 says that a machine does without.
    return exists().where(lines.part_id == Part.id, lines.quantity_milli > 0)


def _by_a_model() -> Exists:
    """A machine in service is of a model that lists it, or none of that model has come yet."""
    came, own = aliased(Asset), aliased(AssetPart)
    has_its_own = exists().where(
        own.asset_id == Asset.id, own.part_id == ModelPart.part_id, own.place == ModelPart.place
    )
    at_work = exists().where(
        Asset.model_id == ModelPart.model_id, Asset.status.in_(AT_WORK), ~has_its_own
    )
    none_came = ~exists().where(came.model_id == ModelPart.model_id)
    return exists().where(ModelPart.part_id == Part.id, or_(at_work, none_came))


def _by_a_machine() -> Exists:
    """A machine in service lists it itself."""
    return exists().where(
        AssetPart.part_id == Part.id,
        AssetPart.quantity_milli > 0,
        Asset.id == AssetPart.asset_id,
        Asset.status.in_(AT_WORK),
    )


def _by_a_plan() -> Exists:
    """A plan that goes on has it in its kit."""
    under = or_(Asset.id == MaintenancePlan.asset_id, Asset.model_id == MaintenancePlan.model_id)
    at_work = exists().where(under, Asset.status.in_(AT_WORK))
    return exists().where(
        PlanPart.part_id == Part.id,
        MaintenancePlan.id == PlanPart.plan_id,
        MaintenancePlan.active.is_(True),
        at_work,
    )
