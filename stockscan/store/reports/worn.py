"""Machines whose upkeep eats them up, and machines that are new: what a review looks at."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, Connection, Float, cast, func, select
from sqlalchemy.orm import Session

from stockscan.domain.figures import MINOR_E4, divide
from stockscan.domain.reports.months import Months
from stockscan.domain.reports.peers import WHOLE_BP
from stockscan.store.assets import Asset, AssetModel, ModelPart
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.reports.charged import charged
from stockscan.store.reports.summing import summed

_IN_USE = Asset.status.in_(("in_service", "down"))


@dataclass(frozen=True, slots=True)
class Worn:
    """A machine, what it cost in some months, and what a new one costs."""

    code: str
    tag: str
    name: str
    cost_e4: int
    price_e4: int

    @property
    def share_bp(self) -> int:
        """What it cost, by what a new one costs."""
        return divide(self.cost_e4 * WHOLE_BP, self.price_e4)


@dataclass(frozen=True, slots=True)
class Newcomers:
    """How many machines of a model are new; 0 for a model that none has come of yet."""

    model: str
    machines: int
    parts: int


def worn(connection: Connection | Session, months: Months, least_bp: int, limit: int) -> list[Worn]:
    """Machines in use that cost at least this share of a new one, the highest share first."""
    found = charged(months)
    each = (
        select(
            found.c.asset_id,
            summed(found.c.parts_e4 + found.c.labour_e4 + found.c.down_e4).label("cost_e4"),
        )
        .group_by(found.c.asset_id)
        .subquery()
    )
    price_minor = func.coalesce(
        Asset.replacement_minor, AssetModel.replacement_minor, Asset.purchase_cost_minor
    )
    price_e4 = cast(price_minor, BigInteger) * MINOR_E4
    # As floats: a product of two sums may be beyond 64 bits.
    share = cast(each.c.cost_e4, Float) / price_e4
    rows = connection.execute(
        select(Asset.code, Asset.tag, Asset.name, each.c.cost_e4, price_e4)
        .join(each, each.c.asset_id == Asset.id)
        .outerjoin(AssetModel, AssetModel.id == Asset.model_id)
        .where(_IN_USE, price_minor > 0, share * WHOLE_BP >= least_bp)
        .order_by(share.desc(), func.lower(Asset.tag))
        .limit(limit)
    )
    return rows_as(Worn, rows)


def newcomers(
    connection: Connection | Session, first: date, last: date, limit: int
) -> list[Newcomers]:
    """Models of which machines were bought in these days, or none ever; those with a parts list."""
    ever = func.count(Asset.id)
    bought = func.count(Asset.id).filter(Asset.purchase_date.between(first, last))
    listed = (
        select(func.count(ModelPart.part_id.distinct()))
        .where(ModelPart.model_id == AssetModel.id)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(AssetModel.name, bought, listed)
        .outerjoin(Asset, Asset.model_id == AssetModel.id)
        .where(AssetModel.id.in_(select(ModelPart.model_id)))
        .group_by(AssetModel.id, AssetModel.name)
        .having((bought > 0) | (ever == 0))
        .order_by(bought.desc(), func.lower(AssetModel.name))
        .limit(limit)
    )
    return rows_as(Newcomers, rows)
