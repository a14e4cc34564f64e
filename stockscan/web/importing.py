"""Importing files: upload, mapping, the check of every row, progress, and what came of it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, Response, request, stream_with_context

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, StockScanError
from stockscan.domain.importing.targets import TITLES
from stockscan.services.importing import jobs, running
from stockscan.services.importing.deciding import SKIP, UPDATE
from stockscan.services.importing.jobs import Job
from stockscan.services.importing.reading import DELIMITERS, ENCODINGS, Way
from stockscan.services.work import Context
from stockscan.web import background, htmx
from stockscan.web.errors import status_of
from stockscan.web.security import current_context

blueprint = Blueprint("importing", __name__)

_PAGES: Final = {
    "checking": "importing/progress.html",
    "running": "importing/progress.html",
    "checked": "importing/checked.html",
    "done": "importing/done.html",
    "cancelled": "importing/done.html",
    "failed": "importing/done.html",
}


@blueprint.get("/import")
def index() -> Response:
    """Where a file is chosen, and this person's last imports."""
    return _index()


@blueprint.post("/import")
def upload() -> Response:
    """Take a file in and show how it would be read."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _index(Invalid("Choose a file first."))
    try:
        kind = request.form.get("kind", "")
        job_id = jobs.upload(current_context(), file.filename, file.read(), kind)
    except StockScanError as error:
        return _index(error)
    return htmx.see_other(f"/import/{job_id}")


@blueprint.get("/import/<job_id>")
def show(job_id: str) -> Response:
    """An import at whatever step it is."""
    ctx = current_context()
    job = jobs.job(ctx, job_id)
    if job.state == "mapping":
        return _mapping(ctx, job)
    return htmx.render(_PAGES[job.state], "main", job=job)


@blueprint.get("/import/<job_id>/mapping")
def mapping(job_id: str) -> Response:
    """How the file is read, to be looked at again after the check."""
    ctx = current_context()
    return _mapping(ctx, jobs.job(ctx, job_id))


@blueprint.post("/import/<job_id>/choices")
def choose(job_id: str) -> Response:
    """Keep what was chosen; check every row where nothing is left to ask."""
    ctx = current_context()
    found = jobs.choose(ctx, job_id, _chosen(request.form))
    if request.form.get("go") != "check":
        return htmx.see_other(f"/import/{job_id}")
    if not found.is_ready:
        return _mapping(ctx, jobs.job(ctx, job_id), 422)
    jobs.begin_check(ctx, job_id)
    return _at_work(ctx, job_id, running.check)


@blueprint.post("/import/<job_id>/run")
def run(job_id: str) -> Response:
    """Apply a checked import."""
    ctx = current_context()
    jobs.begin_run(ctx, job_id, only_good="only_good" in request.form)
    return _at_work(ctx, job_id, running.run)


@blueprint.post("/import/<job_id>/continuation")
def resume(job_id: str) -> Response:
    """Go on with an import whose process is gone."""
    ctx = current_context()
    state = jobs.resume(ctx, job_id)
    return _at_work(ctx, job_id, running.run if state == "running" else running.check)


@blueprint.post("/import/<job_id>/cancellation")
def cancel(job_id: str) -> Response:
    """Stop an import; what was applied stays."""
    jobs.cancel(current_context(), job_id)
    return htmx.see_other(f"/import/{job_id}")


@blueprint.get("/import/<job_id>/errors.csv")
def errors(job_id: str) -> Response:
    """The rows that are wrong, to be corrected and imported again."""
    ctx = current_context()
    name = jobs.job(ctx, job_id).name.rpartition(".")[0] or "import"
    safe = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in name)
    lines = stream_with_context(jobs.failing_csv(ctx, job_id))
    headers = {"Content-Disposition": f'attachment; filename="{safe}-errors.csv"'}
    return Response(lines, mimetype="text/csv", headers=headers)


def _index(error: StockScanError | None = None) -> Response:
    ctx = current_context()
    require(ctx.actor, Permission.CATALOGUE_IMPORT)
    status = status_of(error) if error else 200
    message = error.message if error else ""
    return htmx.render("importing/index.html", "main", status, recent=jobs.recent(ctx),
                       kinds=_kinds(ctx), error=message)  # fmt: skip


def _mapping(ctx: Context, job: Job, status: int = 200) -> Response:
    found = jobs.proposal(ctx, job.id)
    values = {"delimiters": DELIMITERS, "encodings": ENCODINGS, "kinds": _kinds(ctx)}
    return htmx.render("importing/mapping.html", "main", status, job=job, page=found,
                       asked=status != 200, **values)  # fmt: skip


def _kinds(ctx: Context) -> dict[str, str]:
    """What this person may import."""
    actor = require(ctx.actor, Permission.CATALOGUE_IMPORT)
    may_hire = actor.may(Permission.PEOPLE_EDIT)
    return {kind: title for kind, title in TITLES.items() if kind != "person" or may_hire}


def _chosen(form: Mapping[str, str]) -> dict[str, Any]:
    """The choices of the mapping page."""
    numbers = sorted(
        int(name[3:])
        for name in form
        if name.startswith("to-") and name[3:].isdecimal() and len(name) < 7
    )
    line = form.get("header_line", "")
    way = Way(
        form.get("encoding", ""),
        form.get("delimiter", "").replace("tab", "\t"),
        form.get("sheet", ""),
        int(line) if line.isdecimal() and len(line) < 4 else 0,
    )
    return {
        "kind": form.get("kind", "") if form.get("kind") in TITLES else "",
        "way": way,
        "mapping": tuple(form[f"to-{number}"] for number in numbers),
        "styles": {name[6:]: form[name] for name in form if name.startswith("style-")},
        "existing": SKIP if form.get("existing") == SKIP else UPDATE,
        "create": "create" in form,
    }


def _at_work(ctx: Context, job_id: str, work: Callable[..., None]) -> Response:
    """Do small work at once; a large file's in a thread of its own, watched on the page."""
    if jobs.is_small(ctx, job_id):
        work(ctx, job_id, background.now_us)
    else:
        background.begin(lambda: work(ctx, job_id, background.now_us))
    return htmx.see_other(f"/import/{job_id}")
