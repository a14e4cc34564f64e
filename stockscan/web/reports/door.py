"""Where all reports hang: a list of them by name, each made by one function."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Blueprint

from stockscan.domain.access import Permission
from stockscan.web.listing import Listing
from stockscan.web.reports.narrowing import PARTS, PLACE
from stockscan.web.reports.shape import Report, shown

blueprint = Blueprint("reports", __name__)
blueprint.add_app_template_filter(shown, "shown")

# In the order of the first page.
GROUPS: Final = ("Use", "Stock", "Costs", "Audit")

Make = Callable[[Listing], Report]
# What holds on a day where nothing is asked for, by the names of the filters.
Usual = Callable[[date], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A report on the list: its address, title, what it answers, and the filters it knows."""

    name: str
    title: str
    answers: str
    group: str
    asks: tuple[str, ...]
    usual: Usual
    needs: Permission
    make: Make

    @property
    def of_parts(self) -> bool:
        """Whether it can be narrowed to some parts."""
        return set(PARTS) <= set(self.asks)

    @property
    def at_places(self) -> bool:
        """Whether it can be narrowed to a place and all inside it."""
        return PLACE in self.asks


REPORTS: Final[dict[str, Entry]] = {}


def report(
    name: str,
    title: str,
    answers: str,
    *,
    group: str,
    asks: tuple[str, ...] = (),
    usual: Usual | None = None,
    needs: Permission = Permission.READ,
) -> Callable[[Make], Make]:
    """Put a report on the list at /reports/<name>; the function fills it from what is asked.

    `asks` are its filters' names in the address, `usual` what holds where none of them is asked.
    With `PARTS` or `PARTS_THERE` among them it gets their fields and its sentence names them (see
    `narrowing`).
    `needs` keeps it off the list of those whom its service would refuse.
    """

    def put(make: Make) -> Make:
        REPORTS[name] = Entry(name, title, answers, group, asks, usual or _nothing, needs, make)
        return make

    return put


def _nothing(_today: date) -> dict[str, str]:
    return {}
