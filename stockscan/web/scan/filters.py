"""How the scan screen writes what stands in the result of an operation."""

from datetime import date, datetime
from typing import Final

from stockscan.domain.counts import entries
from stockscan.domain.figures import parse_cost, to_us
from stockscan.store.counts.bins import Move
from stockscan.web import filters
from stockscan.web.scan.stage import blueprint

_MOVED: Final = {
    "install": "installed",
    "return_from_asset": "put back",
    "receive": "received",
    "issue": "taken",
    "scrap": "scrapped",
    "transfer_in": "moved here",
    "transfer_out": "moved away",
}

blueprint.add_app_template_filter(entries.in_words, "in_words")
blueprint.add_app_template_filter(entries.packed, "packed")


@blueprint.app_template_filter("amount")
def amount(decimal: str) -> str:
    """An amount of an operation's result with the currency's sign: "18.40" -> "€18.40"."""
    return filters.money(parse_cost(decimal), filters.currency())


@blueprint.app_template_filter("moment")
def moment(instant: str) -> str:
    """An instant of an operation's result in local time: "Today 10:05"."""
    return filters.when(to_us(datetime.fromisoformat(instant)))


@blueprint.app_template_filter("clock")
def clock(moment_us: int) -> str:
    """A moment as people say it in the aisle: today "10:02", before "Thu 19 Nov"."""
    return filters.when(moment_us).removeprefix("Today ")


@blueprint.app_template_filter("story")
def story(move: Move) -> str:
    """What moved, in a sentence: "1 installed on Forklift 7 by Dana Reyes at 10:03"."""
    figure = filters.qty(abs(move.quantity_milli))
    onto = f" on {move.asset}" if move.asset else ""
    word = _MOVED.get(move.kind, "moved")
    return f"{figure} {word}{onto} by {move.person} at {clock(move.effective_us)}."


@blueprint.app_template_filter("isoday")
def isoday(value: str) -> str:
    """A date of an operation's result: "Fri 20 Nov"."""
    return filters.day(date.fromisoformat(value))
