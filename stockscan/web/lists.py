"""The lists of assets, parts, models and people: filters, order, pages, ticks."""

from typing import Any, Final

from flask import Blueprint, Response, request

from stockscan.domain.access import Role
from stockscan.services import assets, lists, parts, people
from stockscan.web import htmx
from stockscan.web.grades import GRADES
from stockscan.web.listing import Listing, answer, elsewhere, read_listing
from stockscan.web.security import current_context

blueprint = Blueprint("lists", __name__)

_ASSET_FILTERS: Final = ("show", "q", "model", "category", "place", "person", "condition")
_PART_FILTERS: Final = ("show", "q", "category", "supplier", "tracking")
_ASSET_SORTS: Final = {"tag": "Tag", "name": "Name", "due": "Due back first", "bought": "Oldest",
                       "-bought": "Newest", "price": "Cheapest", "-price": "Dearest"}  # fmt: skip
_PART_SORTS: Final = {"number": "Part number", "name": "Name"}
_SHOWN: Final = {
    "show": ("out", "in", "overdue", "due_soon", "down", "retired"),
    "condition": GRADES,
}
_PARTS_SHOWN: Final = {
    "show": ("low", "out", "inactive"),
    "tracking": ("none", "lot", "serial"),
}
_PEOPLE_SHOWN: Final = {"show": ("active", "inactive"), "role": tuple(role.value for role in Role)}
_BY_DUE: Final = ("out", "overdue", "due_soon")


@blueprint.get("/assets")
def asset_list() -> Response:
    """Assets that the filters let through, sorted, by the page."""
    ctx, listing = current_context(), _assets_asked()
    asked: dict[str, Any] = {"sort": listing.sort, "after": listing.after, **listing.usual}
    return answer(
        "assets/assets.html",
        listing,
        lambda: {"page": assets.asset_list(ctx, **asked), "today": ctx.today},
        lambda **found: assets.asset_codes(ctx, **found),
        sorts=_ASSET_SORTS,
        grades=GRADES,
    )


@blueprint.get("/parts")
def part_list() -> Response:
    """Parts that the filters let through, sorted, by the page."""
    ctx, listing = (
        current_context(),
        read_listing("/parts", _PART_FILTERS, sort="number", choices=_PARTS_SHOWN),
    )
    asked: dict[str, Any] = {"sort": listing.sort, "after": listing.after, **listing.usual}
    return answer(
        "parts/parts.html",
        listing,
        lambda: {"page": parts.part_list(ctx, **asked)},
        lambda **found: parts.part_codes(ctx, **found),
        sorts=_PART_SORTS,
    )


@blueprint.get("/models")
def model_list() -> Response:
    """Models by name, by the page."""
    ctx, listing = current_context(), read_listing("/models", ("q",), sort="name", choices={})
    page = lists.models(ctx, text=listing.asked["q"], sort=listing.sort, after=listing.after)
    return elsewhere(listing) or htmx.render(
        "assets/models.html", "main", page=page, listing=listing
    )


@blueprint.get("/people")
def people_list() -> Response:
    """The people who work here, by name."""
    listing = read_listing("/people", ("show", "q", "role"), sort="name", choices=_PEOPLE_SHOWN)
    asked = {"sort": listing.sort, **listing.usual}
    page = people.people(current_context(), listing.after, **asked)
    return elsewhere(listing) or htmx.render(
        "people/people.html",
        "main",
        page=page,
        listing=listing,
        roles={role.value: role.capitalize() for role in Role},
    )


def _assets_asked() -> Listing:
    """The list that is asked for; of what is out, what is due first comes first."""
    usual = "due" if request.args.get("show") in _BY_DUE else "tag"
    return read_listing("/assets", _ASSET_FILTERS, sort=usual, choices=_SHOWN)
