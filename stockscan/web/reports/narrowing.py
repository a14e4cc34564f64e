"""How reports of parts are narrowed: by class, category and supplier, each a select."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from stockscan.services.reports.asking import narrowing_to
from stockscan.store.reports.narrowing import OfParts
from stockscan.web.listing import Listing
from stockscan.web.reports.shape import Ask, Report
from stockscan.web.security import current_context

# The names of the filters.
PARTS: Final = ("class", "category", "supplier")


def parts_asked(listing: Listing) -> OfParts:
    """The parts that the address asks for."""
    return OfParts(*(listing.asked.get(name, "") for name in PARTS))


def narrowed(listing: Listing) -> dict[str, str]:
    """The filters of parts that are set: what goes along to the rows behind a number."""
    return {name: listing.asked[name] for name in PARTS if listing.asked[name]}


def along(path: str, listing: Listing) -> str:
    """The address of another report, of the same parts."""
    said = narrowed(listing)
    return f"{path}?{urlencode(said)}" if said else path


def with_parts(report: Report) -> Report:
    """The report with selects for its parts; what is narrowed says to what, or that none fit."""
    listing, of = report.listing, parts_asked(report.listing)
    found = narrowing_to(current_context(), of)
    choices = found.choices
    asks = [
        _select(listing, "class", "Class", {each: f"Class {each}" for each in choices.classes}),
        _select(listing, "category", "Category", _same(choices.categories)),
        _select(listing, "supplier", "Supplier", _same(choices.suppliers)),
    ]
    shown = replace(report, asks=[*report.asks, *(ask for ask in asks if ask)])
    if not of:
        return shown
    chips = {name: f"Class {said}" if name == "class" else said
             for name, said in narrowed(listing).items()}  # fmt: skip
    names = ", ".join(chips.values())
    finding = f"{names}: {report.finding}"
    if not found.is_any:
        finding = f"No part fits {names}. Choose others under Filter."
    return replace(shown, finding=finding, narrowed={**report.narrowed, **chips})


def _select(listing: Listing, name: str, label: str, options: Mapping[str, str]) -> Ask | None:
    """A select with what there is, and with what is asked for; None with nothing to choose."""
    asked = listing.asked[name]
    known = {"": "All", **options}
    known.setdefault(asked, asked)
    return Ask(name, label, options=known) if len(known) > 2 or asked else None


def _same(names: Iterable[str]) -> dict[str, str]:
    return {name: name for name in names}
