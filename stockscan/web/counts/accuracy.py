"""Accuracy: how right the books were, its trend, and the counts behind every number."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from flask import Response, request

from stockscan.domain.access import Permission
from stockscan.domain.errors import Invalid, NotFound
from stockscan.services.counts import accuracy as figures
from stockscan.services.counts import counters
from stockscan.services.counts.accuracy import Asked
from stockscan.web import htmx
from stockscan.web.counts.door import blueprint
from stockscan.web.counts.trend import trend
from stockscan.web.listing import Listing, read_listing
from stockscan.web.security import current_context
from stockscan.web.urls import row_number

NARROWING: Final = ("from", "to", "place", "part", "person", "class", "count")
_PATH: Final = "/counts/accuracy"


@blueprint.get(_PATH)
def accuracy() -> Response:
    """The figures of a time and a part of the stock."""
    listing = _listing(_PATH)
    try:
        page = figures.accuracy(current_context(), _asked(listing))
    except (Invalid, NotFound) as error:
        return _answer(listing, 422, page=None, wrong=error.message)
    return _answer(listing, page=page, chart=trend(page.trend, page.target_bp))


@blueprint.get(f"{_PATH}/records")
def accuracy_records() -> Response:
    """The records that a number is made of."""
    listing = _listing(f"{_PATH}/records", "show")
    only_wrong, after = listing.asked["show"] == "wrong", listing.after
    page = figures.behind(
        current_context(), _asked(listing), only_wrong=only_wrong, after=_row(after)
    )
    return htmx.render(
        "counts/accuracy/records.html", "main", page=page, listing=listing,
        figures=replace(listing, path=_PATH, asked={**listing.asked, "show": ""}),
    )  # fmt: skip


def _answer(listing: Listing, status: int = 200, **values: Any) -> Response:
    ctx = current_context()
    # Who reads without counting has no list of counters, and may not ask by person.
    may_ask = ctx.actor is not None and ctx.actor.may(Permission.COUNT_APPROVE)
    names = {each.code: each.name for each in counters(ctx)} if may_ask else {}
    return htmx.render(
        "counts/accuracy/accuracy.html", "main", status, listing=listing, periods=_periods(),
        names=names, behind=_behind(listing), **{"wrong": "", "chart": None, **values},
    )  # fmt: skip


def _listing(path: str, *more: str) -> Listing:
    choices = {"class": {*figures.CLASSES, figures.NO_CLASS}}
    listing = read_listing(path, (*NARROWING, *more), sort="", choices=choices)
    if not request.args:
        listing.asked["from"] = _periods()[figures.USUAL_DAYS]
    return listing


def _behind(listing: Listing) -> Listing:
    """The records of the same filters; it always says until when, so it never means the usual."""
    until = listing.asked["to"] or current_context().today.isoformat()
    asked = {**listing.asked, "to": until, "show": ""}
    return replace(listing, path=f"{_PATH}/records", asked=asked)


def _periods() -> dict[int, str]:
    """The first day of each usual period, by its length."""
    today = current_context().today
    return {days: (today - timedelta(days=days - 1)).isoformat() for days in figures.PERIODS}


def _asked(listing: Listing) -> Asked:
    said = listing.asked
    return Asked(
        from_on=_day("from", said["from"]),
        to_on=_day("to", said["to"]),
        place=said["place"],
        part=said["part"],
        person=said["person"],
        abc_class=said["class"],
        count=said["count"],
    )


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("Write each day like 2026-11-22.", field=name) from None


def _row(text: str) -> int:
    try:
        return row_number(text or "0")
    except ValueError:
        raise Invalid("That page is gone. Start at the first one.", field="after") from None
