"""Jobs: the list, a new one, one to be worked on, changing what it is about."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from stockscan.domain.access import Permission, require
from stockscan.domain.maintenance.jobs import CAUSES
from stockscan.domain.operations import EDIT_KINDS
from stockscan.services import operations
from stockscan.services.maintenance import job_pages
from stockscan.web import htmx
from stockscan.web.creating import (
    OperationForm,
    blame,
    create,
    has_its_shape,
    name_field,
)
from stockscan.web.editing import EditForm
from stockscan.web.maintenance.door import blueprint
from stockscan.web.security import current_context


class JobForm(OperationForm):
    """What a job is about, and whose it is."""

    title = name_field("What is to be done")
    due_on = StringField("Due on")
    assigned = SelectField("Who does it", validate_choice=False)
    urgent = BooleanField("Urgent")
    instructions = TextAreaField("How to do it")

    def offer_workers(self) -> "JobForm":
        """Let somebody be chosen who may do it; returns the form."""
        found = job_pages.workers(current_context())
        self.assigned.choices = {"": "Nobody yet", **{one.code: one.name for one in found}}
        return self


class NewJobForm(JobForm):
    """A new job on an asset."""

    asset = name_field("Asset")
    checklist = TextAreaField("Checklist")


class EditJobForm(JobForm, EditForm):
    """What an open job is about, to be changed."""


@blueprint.get("/jobs")
def job_list() -> Response:
    """The jobs that are mine, open, short of parts or done."""
    asked = {name: request.args.get(name, "")[:200] for name in ("show", "q", "after", "asset")}
    show = asked["show"] if asked["show"] in job_pages.SHOWS else "open"
    ctx, after = current_context(), asked["after"]
    page = job_pages.job_list(ctx, show, text=asked["q"], after=after, asset=asked["asset"])
    return htmx.render(
        "maintenance/jobs/jobs.html", "main", page=page, asked=asked, today=ctx.today
    )


@blueprint.get("/jobs/new")
def new_job() -> Response:
    """The form for a new job."""
    require(current_context().actor, Permission.JOB_PLAN)
    return _new_page(NewJobForm(request.args))


@blueprint.post("/jobs")
def add_job() -> Response:
    """Make a job."""
    form = NewJobForm()
    made = create(form, "create_job")
    if made is None:
        return _new_page(form, 422)
    return htmx.see_other(made["url"], f"{made['job']} is on the list.")


@blueprint.get("/jobs/<int:number>")
def show_job(number: int) -> Response:
    """One job: what, where, since when, what to tick, what to fit, what it cost."""
    return job_shown(number)


@blueprint.get("/jobs/<int:number>/edit")
def edit_job(number: int) -> Response:
    """What a job is about, to be changed."""
    page = job_pages.job_edited(current_context(), str(number))
    form = EditJobForm(formdata=None)
    form.fill(page.texts, page.version)
    return _edit_page(number, form)


@blueprint.post("/jobs/<int:number>/edit")
def change_job(number: int) -> Response:
    """Change what a job is about."""
    form = EditJobForm()
    if not (form.validate() & has_its_shape(form, EDIT_KINDS["edit_job"])):
        return _edit_page(number, form, 422)
    values = {**form.touched(), "job": str(number), "id": form.id.data}
    outcome = operations.edit(
        current_context(), "edit_job", {**values, "based_on": form.based_on.data}
    )
    if not outcome.done or outcome.result is None:
        blame(form, outcome)
        return _edit_page(number, form, 422)
    return htmx.see_other(f"/jobs/{number}", f"{outcome.result['job']} is saved.")


def job_shown(number: int, status: int = 200, wrong: Mapping[str, Any] | None = None) -> Response:
    """The page of a job; with what was typed and why it was not taken, if anything is `wrong`."""
    ctx = current_context()
    page = job_pages.job_page(ctx, str(number))
    return htmx.render(
        "maintenance/jobs/job.html",
        "main",
        status,
        page=page,
        causes=CAUSES,
        typed=request.form,
        wrong=wrong,
        today=ctx.today,
        new_id=ctx.new_id,
    )


def _new_page(form: NewJobForm, status: int = 200) -> Response:
    return htmx.render("maintenance/jobs/new.html", "main", status, form=form.offer_workers())


def _edit_page(number: int, form: EditJobForm, status: int = 200) -> Response:
    page = job_pages.job_edited(current_context(), str(number))
    return htmx.render(
        "maintenance/jobs/edit.html", "main", status, form=form.offer_workers(), about=page.job
    )
