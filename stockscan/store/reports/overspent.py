"""Machines into which more went in parts than they are worth on paper."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from stockscan.domain.depreciation import Plan
from stockscan.domain.figures import MINOR_E4
from stockscan.domain.reports.months import LAST, Months
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.reports.usage import Only, sums


@dataclass(frozen=True, slots=True)
class Overspent:
    """A machine, the parts that went into it in all its life, and its book value."""

    code: str
    tag: str
    name: str
    parts_e4: int
    worth_e4: int

    @property
    def above_e4(self) -> int:
        """By how much the parts are dearer than the machine."""
        return self.parts_e4 - self.worth_e4


def overspent(connection: Connection | Session, months: Months, today: date) -> list[Overspent]:
    """Those in use that parts were charged to in these months, by how far they are above.

    Only where somebody said what the machine cost, when it came and how long it lasts.
    """
    lately = sums(*months, ("asset_id",)).subquery("lately")
    charged = select(lately.c.asset_id).where(lately.c.value_e4 < 0, lately.c.asset_id != 0)
    ever = sums(0, LAST, ("asset_id",), Only(asset_ids=charged)).subquery("ever")
    life_months = func.coalesce(Asset.life_months, AssetModel.life_months)
    rows = connection.execute(
        select(
            Asset.code,
            Asset.tag,
            Asset.name,
            -ever.c.value_e4,
            Asset.purchase_cost_minor,
            Asset.salvage_minor,
            life_months,
            Asset.purchase_date,
        )
        .join(ever, ever.c.asset_id == Asset.id)
        .outerjoin(AssetModel, AssetModel.id == Asset.model_id)
        .where(Asset.status.in_(("in_service", "down")), life_months > 0)
        .where(Asset.purchase_cost_minor.is_not(None), Asset.purchase_date.is_not(None))
    )
    found = [
        Overspent(code, tag, name, parts_e4, Plan(*plan).value_minor(today) * MINOR_E4)
        for code, tag, name, parts_e4, *plan in rows
    ]
    above = [each for each in found if each.above_e4 > 0]
    return sorted(above, key=lambda each: (-each.above_e4, each.tag.lower()))
