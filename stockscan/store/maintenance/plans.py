"""Plans as pages and operations read them: the list, one of them, its kit."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain.errors import NotFound
from stockscan.domain.maintenance import OPEN
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.catalogue.paging import matches, rows_as
from stockscan.store.maintenance.rows import Job, MaintenancePlan, PlanPart
from stockscan.store.maintenance.standing import AT_WORK
from stockscan.store.parts import Part

Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan; what its basis does not look at is None or ""."""

    id: int
    uid: str
    name: str
    basis: str
    every: int | None
    unit: str
    starts_on: date | None
    meter: str
    every_milli: int | None
    starts_milli: int | None
    counts_from: str
    horizon_days: int
    minutes: int | None
    stops_asset: bool
    instructions: str
    checklist: str
    active: bool
    part_id: int | None
    part_code: str | None
    part: str | None
    part_number: str | None
    model: str | None
    asset_id: int | None
    asset_code: str | None
    asset_tag: str | None
    asset_name: str | None

    @property
    def about(self) -> str:
        """What it is for: the name of a model, or of one asset."""
        return self.model or f"{self.asset_tag} {self.asset_name}"

    @property
    def steps(self) -> list[str]:
        """The lines of its checklist."""
        return list(json.loads(self.checklist))


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in the list: on how many assets at work it is, its kit's parts, its open jobs."""

    plan: PlanRow
    assets: int
    parts: int
    jobs: int


@dataclass(frozen=True, slots=True)
class KitPart:
    """A part that each job of a plan may need, and in how many of 10,000 it does."""

    part_id: int
    code: str
    part_number: str
    name: str
    unit: str
    quantity_milli: int
    probability_bp: int


def plan_id_of(connection: Connection | Session, reference: str) -> int:
    """The plan with this uid. Raises `NotFound` (field "plan")."""
    wanted = MaintenancePlan.uid == reference.strip().lower()
    found = connection.execute(select(MaintenancePlan.id).where(wanted)).scalar()
    if found is None:
        raise NotFound("There is no such plan. Look at the list of plans.", field="plan")
    return int(found)


def plan(connection: Connection | Session, plan_id: int) -> PlanRow:
    """One plan."""
    return PlanRow(*connection.execute(_plans().where(MaintenancePlan.id == plan_id)).one())


def plans(
    connection: Connection | Session, *, text: str = "", after: int = 0, limit: int = 100
) -> list[PlanLine]:
    """A page of plans in the order of their making, those in use or not."""
    query = _lines().where(MaintenancePlan.id > after).order_by(MaintenancePlan.id).limit(limit)
    if text:
        query = query.where(matches(text, MaintenancePlan.name, AssetModel.name, Asset.name))
    return [PlanLine(PlanRow(*row[:-3]), *row[-3:]) for row in connection.execute(query)]


def plans_with(connection: Connection | Session, ids: Collection[int]) -> dict[int, PlanRow]:
    """The plans with these numbers."""
    rows = connection.execute(_plans().where(MaintenancePlan.id.in_(ids)))
    return {plan.id: plan for plan in rows_as(PlanRow, rows)}


def kit_of(connection: Connection | Session, plan_id: int) -> list[KitPart]:
    """What each job of a plan may need, by part number."""
    rows = connection.execute(
        select(
            PlanPart.part_id,
            Part.code,
            Part.part_number,
            Part.name,
            Part.unit,
            PlanPart.quantity_milli,
            PlanPart.probability_bp,
        )
        .join(Part, Part.id == PlanPart.part_id)
        .where(PlanPart.plan_id == plan_id)
        .order_by(func.lower(Part.part_number), Part.id)
    )
    return rows_as(KitPart, rows)


_COLUMNS = (
    MaintenancePlan.id,
    MaintenancePlan.uid,
    MaintenancePlan.name,
    MaintenancePlan.basis,
    MaintenancePlan.every,
    MaintenancePlan.unit,
    MaintenancePlan.starts_on,
    MaintenancePlan.meter,
    MaintenancePlan.every_milli,
    MaintenancePlan.starts_milli,
    MaintenancePlan.counts_from,
    MaintenancePlan.horizon_days,
    MaintenancePlan.minutes,
    MaintenancePlan.stops_asset,
    MaintenancePlan.instructions,
    MaintenancePlan.checklist,
    MaintenancePlan.active,
    MaintenancePlan.part_id,
    Part.code,
    Part.name,
    Part.part_number,
    AssetModel.name,
    Asset.id,
    Asset.code,
    Asset.tag,
    Asset.name,
)


@cache
def _plans() -> Query:
    return _with_names(select(*_COLUMNS))


@cache
def _lines() -> Query:
    other = aliased(Asset)
    subject = or_(other.id == MaintenancePlan.asset_id, other.model_id == MaintenancePlan.model_id)
    assets = select(func.count()).where(subject, other.status.in_(AT_WORK))
    parts = select(func.count()).where(PlanPart.plan_id == MaintenancePlan.id)
    is_open = Job.state.in_(OPEN)
    jobs = select(func.count()).where(Job.plan_id == MaintenancePlan.id, is_open)
    counts = [each.scalar_subquery() for each in (assets, parts, jobs)]
    return _with_names(select(*_COLUMNS, *counts))


def _with_names(query: Query) -> Query:
    return (
        query.select_from(MaintenancePlan)
        .outerjoin(Part, Part.id == MaintenancePlan.part_id)
        .outerjoin(AssetModel, AssetModel.id == MaintenancePlan.model_id)
        .outerjoin(Asset, Asset.id == MaintenancePlan.asset_id)
    )
