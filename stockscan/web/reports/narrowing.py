"""How reports are narrowed to parts, by class, category and supplier, and to a place: selects."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from stockscan.services.reports.asking import narrowing_to
from stockscan.store.reports.narrowing import OfParts
from stockscan.web.listing import Listing
from stockscan.web.reports.shape import Ask, Report
from stockscan.web.security import current_context

# The names of the filters: of parts, and of a place with all that is inside it.
PARTS: Final = ("class", "category", "supplier")
PLACE: Final = "place"
PARTS_THERE: Final = (*PARTS, PLACE)


def parts_asked(listing: Listing) -> OfParts:
    """The parts that the address asks for."""
    return OfParts(*(listing.asked.get(name, "") for name in PARTS))


def narrowed(listing: Listing) -> dict[str, str]:
    """The filters of parts and place that are set: what goes along to the rows behind a number."""
    return _set(listing, PARTS_THERE)


def there(listing: Listing) -> dict[str, str]:
    """The place that is asked for: what goes along to the rows behind a number of one part."""
    return _set(listing, (PLACE,))


def along(path: str, listing: Listing) -> str:
    """The address of another report, of the same parts; not all reports know of places."""
    said = _set(listing, PARTS)
    return f"{path}?{urlencode(said)}" if said else path


def _set(listing: Listing, names: Iterable[str]) -> dict[str, str]:
    return {name: said for name in names if (said := listing.asked.get(name, ""))}


def with_parts(report: Report) -> Report:
    """The report with selects for its parts and place; it says what it is narrowed to.

    Or that no part fits. Raises `NotFound` for an unknown place, which names the field.
    """
    listing, of = report.listing, parts_asked(report.listing)
    place = listing.asked.get(PLACE, "")
    found = narrowing_to(current_context(), of, place)
    choices = found.choices
    asks = [
        _select(listing, "class", "Class", {each: f"Class {each}" for each in choices.classes}),
        _select(listing, "category", "Category", _same(choices.categories)),
        _select(listing, "supplier", "Supplier", _same(choices.suppliers)),
    ]
    if PLACE in listing.asked:
        tree = {code: f"{_INSIDE * depth}{name}" for depth, code, name in choices.places}
        asks.append(_select(listing, PLACE, "Place", tree, found.place))
    shown = replace(report, asks=[*report.asks, *(ask for ask in asks if ask)])
    if not of and not place:
        return shown
    chips = {name: _SAID.get(name, "{}").format(said) for name, said in narrowed(listing).items()}
    if place:
        chips[PLACE] = found.place
    names = ", ".join(chips.values())
    finding = f"{names}: {report.finding}"
    if not found.is_any:
        fits = ", ".join(said for name, said in chips.items() if name != PLACE)
        finding = f"No part fits {fits}. Choose others under Filter."
    return replace(shown, finding=finding, narrowed={**report.narrowed, **chips})


# Places inside others are indented in a select, which shows no other space before a word.
_INSIDE: Final = "\u2003"
_SAID: Final = {"class": "Class {}"}


def _select(
    listing: Listing, name: str, label: str, options: Mapping[str, str], called: str = ""
) -> Ask | None:
    """A select with what there is, and with what is asked for; None with nothing to choose."""
    asked = listing.asked[name]
    known = {"": "All", **options}
    known.setdefault(asked, called or asked)
    return Ask(name, label, options=known) if len(known) > 2 or asked else None


def _same(names: Iterable[str]) -> dict[str, str]:
    return {name: name for name in names}
