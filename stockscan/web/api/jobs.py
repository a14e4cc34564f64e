"""Jobs over JSON: the list, one with its checklist, parts and costs, a new one, changing one."""

from flask import Blueprint, Response, jsonify, request

from stockscan.services.maintenance import job_json, job_pages
from stockscan.web.api.bodies import Malformed, change, listed, make, page_limit, read_object
from stockscan.web.security import current_context

blueprint = Blueprint("jobs", __name__)

_SHOWS = (*job_pages.SHOWS, "all")


@blueprint.get("/jobs")
def list_jobs() -> Response:
    """Open jobs by the day they are due; `show` may be mine, short, done or all."""
    show = request.args.get("show", "open")
    if show not in _SHOWS:
        raise Malformed(f"show must be one of {', '.join(_SHOWS)}.", field="show")
    said = {name: request.args.get(name, "") for name in ("after", "asset")}
    text = request.args.get("q", "")
    page = job_pages.job_list(current_context(), show, text=text, limit=page_limit(), **said)
    rows = [job_json.line_json(row, page.ready.get(row.id)) for row in page.rows]
    return listed("jobs", rows, page.next)


@blueprint.get("/jobs/<ref>")
def show_job(ref: str) -> Response:
    """One job, by its name, number or uid."""
    return jsonify(job_json.job_json(job_pages.job_page(current_context(), ref)))


@blueprint.post("/jobs")
def add_job() -> Response:
    """Make a job on an asset."""
    return make("create_job", read_object())


@blueprint.post("/jobs/<ref>")
def edit_job(ref: str) -> Response:
    """Change what a job is about."""
    return change("edit_job", {**read_object(), "job": ref})
