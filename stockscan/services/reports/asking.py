"""What people ask of a report: months, some of the parts, a model, a site."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid
from stockscan.domain.reports.months import Months, month_of, read_month
from stockscan.services.work import Context
from stockscan.store.catalogue.assets import model_called
from stockscan.store.counts.blindness import blindness
from stockscan.store.reports import narrowing
from stockscan.store.reports.costs import Narrowed
from stockscan.store.reports.narrowing import EVERY, Choices, OfParts
from stockscan.store.reports.usage import Only
from stockscan.store.scanning import thing_called
from stockscan.store.snapshot import snapshot

USUAL_MONTHS: Final = 12
MOST_MONTHS: Final = 120


def months_asked(ctx: Context, from_text: str = "", to_text: str = "") -> Months:
    """The months from "2026-01" to "2026-11"; without them the last twelve, this one included.

    This one is that of UTC, as all months of reports.
    Raises `Invalid` for what is no month, for the wrong order, and for more than ten years.
    """
    last = read_month(to_text, field="to") if to_text else month_of(ctx.now_us)
    first = read_month(from_text, field="from") if from_text else last - USUAL_MONTHS + 1
    if last < first:
        raise Invalid("The last month lies before the first. Turn them round.", field="to")
    if last - first >= MOST_MONTHS:
        raise Invalid("Ask for ten years at most.", field="from")
    return Months(first, last)


def only_of(connection: Connection, ctx: Context, of: OfParts = EVERY) -> Only:
    """These parts, without those of which this person still has to count something blind."""
    return Only(blind=blindness(connection, require(ctx.actor, Permission.READ)), of=of)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a report may be narrowed to, and whether there is a part of what was asked for."""

    choices: Choices
    is_any: bool


def narrowing_to(ctx: Context, of: OfParts) -> Narrowing:
    """What to choose from, where these parts are asked for."""
    require(ctx.actor, Permission.READ)
    with snapshot() as connection:
        return Narrowing(narrowing.choices(connection), of.is_any(connection))


def narrowed_to(connection: Connection, model: str, site: str) -> Narrowed:
    """The assets of a model by its name, at a site by its code; "" for all.

    Raises `NotFound` that names the field.
    """
    model_id = model_called(connection, model).id if model else None
    if not site:
        return Narrowed(model_id)
    return Narrowed(model_id, thing_called(connection, site, Kind.LOCATION, "site").id)
