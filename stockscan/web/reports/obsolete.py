"""Stock that no machine needs any more, and what was done with it."""

from typing import Any

from stockscan.domain.access import Permission
from stockscan.domain.reports.obsolete import Surplus
from stockscan.domain.tables import Holds
from stockscan.services.reports import obsolete
from stockscan.services.reports.obsolete import Obsolete, TooMuch
from stockscan.store.reports.disposals import Disposed
from stockscan.web.charts import Bar, Chart, Look, bars
from stockscan.web.filters import currency
from stockscan.web.listing import Listing
from stockscan.web.reports import wording
from stockscan.web.reports.door import report
from stockscan.web.reports.months import ASKS, TIME
from stockscan.web.reports.narrowing import PARTS, parts_asked
from stockscan.web.reports.shape import Cell, Col, Report, Table, Tile, amount, count
from stockscan.web.security import current_context

_DRAWN = 8
_NOTE = (
    "Obsolete: parts lists name it, but every machine on them is retired. Too much: more of it "
    "than the machines in use will change in the rest of their planned lives, where every line "
    "has a life and every machine an end. What a model that has not come yet or a running plan "
    "wants is never obsolete. The months are those of what was done with it."
)


@report(
    "obsolete",
    "Obsolete stock",
    "Which parts does no machine need any more, and what became of them?",
    group="Stock",
    asks=(*TIME, *PARTS),
)
def make(listing: Listing) -> Report:
    """Obsolete stock, stock of which there is too much, and disposals."""
    page = obsolete.obsolete(current_context(), *wording.span(listing), parts_asked(listing))
    return Report(
        finding=finding(page),
        listing=listing,
        kind="warn" if page.of(Surplus.OBSOLETE) else "",
        tiles=_tiles(page),
        charts=[_chart(page)],
        tables=[
            table_of(page, Surplus.OBSOLETE, "obsolete", "Obsolete"),
            table_of(page, Surplus.PARTIAL, "partial", "More than will be needed"),
            _gone(page),
        ],
        note=_NOTE,
        asks=ASKS,
        ways=[wording.lengths_now()],
    )


def finding(page: Obsolete) -> str:
    """The finding in a sentence."""
    dead, many = page.of(Surplus.OBSOLETE), page.of(Surplus.PARTIAL)
    if not dead and not many:
        return "Every part in stock that stands on a parts list is still needed."
    if not dead:
        worth = amount(page.value_e4(Surplus.PARTIAL), whole=True)
        return f"Nothing is obsolete. Of {count(len(many), 'part')} there is {worth} too much."
    worth = amount(page.value_e4(Surplus.OBSOLETE), whole=True)
    said = f"{count(len(dead), 'part')} worth {worth} {'is' if len(dead) == 1 else 'are'} obsolete"
    return f"{said}: no machine in use needs {'it' if len(dead) == 1 else 'them'}."


def _tiles(page: Obsolete) -> list[Tile]:
    dead, many = page.of(Surplus.OBSOLETE), page.of(Surplus.PARTIAL)
    proceeds = sum(row.proceeds_e4 for row in page.disposals)
    lost = sum(row.value_e4 for row in page.disposals)
    return [
        Tile("Obsolete", amount(page.value_e4(Surplus.OBSOLETE), whole=True),
             line=count(len(dead), "part"), kind="warn" if dead else "", link="#obsolete"),
        Tile("Too much", amount(page.value_e4(Surplus.PARTIAL), whole=True),
             line=count(len(many), "part"), link="#partial"),
        Tile("Got rid of", amount(lost, whole=True), line=wording.period(page.months),
             link="#disposals"),
        Tile("Brought in", amount(proceeds, whole=True), line="sold or returned",
             link="#disposals"),
    ]  # fmt: skip


def _chart(page: Obsolete) -> Chart | None:
    rows = [
        Bar(row.part.name, row.excess.value_e4, amount(row.excess.value_e4, whole=True),
            "warn" if row.excess.surplus is Surplus.OBSOLETE else "")
        for row in page.rows[:_DRAWN]
    ]  # fmt: skip
    look = Look(unit=10_000, note=f"{currency()}, amber is obsolete", wide=True)
    return bars("Where the money lies", rows, look) if rows else None


def table_of(page: Obsolete, kind: Surplus, name: str, title: str) -> Table:
    """The parts of one kind of surplus, with what to do next for who may."""
    actor = current_context().actor
    acts = actor is not None and actor.may(Permission.STOCK_MOVE)
    columns = [
        Col("Part"), Col("Bin", where="desk"), Col("Last used", Holds.TIME, where="desk"),
        Col("Quantity", Holds.MILLI), Col("Worth", Holds.E4),
        *([Col("Next", name="next")] if acts else []),
    ]  # fmt: skip

    def row(each: TooMuch) -> list[Any]:
        part, lies, excess = each.part, each.lies, each.excess
        where = f"/parts/{part.code}"
        do = [Cell("Get rid of it", f"{where}/stock/disposal")] if acts else []
        return [
            Cell(part.name, where, part.part_number),
            Cell(lies.location, f"/locations/{lies.location_code}"), lies.used_us,
            Cell(excess.quantity_milli, f"{where}/used", part.unit),
            Cell(excess.value_e4, f"{where}/used"), *do,
        ]  # fmt: skip

    return Table(name, title, columns, page.of(kind), row, note="dearest first",
                 empty="None: nothing has to go.")  # fmt: skip


def _gone(page: Obsolete) -> Table:
    columns = (
        Col("Part"), Col("When", Holds.TIME), Col("Done"),
        Col("Quantity", Holds.MILLI, where="desk"),
        Col("Worth", Holds.E4, where="desk"), Col("Brought in", Holds.E4),
        Col("Lost", Holds.E4, where="desk"), Col("By", where="desk"),
    )  # fmt: skip

    def row(each: Disposed) -> list[Any]:
        return [
            Cell(each.part, f"/parts/{each.part_code}"), each.at_us,
            Cell(each.how, sub=each.recipient), Cell(each.quantity_milli, sub=each.unit),
            each.value_e4, each.proceeds_e4, each.lost_e4, each.person,
        ]  # fmt: skip

    return Table("disposals", "What was done", columns, page.disposals, row, note="newest first",
                 empty="Nothing was sold, returned, donated or scrapped as obsolete.")  # fmt: skip
