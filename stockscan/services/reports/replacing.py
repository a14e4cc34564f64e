"""Repair or replace: the inputs for one machine as far as the books know them, and both answers."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.depreciation import months_between
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import MINOR_E4, divide, parse_money
from stockscan.domain.reports.months import Months, month_at
from stockscan.domain.reports.peers import median
from stockscan.domain.reports.replacing import Inputs, Weighed, weigh
from stockscan.services.reports.costs import book_value_e4
from stockscan.services.reports.peers import months_there
from stockscan.services.work import Context
from stockscan.store import settings
from stockscan.store.catalogue import assets as catalogue
from stockscan.store.catalogue.assets import AssetRow
from stockscan.store.reports import costs, repairs
from stockscan.store.reports.costs import Cost
from stockscan.store.reports.fleet import machines
from stockscan.store.reports.repairs import OpenWork
from stockscan.store.scanning import asset_called
from stockscan.store.snapshot import snapshot

MOST_YEARS: Final = 50
YEAR: Final = 12
_USUAL_YEARS: Final = 2
_NEW_YEARS: Final = 8
_MONEY: Final = (
    "repair_minor",
    "repair_upkeep_minor",
    "new_minor",
    "salvage_minor",
    "new_upkeep_minor",
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the books know: the inputs, and where those that nobody wrote down come from.

    `price_from` is "asset", "model", "paid" or "" for nowhere; `upkeep_of` whose upkeep stands for
    that of a new one: "young" others of the model, all "others", or its "own".
    """

    inputs: Inputs
    price_from: str
    upkeep_of: str
    last_year: Cost
    open_work: OpenWork


@dataclass(frozen=True, slots=True)
class Question:
    """A machine, what the books know, what the answer goes by, and what both ways say to it."""

    asset: AssetRow
    known: Known
    given: Inputs
    weighed: Weighed
    book_value_e4: int | None


def question(ctx: Context, reference: str, typed: dict[str, str]) -> Question:
    """The question for one machine, with some inputs typed over what the books know.

    Raises `NotFound`, and `Invalid` whose `details["faults"]` says for each wrong field what is
    wrong with it.
    """
    require(ctx.actor, Permission.READ)
    written = _read(typed)
    with snapshot() as connection:
        row = catalogue.asset(connection, asset_called(connection, reference))
        known = _known(connection, row, ctx.today)
    given = known.inputs._replace(**written)
    return Question(row, known, given, weigh(given), book_value_e4(row, ctx))


def _known(connection: Connection, row: AssetRow, today: date) -> Known:
    last_year = costs.of_asset(connection, row.id, _last_year(today))
    open_work = repairs.open_work(connection, row.id, settings.load(connection))
    price = repairs.price_of(connection, row.id)
    upkeep_minor, upkeep_of = _upkeep_of_new(connection, row, last_year.total_e4, today)
    inputs = Inputs(
        repair_minor=divide(open_work.cost_e4, MINOR_E4),
        repair_years=_years_left(row, today),
        repair_upkeep_minor=max(divide(last_year.total_e4, MINOR_E4), 0),
        new_minor=price.minor or 0,
        salvage_minor=row.salvage_minor or 0,
        new_years=max(divide(row.life_months or _NEW_YEARS * YEAR, YEAR), 1),
        new_upkeep_minor=upkeep_minor,
    )
    return Known(inputs, price.source, upkeep_of, last_year, open_work)


def _last_year(today: date) -> Months:
    return Months(month_at(today) - YEAR + 1, month_at(today))


def _years_left(row: AssetRow, today: date) -> int:
    """What is left of its planned life in whole years, at least two: nobody repairs for less."""
    if row.purchase_date is None or not row.life_months:
        return _USUAL_YEARS
    left = row.life_months - months_between(row.purchase_date, today)
    return max(-(-left // YEAR), _USUAL_YEARS)


def _upkeep_of_new(
    connection: Connection, row: AssetRow, own_e4: int, today: date
) -> tuple[int, str]:
    """What a year of a new one may cost, and by whom: see `Known`.

    Where nobody knows better it costs what this one does: then nothing speaks for a new one.
    """
    year = _last_year(today)
    found = machines(connection, year, row.model_id) if row.model_id else []
    others = [each for each in found if each.id != row.id]
    young = [
        each for each in others if each.bought and months_between(each.bought, today) <= 2 * YEAR
    ]
    for kind, some in (("young", young), ("others", others)):
        # Who came within the year has cost less than a year does.
        usual_e4 = median(
            sorted(divide(each.cost_e4 * YEAR, months_there(each, year)) for each in some)
        )
        if usual_e4 is not None:
            return max(divide(usual_e4, MINOR_E4), 0), kind
    return max(divide(own_e4, MINOR_E4), 0), "own"


def _read(typed: dict[str, str]) -> dict[str, int]:
    """The inputs that were typed; what is left empty is the books' own."""
    read: dict[str, int] = {}
    faults: dict[str, str] = {}
    for name, text in typed.items():
        if not text.strip():
            continue
        try:
            read[name] = _amount(text, name) if name in _MONEY else _years(text, name)
        except Invalid as error:
            faults[name] = error.message
    if faults:
        field = next(iter(faults))
        raise Invalid(faults[field], field=field, faults=faults)
    return read


def _amount(text: str, field: str) -> int:
    try:
        return parse_money(text, field=field)
    except Invalid:
        raise Invalid("Enter an amount of money, such as 3000.", field=field) from None


def _years(text: str, field: str) -> int:
    clean = text.strip()
    if clean.isascii() and clean.isdigit() and 1 <= int(clean[:4]) <= MOST_YEARS:
        return int(clean[:4])
    raise Invalid(f"Enter whole years, from 1 to {MOST_YEARS}.", field=field)
