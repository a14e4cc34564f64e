"""Photos and documents of things: sending some, looking at one, its bytes, removing it."""

from flask import Blueprint, Response, request

from stockscan.domain.errors import Invalid, RuleBroken, TooLarge
from stockscan.domain.operations import parse_id
from stockscan.services import files
from stockscan.services.files import Sent, Target
from stockscan.web import htmx
from stockscan.web.file_answers import SHOWN, answer
from stockscan.web.security import current_context
from stockscan.web.urls import model_path, thing_path

blueprint = Blueprint("files", __name__)


@blueprint.post("/files")
def add() -> Response:
    """Keep photos and documents with a thing, and go back to its page."""
    form, uploads = request.form, request.files.getlist("file")
    target = Target(form.get("kind", ""), form.get("code", ""))
    back = _page_of(target.kind, target.reference)
    sent = [Sent(file.filename, file.read()) for file in uploads if file.filename]
    try:
        files.add(current_context(), parse_id(form.get("id")), target, sent)
    except (Invalid, RuleBroken, TooLarge) as error:
        return htmx.see_other(back, error.message, done=False)
    return htmx.see_other(back, "It is on the page now." if len(sent) == 1 else "All are kept.")


@blueprint.get("/files/<int:number>")
def show(number: int) -> Response:
    """One photo or document, with what can be done with it."""
    page = files.page_of(current_context(), number)
    back = _page_of(page.file.kind, page.code)
    return htmx.render("files/file.html", "main", page=page, back=back, shown=SHOWN)


@blueprint.get("/files/<int:number>/<name>")
def content(number: int, name: str) -> Response:  # noqa: ARG001 - for people to read
    """The bytes of a photo or document: a photo or PDF to look at, anything else to save."""
    return answer(files.content_of(current_context(), number))


@blueprint.get("/files/<int:number>/thumbnail")
def thumbnail(number: int) -> Response:
    """A photo, small."""
    return answer(files.content_of(current_context(), number, thumbnail=True))


@blueprint.post("/files/<int:number>/main")
def choose(number: int) -> Response:
    """Let this photo stand for its thing."""
    page = files.make_main(current_context(), number)
    back = _page_of(page.file.kind, page.code)
    return htmx.see_other(back, f"This photo stands for {page.title} now.")


@blueprint.post("/files/<int:number>/removal")
def remove(number: int) -> Response:
    """Remove a photo or document from its thing."""
    page = files.remove(current_context(), number)
    return htmx.see_other(_page_of(page.file.kind, page.code), f"{page.file.name} is removed.")


def _page_of(kind: str, reference: str) -> str:
    return model_path(reference) if kind == "model" else thing_path(kind, reference)
