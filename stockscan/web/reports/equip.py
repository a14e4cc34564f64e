"""New equipment: what to have in stock before it arrives."""

from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

from flask import Response

from stockscan.domain.errors import Invalid, NotFound
from stockscan.domain.figures import format_quantity
from stockscan.domain.tables import Holds
from stockscan.services.reports import equip
from stockscan.services.reports.equip import Equip, EquipRow
from stockscan.web import htmx
from stockscan.web.listing import Listing, read_listing
from stockscan.web.reports import wording
from stockscan.web.reports.door import blueprint, report
from stockscan.web.reports.shape import Cell, Col, Report, Table, Tile, amount, count
from stockscan.web.security import current_context

_NOTE = (
    "Wanted is what falls due in these months on the new machines, by the lives on the parts list "
    "or by the plans of the model, whichever is more; at least one set of what a machine stands "
    "still without. A plan by a meter comes round as often as on the machines that there are. "
    "Against it stand what can be "
    "used, what is on order, and what open jobs and plans of other machines take until {until}. "
    "Bought in whole packs."
)


ASKS: Final = ("model", "machines", "months")


class FieldFaults(NamedTuple):
    """Which field of the form is wrong, and what to do about it."""

    field: str
    message: str


@report(
    "equip",
    "New equipment",
    "What should be in stock before new machines arrive?",
    group="Stock",
    asks=ASKS,
)
def make(listing: Listing) -> Report:
    """The parts list of a model against the stock, as its file has it."""
    return _report(_page(listing), listing)


@blueprint.get("/reports/equip")
def new_equipment() -> Response:
    """The same with its form, which asks for the model before anything else."""
    listing = read_listing("/reports/equip", ASKS, sort="", choices={})
    try:
        page = _page(listing)
    except (Invalid, NotFound) as error:
        fault = FieldFaults(error.field or "", error.message)
        return _answer(equip.equip(current_context()), listing, fault, 422)
    return _answer(page, listing, FieldFaults("", ""))


def _answer(page: Equip, listing: Listing, fault: "FieldFaults", status: int = 200) -> Response:
    shown = {"machines": str(page.machines), "months": str(page.months)}
    listing.asked.update({name: text for name, text in shown.items() if not listing.asked[name]})
    return htmx.render(
        "reports/report.html", "main", status, lead="reports/costs/_equip.html",
        title="New equipment", back="/reports",
        report=_report(page, listing), listing=listing, models=page.models, fault=fault,
    )  # fmt: skip


def _page(listing: Listing) -> Equip:
    return equip.equip(current_context(), *wording.said(listing, *ASKS))


def _report(page: Equip, listing: Listing) -> Report:
    return Report(
        finding=finding(page),
        listing=listing,
        kind="warn" if page.to_buy else "",
        tiles=_tiles(page) if page.rows else (),
        tables=[_table(page)] if page.model else (),
        note=_NOTE.format(until=f"{page.ahead_until:%d %b %Y}") if page.model else "",
        more=_more(page),
    )


def finding(page: Equip) -> str:
    """The finding in a sentence."""
    if page.model is None:
        return "Choose a model and how many come: its parts list is held against the stock."
    if not page.rows:
        return f"{page.model.name} has no parts list yet. Write it first, then ask again."
    new = count(page.machines, f"new {page.model.name}", f"new {page.model.name}")
    if not page.to_buy:
        return f"There is enough of everything for {new}."
    return (
        f"For {new}: buy {count(len(page.to_buy), 'part')} for "
        f"{amount(page.cost_e4, whole=True)} before they come."
    )


def _tiles(page: Equip) -> list[Tile]:
    critical = sum(row.critical for row in page.to_buy)
    return [
        Tile("To buy", amount(page.cost_e4, whole=True), line=count(len(page.to_buy), "part"),
             link="#parts"),
        Tile("Stands still without", str(critical), line="of the parts to buy",
             kind="warn" if critical else "", link="#parts"),
        Tile("On the list", str(len(page.rows)), line="parts", link=_parts_list(page)),
    ]  # fmt: skip


def _table(page: Equip) -> Table:
    columns = (
        Col("Part"), Col("On a machine", Holds.MILLI, where="desk"), Col("Wanted", Holds.MILLI),
        Col("On hand", Holds.MILLI, where="desk"), Col("On order", Holds.MILLI, where="desk"),
        Col("Others need", Holds.MILLI, where="desk"), Col("Buy", Holds.MILLI),
        Col("Cost", Holds.E4),
    )  # fmt: skip

    def row(each: EquipRow) -> list[Any]:
        part = each.part
        ahead = f"/parts/{part.code}/ahead"
        fitted = sum(line.quantity_milli for line in each.lines)
        sub = f"{part.part_number}, stands still without" if each.critical else part.part_number
        return [
            Cell(part.name, f"/parts/{part.code}", sub), Cell(fitted, _parts_list(page)),
            each.wanted_milli,
            Cell(each.on_hand_milli, f"/parts/{part.code}"),
            wording.number(each.coming_milli, ahead), wording.number(each.taken_milli, ahead),
            _to_buy(each), each.buy_e4,
        ]  # fmt: skip

    return Table("parts", "Parts list against stock", columns, page.rows, row,
                 note="to buy first", empty="Its parts list is empty.")  # fmt: skip


def _more(page: Equip) -> list[tuple[str, str]]:
    if page.model is None:
        return []
    return [(_parts_list(page), "Its parts list"), ("/reorder", "What to reorder")]


def _parts_list(page: Equip) -> str:
    return f"/models/{quote(page.model.name, safe='')}/parts" if page.model else ""


def _to_buy(row: EquipRow) -> Cell:
    """What to buy, with the way to ask for it."""
    if not row.buy_milli:
        return Cell(row.buy_milli)
    asked = urlencode({"part": row.part.code, "quantity": format_quantity(row.buy_milli)})
    return Cell(row.buy_milli, f"/requisitions/new?{asked}", kind="warn")
