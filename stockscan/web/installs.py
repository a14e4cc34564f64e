"""Parts in machines: a machine's parts page, its own parts list, and where a part is used."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from stockscan.domain.access import Permission, require
from stockscan.domain.operations import EDIT_KINDS
from stockscan.services import installs, operations
from stockscan.services.operations import Outcome
from stockscan.web import htmx
from stockscan.web.creating import blame, has_its_shape, operate, why_not
from stockscan.web.parts_lists import LineForm
from stockscan.web.security import current_context, local_path

blueprint = Blueprint("installs", __name__)

_GIVEN = ("part", "quantity", "location", "lot", "serial")


@blueprint.get("/assets/<ref>/parts")
def show(ref: str) -> Response:
    """What belongs in an asset, and what is in it now."""
    return _parts_page(ref)


@blueprint.post("/assets/<ref>/installs")
def install(ref: str) -> Response:
    """Put a part of the list into an asset with one tap."""
    return _done(ref, operate("install", asset=ref, **_given()))


@blueprint.post("/assets/<ref>/returns")
def take_out(ref: str) -> Response:
    """Take a part out of an asset and back into a bin with one tap."""
    return _done(ref, operate("return_part", asset=ref, **_given()))


@blueprint.get("/assets/<ref>/parts/list")
def own_list(ref: str) -> Response:
    """The parts list of one asset, to be changed."""
    return _list_page(ref, LineForm(request.args))


@blueprint.post("/assets/<ref>/parts/list")
def set_line(ref: str) -> Response:
    """Put a part on an asset's own list, or change its line."""
    form = LineForm()
    shape = EDIT_KINDS["set_asset_part"]
    if not (form.validate() & has_its_shape(form, shape)):
        return _list_page(ref, form, 422)
    outcome = operations.edit(current_context(), "set_asset_part", {**form.values(), "asset": ref})
    if not outcome.done:
        blame(form, outcome)
        return _list_page(ref, form, 422)
    return htmx.see_other(f"{_path(ref)}/list", "It is on the list.")


@blueprint.post("/assets/<ref>/parts/removal")
def remove_line(ref: str) -> Response:
    """Take back a line of an asset's own list."""
    raw = {field: request.form.get(field, "") for field in ("id", "part", "place")}
    outcome = operations.edit(current_context(), "remove_asset_part", {**raw, "asset": ref})
    words = "It is as its model says." if outcome.done else why_not(outcome)
    return htmx.see_other(f"{_path(ref)}/list", words, done=outcome.done)


@blueprint.post("/assets/<ref>/parts/compatible")
def add(ref: str) -> Response:
    """Put a part that was just installed on the list of its asset, or of the asset's model."""
    form, ctx = request.form, current_context()
    model = form.get("model", "")
    kind, owner = ("set_model_part", model) if model else ("set_asset_part", ref)
    values = {"id": form.get("id"), "part": form.get("part"), "quantity": form.get("quantity")}
    outcome = operations.edit(ctx, kind, {**values, kind.split("_")[1]: owner})
    words = f"It is on the list of {model or 'this machine'}." if outcome.done else why_not(outcome)
    return htmx.see_other(local_path(form.get("back", "")), words, done=outcome.done)


@blueprint.get("/assets/<ref>/parts/donors")
def donors(ref: str) -> Response:
    """The machines that stand and have a part that this one needs."""
    asked = {name: request.args.get(name, "")[:200] for name in ("part", "quantity", "work")}
    ctx, job = current_context(), asked["work"].removeprefix("J-")
    page = installs.donor_page(ctx, ref, asked["part"])
    home = f"/jobs/{job}" if job.isdecimal() else _path(page.asset.code)
    return htmx.render("installs/donors.html", "main", page=page, asked=asked, home=home)


@blueprint.get("/parts/<ref>/used")
def used(ref: str) -> Response:
    """Where a part is used."""
    page = installs.part_use(current_context(), ref)
    return htmx.render("installs/used.html", "main", page=page)


def _given() -> dict[str, str]:
    """What a tap says: the part, how many, and where from or to; empty fields are left out."""
    said = {name: request.form.get(name, "") for name in _GIVEN}
    return {name: text for name, text in said.items() if text}


def _done(ref: str, outcome: Outcome) -> Response:
    """The parts page with what was done on top; a lot or serial that is missing is asked for."""
    if outcome.done:
        return htmx.see_other(f"{_path(ref)}?done={outcome.id}")
    return _parts_page(ref, 422, refused={**(outcome.error or {}), "message": why_not(outcome)})


def _parts_page(ref: str, status: int = 200, refused: dict[str, Any] | None = None) -> Response:
    ctx = current_context()
    done = operations.of_action(ctx, request.args.get("done", ""))
    values = {
        "page": installs.asset_parts(ctx, ref),
        "done": done[0] if done and not done[0].reversed else None,
        "refused": refused,
        "tapped": _given() if refused else {},
        "new_id": ctx.new_id,
        "today": ctx.today,
    }
    return htmx.render("installs/parts.html", "main", status, **values)


def _list_page(ref: str, form: LineForm, status: int = 200) -> Response:
    ctx = current_context()
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    page = installs.own_list(ctx, ref)
    return htmx.render(
        "installs/list.html", "main", status, page=page, form=form, new_id=ctx.new_id
    )


def _path(ref: str) -> str:
    return f"/assets/{quote(ref, safe='')}/parts"
