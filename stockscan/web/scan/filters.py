"""How the scan screen writes what stands in the result of an operation."""

from datetime import date, datetime

from stockscan.domain.figures import parse_cost, to_us
from stockscan.web import filters
from stockscan.web.scan.stage import blueprint


@blueprint.app_template_filter("amount")
def amount(decimal: str) -> str:
    """An amount of an operation's result with the currency's sign: "18.40" -> "€18.40"."""
    return filters.money(parse_cost(decimal), filters.currency())


@blueprint.app_template_filter("moment")
def moment(instant: str) -> str:
    """An instant of an operation's result in local time: "Today 10:05"."""
    return filters.when(to_us(datetime.fromisoformat(instant)))


@blueprint.app_template_filter("isoday")
def isoday(value: str) -> str:
    """A date of an operation's result: "Fri 20 Nov"."""
    return filters.day(date.fromisoformat(value))
