"""The scan screen: one field, one camera, one answer; and the page behind a label's address."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import UUID, AnyOf, InputRequired, Length

from stockscan.domain.codes import LONGEST_SCAN
from stockscan.domain.errors import NotFound, StockScanError
from stockscan.domain.figures import parse_cost, to_us
from stockscan.domain.operations import seen_token
from stockscan.domain.scanning import Mode, Step
from stockscan.services import operations, scanning
from stockscan.services.operations import Outcome
from stockscan.services.scanning import Plan
from stockscan.services.work import Context
from stockscan.store.screen import Thing
from stockscan.web import filters, htmx
from stockscan.web.scan_cards import Card, card_of, problem
from stockscan.web.security import current_context, local_path, who

blueprint = Blueprint("scan", __name__)

LOG_ROWS = 8
ENTRIES = ("count", "receive", "issue", "transfer")


class ScanForm(FlaskForm):  # type: ignore[misc]
    """One scan: what was read, in which mode, and what was chosen before."""

    id = StringField(validators=[InputRequired(), UUID()])
    raw = StringField(
        validators=[InputRequired("Nothing was scanned. Scan again."), Length(max=20_000)]
    )
    mode = HiddenField(default=Mode.LOOK_UP.value, validators=[AnyOf([*Mode])])
    on = HiddenField(validators=[Length(max=20)])


class EntryForm(FlaskForm):  # type: ignore[misc]
    """A number typed for a part in a bin."""

    id = StringField(validators=[InputRequired(), UUID()])
    act = HiddenField(validators=[AnyOf(ENTRIES)])
    on = HiddenField(validators=[InputRequired(), Length(max=20)])
    part = HiddenField(validators=[InputRequired(), Length(max=20)])
    quantity = StringField()
    reason = StringField(validators=[Length(max=200)])
    to_location = StringField(validators=[Length(max=LONGEST_SCAN)])
    opened = HiddenField(validators=[Length(max=40)])


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan as it was sent: its id, what was read, the mode, the code of what is chosen."""

    id: str
    raw: str
    mode: Mode
    on: str | None


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that the screen shows below the camera."""

    mode: Mode
    on: Thing | None = None
    card: Card | None = None
    part: Thing | None = None
    act: str = ""
    raw: str = ""
    quantity: str = ""
    error: str = ""

    @property
    def state(self) -> str:
        """idle, result or entry: how the screen shares its height."""
        if self.part is not None and self.act:
            return "entry"
        return "result" if self.card or self.on else "idle"


@blueprint.get("/scan")
def show() -> Response:
    """The scan screen in the state that the address says."""
    ctx, asked = current_context(), request.args
    on, part = _chosen(asked.get("on")), _chosen(asked.get("part"))
    done = operations.find(ctx, asked["done"]) if asked.get("done") else None
    act = asked.get("act", "") if asked.get("act") in ENTRIES and part and on else ""
    return _render(Stage(_mode(asked), on, card_of(done, ctx.now_us) if done else None, part, act))


@blueprint.post("/scans")
def submit() -> Response:
    """Take one scan: show the thing, choose it, or do what the pair of scans means."""
    form = ScanForm()
    if not form.validate():
        return _refused(Mode.LOOK_UP, None, {"message": _first_error(form)})
    scan = Scan(
        form.id.data or "",
        form.raw.data or "",
        Mode(form.mode.data or Mode.LOOK_UP),
        form.on.data or None,
    )
    return _show_again(scan) or _take(scan)


@blueprint.post("/entries")
def enter() -> Response:
    """Record a typed quantity: a count, a receipt, an issue or a move."""
    form, ctx = EntryForm(), current_context()
    if not form.validate():
        return _refused(Mode.COUNT, None, {"message": _first_error(form)})
    act, bin_ = form.act.data or "", scanning.thing(ctx, form.on.data or "")
    outcome = _apply_once(form, ctx)
    if outcome.status != "rejected":
        return _show(Stage(_MODE_OF[act], bin_, _card(outcome)), outcome.id)
    part, sentence = scanning.thing(ctx, form.part.data or ""), (outcome.error or {})["message"]
    typed = form.quantity.data or ""
    return _render(Stage(_MODE_OF[act], bin_, None, part, act, "", typed, sentence), 422)


@blueprint.post("/operations/<operation_id>/reversal")
def reverse(operation_id: str) -> Response:
    """Take an operation back, from the scan screen or from a history."""
    raw = {"id": request.form.get("id"), "kind": "reverse", "operation": operation_id}
    outcome = operations.apply(current_context(), raw)
    if request.form.get("back"):
        sentence = "Taken back." if outcome.done else (outcome.error or {}).get("message", "")
        return htmx.see_other(local_path(request.form["back"]), sentence)
    return _after(outcome, _mode(request.form), request.form.get("on"))


@blueprint.post("/operations/<operation_id>/answer")
def answer(operation_id: str) -> Response:
    """Answer "before or after the count?"."""
    side = "before_count" if request.form.get("side") == "before" else "after_count"
    raw = {
        "id": request.form.get("id"),
        "kind": "retime",
        "operation": operation_id,
        side: request.form.get("line"),
    }
    outcome = operations.apply(current_context(), raw)
    if request.form.get("back"):
        sentence = "Noted." if outcome.done else (outcome.error or {}).get("message", "")
        return htmx.see_other(local_path(request.form["back"]), sentence)
    return _after(outcome, _mode(request.form), request.form.get("on"))


@blueprint.post("/handovers")
def hand_over() -> Response:
    """ "I have it now": back from whoever had it, and out to the person who says so."""
    ctx, asset, form = current_context(), request.form.get("asset"), request.form
    back = {"id": form.get("id"), "kind": "check_in", "asset": asset}
    out = {"id": form.get("next_id"), "kind": "check_out", "asset": asset}
    outcome = operations.apply(ctx, back)
    if outcome.done:
        outcome = operations.apply(ctx, {**out, "to_person": _me()})
    return _after(outcome, Mode.CHECK_OUT, asset)


@blueprint.get("/S/<code>")
@blueprint.get("/s/<code>", endpoint="label_in_lower_case")
def label(code: str) -> Response:
    """A label's address, opened by a phone's own camera: the thing's page with its actions."""
    found = scanning.look_up(current_context(), code)
    if found.thing is None:
        raise NotFound("This label is not in use here yet. Scan it on the scan screen to see more.")
    return htmx.see_other(found.thing.url)


def _show_again(scan: Scan) -> Response | None:
    """A scan that was sent twice shows what it did the first time."""
    ctx = current_context()
    known = operations.find(ctx, scan.id)
    if known is None:
        return None
    return _show(Stage(scan.mode, _chosen(scan.on), card_of(known, ctx.now_us)), known.id)


def _take(scan: Scan) -> Response:
    ctx = current_context()
    try:
        plan = scanning.plan(ctx, scan.raw, scan.mode, scan.on)
    except StockScanError as error:
        return _refused(scan.mode, _chosen(scan.on), operations.error_json(error), scan.raw)
    scanning.log(ctx, plan.scanned)
    return _carry_out(plan, scan.mode, scan.id)


def _carry_out(plan: Plan, mode: Mode, operation_id: str) -> Response:
    """Write what the plan says, or show what it found."""
    ctx = current_context()
    if plan.operation is not None:
        raw = {**scanning.carried(ctx, plan.operation), "id": operation_id}
        outcome = operations.apply(ctx, raw)
        if outcome.status == "rejected":
            return _refused(mode, plan.on, outcome.error or {}, plan.scanned.text)
        # The chosen asset stays chosen: the next part goes on it too, the next bin is its place.
        return _show(
            Stage(mode, _chosen(plan.on.code if plan.on else None), _card(outcome)), outcome.id
        )
    match plan.step:
        case Step.ENTER:
            act = _ACT_OF.get(mode, "")
            return _show(Stage(mode, plan.on, part=plan.part, act=act))
        case Step.NEED_ASSET | Step.NEED_BIN:
            thing = plan.scanned.thing
            name = thing.title if thing else ""
            message = f"Then scan {name} again." if name else ""
            return _refused(mode, plan.on, {"code": plan.step.value, "message": message})
        case Step.CHOOSE:
            return _show(Stage(mode, plan.on))
        case _:
            return _refused(mode, plan.on, _unknown(plan), plan.scanned.text)


def _unknown(plan: Plan) -> dict[str, Any]:
    text = plan.scanned.text[:60]
    if plan.scanned.kind == "blank":
        return {"code": "blank", "message": f"{text} is a label of ours that is on nothing yet."}
    message = (
        f"Nothing goes by {text!r}. It is kept in the scan log. Search by name, or scan again."
    )
    return {"code": "unknown", "message": message}


def _apply_once(form: EntryForm, ctx: Context) -> Outcome:
    """Apply an entry; one sent twice is known by its id, for its window has grown meanwhile."""
    known = operations.find(ctx, form.id.data or "")
    if known is not None:
        return Outcome(known.id, "duplicate")
    return operations.apply(ctx, _entry_operation(form, ctx.now_us))


def _entry_operation(form: EntryForm, now_us: int) -> dict[str, Any]:
    """The operation that an entry means; a count covers the time since the form was opened."""
    base = {
        "id": form.id.data,
        "kind": form.act.data,
        "part": form.part.data,
        "quantity": form.quantity.data,
    }
    if form.act.data == "transfer":
        return {**base, "from_location": form.on.data, "to_location": form.to_location.data}
    if form.act.data == "issue":
        return {**base, "location": form.on.data, "reason": form.reason.data or "used"}
    if form.act.data == "count":
        opened = form.opened.data or seen_token(now_us)
        return {**base, "location": form.on.data, "window_ms": _since_ms(opened, now_us)}
    return {**base, "location": form.on.data}


def _since_ms(opened: str, now_us: int) -> int:
    try:
        opened_us = int(opened[1:], 16)
    except ValueError:
        return 0
    return min(max(0, now_us - opened_us) // 1000, 3_600_000)


def _show(stage: Stage, done: str | None = None) -> Response:
    """The stage for htmx; for a plain form a redirect to the same stage, safe to reload."""
    if htmx.wants_fragment():
        return _render(stage)
    state = {
        "mode": stage.mode.value,
        "on": stage.on and stage.on.code,
        "done": done,
        "part": stage.part and stage.part.code,
        "act": stage.act,
    }
    return htmx.see_other("/scan?" + urlencode({k: v for k, v in state.items() if v}))


def _refused(mode: Mode, on: Thing | None, error: dict[str, Any], raw: str = "") -> Response:
    return _render(Stage(mode, on, problem(error), raw=raw[:LONGEST_SCAN]), 422)


def _render(stage: Stage, status: int = 200) -> Response:
    ctx = current_context()
    log = [card_of(row, ctx.now_us) for row in operations.recent(ctx, LOG_ROWS)]
    balance = (
        scanning.balance(ctx, stage.part.code, stage.on.code) if stage.part and stage.on else None
    )
    shown = stage.card.operation if stage.card else None
    return htmx.render(
        "scan/scan.html",
        "stage",
        status,
        stage=stage,
        balance=balance,
        log=[card for card in log if card.operation != shown and card.name],
        new_id=lambda: str(uuid.uuid4()),
        opened=seen_token(ctx.now_us),
        my_code=_me(),
        modes=Mode,
    )


def _card(outcome: Outcome) -> Card:
    ctx = current_context()
    return card_of(operations.get(ctx, outcome.id), ctx.now_us)


def _me() -> str:
    """The label code of the person who scans."""
    person = who()
    return person.code if person else ""


def _chosen(code: str | None) -> Thing | None:
    return scanning.thing(current_context(), code) if code else None


def _after(outcome: Outcome, mode: Mode, on: str | None) -> Response:
    if outcome.status == "rejected":
        return _refused(mode, _chosen(on), outcome.error or {})
    return _show(Stage(mode, _chosen(on), _card(outcome)), outcome.id)


def _mode(asked: Mapping[str, str]) -> Mode:
    return Mode(asked["mode"]) if asked.get("mode") in {*Mode} else Mode.LOOK_UP


def _first_error(form: FlaskForm) -> str:
    return next((str(errors[0]) for errors in form.errors.values() if errors), "Scan again.")


_ACT_OF = {Mode.COUNT: "count", Mode.RECEIVE: "receive", Mode.ISSUE: "issue", Mode.MOVE: "transfer"}
_MODE_OF = {act: mode for mode, act in _ACT_OF.items()}


@blueprint.app_template_filter("amount")
def amount(decimal: str) -> str:
    """An amount of an operation's result with the currency's sign: "18.40" -> "€18.40"."""
    return filters.money(parse_cost(decimal), filters.currency())


@blueprint.app_template_filter("moment")
def moment(instant: str) -> str:
    """An instant of an operation's result in local time: "Today 10:05"."""
    return filters.when(to_us(datetime.fromisoformat(instant)))


@blueprint.app_template_filter("isoday")
def isoday(value: str) -> str:
    """A date of an operation's result: "Fri 20 Nov"."""
    return filters.day(date.fromisoformat(value))
