"""What expires soon, and what has."""

from collections import Counter
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from stockscan.domain.figures import E4
from stockscan.domain.reports.months import month_at, month_name, month_text
from stockscan.domain.tables import Holds
from stockscan.services.reports.expiry import USUAL_DAYS, Expiry, expiry
from stockscan.store.reports.stock import LotStock
from stockscan.web.charts import Look, Series, columns
from stockscan.web.filters import day
from stockscan.web.listing import Listing
from stockscan.web.reports.door import report
from stockscan.web.reports.months import whole
from stockscan.web.reports.narrowing import PARTS_THERE, parts_asked
from stockscan.web.reports.shape import Cell, Col, Report, Table, Tile, Way, amount, count
from stockscan.web.security import current_context

_WAYS: Final = {"30 days": "30", "90 days": "", "1 year": "365"}
_COLUMNS: Final = (
    Col("Expires", Holds.DAY, "expires_on"), Col("Part"), Col("Number", where="file"),
    Col("Lot", where="desk"), Col("Where", name="location"),
    Col("In stock", Holds.MILLI, "quantity"), Col("Unit", where="file"), Col("Value", Holds.E4),
)  # fmt: skip


@report(
    "expiry",
    "Expiry",
    "What expires soon, and what has expired?",
    group="Stock",
    asks=("days", *PARTS_THERE),
)
def report_of_expiry(listing: Listing) -> Report:
    """The lots in stock that expire soon or have."""
    days = listing.asked["days"]
    asked = whole(days, "days") if days else USUAL_DAYS
    page = expiry(current_context(), asked, parts_asked(listing), listing.asked["place"])
    gone = page.expired
    soon = [lot for lot in page.lots if lot.expires_on >= page.today]
    value, lost = (sum(lot.value_e4 for lot in lots) for lots in (soon, gone))
    worth = Counter[int]()
    for lot in soon:
        worth[month_at(lot.expires_on)] += lot.value_e4
    months = range(month_at(page.today), month_at(page.until) + 1)
    series = [Series("Value", [worth[month] for month in months])]
    names = [month_name(month) for month in months]
    return Report(
        finding=_finding(page, value, lost),
        kind="stop" if gone else "warn" if soon else "",
        listing=listing,
        tiles=[
            Tile("Expired", f"{len(gone):,}", "lots", f"{amount(lost, whole=True)} to take out",
                 "stop" if gone else "", "#lots" if gone else ""),
            Tile("Expire soon", f"{len(soon):,}", "lots",
                 f"{amount(value, whole=True)} to use first", "warn" if soon else "",
                 "#lots" if soon else ""),
        ],
        charts=[columns("By month", names, series, Look(E4, amount, note="value", wide=True))]
        if soon else [],
        tables=[Table("lots", "Lots", _COLUMNS, page.lots, _row(page), "first to expire first",
                      "No lot in stock expires in this time.")],
        note="Lots that expire are offered first when a part is taken. An expired lot counts as"
        " stock until it is scrapped, but nothing plans with it.",
        ways=[[Way(name, {"days": said}) for name, said in _WAYS.items()]],
    )  # fmt: skip


def _finding(page: Expiry, value: int, lost: int) -> str:
    gone = len(page.expired)
    soon = len(page.lots) - gone
    said = []
    if gone:
        have = "has" if gone == 1 else "have"
        said.append(f"{count(gone, 'lot')} in stock {have} expired: take out {amount(lost)}.")
    if soon:
        until = day(page.until)
        said.append(f"{count(soon, 'lot')} worth {amount(value)} will expire by {until}.")
    return " ".join(said) or f"No lot in stock expires before {day(page.until)}."


def _lot(one: LotStock) -> dict[str, str]:
    """The rows of a lot at a place, from the first one on."""
    where = {"part": one.part_code, "place": one.location_code, "lot": one.lot}
    return {"from": month_text(one.since_month), **where}


def _row(page: Expiry) -> Callable[[LotStock], list[object]]:
    def row(one: LotStock) -> list[object]:
        gone = one.expires_on < page.today
        expires = Cell(one.expires_on, "", "expired" if gone else "", "stop" if gone else "")
        rows = f"/reports/ledger?{urlencode(_lot(one))}"
        return [
            expires, Cell(one.part, f"/parts/{one.part_code}", one.part_number), one.part_number,
            one.lot, Cell(one.location, f"/locations/{one.location_code}"),
            Cell(one.quantity_milli, rows, one.unit), one.unit,
            Cell(one.value_e4, f"/parts/{one.part_code}"),
        ]  # fmt: skip

    return row
