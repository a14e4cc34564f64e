"""What the question of obsolete stock is answered from: stock, parts lists, plans and machines."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from stockscan.domain.ledger import MovementKind
from stockscan.domain.reports.obsolete import Fleet, Life, ModelLine, OwnLine, PlanLine
from stockscan.store.assets import Asset, AssetModel, AssetPart, ModelPart
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.locations import Location
from stockscan.store.maintenance.rows import MaintenancePlan, PlanPart
from stockscan.store.parts import Part, PartWorth
from stockscan.store.reports.named import PART_NAMES
from stockscan.store.reports.usage import Only
from stockscan.store.stock import Balance, Movement

_IN_USE = Asset.status.in_(("in_service", "down"))
_LIFE_MONTHS = func.coalesce(Asset.life_months, AssetModel.life_months)
_USED = (MovementKind.INSTALL, MovementKind.ISSUE)


@dataclass(frozen=True, slots=True)
class Held:
    """A part in stock: how much of it and what that is worth, over all bins."""

    id: int
    code: str
    part_number: str
    name: str
    unit: str
    quantity_milli: int
    value_e4: int


@dataclass(frozen=True, slots=True)
class Lies:
    """The bin with the most of a part, and when any of it was used last."""

    location_code: str | None
    location: str | None
    used_us: int | None


def held(connection: Connection | Session, only: Only) -> list[Held]:
    """Every part in stock."""
    rows = connection.execute(
        select(
            Part.id,
            *PART_NAMES,
            PartWorth.quantity_milli,
            PartWorth.value_e4,
        )
        .join(PartWorth, PartWorth.part_id == Part.id)
        .where(PartWorth.quantity_milli > 0, *only.parts(Part.id))
        .order_by(func.lower(Part.part_number))
    )
    return rows_as(Held, rows)


def lies(connection: Connection | Session, part_ids: list[int]) -> dict[int, Lies]:
    """Where most of each of a few parts lies, and when it was used last."""
    fullest = _of_part(
        select(Balance.location_id)
        .where(Balance.part_id == Part.id, Balance.quantity_milli > 0)
        .order_by(Balance.quantity_milli.desc(), Balance.location_id)
    )
    used = _of_part(
        select(Movement.effective_us)
        .where(Movement.part_id == Part.id, Movement.kind.in_(_USED))
        .order_by(Movement.seq.desc())
    )
    rows = connection.execute(
        select(Part.id, Location.code, Location.name, used)
        .outerjoin(Location, Location.id == fullest)
        .where(Part.id.in_(part_ids))
    )
    return {part_id: Lies(*rest) for part_id, *rest in rows}


def model_lines(connection: Connection | Session) -> list[ModelLine]:
    """The lines of all models for parts in stock."""
    rows = connection.execute(
        select(
            ModelPart.part_id,
            ModelPart.model_id,
            ModelPart.place,
            ModelPart.quantity_milli,
            ModelPart.life_months,
        ).where(ModelPart.part_id.in_(_IN_STOCK))
    )
    return rows_as(ModelLine, rows)


def own_lines(connection: Connection | Session) -> list[OwnLine]:
    """The lines of machines of their own for parts in stock, of retired ones too."""
    rows = connection.execute(
        select(
            AssetPart.part_id,
            Asset.model_id,
            AssetPart.place,
            AssetPart.quantity_milli,
            AssetPart.life_months,
            _IN_USE,
            Asset.purchase_date,
            _LIFE_MONTHS,
        )
        .join(Asset, Asset.id == AssetPart.asset_id)
        .outerjoin(AssetModel, AssetModel.id == Asset.model_id)
        .where(AssetPart.part_id.in_(_IN_STOCK))
    )
    return [OwnLine(*row[:5], bool(row[5]), Life(row[6], row[7])) for row in rows]


def plan_lines(connection: Connection | Session) -> list[PlanLine]:
    """The kits of all plans with parts in stock; alive where the plan still comes round."""
    uses = select(Asset.id).where(
        _IN_USE,
        or_(Asset.id == MaintenancePlan.asset_id, Asset.model_id == MaintenancePlan.model_id),
    )
    alive = and_(MaintenancePlan.active, uses.exists())
    rows = connection.execute(
        select(PlanPart.part_id, case((alive, 1), else_=0))
        .join(MaintenancePlan, MaintenancePlan.id == PlanPart.plan_id)
        .where(PlanPart.part_id.in_(_IN_STOCK))
    )
    return [PlanLine(part_id, bool(is_alive)) for part_id, is_alive in rows]


def fleet(connection: Connection | Session) -> Fleet:
    """How many machines of each model ever came, and how many of each life are in use."""
    rows = connection.execute(
        select(AssetModel.id, _IN_USE, Asset.purchase_date, _LIFE_MONTHS, func.count())
        .join(AssetModel, AssetModel.id == Asset.model_id)
        .group_by(AssetModel.id, _IN_USE, Asset.purchase_date, _LIFE_MONTHS)
    )
    known: dict[int, int] = defaultdict(int)
    in_use: dict[int, dict[Life, int]] = defaultdict(dict)
    for model_id, is_used, bought, life_months, many in rows:
        known[model_id] += many
        if is_used:
            in_use[model_id][Life(bought, life_months)] = many
    return Fleet(known, in_use)


_IN_STOCK = select(PartWorth.part_id).where(PartWorth.quantity_milli > 0)


def _of_part(query: Select[Any]) -> Any:
    return query.limit(1).correlate(Part).scalar_subquery()
