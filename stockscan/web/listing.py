"""What the address of a list says: its filters, order and place, and what is ticked.

Everything is in the address, so that a list can be shared and works as plain links and one GET
form. Boxes that are ticked go along as `picked` from page to page.
"""

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

from flask import Response, request

from stockscan.domain.errors import Invalid, NotFound
from stockscan.web import htmx

# So many ticks fit an address of which every server and browser takes the length.
MOST_PICKED: Final = 500
LONGEST: Final = 200
_TARGETS: Final = {
    "labels": "/labels?codes",
    "edit": "/assets/bulk?codes",
    "count": "/counts/new?what=parts&parts",
}
_EXPORTS: Final = {"export": "csv", "export-xlsx": "xlsx"}
_CODE: Final = re.compile(r"[0-9A-Za-z]{1,16}")


Look = Callable[[], dict[str, Any]]
Every = Callable[..., list[str]]


@dataclass(frozen=True, slots=True)
class Listing:
    """One list as its address asks for it; `asked` are the filters, "" for none."""

    path: str
    asked: dict[str, str]
    sort: str
    after: str
    picked: list[str]

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter leaves something out."""
        return any(self.asked.values())

    @property
    def usual(self) -> dict[str, str]:
        """The filters that are set: what the services ask by."""
        said = {name: value for name, value in self.asked.items() if value}
        return {("text" if name == "q" else name): value for name, value in said.items()}

    def link(self, **changes: str) -> str:
        """The address of this list, from its first page, with some of it changed."""
        kept = {**self.asked, "sort": self.sort, "picked": " ".join(self.picked)}
        said = {name: value for name, value in {**kept, **changes}.items() if value}
        return f"{self.path}?{urlencode(said)}" if said else self.path

    def sorted_as(self, sort: str) -> str:
        """How a column is sorted now, as `aria-sort` has it."""
        return {sort: "ascending", f"-{sort}": "descending"}.get(self.sort, "none")

    def turned(self, sort: str) -> str:
        """The sort that a tap on a column's head asks for: this one, or the other way round."""
        return f"-{sort}" if self.sort == sort else sort

    def on_page(self, codes: list[str]) -> int:
        """How many of these are ticked."""
        return len(set(codes) & set(self.picked))


def read_listing(
    path: str, names: tuple[str, ...], *, sort: str, choices: Mapping[str, Container[str]]
) -> Listing:
    """The list that the current address asks for; `sort` is its usual order.

    A filter with choices that is asked for something else is no filter.
    """
    args = request.args
    asked = {name: args.get(name, "").strip()[:LONGEST] for name in names}
    for name, known in choices.items():
        if asked[name] not in known:
            asked[name] = ""
    after, order = args.get("after", "")[:LONGEST], args.get("order") or args.get("sort") or sort
    return Listing(path, asked, order, after, _picked(args.getlist("picked")))


def elsewhere(listing: Listing, every: Every | None = None) -> Response | None:
    """Where a button of the list leads, with all that is ticked; None to show the list.

    `every` gives the codes of all that match. An address with what a form adds (empty fields, boxes
    of this page) leads to the short one that says the same.
    """
    do = request.args.get("do", "")
    if do == "none":
        return htmx.see_other(listing.link(picked=""))
    if do == "all" and every is not None:
        codes = every(limit=MOST_PICKED, sort=listing.sort, **listing.usual)
        return htmx.see_other(listing.link(picked=" ".join(codes)))
    picked = " ".join(listing.picked)
    if do in _EXPORTS:
        # Nothing ticked: all that the list shows.
        asked = {"codes": picked} if picked else {k: v for k, v in listing.asked.items() if v}
        return htmx.see_other(f"/export{listing.path}.{_EXPORTS[do]}?{urlencode(asked)}")
    if do in _TARGETS:
        where = f"{_TARGETS[do]}={quote_plus(picked)}"
        return htmx.see_other(where) if picked else None
    if do or {"code", "here", "order"} & request.args.keys():
        return htmx.see_other(listing.link(after=listing.after))
    return None


def answer(template: str, listing: Listing, look: Look, every: Every, **values: Any) -> Response:
    """The list; what names nothing is said above an empty one."""
    try:
        moved = elsewhere(listing, every)
        if moved is not None:
            return moved
        found = look()
    except (Invalid, NotFound) as error:
        if error.field in (None, "after", "sort", "show"):
            raise
        return htmx.render(
            template, "main", 422, listing=listing, page=None, wrong=error.message, **values
        )
    wrong = "Tick something in the list first." if request.args.get("do") else ""
    return htmx.render(template, "main", listing=listing, wrong=wrong, **found, **values)


def _picked(texts: list[str]) -> list[str]:
    """What was ticked before, without what this page showed, and with what is ticked on it now."""
    here = set(_codes(request.args.getlist("here")))
    before = [code for code in _codes(texts) if code not in here]
    ticked = _codes(request.args.getlist("code"))
    return list(dict.fromkeys([*before, *ticked]))[:MOST_PICKED]


def _codes(texts: list[str]) -> list[str]:
    return [code for text in texts for code in _CODE.findall(text)]
