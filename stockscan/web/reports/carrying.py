"""What it costs to keep the stock."""

from typing import Final, NamedTuple
from urllib.parse import urlencode

from stockscan.domain.figures import E4, MINOR
from stockscan.domain.reports.months import month_text
from stockscan.domain.reports.peers import WHOLE_BP
from stockscan.domain.tables import Holds
from stockscan.services.reports.carrying import CarryingPage, PartCarrying, carrying
from stockscan.web.charts import Bar, bars
from stockscan.web.listing import Listing
from stockscan.web.reports.door import report
from stockscan.web.reports.months import ASKS, TIME, ledger, lengths, usual
from stockscan.web.reports.narrowing import PARTS, narrowed, parts_asked
from stockscan.web.reports.shape import Ask, Cell, Col, Report, Table, Tile, amount, count, percent
from stockscan.web.reports.wording import to_figures
from stockscan.web.security import current_context

_NOTE: Final = (
    "Room and insurance are what the settings say for a year, by the days of this time. Lost is"
    " what was scrapped and what counts found missing, less what they found again. Capital is the"
    " average inventory times what money costs. By part, room, insurance and capital are shared"
    " out by what it is worth; what was lost of it is its own."
)
_COLUMNS: Final = (
    Col("Part"), Col("Number", where="file"), Col("Average stock", Holds.E4, where="desk"),
    Col("Room", Holds.E4, "storage", "desk"), Col("Insurance", Holds.E4, where="desk"),
    Col("Lost", Holds.E4), Col("Capital", Holds.E4, where="desk"), Col("In all", Holds.E4, "total"),
)  # fmt: skip


@report(
    "carrying", "Carrying cost", "What does it cost to keep the stock?", group="Stock",
    asks=(*TIME, "part", *PARTS), usual=usual,
)  # fmt: skip
def report_of_carrying(listing: Listing) -> Report:
    """What keeping the stock cost in some months."""
    said, of = listing.asked, narrowed(listing)
    page = carrying(current_context(), said["from"], said["to"], said["part"], parts_asked(listing))
    cost = page.cost
    pieces = {piece.name: piece.cost_e4 for piece in _pieces(page)}
    rows = [Bar(name, value, amount(value, whole=True)) for name, value in pieces.items()]
    dearest = [
        Bar(one.part.name, one.cost.total_e4, amount(one.cost.total_e4, whole=True))
        for one in page.parts[:8]
        if one.cost.total_e4 > 0
    ]
    months = (month_text(page.months.first), month_text(page.months.last))
    alone = {"part": said["part"]} if said["part"] else {}
    return Report(
        finding=_finding(page),
        listing=listing,
        tiles=[
            Tile("Carrying cost", amount(cost.total_e4, whole=True), link="#pieces"),
            Tile("Of the stock's worth", percent(cost.share_bp), line="in this time",
                 link="#pieces"),
            Tile("Average stock", amount(cost.average_e4, whole=True), line="at cost",
                 link=_stock(months, **of, **alone)),
            Tile("Lost", amount(cost.shrink_e4, whole=True), line="scrapped or miscounted",
                 link=ledger(months, kind="shrink", **of, **alone)),
        ],
        charts=[
            bars("What it is made of", rows),
            bars("Dearest to keep", dearest) if dearest and not alone else None,
        ],
        tables=[_made_of(page, months, {**of, **alone}),
                *([] if alone else [_table(page, months, listing)])],
        note=_NOTE,
        asks=(*ASKS, Ask("part", "Part", "Number or code")),
        ways=[lengths(current_context().today)],
        more=to_figures("What storage and capital cost"),
        narrowed=page.narrowed,
    )  # fmt: skip


def _finding(page: CarryingPage) -> str:
    if not page.cost.average_e4:
        return "Nothing was in stock in this time. Receive parts, or choose another time."
    text = (
        f"Keeping the stock cost {amount(page.cost.total_e4, whole=True)},"
        f" {percent(page.cost.share_bp)} of what it is worth."
    )
    return text if page.is_set else f"{text} Nobody has said yet what room and insurance cost."


class _Piece(NamedTuple):
    """One of the costs of keeping stock, and how it was reckoned."""

    name: str
    how: str
    cost_e4: int


def _pieces(page: CarryingPage) -> list[_Piece]:
    cost, time = page.cost, count(page.days, "day")
    # Some parts have their share of what is paid for all.
    of_it = f", {percent(page.of_it_bp)} of all stock's worth" if page.of_it_bp != WHOLE_BP else ""
    room, insurance = (
        f"{amount(year * (E4 // MINOR))} a year, {time}{of_it}"
        for year in (page.storage_year_minor, page.insurance_year_minor)
    )
    money = f"{amount(cost.average_e4)} at {percent(page.capital_bp)} a year, {time}"
    return [
        _Piece("Room", room, cost.storage_e4),
        _Piece("Insurance", insurance, cost.insurance_e4),
        _Piece("Lost", "scrapped and missed by counts, less what was found again", cost.shrink_e4),
        _Piece("Capital", money, cost.capital_e4),
    ]


def _made_of(page: CarryingPage, months: tuple[str, str], of: dict[str, str]) -> Table:
    """What the cost is made of: its rows are the ledger's, and the stock that the rest is of."""

    def row(one: _Piece) -> list[object]:
        lost = ledger(months, kind="shrink", **of)
        return [one.name, one.how, Cell(one.cost_e4, lost if one.name == "Lost" else stock)]

    stock = _stock(months, **of)
    columns = (Col("What"), Col("How", name="reckoned"), Col("Cost", Holds.E4))
    return Table("pieces", "What it is made of", columns, _pieces(page), row)


def _stock(months: tuple[str, str], **of: str) -> str:
    """What the stock was worth in these months, whose average is what is kept."""
    said = {"from": months[0], "to": months[1], **of}
    return f"/reports/turnover?{urlencode(said)}#months"


def _table(page: CarryingPage, months: tuple[str, str], listing: Listing) -> Table:
    def row(one: PartCarrying) -> list[object]:
        part, cost = one.part, one.cost
        alone = f"{listing.link(part=part.code)}#pieces"
        room, insurance, capital, total = (
            Cell(each, alone)
            for each in (cost.storage_e4, cost.insurance_e4, cost.capital_e4, cost.total_e4)
        )
        return [
            Cell(part.name, f"/parts/{part.code}", part.part_number), part.part_number,
            Cell(cost.average_e4, _stock(months, part=part.code)), room, insurance,
            Cell(cost.shrink_e4, ledger(months, kind="shrink", part=part.code)), capital, total,
        ]  # fmt: skip

    return Table("parts", "By part", _COLUMNS, page.parts, row, "dearest first")
