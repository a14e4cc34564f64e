"""Labels: choosing things, paper and the first free slot; a preview; the file to print."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, request

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import NotFound
from stockscan.labelling.spec import Stock
from stockscan.services import labels, search
from stockscan.services.labels import Paper
from stockscan.store.catalogue.labels import LabelText
from stockscan.web import htmx
from stockscan.web.label_files import file_response, format_of, public_url
from stockscan.web.security import current_context

blueprint = Blueprint("labels", __name__)

LATEST_US = 2**63


@dataclass(frozen=True, slots=True)
class Job:
    """What is about to be printed, and how it fills the paper."""

    texts: Sequence[LabelText]
    stock: Stock
    paper: Paper
    place: str

    @property
    def sheets(self) -> int:
        """Sheets, or labels of a roll."""
        return -(-(self.paper.start - 1 + len(self.texts)) // self.stock.slots)

    @property
    def free(self) -> int:
        """Labels left over on the last sheet."""
        return self.sheets * self.stock.slots - (self.paper.start - 1 + len(self.texts))

    @property
    def codes(self) -> str:
        """Every code, as the form carries them on."""
        return " ".join(text.code for text in self.texts)

    def rows(self) -> list[list[tuple[int, LabelText | None]]]:
        """The first sheet, row by row: the number of each slot and what is printed there."""
        start, columns = self.paper.start, self.stock.columns
        slots = [
            (number, self.texts[number - start] if 0 <= number - start < len(self.texts) else None)
            for number in range(1, self.stock.slots + 1)
        ]
        return [slots[first : first + columns] for first in range(0, len(slots), columns)]


@blueprint.route("/labels", methods=["GET", "POST"])
def choose() -> Response:
    """Choose things and paper; POST shows the page for what a form holds and changes nothing."""
    ctx, text = current_context(), request.values.get("q", "")
    require(ctx.actor, Permission.LABEL_PRINT)
    papers = {"stocks": labels.stocks(), "layouts": labels.layouts()}
    found = {"text": text, "hits": search.search(ctx, text)}
    return htmx.render("labels/labels.html", "print", 200, job=_job(), **papers, **found)


@blueprint.post("/labels/files")
def make() -> Response:
    """The file to print."""
    job, form = _job(), format_of(request.form.get("format", "pdf"))
    printed = labels.print_labels(
        current_context(),
        [text.code for text in job.texts],
        job.paper,
        form=form,
        public_url=public_url(),
    )
    return file_response(printed)


@blueprint.post("/labels/blanks")
def make_blanks() -> Response:
    """Make blank labels and choose them for printing."""
    ctx = current_context()
    labels.make_blanks(ctx, request.form.get("number", 0, type=int))
    return htmx.see_other(f"/labels?batch={ctx.now_us}")


@blueprint.get("/labels/pictures/<code>.<kind>")
def picture(code: str, kind: str) -> Response:
    """One label as it will look."""
    if kind not in ("svg", "png"):
        raise NotFound
    paper = _paper()
    printed = labels.picture(
        current_context(),
        code,
        stock=paper.stock,
        layout=paper.layout,
        form=format_of(kind),
        public_url=public_url(),
    )
    return make_response(printed.data, {"Content-Type": printed.media_type})


def _job() -> Job:
    asked = request.values
    place = asked.get("place", "").strip()
    codes = re.split(r"[\s,]+", " ".join([asked.get("codes", ""), *asked.getlist("code")]).strip())
    references = [code for code in codes if code]
    texts = labels.chosen_labels(
        current_context(),
        references,
        place=place,
        batch_us=_batch(),
        cards=bool(asked.get("cards")),
    )
    paper = _paper()
    return Job(texts, labels.stock_of(paper.stock), paper, place)


def _batch() -> int | None:
    """The moment at which the blank labels were made that the address asks for."""
    batch_us = request.args.get("batch", type=int)
    return batch_us if batch_us is not None and 0 < batch_us < LATEST_US else None


def _paper() -> Paper:
    """The paper that was asked for; a start slot that this stock has not is its first."""
    asked = request.values
    stock = labels.stock_of(asked.get("stock", labels.USUAL_STOCK))
    layout = labels.layout_of(asked.get("layout", labels.USUAL_LAYOUT)).slug
    start = asked.get("start", 1, type=int)
    return Paper(stock.slug, layout, start if 1 <= start <= stock.slots else 1)
