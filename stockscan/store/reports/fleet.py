"""The machines in use with what each cost in some months: what peers are compared by."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, Subquery, func, select
from sqlalchemy.orm import Session

from stockscan.domain.reports.months import Months
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.reports.charged import charged
from stockscan.store.reports.summing import summed

# As many numbers as stand in a question without slowing it.
_FEW: Final = 500


@dataclass(frozen=True, slots=True)
class Machine:
    """One asset in use and its cost; `bought` is when it came, by its papers or to the books."""

    id: int
    code: str
    tag: str
    name: str
    model_id: int
    model: str
    bought: date | None
    created_us: int
    cost_e4: int


def machines(
    connection: Connection | Session, months: Months, model_id: int | None = None
) -> list[Machine]:
    """Every asset in use that has a model, or those of one model, also where they cost nothing."""
    wanted = Asset.status.in_(("in_service", "down")) & Asset.model_id.is_not(None)
    found = charged(months)
    if model_id is not None:
        wanted &= Asset.model_id == model_id
        found = _of_model(connection, months, model_id)
    each = (
        select(found.c.asset_id, summed(found.c.parts_e4 + found.c.labour_e4 + found.c.down_e4))
        .group_by(found.c.asset_id)
        .subquery()
    )
    rows = connection.execute(
        select(
            Asset.id,
            Asset.code,
            Asset.tag,
            Asset.name,
            Asset.model_id,
            AssetModel.name,
            Asset.purchase_date,
            Asset.created_us,
            func.coalesce(each.c[1], 0),
        )
        .join(AssetModel, AssetModel.id == Asset.model_id)
        .outerjoin(each, each.c.asset_id == Asset.id)
        .where(wanted)
        .order_by(AssetModel.id, func.lower(Asset.tag))
    )
    return rows_as(Machine, rows)


def _of_model(connection: Connection | Session, months: Months, model_id: int) -> Subquery:
    """The costs of a model's assets: of a few by their numbers, which their index finds."""
    mine = select(Asset.id).where(Asset.model_id == model_id)
    ids = connection.execute(mine.limit(_FEW + 1)).scalars().all()
    return charged(months, ids if 0 < len(ids) <= _FEW else mine)
