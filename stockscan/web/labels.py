"""Labels: choosing things, paper and the first free slot; a preview; the file to print."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, request

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import NotFound
from stockscan.services import labels, search
from stockscan.services.labels import Paper, Preview
from stockscan.services.labels.papers import own_stocks
from stockscan.web import htmx
from stockscan.web.label_asking import (
    asked_id,
    asked_paper,
    asked_wanted,
    carried,
    said,
    settled,
)
from stockscan.web.label_files import answer, format_of, label_setup
from stockscan.web.label_sheets import groups, size, slot_css, version
from stockscan.web.security import current_context

blueprint = Blueprint("labels", __name__)

# What a field is called beside its box.
FIELDS: Final = {
    "title": "Name", "subtitle": "Second line", "serial": "Serial number", "model": "Model",
    "place": "Place", "number": "Number", "kind": "What it is", "company": "Company",
    "code": "The code in letters",
}  # fmt: skip
KINDS: Final = {
    "asset": ("asset", "assets"), "part": ("part", "parts"), "location": ("place", "places"),
    "person": ("person", "people"), "blank": ("blank label", "blank labels"),
    "card": ("card", "cards"),
}  # fmt: skip
WHY: Final = {
    "never": ("Never printed", "No label of ours is on them yet"),
    "old": ("Printed with an old address", "This server had another one then"),
    "unreadable": ("Found unreadable", "Somebody scanned them back and could not"),
}
INSIDE: Final = {
    "all": "Places and assets", "places": "Places", "bins": "Bins", "assets": "Assets",
    "parts": "Parts that live there",
}  # fmt: skip
_PICTURES: Final = {"svg": "image/svg+xml", "png": "image/png"}
# A code is at most as long, and so many fit an address that every server takes.
_FIRST: Final = 400


@blueprint.route("/labels", methods=["GET", "POST"])
def choose() -> Response:
    """Choose things and paper; POST shows the page for what a form holds and changes nothing."""
    ctx, text = current_context(), request.values.get("q", "")
    require(ctx.actor, Permission.LABEL_PRINT)
    wanted = asked_wanted(label_setup())
    codes = labels.wanted_codes(ctx, wanted)
    values: dict[str, Any] = {"text": text, "hits": search.search(ctx, text), "codes": codes}
    if not codes:
        return htmx.render("labels/things.html", "print", wanted=wanted, **values)
    values |= _dialog(codes) | {"hidden": carried(wanted), "wanted": wanted}
    return htmx.render("labels/labels.html", "print", **values)


@blueprint.post("/labels/prints")
def make() -> Response:
    """The file to print, or the way to the page of a large print or of one on a printer."""
    ctx, setup = current_context(), label_setup()
    wanted = asked_wanted(setup)
    paper = _paper(labels.wanted_codes(ctx, wanted))
    return answer(labels.order_print(ctx, setup, wanted, paper, _way(), asked_id()))


@blueprint.get("/labels/needs")
def needs() -> Response:
    """What needs a label: by reason, by kind, with how many."""
    found = labels.label_needs(current_context(), label_setup().public_url)
    return htmx.render("labels/needs.html", "main", needs=found, why=WHY, kinds=KINDS)


@blueprint.get("/labels/blanks")
def blanks() -> Response:
    """Blank labels: make some, or print those of a batch again that are on nothing yet."""
    ctx, most = current_context(), labels.MOST_BLANKS
    batches = labels.blank_batches(ctx)
    return htmx.render("labels/blanks.html", "main", batches=batches, most=most, new_id=ctx.new_id)


@blueprint.post("/labels/blanks")
def make_blanks() -> Response:
    """Make blank labels and choose them for printing."""
    ctx = current_context()
    require(ctx.actor, Permission.LABEL_PRINT)
    made_us = labels.make_blanks(ctx, request.form.get("number", 0, type=int), asked_id())
    return htmx.see_other(f"/labels?batch={made_us}")


@blueprint.get("/labels/pictures/<code>.<kind>")
def picture(code: str, kind: str) -> Response:
    """One label as it will look."""
    if kind not in _PICTURES:
        raise NotFound
    setup, ctx = label_setup(), current_context()
    printed = labels.picture(ctx, setup, code, _paper([code]), format_of(kind))
    return make_response(printed.data, {"Content-Type": printed.media_type})


@blueprint.get("/labels/sheet.png")
def sheet() -> Response:
    """The first sheet as it will be printed."""
    ctx, setup = current_context(), label_setup()
    codes = labels.wanted_codes(ctx, asked_wanted(setup))
    data = labels.sheet_image(ctx, setup, codes, _paper(codes))
    return make_response(data, {"Content-Type": "image/png"})


@blueprint.get("/labels/stocks/<slug>.css")
def slots(slug: str) -> Response:
    """Where the slots of a stock lie on its sheet."""
    require(current_context().actor, Permission.READ)
    css = slot_css(labels.stock_of(label_setup(), slug))
    kept = "private, max-age=31536000, immutable" if "v" in request.args else "no-store"
    return make_response(css, {"Content-Type": "text/css; charset=utf-8", "Cache-Control": kept})


def _dialog(codes: Sequence[str]) -> dict[str, Any]:
    """All that the dialog shows of these things on the paper that is asked for."""
    ctx, setup = current_context(), label_setup()
    job = labels.preview(ctx, setup, codes, _paper(codes), request.values.get("row", 0, type=int))
    return {
        "job": job,
        "groups": groups(labels.stocks(setup), own_stocks(setup).found),
        "layouts": labels.layouts(setup),
        "printers": [printer for printer in labels.printers(ctx) if printer.active],
        "address": urlencode(said(job.paper)),
        "sheet": urlencode({"codes": " ".join(_first(job)), **said(job.paper)}),
        "version": version(job.stock),
        "size": size,
        "field_names": FIELDS,
        "what": _what(job),
        "inside": INSIDE,
        "new_id": ctx.new_id,
    }


def _what(job: Preview) -> str:
    """What gets a label: "40 assets", "12 things: assets, places"."""
    many = len(job.codes)
    names = [KINDS[kind][many > 1] for kind in job.kinds]
    if len(names) == 1:
        return f"{many:,} {names[0]}"
    return f"{many:,} things: {', '.join(names)}"


def _first(job: Preview) -> list[str]:
    return [text.code for text in job.first[:_FIRST]]


def _paper(codes: Sequence[str]) -> Paper:
    """The paper that is asked for; what nobody said is as this person had it last."""
    ctx, setup = current_context(), label_setup()
    paper = asked_paper(labels.usual_paper(ctx, setup, codes))
    stock = labels.stock_of(setup, paper.stock)
    return settled(paper, stock, labels.stopped_at(ctx, stock))


def _way() -> labels.Way:
    """A file in one of the formats, or a printer. Raises `Invalid`."""
    asked = request.form.get("format", "pdf")
    if asked == labels.SENT:
        return labels.SENT
    return format_of(asked)
