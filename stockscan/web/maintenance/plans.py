"""Maintenance plans: the list, one with its kit and its next days, a new one, changing it."""

from typing import Any, Final

from flask import Response, request
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from stockscan.domain.access import Permission, require
from stockscan.domain.maintenance import Basis
from stockscan.domain.operations import EDIT_KINDS
from stockscan.services import maintenance, models, operations
from stockscan.web import htmx
from stockscan.web.creating import OperationForm, blame, create, has_its_shape, name_field
from stockscan.web.editing import EditForm, save
from stockscan.web.maintenance.door import blueprint
from stockscan.web.maintenance.words import BASES, COUNTS_FROM, UNITS, rule_words
from stockscan.web.security import current_context
from stockscan.web.urls import row_number

# The fields that the other bases have.
_NOT_ASKED: Final = {
    Basis.CALENDAR: ("meter", "every_meter", "starts_meter", "part"),
    Basis.METER: ("every", "unit", "starts_on", "part"),
    Basis.AGE: ("unit", "starts_on", "meter", "every_meter", "starts_meter", "counts_from"),
}


class PlanForm(OperationForm):
    """What a plan says, whatever makes it due."""

    name = name_field("What is done")
    every = StringField("Every")
    unit = SelectField("Unit", choices=UNITS, default="month", validate_choice=False)
    starts_on = StringField("First on")
    meter = StringField("Meter")
    every_meter = StringField("Every")
    starts_meter = StringField("First at")
    part = StringField("Part")
    counts_from = SelectField("Counted from", choices=COUNTS_FROM, validate_choice=False)
    horizon_days = StringField("Job made ahead, days", [InputRequired("Say how many days.")],
                               default="14")  # fmt: skip
    minutes = StringField("Takes, minutes")
    stops_asset = BooleanField("The machine stands still meanwhile")
    checklist = TextAreaField("Checklist")
    instructions = TextAreaField("Instructions")


class NewPlanForm(PlanForm):
    """A new plan, with what it is for and what makes it due."""

    basis = RadioField("Due by", choices=list(Basis), default=Basis.CALENDAR, validate_choice=False)
    model = SelectField("Each asset of a model", validate_choice=False)
    asset = StringField("Or one asset")

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether it is for a model or for one asset, and the rest is there."""
        fits = bool(super().validate(extra_validators))
        if bool(self.model.data) == bool(self.asset.data):
            self.model.errors = [*self.model.errors, "Choose a model, or scan one asset."]
            return False
        return fits

    def values(self) -> dict[str, Any]:  # type: ignore[explicit-override]
        """What was typed, without what the chosen basis does not ask for."""
        unasked = _NOT_ASKED.get(self.basis.data, ())
        return {name: text for name, text in super().values().items() if name not in unasked}


class EditPlanForm(PlanForm, EditForm):
    """A plan to be changed; what it is for and what makes it due stay."""

    active = BooleanField("In use")


class KitPartForm(OperationForm):
    """A line of a plan's kit."""

    part = StringField("Part", [InputRequired("Say which part.")])
    quantity = StringField("How many", [InputRequired("Say how many.")], default="1")
    probability = StringField("Needed in, %", default="100")


@blueprint.get("/plans")
def plans() -> Response:
    """The plans, by the page."""
    text = request.args.get("q", "").strip()[:200]
    found = maintenance.plan_list(current_context(), text, _after())
    return htmx.render(
        "maintenance/plans/plans.html", "main", page=found, text=text, rule=rule_words
    )


@blueprint.get("/plans/new")
def new_plan() -> Response:
    """The form for a new plan."""
    require(current_context().actor, Permission.PLAN_EDIT)
    form = NewPlanForm(request.args)
    form.starts_on.data = form.starts_on.data or current_context().today.isoformat()
    return _new_page(form)


@blueprint.post("/plans")
def add_plan() -> Response:
    """Add a plan."""
    form = NewPlanForm()
    made = create(form, "create_plan")
    if made is None:
        return _new_page(form, 422)
    return htmx.see_other(f"/plans/{made['plan']}", f"{made['name']} is planned.")


@blueprint.get("/plans/<uid>")
def show_plan(uid: str) -> Response:
    """One plan: what makes it due, its kit, when it is due next on its assets."""
    return _plan_page(uid, KitPartForm(request.args))


@blueprint.get("/assets/<ref>/plans")
def plans_of_asset(ref: str) -> Response:
    """What comes on one machine, and when."""
    ctx = current_context()
    page = maintenance.asset_plans(ctx, ref)
    shown = {"page": page, "rule": rule_words, "today": ctx.today}
    return htmx.render("maintenance/plans/on_asset.html", "main", 200, **shown)


@blueprint.get("/plans/<uid>/edit")
def edit_plan(uid: str) -> Response:
    """A plan to be changed."""
    plan, texts, version = maintenance.editable_plan(current_context(), uid)
    form = _asked(EditPlanForm(formdata=None), plan.basis)
    form.fill(texts, version)
    return htmx.render("maintenance/plans/edit.html", "main", form=form, plan=plan)


@blueprint.post("/plans/<uid>/edit")
def change_plan(uid: str) -> Response:
    """Change a plan."""
    plan, _, _ = maintenance.editable_plan(current_context(), uid)
    form = _asked(EditPlanForm(), plan.basis)
    made = save(form, "edit_plan", plan=uid)
    if made is None:
        return htmx.render("maintenance/plans/edit.html", "main", 422, form=form, plan=plan)
    return htmx.see_other(f"/plans/{uid}", f"{made['name']} is saved.")


@blueprint.post("/plans/<uid>/parts")
def set_plan_part(uid: str) -> Response:
    """Put a part into a plan's kit, or change its line."""
    form = KitPartForm()
    if form.validate() & has_its_shape(form, EDIT_KINDS["set_plan_part"]):
        outcome = operations.edit(
            current_context(), "set_plan_part", {**form.values(), "plan": uid}
        )
        if outcome.done:
            return htmx.see_other(f"/plans/{uid}#kit", "It is in the kit.")
        blame(form, outcome)
    return _plan_page(uid, form, 422)


@blueprint.post("/plans/<uid>/parts/removal")
def remove_plan_part(uid: str) -> Response:
    """Take a part out of a plan's kit."""
    ctx = current_context()
    require(ctx.actor, Permission.PLAN_EDIT)
    maintenance.plan_page(ctx, uid)
    raw = {name: request.form.get(name, "") for name in ("id", "part")}
    outcome = operations.edit(ctx, "remove_plan_part", {**raw, "plan": uid})
    words = "It is out of the kit." if outcome.done else outcome.message
    return htmx.see_other(f"/plans/{uid}#kit", words, done=outcome.done)


@blueprint.post("/plans/jobs")
def make_jobs() -> Response:
    """Make the jobs that are due within the horizons of their plans, now and not tonight."""
    made = maintenance.make_jobs(current_context())
    words = "1 job made." if made == 1 else f"{made} jobs made."
    return htmx.see_other("/jobs/board", words if made else "All jobs are made already.")


def _asked(form: EditPlanForm, basis: str) -> EditPlanForm:
    """The form without the fields of the other bases."""
    for name in _NOT_ASKED[Basis(basis)]:
        del form[name]
    return form


def _after() -> int:
    try:
        return row_number(request.args.get("after", "0"))
    except ValueError:
        return 0


def _new_page(form: NewPlanForm, status: int = 200) -> Response:
    known = models.model_list(current_context())
    form.model.choices = {"": "No model", **{model.name: model.name for model in known}}
    return htmx.render("maintenance/plans/new.html", "main", status, form=form, bases=BASES)


def _plan_page(uid: str, form: KitPartForm, status: int = 200) -> Response:
    ctx = current_context()
    page = maintenance.plan_page(ctx, uid)
    values = {"page": page, "form": form, "rule": rule_words(page.plan), "today": ctx.today}
    return htmx.render("maintenance/plans/plan.html", "main", status, new_id=ctx.new_id, **values)
