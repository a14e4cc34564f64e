"""Prints of labels: the log, one print with its progress, file and labels, and printing again."""

from typing import Final, cast, get_args

from flask import Blueprint, Response, request

from stockscan.domain.errors import Invalid, RuleBroken, StockScanError
from stockscan.services import labels
from stockscan.services.labels import Again, log, running
from stockscan.services.labels.prints import KEPT_US, print_of
from stockscan.web import background, htmx
from stockscan.web.errors import status_of
from stockscan.web.label_asking import asked_id
from stockscan.web.label_files import answer, file_response, label_setup
from stockscan.web.security import current_context
from stockscan.web.urls import row_number

blueprint = Blueprint("label_prints", __name__)

# How labels were printed, as people say it.
WAYS: Final = {"pdf": "PDF", "zpl": "ZPL file", "printer": "On a printer", "png": "Picture",
               "svg": "Drawing"}  # fmt: skip
KEPT_DAYS: Final = KEPT_US // (24 * 3600 * 1_000_000)


@blueprint.get("/labels/prints")
def index() -> Response:
    """What was printed, newest first."""
    asked = log.Asked(request.args.get("person", ""), request.args.get("way", ""))
    page, setup = log.prints(current_context(), asked, _number("before")), label_setup()
    return htmx.render(
        "labels/prints/prints.html", "main", page=page, asked=asked, ways=WAYS,
        today=setup.public_url, stocks=labels.stocks(setup),
    )  # fmt: skip


@blueprint.get("/labels/prints/<int:number>")
def show(number: int) -> Response:
    """One print: how far it is, then its file, what is on it, and how to print it again."""
    return _page(number)


@blueprint.get("/labels/prints/<int:number>/file")
def download(number: int) -> Response:
    """The file of a print."""
    file = labels.file_of(current_context(), label_setup(), number)
    return file_response(file, f"labels-{number}")


@blueprint.post("/labels/prints/<int:number>/file")
def make_again(number: int) -> Response:
    """Make the file anew: it is not kept any more, or making it was broken off."""
    ctx, setup = current_context(), label_setup()
    running.make_again(ctx, number)
    background.begin(lambda: running.work(ctx, setup, number, background.now_us))
    return htmx.see_other(f"/labels/prints/{number}")


@blueprint.post("/labels/prints/<int:number>/cancellation")
def cancel(number: int) -> Response:
    """Stop a print."""
    running.cancel(current_context(), number)
    return htmx.see_other(f"/labels/prints/{number}")


@blueprint.post("/labels/prints/<int:number>/again")
def print_again(number: int) -> Response:
    """Print all of it again or some of it, as a print of its own."""
    ctx, setup = current_context(), label_setup()
    try:
        way = print_of(ctx, number).way
        return answer(labels.print_again(ctx, setup, number, _again(), way, asked_id()))
    except (Invalid, RuleBroken) as error:
        return _page(number, error)


def _page(number: int, error: StockScanError | None = None) -> Response:
    ctx, setup = current_context(), label_setup()
    page = log.print_page(ctx, number, _number("after") or 0)
    paper = page.line.print.paper
    stock = labels.stocks(setup).get(paper.stock)
    stopped = labels.stopped_at(ctx, stock) if stock else None
    return htmx.render(
        "labels/prints/print.html", "main", status_of(error) if error else 200,
        page=page, ways=WAYS, kept_days=KEPT_DAYS, today=setup.public_url, new_id=ctx.new_id,
        layout=labels.layouts(setup).get(paper.layout), stock=stock,
        start=stopped.label + 1 if stopped else 1,
        error=error.message if error else "",
    )  # fmt: skip


def _again() -> Again:
    form = request.form
    which = form.get("which", "all")
    if which not in get_args(labels.Which):
        raise Invalid("Choose which labels to print again.", field="which")
    return Again(cast(labels.Which, which), _whole("first"), form.get("code", ""), _whole("start"))


def _whole(name: str) -> int:
    raw = request.form.get(name, "1").strip() or "1"
    if not raw.isdecimal() or len(raw) > 9:
        raise Invalid(f"{name} must be a whole number from 1 on.", field=name)
    return int(raw)


def _number(name: str) -> int | None:
    return request.args.get(name, type=row_number) or None
