"""The kit of a job: its pick list, walked with scans, what is kept for it, what it needs."""

import uuid
from typing import Any
from urllib.parse import urlencode

from flask import Response, flash, request
from wtforms import StringField
from wtforms.validators import InputRequired

from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid, StockScanError
from stockscan.domain.operations import KINDS, parse_id
from stockscan.services import operations, photos, purchasing, scanning
from stockscan.services.maintenance import kit_pages
from stockscan.services.maintenance.kit_pages import Asked, PickPage
from stockscan.services.scanning import Resolved
from stockscan.web import htmx
from stockscan.web.creating import OperationForm, blame, has_its_shape, why_not
from stockscan.web.maintenance.door import blueprint
from stockscan.web.security import current_context

_LONGEST = 200
_STANDS = ("bin", "part", "lot", "serial", "to")


class JobPartForm(OperationForm):
    """A part that a job needs."""

    part = StringField("Part", [InputRequired("Say which part.")])
    quantity = StringField("How many", [InputRequired("Say how many.")], default="1")


@blueprint.get("/jobs/<int:number>/kit")
def pick_list(number: int) -> Response:
    """What to bring together for a job, bin by bin, and what the last scan did."""
    ctx = current_context()
    page = kit_pages.pick_page(ctx, str(number), _asked(request.args))
    seen = operations.find(ctx, page.asked.seen) if page.asked.seen else None
    values: dict[str, Any] = {
        "page": page,
        "seen": seen,
        "path": _path(number),
        "here": _at(number, page.asked),
    }
    return htmx.render("maintenance/kits/pick_list.html", "stage", **values, new_id=ctx.new_id)


@blueprint.post("/jobs/<int:number>/kit/scans")
def scan(number: int) -> Response:
    """Take one scan: of a bin, or of a part in it."""
    return _taken(number, request.form.get("raw", ""))


@blueprint.post("/jobs/<int:number>/kit/scans/photo")
def scan_photo(number: int) -> Response:
    """Take a scan from a photo: for pages without JavaScript, and where a phone failed."""
    file = request.files.get("photo")
    try:
        raw = photos.read(current_context(), file.read() if file else b"")
    except StockScanError as error:
        return _refused(number, error.message)
    return _taken(number, raw)


@blueprint.post("/jobs/<int:number>/kit/picks")
def pick(number: int) -> Response:
    """Bring so much of a part from a bin into the kit."""
    names = ("part", "location", "to_location", "quantity", "lot", "serial")
    given = {name: request.form.get(name, "") for name in names}
    said = {name: value for name, value in given.items() if value}
    return _recorded(number, {"kind": "pick", "work": str(number), **said})


@blueprint.post("/jobs/<int:number>/kit/returns")
def put_back(number: int) -> Response:
    """Bring what lies in the kit back into a bin."""
    names = ("part", "location", "from_location", "quantity", "lot", "serial")
    given = {name: request.form.get(name, "") for name in names}
    said = {name: value for name, value in given.items() if value}
    return _recorded(number, {"kind": "put_back", "work": str(number), **said})


@blueprint.post("/jobs/<int:number>/kit/reservation")
def reserve(number: int) -> Response:
    """Keep for a job what there is of its parts."""
    return _on_job(number, "reserve_kit", "What there is, is kept for this job.")


@blueprint.post("/jobs/<int:number>/kit/release")
def release(number: int) -> Response:
    """Keep nothing for a job any more."""
    return _on_job(number, "release_kit", "Its parts are free for other jobs again.")


@blueprint.post("/jobs/<int:number>/kit/requisition")
def ask_for_missing(number: int) -> Response:
    """Ask for what a job lacks and nobody has ordered."""
    ctx, uid = current_context(), request.form.get("id", "")
    try:
        numbers = purchasing.ask_for_missing(ctx, uid, str(number))
    except StockScanError as error:
        return htmx.see_other(f"/jobs/{number}", error.message, done=False)
    asked = ", ".join(f"R-{one}" for one in numbers)
    words = f"Asked for: {asked}." if asked else "All that is missing is asked for already."
    return htmx.see_other(f"/jobs/{number}", words)


@blueprint.get("/jobs/<int:number>/parts")
def job_parts(number: int) -> Response:
    """What a job needs, to be changed."""
    return _parts_page(number, JobPartForm(request.args))


@blueprint.post("/jobs/<int:number>/parts")
def set_job_part(number: int) -> Response:
    """Let a job need a part, or more or less of it."""
    form, ctx = JobPartForm(), current_context()
    if not (form.validate() & has_its_shape(form, KINDS["set_job_part"])):
        return _parts_page(number, form, 422)
    raw = {**form.values(), "kind": "set_job_part", "job": str(number)}
    outcome = operations.apply(ctx, raw)
    if not outcome.done or outcome.result is None:
        blame(form, outcome)
        return _parts_page(number, form, 422)
    told = outcome.result
    words = f"{told['job']} needs {told['needed']} {told['unit']} of {told['part_name']}."
    return htmx.see_other(f"/jobs/{number}/parts", words)


@blueprint.post("/jobs/<int:number>/parts/removal")
def remove_job_part(number: int) -> Response:
    """Let a job need a part no longer."""
    raw = {"kind": "remove_job_part", "job": str(number), "part": request.form.get("part", "")}
    outcome = operations.apply(current_context(), {**raw, "id": request.form.get("id")})
    words = "It is off the list." if outcome.done else why_not(outcome)
    return htmx.see_other(f"/jobs/{number}/parts", words, done=outcome.done)


def _taken(number: int, raw: str) -> Response:
    """What one scan means here; an operation that it means is applied once."""
    ctx, asked = current_context(), _asked(request.form)
    try:
        found = scanning.look_up(ctx, raw)
        scanning.log(ctx, found, request.form.get("way", "")[:10])
        page = kit_pages.pick_page(ctx, str(number), asked._replace(part="", seen=""))
        meant = _meant(found, page, asked)
    except StockScanError as error:
        return _refused(number, error.message)
    if isinstance(meant, Asked):
        return htmx.see_other(_at(number, meant))
    return _recorded(number, {**meant, "id": _scan_id(raw)})


def _meant(found: Resolved, page: PickPage, asked: Asked) -> Asked | dict[str, Any]:
    if found.kind is Kind.LOCATION:
        name = found.thing.title if found.thing else found.text
        return kit_pages.brought_to(page, asked, found.code or "", name)
    if found.kind is not Kind.PART:
        name = found.thing.title if found.thing else found.text[:60]
        raise Invalid(f"{name} is no bin and no part. Scan a bin, then what you take there.")
    data = found.data
    marks = (data.lot, data.serial) if data else ("", "")
    return kit_pages.scanned(page, asked, found.code or "", *marks)


def _recorded(number: int, raw: dict[str, Any]) -> Response:
    """Apply it, and stand at the same bin again with what became of it."""
    outcome = operations.apply(current_context(), {"id": request.form.get("id"), **raw})
    if outcome.status == "rejected":
        return _refused(number, why_not(outcome))
    asked = _asked(request.form)
    at = Asked(bin=asked.bin, seen=str(outcome.id), to=asked.to)
    return htmx.see_other(_at(number, at))


def _on_job(number: int, kind: str, words: str) -> Response:
    raw = {"id": request.form.get("id"), "kind": kind, "job": str(number)}
    outcome = operations.apply(current_context(), raw)
    words = words if outcome.done else why_not(outcome)
    return htmx.see_other(f"/jobs/{number}", words, done=outcome.done)


def _parts_page(number: int, form: JobPartForm, status: int = 200) -> Response:
    ctx = current_context()
    page = kit_pages.edit_page(ctx, str(number))
    values = {"page": page, "form": form, "new_id": ctx.new_id}
    return htmx.render("maintenance/kits/parts.html", "main", status, **values)


def _refused(number: int, why: str) -> Response:
    """Back to where the pick list stood, which says why nothing was done."""
    flash(why, "refused")
    return htmx.see_other(_at(number, _asked(request.form)))


def _scan_id(raw: str) -> str:
    """The id of this scan; a page's form, which can be gone back to, has one for each content."""
    form = request.form
    if form.get("id"):
        return parse_id(form["id"])
    return str(uuid.uuid5(uuid.UUID(parse_id(form.get("page"))), raw))


def _asked(given: Any) -> Asked:
    """Where the pick list stands, as an address or a form says it."""
    texts = {name: given.get(name, "")[:_LONGEST] for name in _STANDS}
    count = given.get("n", "")
    times = int(count) if count.isascii() and count.isdecimal() and len(count) < 5 else 0
    return Asked(**texts, scanned=times, seen=given.get("seen", "")[:_LONGEST])


def _at(number: int, asked: Asked) -> str:
    """The address of a pick list standing there."""
    said = {**asked._asdict(), "n": asked.scanned or ""}
    said.pop("scanned")
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{_path(number)}?{query}" if query else _path(number)


def _path(number: int) -> str:
    return f"/jobs/{number}/kit"
