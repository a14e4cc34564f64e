"""Work on a job: each button of its page does one thing, and keeps what was typed besides."""

import uuid
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, request

from stockscan.domain.errors import NotAllowed
from stockscan.domain.maintenance.jobs import cause_text, job_name
from stockscan.domain.operations import parse_id
from stockscan.services import operations
from stockscan.services.maintenance.jobs import machine_of
from stockscan.web import htmx
from stockscan.web.maintenance.door import blueprint
from stockscan.web.maintenance.jobs import job_shown
from stockscan.web.security import current_context

METER: Final = "meter "


@blueprint.post("/jobs/<int:number>/start")
def start_job(number: int) -> Response:
    """Start the clock."""
    return _do(number, {"kind": "start_job"}, "The clock runs.")


@blueprint.post("/jobs/<int:number>/pause")
def pause_job(number: int) -> Response:
    """Stop the clock."""
    return _do(number, {"kind": "pause_job"}, "The clock stands.")


@blueprint.post("/jobs/<int:number>/ticks")
def tick_job(number: int) -> Response:
    """Tick a line of the checklist, or ("-" before its number) take the tick away."""
    line = request.form.get("tick", "")
    done = not line.startswith("-")
    raw = {"kind": "tick_job", "line": line.removeprefix("-"), "done": done}
    return _do(number, raw, at="#checks")


@blueprint.post("/jobs/<int:number>/running")
def set_running(number: int) -> Response:
    """Say that the machine stands still, or runs again."""
    runs = request.form.get("runs") == "yes"
    words = "It runs again." if runs else "It stands still: its downtime counts from now."
    return _do(number, {"kind": "set_running", "runs": runs}, words)


@blueprint.post("/jobs/<int:number>/installs")
def install_part(number: int) -> Response:
    """Install a part of the kit, by one tap; by a second one it is said of which lot or serial."""
    part, quantity, said = [*request.form.get("fit", "").split(" ", 2), "", "", ""][:3]
    asset = machine_of(current_context(), str(number))
    raw = {"kind": "install", "asset": asset, "part": part, "quantity": quantity or "1"}
    mark, _, text = said.partition("=")
    own = {mark: text} if mark in {"lot", "serial"} else {}
    return _do(number, {**raw, **own}, "Installed.", "#kit")


@blueprint.post("/jobs/<int:number>/scanning")
def scan_parts(number: int) -> Response:
    """Go on at the scan screen: what is scanned there goes on this job's machine."""
    return _do(number, None, at="scan")


@blueprint.post("/jobs/<int:number>/notes")
def keep_notes(number: int) -> Response:
    """Keep what was typed."""
    return _do(number, None, "Kept.", "#notes")


@blueprint.post("/jobs/<int:number>/sign-off")
def sign_off(number: int) -> Response:
    """Sign the job off."""
    raw: dict[str, Any] = {"kind": "finish_job"}
    if request.form.get("still"):
        raw["runs"] = False
    return _do(number, raw, f"{job_name(number)} is signed off.")


@blueprint.post("/jobs/<int:number>/cancellation")
def cancel_job(number: int) -> Response:
    """Call the job off."""
    raw = {"kind": "cancel_job", "reason": request.form.get("reason", "")}
    return _do(number, raw, f"{job_name(number)} is cancelled.")


def _do(number: int, raw: dict[str, Any] | None, words: str = "", at: str = "") -> Response:
    """Record what was typed and one thing besides, all or none, and show the job again."""
    ctx, name = current_context(), job_name(number)
    asset = machine_of(ctx, name)
    raws = [*_readings(asset), *_with_words(name, raw)]
    outcomes = operations.perform(ctx, _action_id(raws), raws) if raws else []
    refusals = [outcome.error or {} for outcome in outcomes if not outcome.done]
    if refusals and refusals[0].get("code") == "not_allowed":
        raise NotAllowed(refusals[0]["message"])
    if refusals:
        return job_shown(number, 422, refusals[0])
    path = _scan_path(asset, name) if at == "scan" else f"/jobs/{number}{at}"
    doubts = [doubt for one in outcomes for doubt in (one.result or {}).get("warnings", ())]
    said = str(doubts[0]["message"]) if doubts else words
    return htmx.see_other(path, said, done=not doubts)


def _readings(asset: str) -> list[dict[str, Any]]:
    """The meters that were read."""
    return [
        {
            "kind": "read_meter",
            "asset": asset,
            "meter": field.removeprefix(METER),
            "value": value,
        }
        for field, value in request.form.items()
        if field.startswith(METER) and value.strip()
    ]


def _with_words(name: str, raw: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The operation, and what was typed and is not kept yet: minutes, cause and notes."""
    form = request.form
    said = {"minutes": form.get("minutes", ""), "notes": form.get("notes", "")}
    said["cause"] = cause_text(form.get("cause", ""), form.get("why", ""))
    new = {
        field: text for field, text in said.items() if _plain(text) != form.get(f"was {field}", "")
    }
    if raw is not None and raw["kind"] == "finish_job":
        return [{**raw, "job": name, **new}]
    log = [{"kind": "log_work", "job": name, **new}] if new else []
    own = "work" if raw is not None and raw["kind"] == "install" else "job"
    return [*log, *([] if raw is None else [{**raw, own: name}])]


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _action_id(raws: list[dict[str, Any]]) -> str:
    """One for each thing that a page sends: it can be gone back to and used again."""
    page = uuid.UUID(parse_id(request.form.get("id")))
    return str(uuid.uuid5(page, repr(raws)))


def _scan_path(asset: str, work: str) -> str:
    return "/scan?" + urlencode({"mode": "install", "on": asset, "work": work})
