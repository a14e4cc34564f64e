"""Calibrating a printer: choose the stock, print the page, type in what is read off it."""

from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, request
from wtforms import HiddenField, StringField

from stockscan.domain.errors import Conflict, Invalid
from stockscan.domain.figures import parse_scaled
from stockscan.labelling.calibration import Point
from stockscan.services import labels
from stockscan.services.labels import calibrating, trying
from stockscan.services.labels.trying import PrinterPage
from stockscan.store.once import Once
from stockscan.store.printers import PrinterRow
from stockscan.web import htmx
from stockscan.web.creating import OperationForm
from stockscan.web.label_files import file_response, label_setup
from stockscan.web.security import current_context

blueprint = Blueprint("label_calibration", __name__)

_ON_SHEETS: Final = {
    "A": "A: across, first label",
    "B": "B: down, first label",
    "C": "C: across, last label",
    "D": "D: down, last label",
}
_ON_ROLLS: Final = {
    "A": "Left edge of the paper to line A, mm",
    "B": "Top edge of the paper to line B, mm",
}


class ReadingForm(OperationForm):
    """What was read, by the letters of the page."""

    stock = HiddenField()
    was = HiddenField()
    A = StringField("A")
    B = StringField("B")
    C = StringField("C")
    D = StringField("D")

    @property
    def stock_slug(self) -> str:
        """The stock whose page was read."""
        return self.stock.data or ""

    def once(self) -> Once:
        """The readings as one intended write."""
        return Once(self.id.data or "", {"stock": self.stock_slug, "was": self.was.data or ""})

    def asks(self, points: tuple[Point, ...]) -> "ReadingForm":
        """Only what a page with these points has; returns the form."""
        words = _ON_ROLLS if points[0].is_ruled else _ON_SHEETS
        for letter in _ON_SHEETS:
            if letter in words:
                self[letter].label.text = words[letter]
            elif letter in self:
                del self[letter]
        return self

    def readings_mm(self) -> dict[str, float]:
        """The numbers. Raises `Invalid` whose `details["faults"]` has each letter without one."""
        found, faults = {}, {}
        for letter in (each for each in _ON_SHEETS if each in self):
            typed = (self[letter].data or "").strip().replace("\N{MINUS SIGN}", "-")
            try:
                found[letter] = parse_scaled(typed.lstrip("+"), scale=1000, field=letter) / 1000
            except Invalid:
                faults[letter] = "Enter the number that you read, such as -0.5 or 1.2."
        if faults:
            raise Invalid(faults=faults)
        return found


@blueprint.get("/printers/<int:number>/calibration")
def show(number: int) -> Response:
    """How to do it, and where to type in the readings."""
    printer = labels.printer_of(number)
    stock = request.args.get("stock") or _page_of(number).usual_stock
    form = ReadingForm(formdata=None, stock=stock, was=calibrating.adjustment(printer))
    return _page(printer, form)


@blueprint.get("/printers/<int:number>/calibration.pdf")
def page(number: int) -> Response:
    """The page to print."""
    stock = request.args.get("stock", labels.USUAL_STOCK)
    printed = calibrating.calibration_page(current_context(), label_setup(), stock, number)
    return file_response(printed, f"calibration-{stock}")


@blueprint.post("/printers/<int:number>/calibration")
def calibrate(number: int) -> Response:
    """Work out the new offsets and scales."""
    ctx, form, printer = current_context(), ReadingForm(), labels.printer_of(number)
    path = f"/printers/{number}/calibration?stock={quote(form.stock_slug)}"
    form.asks(calibrating.reading_points(ctx, label_setup(), form.stock_slug))
    try:
        calibrating.calibrate(ctx, label_setup(), number, form.readings_mm(), form.once())
    except Invalid as error:
        return _refused(printer, form, error)
    except Conflict as error:
        return htmx.see_other(path, error.message, done=False)
    return htmx.see_other(path, f"{printer.name} is calibrated. Print it again to see it fit.")


def _page_of(number: int) -> PrinterPage:
    return trying.printer_page(current_context(), label_setup(), number)


def _refused(printer: PrinterRow, form: ReadingForm, error: Invalid) -> Response:
    for letter, fault in error.details.get("faults", {error.field: error.message}).items():
        form[letter].errors = [fault]
    return _page(printer, form, 422)


def _page(printer: PrinterRow, form: ReadingForm, status: int = 200) -> Response:
    setup = label_setup()
    stock = labels.stock_of(setup, form.stock_slug)
    loads = _page_of(printer.id).rolls if printer.is_on_network else labels.stocks(setup)
    points = calibrating.reading_points(current_context(), setup, stock.slug)
    shown = {"printer": printer, "stock": stock, "stocks": loads, "points": points}
    return htmx.render(
        "labels/stocks/calibration.html", "main", status, form=form.asks(points), **shown
    )
