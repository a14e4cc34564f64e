"""Printers of labels: the list, adding and changing one, how it is now, a test label."""

from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, Response, request
from wtforms import BooleanField, SelectField, StringField

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Conflict, Invalid, RuleBroken, StockScanError
from stockscan.domain.figures import format_quantity
from stockscan.services import labels
from stockscan.services.labels import LabelSetup, trying
from stockscan.services.labels.hosts import USUAL_PORT
from stockscan.services.labels.printers import PRINTER
from stockscan.services.labels.sending import Sent
from stockscan.services.labels.trying import Standing
from stockscan.services.work import Context
from stockscan.store.once import Once
from stockscan.store.printers import PrinterRow
from stockscan.web import htmx
from stockscan.web.creating import has_its_shape, name_field
from stockscan.web.editing import EditForm
from stockscan.web.label_files import label_setup
from stockscan.web.security import current_context

blueprint = Blueprint("printers", __name__)

PrintOne = Callable[[Context, LabelSetup, int, str, str], Sent]

DPI = {"203": "203 dpi (8 dots a mm)", "300": "300 dpi (12 dots a mm)", "600": "600 dpi"}


class PrinterForm(EditForm):
    """A printer; offsets in mm, scales in %."""

    name = name_field("Name")
    dpi = SelectField("Print head", choices=DPI)
    host = StringField("Address on the network")
    port = StringField("Port", default=str(USUAL_PORT))
    offset_x = StringField("Moves prints right, mm", default="0")
    offset_y = StringField("Moves prints down, mm", default="0")
    scale_x = StringField("Width, %", default="100")
    scale_y = StringField("Length, %", default="100")
    active = BooleanField("In use", default=True)

    def show(self, row: PrinterRow) -> "PrinterForm":
        """Show the printer as it is; returns the form."""
        texts = {
            "name": row.name,
            "dpi": str(row.dpi),
            "host": row.host,
            "port": str(row.port),
            "offset_x": format_quantity(row.offset_x_um),
            "offset_y": format_quantity(row.offset_y_um),
            "scale_x": format_quantity(row.scale_x_e5),
            "scale_y": format_quantity(row.scale_y_e5),
            "active": "yes" if row.active else "no",
        }
        self.fill(texts, version=0)
        return self

    def blame(self, error: StockScanError) -> None:
        """Put what is wrong to the field that it is about."""
        field = self._fields.get(error.field or "")
        if field is None or field.type == "HiddenField":
            self.form_errors.append(error.message)
        else:
            field.errors = [*field.errors, error.message]


@blueprint.get("/printers")
def index() -> Response:
    """All printers."""
    found = labels.printers(current_context())
    return htmx.render("printers/printers.html", "main", printers=found)


@blueprint.get("/printers/new")
def new() -> Response:
    """The form for a new printer."""
    require(current_context().actor, Permission.SETTINGS_EDIT)
    return htmx.render("printers/new.html", "main", form=PrinterForm(formdata=None))


@blueprint.post("/printers")
def add() -> Response:
    """Add a printer."""
    form = PrinterForm()
    number = _save(form)
    if number is None:
        return htmx.render("printers/new.html", "main", 422, form=form)
    return htmx.see_other(f"/printers/{number}", f"{form.name.data} is on the list.")


@blueprint.get("/printers/<int:number>")
def show(number: int) -> Response:
    """A printer: what to do with it, what it printed last."""
    return _page(number)


@blueprint.get("/printers/<int:number>/state")
def state(number: int) -> Response:
    """How a printer is now: the printer is asked, which takes a moment."""
    return _page(number, trying.standing(current_context(), number), block="state")


@blueprint.post("/printers/<int:number>/test-labels")
def test(number: int) -> Response:
    """Print one label with the printer's name."""
    return _tried(trying.print_test, number, f"/printers/{number}")


@blueprint.post("/printers/<int:number>/calibration-labels")
def print_ruled(number: int) -> Response:
    """Print the label that is measured to calibrate the printer."""
    path = f"/printers/{number}/calibration?stock={quote(request.form.get('stock', ''))}"
    return _tried(trying.print_ruled, number, path)


@blueprint.get("/printers/<int:number>/edit")
def edit(number: int) -> Response:
    """A printer, to be changed."""
    require(current_context().actor, Permission.SETTINGS_EDIT)
    row = labels.printer_of(number)
    form = PrinterForm(formdata=None).show(row)
    return htmx.render("printers/edit.html", "main", form=form, printer=row)


@blueprint.post("/printers/<int:number>/edit")
def change(number: int) -> Response:
    """Change a printer."""
    form, row = PrinterForm(), labels.printer_of(number)
    if _save(form, number) is None:
        return htmx.render("printers/edit.html", "main", 422, form=form, printer=row)
    return htmx.see_other(f"/printers/{number}", f"{form.name.data} is saved.")


def _page(number: int, standing: Standing | None = None, block: str = "main") -> Response:
    page = trying.printer_page(current_context(), label_setup(), number)
    return htmx.render("printers/printer.html", block, page=page, standing=standing)


def _tried(print_one: PrintOne, number: int, path: str) -> Response:
    """Print one label; then the page says how that went."""
    roll, uid = request.form.get("stock", ""), request.form.get("id", "")
    try:
        sent = print_one(current_context(), label_setup(), number, roll, uid)
    except (Conflict, Invalid, RuleBroken) as error:
        return htmx.see_other(path, error.message, done=False)
    return htmx.see_other(path, sent.trouble or "The label is on its way.", done=not sent.trouble)


def _save(form: PrinterForm, number: int | None = None) -> int | None:
    """Save what the form says; None when it now says what is wrong. Raises `NotAllowed`."""
    ctx = current_context()
    require(ctx.actor, Permission.SETTINGS_EDIT)
    if not (form.validate() & has_its_shape(form, PRINTER)):
        return None
    try:
        # Who changes the name does not undo what somebody calibrated meanwhile.
        once = Once(form.id.data or "", form.values() if number is None else form.touched())
        return labels.save_printer(ctx, once, number)
    except (Conflict, Invalid) as error:
        form.blame(error)
        return None
