"""The layout editor: what stands where on a label, with an example of it on any stock."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Any, Final

from flask import Blueprint, Response, make_response, request
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
)

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, NotFound
from stockscan.labelling.lengths import shown_mm
from stockscan.labelling.spec import Layout
from stockscan.services import labels
from stockscan.services.labels import layout_editing
from stockscan.web import htmx
from stockscan.web.label_files import label_setup
from stockscan.web.security import current_context

blueprint = Blueprint("label_layouts", __name__)

FIELDS: Final = {
    "": "Nothing",
    "title": "Name",
    "subtitle": "Second line",
    "code": "Code",
    "model": "Model",
    "serial": "Serial number",
    "number": "Part or model number",
    "place": "Place",
    "kind": "Kind of thing",
    "company": "Company",
    "words": "Own words",
}
PLACES: Final = {"top": "Top", "bottom": "Bottom", "footer": "Foot"}
SYMBOLS: Final = {
    "qr": "QR code",
    "datamatrix": "Data Matrix: smaller; not every phone's camera opens it",
}
KINDS: Final = {
    "asset": "Assets",
    "part": "Parts",
    "location": "Bins and places",
    "person": "People",
    "card": "Cards",
    "blank": "Blank labels",
}
SPARE_LINES: Final = 2


class LineForm(Form):
    """One line of a label."""

    field = SelectField("Shows", choices=FIELDS)
    place = SelectField("Where", choices=PLACES)
    size = StringField("Size, %")
    rows = StringField("Rows", default="1")
    bold = BooleanField("Bold")
    optional = BooleanField("May go")


class Lines(FieldList):  # type: ignore[type-arg]
    """The lines in their order, as many as were sent."""

    # WTForms takes each digit of any script and any length for a number, and stops at the first
    # that is none.
    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        names = [name for name in formdata if name.isascii() and len(name) < 40]
        found: Iterator[int] = super()._extract_indices(prefix, names)  # type: ignore[misc]
        return found


class LayoutForm(FlaskForm):  # type: ignore[misc]
    """A layout as people choose it; what fits is the service's to say."""

    of = HiddenField(default="")  # the shipped layout that this is a copy of
    name = StringField("Name")
    about = StringField("What it is for")
    kinds = SelectMultipleField("Made for", choices=KINDS)
    qr_share = StringField("Symbol's width, %", default="45")
    symbol = SelectField("Symbol", choices=SYMBOLS)
    code128 = BooleanField("Code 128 bars too")
    typed = BooleanField("People must be able to type the code", default=True)
    centred = BooleanField("Words in the middle")
    lines = Lines(FormField(LineForm), min_entries=0, max_entries=layout_editing.MOST_LINES)
    instead = BooleanField("Use it in place of the shipped one")
    stock = SelectField("Example on", validate_choice=False, choices={})

    def fill(self, layout: Layout) -> "LayoutForm":
        """Show this layout; returns the form."""
        self.name.data, self.about.data = layout.name, layout.about
        self.kinds.data, self.symbol.data = list(layout.kinds), layout.symbol
        self.qr_share.data = shown_mm(layout.qr_share * 100)
        self.code128.data, self.typed.data = layout.code128, layout.typed
        self.centred.data = layout.centred
        for line in layout.lines:
            size = shown_mm(line.size * 100)
            shown = {"field": line.field, "place": line.place, "size": size, "rows": line.rows}
            self.lines.append_entry({**shown, "bold": line.bold, "optional": line.optional})
        return self

    def move_up(self, at: int) -> None:
        """Swap this line with the one above it; the first one stays."""
        if 0 < at < len(self.lines):
            upper, lower = self.lines[at - 1].form, self.lines[at].form
            for mine, other in zip(upper, lower, strict=True):
                mine.data, other.data = other.data, mine.data

    def spare(self) -> "LayoutForm":
        """Offer some empty lines below those in use; returns the form."""
        used = [line for line in self.lines if line.form.field.data]
        while len(self.lines) < min(len(used) + SPARE_LINES, layout_editing.MOST_LINES):
            self.lines.append_entry({"rows": "1"})
        return self

    def blame(self, error: Invalid) -> None:
        """Put what is wrong to its field, or above the form."""
        for key, fault in error.details["faults"].items():
            _, at, part = (*key.split("-"), "", "")[:3]
            if part and int(at) < len(self.lines):
                self.lines[int(at)].form[part].errors = [fault]
            elif key in self._fields and key != "lines":
                self._fields[key].errors = [fault]
            else:
                self.form_errors.append(_sentence(fault))


@blueprint.get("/labels/layouts")
def index() -> Response:
    """Every layout, and the files that can't be used."""
    setup = label_setup()
    listed = layout_editing.layout_list(current_context(), setup)
    folder = setup.folder / "layouts"
    return htmx.render(
        "labels/layouts/layouts.html", "main", listed=listed, folder=folder, kinds=KINDS
    )


@blueprint.get("/labels/layouts/new")
def new() -> Response:
    """The form for a new layout, or for one like the layout that `copy` names."""
    ctx, form = current_context(), LayoutForm(formdata=None)
    require(ctx.actor, Permission.SETTINGS_EDIT)
    slug = request.args.get("copy", labels.USUAL_LAYOUT)
    listed = layout_editing.layout_page(ctx, label_setup(), slug)
    form.fill(listed.layout).name.data = f"{listed.layout.name}, ours"
    form.of.data = slug if listed.is_shipped else ""
    return _form_page(form)


@blueprint.post("/labels/layouts")
def add() -> Response:
    """Save a new layout."""
    form = LayoutForm()
    return _save(form, (form.of.data or "") if form.instead.data else "", edited="")


@blueprint.post("/labels/layouts/preview")
def preview() -> Response:
    """The layout that the form describes, on an example; nothing is saved. `up` moves a line."""
    form, edited = LayoutForm(), request.form.get("edited", "")
    form.move_up(request.form.get("up", 0, int))
    return _form_page(form, block="main" if "up" in request.form else "preview", edited=edited)


@blueprint.get("/labels/layouts/<slug>/example.png")
def picture(slug: str) -> Response:
    """An example of one layout."""
    ctx, setup = current_context(), label_setup()
    layout = layout_editing.layout_page(ctx, setup, slug).layout
    printed = layout_editing.example(ctx, setup, layout, labels.USUAL_STOCK)
    return make_response(printed.data, {"Content-Type": printed.media_type})


@blueprint.get("/labels/layouts/<slug>/edit")
def edit(slug: str) -> Response:
    """One of the company's own, to be changed."""
    listed = layout_editing.layout_page(current_context(), label_setup(), slug)
    if not listed.is_own:
        raise NotFound(f"{listed.layout.name} is shipped. Copy it, and change the copy.")
    return _form_page(LayoutForm(formdata=None).fill(listed.layout), edited=slug)


@blueprint.post("/labels/layouts/<slug>/edit")
def change(slug: str) -> Response:
    """Change one of the company's own."""
    return _save(LayoutForm(), slug, slug)


@blueprint.post("/labels/layouts/<slug>/removal")
def remove(slug: str) -> Response:
    """Remove one of the company's own."""
    layout_editing.remove_layout(current_context(), label_setup(), slug)
    return htmx.see_other("/labels/layouts", "Removed.")


def _save(form: LayoutForm, slug: str, edited: str) -> Response:
    try:
        listed = layout_editing.save_layout(current_context(), label_setup(), form.data, slug)
    except Invalid as error:
        form.blame(error)
        return _form_page(form, 422, edited=edited)
    return htmx.see_other("/labels/layouts", f"{listed.layout.name} is saved.")


def _form_page(
    form: LayoutForm, status: int = 200, *, block: str = "main", edited: str = ""
) -> Response:
    """The form and an example; `edited` is the slug of what is changed."""
    form.stock.choices = {slug: each.name for slug, each in labels.stocks(label_setup()).items()}
    form.stock.data = form.stock.data or labels.USUAL_STOCK
    shown: dict[str, Any] = {"form": form.spare(), "edited": edited}
    shown["path"] = f"/labels/layouts/{edited}/edit" if edited else "/labels/layouts"
    shown["picture"], shown["trouble"] = _example(form)
    return htmx.render("labels/layouts/form.html", block, status, **shown)


def _example(form: LayoutForm) -> tuple[str, str]:
    """The example as the address of a picture, or why there is none; and what to know about it."""
    ctx, setup = current_context(), label_setup()
    texts = {**form.data, "name": form.name.data or "New layout"}
    try:
        layout = layout_editing.check_layout(ctx, texts)
        printed = layout_editing.example(ctx, setup, layout, form.stock.data or "")
    except (Invalid, NotFound) as error:
        return "", _sentence(error.message)
    return f"data:image/png;base64,{b64encode(printed.data).decode()}", " ".join(printed.warnings)


def _sentence(fault: str) -> str:
    return f"{fault[:1].upper()}{fault[1:].rstrip('.')}."
