"""The stock editor: every sheet and roll with its drawing, new ones, changes, the test page."""

from typing import Any, Final

from flask import Blueprint, Response, request
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, NotFound
from stockscan.labelling.lengths import shown_mm
from stockscan.labelling.spec import Stock
from stockscan.services.labels import calibrating, stock_editing
from stockscan.web import htmx
from stockscan.web.label_files import file_response, label_setup
from stockscan.web.security import current_context

blueprint = Blueprint("label_stocks", __name__)

KINDS: Final = {
    stock_editing.SHEET: "A sheet",
    stock_editing.ROLL: "A roll of single labels",
    stock_editing.ENDLESS: "An endless roll",
}
PAGES: Final = {"A4": ("210", "297"), "Letter": ("215.9", "279.4")}
OTHER_PAGE: Final = "other"


class StockForm(FlaskForm):  # type: ignore[misc]
    """A stock as people type it; what fits is the service's to say. Names are the file's keys."""

    of = HiddenField(default="")  # the shipped stock that this is a copy of
    name = StringField("Name")
    kind = RadioField("What is it?", choices=KINDS, default=stock_editing.SHEET)
    label_width_mm = StringField("Label width")
    label_height_mm = StringField("Label height")
    page = SelectField(
        "Sheet",
        choices={
            "A4": "A4, 210 × 297 mm",
            "Letter": "Letter, 8 1/2 × 11 in",
            OTHER_PAGE: "Another size",
        },
    )
    page_width_mm = StringField("Sheet width")
    page_height_mm = StringField("Sheet height")
    columns = StringField("Columns")
    rows = StringField("Rows")
    left_mm = StringField("From the left")
    top_mm = StringField("From the top")
    pitch_x_mm = StringField("Step to the right")
    pitch_y_mm = StringField("Step down")
    corner_radius_mm = StringField("Corner radius")
    margin_x_mm = StringField("No print: sides")
    margin_y_mm = StringField("No print: ends")
    turned = BooleanField("The label is read across the roll's direction")
    source = StringField("Where the sizes are from")
    instead = BooleanField("Use it in place of the shipped one")

    def texts(self) -> dict[str, str]:
        """What was typed, by the keys of a stock's file."""
        typed = {name: str(text or "") for name, text in self.data.items()}
        if self.page.data in PAGES:
            typed["page_width_mm"], typed["page_height_mm"] = PAGES[self.page.data]
        return typed | {"turned": "yes" if self.turned.data and self.kind.data != "sheet" else ""}

    def fill(self, stock: Stock) -> "StockForm":
        """Show this stock; returns the form."""
        for name, field in self._fields.items():
            value = getattr(stock, name, None)
            if isinstance(value, float):
                field.data = shown_mm(value)
            elif value is not None:
                field.data = value
        self.kind.data = stock_editing.ENDLESS if stock.endless else stock.kind
        size = (self.page_width_mm.data, self.page_height_mm.data)
        self.page.data = next((name for name, page in PAGES.items() if page == size), OTHER_PAGE)
        return self

    def blame(self, error: Invalid, *, only_typed: bool = False) -> None:
        """Put what is wrong to its fields, in the words of the form."""
        for key, fault in error.details["faults"].items():
            field = self._fields.get(key, self.name)
            if field.data or not only_typed:
                # The form says the field's name beside it.
                field.errors = [self._in_words(fault.removeprefix(f"{key} ").removeprefix("is "))]

    def _in_words(self, fault: str) -> str:
        for name, field in self._fields.items():
            if name.endswith("_mm"):
                fault = fault.replace(name, f"“{field.label.text}”")
        return fault[:1].upper() + fault[1:].rstrip(".") + "."


@blueprint.get("/labels/stocks")
def index() -> Response:
    """Every stock, and the files that can't be used."""
    setup = label_setup()
    listed = stock_editing.stock_list(current_context(), setup)
    folder = setup.folder / "stock"
    return htmx.render("labels/stocks/stocks.html", "main", listed=listed, folder=folder)


@blueprint.get("/labels/stocks/new")
def new() -> Response:
    """The form for a new stock, or for one like the stock that `copy` names."""
    ctx, form = current_context(), StockForm(formdata=None)
    require(ctx.actor, Permission.SETTINGS_EDIT)
    if slug := request.args.get("copy", ""):
        listed = stock_editing.stock_page(ctx, label_setup(), slug)
        form.fill(listed.stock).name.data = f"{listed.stock.name}, ours"
        form.source.data = f"Copied from {listed.stock.name}"
        form.of.data = slug if listed.is_shipped else ""
    return _form_page(form)


@blueprint.post("/labels/stocks")
def add() -> Response:
    """Save a new stock."""
    form = StockForm()
    return _save(form, (form.of.data or "") if form.instead.data else "", edited="")


@blueprint.post("/labels/stocks/preview")
def preview() -> Response:
    """The stock that the form describes, drawn; nothing is saved."""
    form = StockForm()
    return _form_page(form, block="preview", edited=request.form.get("edited", ""))


@blueprint.get("/labels/stocks/<slug>")
def show(slug: str) -> Response:
    """One stock: its sizes, where they are from, how it looks."""
    listed = stock_editing.stock_page(current_context(), label_setup(), slug)
    return htmx.render("labels/stocks/stock.html", "main", listed=listed)


@blueprint.get("/labels/stocks/<slug>/test.pdf")
def test_page(slug: str) -> Response:
    """The outlines of its labels, to hold against a real sheet."""
    printed = calibrating.test_page(current_context(), label_setup(), slug)
    return file_response(printed, f"test-{slug}")


@blueprint.get("/labels/stocks/<slug>/edit")
def edit(slug: str) -> Response:
    """One of the company's own, to be changed."""
    ctx = current_context()
    require(ctx.actor, Permission.SETTINGS_EDIT)
    listed = stock_editing.stock_page(ctx, label_setup(), slug)
    if not listed.is_own:
        raise NotFound(f"{listed.stock.name} is shipped. Copy it, and change the copy.")
    return _form_page(StockForm(formdata=None).fill(listed.stock), edited=slug)


@blueprint.post("/labels/stocks/<slug>/edit")
def change(slug: str) -> Response:
    """Change one of the company's own."""
    return _save(StockForm(), slug, slug)


@blueprint.post("/labels/stocks/<slug>/removal")
def remove(slug: str) -> Response:
    """Remove one of the company's own."""
    stock_editing.remove_stock(current_context(), label_setup(), slug)
    return htmx.see_other("/labels/stocks", "Removed.")


def _save(form: StockForm, slug: str, edited: str) -> Response:
    try:
        listed = stock_editing.save_stock(current_context(), label_setup(), form.texts(), slug)
    except Invalid as error:
        form.blame(error)
        return _form_page(form, 422, edited=edited)
    return htmx.see_other(f"/labels/stocks/{listed.stock.slug}", "Saved.")


def _form_page(
    form: StockForm, status: int = 200, *, block: str = "main", edited: str = ""
) -> Response:
    """The form and, as soon as it makes sense, its drawing; `edited` is what is changed."""
    path = f"/labels/stocks/{edited}/edit" if edited else "/labels/stocks"
    shown: dict[str, Any] = {"form": form, "edited": edited, "path": path}
    shown["stock"] = _drawn(form, edited)
    shown["is_answer"] = request.method == "POST" and not htmx.wants_fragment()
    return htmx.render("labels/stocks/form.html", block, status, **shown)


def _drawn(form: StockForm, slug: str) -> Stock | None:
    """The stock, named or not; while fields are still empty only what was typed can be wrong."""
    texts = form.texts()
    try:
        return stock_editing.check_stock(
            current_context(), {**texts, "name": texts["name"] or "New stock"}, slug
        )
    except Invalid as error:
        form.blame(error, only_typed=True)
        return None
