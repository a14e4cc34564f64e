"""What an asset is worth on paper: today, on any day, year by year, and when it went."""

from dataclasses import dataclass
from datetime import date

from stockscan.domain.access import Permission, require
from stockscan.domain.depreciation import Plan, year_ends
from stockscan.domain.figures import E4, MINOR, from_us
from stockscan.services.work import Context, reading
from stockscan.store.catalogue import assets as queries
from stockscan.store.catalogue.assets import AssetRow
from stockscan.store.scanning import asset_called

_FACTOR = E4 // MINOR


@dataclass(frozen=True, slots=True)
class Year:
    """A year of an asset's life by its last day: what was written off in it, what was left."""

    on: date
    written_off_e4: int
    left_e4: int


@dataclass(frozen=True, slots=True)
class Worth:
    """An asset's book value on a day and by the year; None and no years where it is unknown."""

    asset: AssetRow
    on: date
    value_e4: int | None
    years: list[Year]


def asset_worth(ctx: Context, reference: str, on: date | None = None) -> Worth:
    """The worth of an asset on a day, today unless one is named. Raises `NotFound`."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        row = queries.asset(connection, asset_called(connection, reference))
    day = on or ctx.today
    return Worth(row, day, value_on_e4(row, day), _years(row))


def book_value_e4(row: AssetRow, now_us: int) -> int | None:
    """What an asset is worth on paper today, None where that is unknown or it was disposed of."""
    return None if row.status == "disposed" else value_on_e4(row, from_us(now_us).date())


def value_on_e4(row: AssetRow, day: date) -> int | None:
    """What an asset is worth on a day by its plan, None where cost, date or life is unknown."""
    if row.purchase_cost_minor is None or row.purchase_date is None or not row.life_months:
        return None
    plan = Plan(row.purchase_cost_minor, row.salvage_minor, row.life_months, row.purchase_date)
    return plan.value_minor(day) * _FACTOR


def gain_e4(row: AssetRow, proceeds_minor: int, gone_us: int) -> int | None:
    """What a disposal brought above book value (a loss is negative), None where that is unknown."""
    left_e4 = value_on_e4(row, from_us(gone_us).date())
    return None if left_e4 is None else proceeds_minor * _FACTOR - left_e4


def _years(row: AssetRow) -> list[Year]:
    if row.purchase_date is None or row.purchase_cost_minor is None or not row.life_months:
        return []
    years, before_e4 = [], row.purchase_cost_minor * _FACTOR
    for day in year_ends(row.purchase_date, row.life_months):
        left_e4 = value_on_e4(row, day) or 0
        years.append(Year(day, before_e4 - left_e4, left_e4))
        before_e4 = left_e4
    return years
