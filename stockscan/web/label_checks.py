"""Checking a print by scanning some of its labels back; the labels that carry an old address."""

import uuid
from typing import Any

from flask import Blueprint, Response, request

from stockscan.domain.errors import Invalid
from stockscan.domain.operations import parse_id
from stockscan.services import photos
from stockscan.services.labels import addresses, checking
from stockscan.web import htmx
from stockscan.web.label_files import label_setup
from stockscan.web.qr import qr_path
from stockscan.web.security import current_context

blueprint = Blueprint("label_checks", __name__)


@blueprint.get("/labels/prints/<int:number>/check")
def show(number: int) -> Response:
    """Which labels of a print to scan, and what the last scan was found to be."""
    page = checking.check_page(current_context(), number, request.args.get("seen", ""))
    server = label_setup().public_url
    qr = qr_path(server and server + _path(number))
    values: dict[str, Any] = {"page": page, "path": _path(number), "qr": qr}
    return htmx.render("labels/checks/check.html", "stage", **values)


@blueprint.post("/labels/prints/<int:number>/checks")
def check(number: int) -> Response:
    """Take one scan of a label."""
    return _checked(number, request.form.get("raw", ""))


@blueprint.post("/labels/prints/<int:number>/checks/photo")
def check_photo(number: int) -> Response:
    """Take a scan from a photo: for pages without JavaScript, and where a phone failed."""
    file = request.files.get("photo")
    try:
        raw = photos.read(current_context(), file.read() if file else b"")
    except Invalid as error:
        return _refused(number, error)
    return _checked(number, raw)


@blueprint.post("/labels/prints/<int:number>/unreadable")
def report(number: int) -> Response:
    """Take down that a label does not read."""
    code = request.form.get("code", "")
    try:
        uid = _uid(code)
        checking.report_unreadable(current_context(), number, uid, code)
    except Invalid as error:
        return _refused(number, error)
    return _answered(number, uid)


@blueprint.get("/labels/old-addresses")
def old_addresses() -> Response:
    """The labels that carry another address than the one of today."""
    setup = label_setup()
    old = addresses.old_labels(current_context(), setup)
    return htmx.render("labels/checks/old_addresses.html", "main", old=old, today=setup.public_url)


def _checked(number: int, raw: str) -> Response:
    try:
        uid = _uid(raw)
        checking.check(current_context(), label_setup(), number, uid, raw)
    except Invalid as error:
        return _refused(number, error)
    return _answered(number, uid)


def _answered(number: int, uid: str) -> Response:
    return htmx.see_other(f"{_path(number)}?seen={uid}")


def _refused(number: int, error: Invalid) -> Response:
    """Back to the page with the sentence why there is no answer."""
    return htmx.see_other(_path(number), error.message, done=False)


def _uid(content: str) -> str:
    """The id of this scan; a page's form, which can be gone back to, has one for each content."""
    form = request.form
    if form.get("id"):
        return parse_id(form["id"])
    return str(uuid.uuid5(uuid.UUID(parse_id(form.get("page"))), content))


def _path(number: int) -> str:
    return f"/labels/prints/{number}/check"
