"""The money in assets: what those of a model cost, are worth and took in parts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from stockscan.domain.depreciation import Plan
from stockscan.domain.figures import E4, MINOR
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.stock import Movement


@dataclass(frozen=True, slots=True)
class ModelMoney:
    """What the assets in use of a model cost, are worth on a day, and took in parts.

    `known` is how many of the `assets` have what their book value follows from.
    """

    assets: int
    known: int
    cost_e4: int
    value_e4: int
    parts_e4: int


def money_of_model(connection: Connection | Session, model_id: int, on: date) -> ModelMoney:
    """The money in the assets in use of a model."""
    mine = (Asset.model_id == model_id, Asset.status.in_(("in_service", "down")))
    rows: Any = connection.execute(
        select(
            Asset.purchase_cost_minor,
            Asset.salvage_minor,
            func.coalesce(Asset.life_months, AssetModel.life_months),
            Asset.purchase_date,
        )
        .join(AssetModel, AssetModel.id == Asset.model_id)
        .where(*mine)
    ).all()
    spent = select(-func.sum(Movement.value_e4)).join(Asset, Asset.id == Movement.asset_id)
    plans = [Plan(*row) for row in rows if row[0] is not None and row[2] and row[3]]
    return ModelMoney(
        assets=len(rows),
        known=len(plans),
        cost_e4=sum(row[0] or 0 for row in rows) * (E4 // MINOR),
        value_e4=sum(plan.value_minor(on) for plan in plans) * (E4 // MINOR),
        parts_e4=int(connection.execute(spent.where(*mine)).scalar() or 0),
    )
