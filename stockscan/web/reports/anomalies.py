"""Parts whose use jumped or dropped against what is usual for them."""

from typing import Any
from urllib.parse import urlencode

from stockscan.domain.reports.anomalies import Way
from stockscan.domain.reports.months import month_name, month_text
from stockscan.domain.tables import Holds
from stockscan.services.reports import anomalies
from stockscan.services.reports.anomalies import Anomalies, Odd
from stockscan.web.charts import Chart, Level, Look, Series, columns
from stockscan.web.listing import Listing
from stockscan.web.reports import wording
from stockscan.web.reports.door import report
from stockscan.web.reports.months import ledger
from stockscan.web.reports.narrowing import PARTS, parts_asked
from stockscan.web.reports.shape import Ask, Cell, Col, Report, Table, amount, count
from stockscan.web.security import current_context

_DRAWN = 2
_NOTE = (
    "A month is compared with the mean of the twelve months before it, or of those since the first "
    "use. It is odd when it is {ratio} what is usual, or the other way round, and the difference "
    "is worth {least} at least. Use is issues and installs less returns."
)


@report(
    "anomalies",
    "Unusual use",
    "Which parts were suddenly used much more, or much less?",
    group="Use",
    asks=("month", *PARTS),
)
def make(listing: Listing) -> Report:
    """What was odd in a month, the dearest first."""
    page = anomalies.anomalies(current_context(), listing.asked["month"], parts_asked(listing))
    note = _NOTE.format(
        ratio=wording.times(page.limits.ratio_bp), least=amount(page.limits.least_e4)
    )
    return Report(
        finding=finding(page),
        listing=listing,
        kind="warn" if page.rows else "",
        charts=[_chart(odd, page) for odd in page.rows[:_DRAWN]],
        tables=[table_of(page)],
        note=note,
        asks=[Ask("month", "Month", kind="month")],
        more=wording.to_figures("Change these limits"),
    )


def finding(page: Anomalies) -> str:
    """The finding in a sentence."""
    if not page.rows:
        return f"Nothing unusual was used, {wording.period(page.months)}."
    worst = page.rows[0]
    way = "more" if worst.anomaly.way is Way.MORE else "less"
    said = count(len(page.rows), "part was used", "parts were used")
    return (
        f"{said} unlike before. Most of all {worst.part.name}: "
        f"{amount(abs(worst.anomaly.apart_e4), whole=True)} {way} than usual."
    )


def _chart(odd: Odd, page: Anomalies) -> Chart:
    last = page.months.last
    names = [month_name(month) for month in range(last - len(odd.by_month) + 1, last + 1)]
    usual = odd.anomaly.usual_milli // (last - page.months.first + 1)
    level = Level(usual, "usual")
    look = Look(unit=1000, level=level, note=odd.part.unit)
    return columns(odd.part.name, names, [Series("used", odd.by_month)], look)


def table_of(page: Anomalies) -> Table:
    """What was odd, line by line."""
    columns = (
        Col("Part"), Col("Used", Holds.MILLI), Col("Usual", Holds.MILLI),
        Col("Times", Holds.RATIO, where="desk"), Col("Apart", Holds.E4),
    )  # fmt: skip
    months = month_text(page.months.first), month_text(page.months.last)

    def row(each: Odd) -> list[Any]:
        part, odd = each.part, each.anomaly
        begun = page.months.last - len(each.by_month) + 1
        span = {"from": month_text(begun), "to": months[1], "part": part.code}
        by_month = f"/reports/consumption?{urlencode({'by': 'month', **span})}"
        ratio = None if odd.ratio_bp is None else odd.ratio_bp // 100
        return [
            Cell(part.name, f"/parts/{part.code}", part.part_number),
            Cell(odd.used_milli, ledger(months, kind="use", part=part.code), part.unit),
            *(Cell(value, by_month) for value in (odd.usual_milli, ratio, odd.apart_e4)),
        ]  # fmt: skip

    return Table("parts", "Unusual use", columns, page.rows, row, note="dearest first",
                 empty="Every part was used about as before.")  # fmt: skip
