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
from stockscan.store.reports.costs import WITHOUT, Narrowed
from stockscan.store.reports.narrowing import EVERY, EVERYWHERE, AtPlace, Choices, OfParts
from stockscan.store.reports.usage import Only
from stockscan.store.scanning import thing_called
from stockscan.store.snapshot import snapshot

USUAL_MONTHS: Final = 12
MOST_MONTHS: Final = 120
# In place of a model or a site: the assets that have none.
NONE: Final = "none"


def months_asked(
    ctx: Context, from_text: str = "", to_text: str = "", most: int = MOST_MONTHS
) -> Months:
    """The months from "2026-01" to "2026-11"; without them the last twelve, this one included.

    This one is that of UTC, as all months of reports.
    Raises `Invalid` for what is no month, for the wrong order, and for too many: ten years.
    """
    last = read_month(to_text, field="to") if to_text else month_of(ctx.now_us)
    first = read_month(from_text, field="from") if from_text else last - USUAL_MONTHS + 1
    if last < first:
        raise Invalid("The last month lies before the first. Turn them round.", field="to")
    if last - first >= most:
        raise Invalid("Ask for ten years at most.", field="from")
    return Months(first, last)


def only_of(connection: Connection, ctx: Context, of: OfParts = EVERY, place: str = "") -> Only:
    """These parts, at a place by its code or name; "" for everywhere.

    Without the parts of which this person still has to count something blind. Raises `NotFound`
    that names the field.
    """
    blind = blindness(connection, require(ctx.actor, Permission.READ))
    return Only(blind=blind, of=of, at=at_place(connection, place))


def at_place(connection: Connection, place: str) -> AtPlace:
    """A place by its code or name, with all inside it. Raises `NotFound` that names the field."""
    if not place:
        return EVERYWHERE
    return AtPlace(thing_called(connection, place, Kind.LOCATION, "place").id)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a report may be narrowed to, and whether there is a part of what was asked for."""

    choices: Choices
    is_any: bool
    place: str


def narrowing_to(ctx: Context, of: OfParts, place: str = "") -> Narrowing:
    """What to choose from, where these parts and this place are asked for; the place's name.

    Raises `NotFound` that names the field.
    """
    require(ctx.actor, Permission.READ)
    with snapshot() as connection:
        named = thing_called(connection, place, Kind.LOCATION, "place").name if place else ""
        return Narrowing(narrowing.choices(connection), of.is_any(connection), named)


def narrowed_to(connection: Connection, model: str, site: str) -> Narrowed:
    """The assets of a model by its name, at a site by its code; "" for all, `NONE` for no such.

    Raises `NotFound` that names the field.
    """
    model_id = site_id = None
    if model:
        model_id = WITHOUT if model == NONE else model_called(connection, model).id
    if site:
        is_none = site == NONE
        site_id = WITHOUT if is_none else thing_called(connection, site, Kind.LOCATION, "site").id
    return Narrowed(model_id, site_id)
