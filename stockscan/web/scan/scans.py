"""Taking scans: by the camera, a scanner, a photo, a tap or the keyboard, all through one door."""

import uuid
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import UUID, AnyOf, Length, Optional

from stockscan.domain.cards import Command
from stockscan.domain.codes import Kind
from stockscan.domain.counts import entries
from stockscan.domain.errors import StockScanError
from stockscan.domain.operations import parse_id
from stockscan.domain.scanning import Mode, Step
from stockscan.services import operations, photos, scanning, search
from stockscan.services.scanning import Plan, Resolved, Situation
from stockscan.web import htmx
from stockscan.web.scan import acting, cards, visits
from stockscan.web.scan.doing import done_by, record
from stockscan.web.scan.entries import first_error
from stockscan.web.scan.stage import (
    ACT_OF,
    Given,
    Stage,
    blueprint,
    can_undo,
    chosen,
    refused,
    render,
    show,
    situation,
    stage_of,
)
from stockscan.web.security import current_context

# Of each kind, while a code is being typed.
MATCHES = 3
# Ways of reading that may see two labels of one thing; a tap or a typed code is always meant.
_GLANCES = frozenset({"camera", "keys", "photo"})


class ScanForm(FlaskForm):  # type: ignore[misc]
    """One scan: what was read, or picked from the matches, and in which way.

    `id` was made for this scan alone, by a script or for one button. A plain form can be gone back
    to and sent with another code, so it brings the id of its `page`. `via` is a mode for this scan
    alone: a tap that means "bring it back" changes no mode.
    """

    id = StringField(validators=[Optional(), UUID()])
    page = StringField(validators=[Optional(), UUID()])
    raw = StringField(validators=[Length(max=20_000)])
    pick = StringField(validators=[Length(max=20)])
    way = HiddenField(validators=[Length(max=10)])
    via = HiddenField(validators=[Optional(), AnyOf([*Mode])])
    lot = HiddenField(validators=[Length(max=200)])
    serial = HiddenField(validators=[Length(max=200)])
    location = HiddenField(validators=[Length(max=20)])


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan as it was sent: its id, what was read, and the lot, serial or bin of a tap."""

    id: str
    raw: str
    way: str = ""
    via: Mode | None = None
    lot: str = ""
    serial: str = ""
    location: str = ""


@blueprint.get("/scan")
def screen() -> Response:
    """The scan screen in the state that the address says."""
    asked = request.args
    stage = stage_of(situation(asked))
    if stage.part is None:
        return render(stage)
    given = Given(*(asked.get(name, "")[:200] for name in Given.__dataclass_fields__))
    counted = {
        "quantity": stage.given.quantity or given.quantity,
        "lot": given.lot or stage.given.lot,
    }
    return render(replace(stage, given=replace(given, **counted)))


@blueprint.post("/scans")
def submit() -> Response:
    """Take one scan: show the thing, choose it, or do what the pair of scans means."""
    form, now = ScanForm(), situation(request.form)
    if not form.validate():
        return refused(now, {"message": first_error(form)})
    raw = form.pick.data or form.raw.data or ""
    lot, serial = form.lot.data or "", form.serial.data or ""
    id_ = form.id.data or _of_page(form.page.data, f"{raw}\n{now.on}\n{lot}\n{serial}")
    via = Mode(form.via.data) if form.via.data else None
    location = form.location.data or ""
    return take(Scan(id_, raw, form.way.data or "", via, lot, serial, location), now)


@blueprint.post("/scans/photos")
def photo() -> Response:
    """Take a scan from a photo: for pages without JavaScript, and where a phone failed."""
    now, ctx, file = situation(request.form), current_context(), request.files.get("photo")
    try:
        raw = photos.read(ctx, file.read() if file else b"")
        scan = Scan(parse_id(request.form.get("id")), raw, "photo")
    except StockScanError as error:
        return refused(now, operations.error_json(error))
    return take(scan, now)


@blueprint.get("/scan/matches")
def matches() -> Response:
    """Things that are called like what is being typed."""
    text = request.args.get("raw", "").strip()
    if not htmx.wants_fragment():
        return htmx.see_other("/find?" + urlencode({"q": text}))
    hits = search.search(current_context(), text, limit=MATCHES) if len(text) > 1 else []
    return htmx.render("scan/_typed.html", "matches", hits=hits, text=text)


def _of_page(page: str | None, content: str) -> str:
    """The id of what a page sends: one for each content."""
    return str(uuid.uuid5(uuid.UUID(parse_id(page)), content))


def take(scan: Scan, now: Situation) -> Response:
    """Do what a scan means in this situation, and keep it in the scan log."""
    ctx = current_context()
    try:
        scanned = _meant(scan)
        known = done_by(scan.id, now)
        if known is not None:
            return known
        again = scan.way in _GLANCES and scanning.is_second_label(ctx, scanned)
        scanning.log(ctx, scanned, scan.way, place=_place(now))
        if again:
            return _again(scanned, now)
        plan = scanning.plan(ctx, scanned, replace(now, mode=scan.via or now.mode))
    except StockScanError as error:
        return refused(now, operations.error_json(error), scan.raw)
    return _carry_out(plan, now, scan)


def _place(now: Situation) -> str:
    """The room or bin that is being counted; what is unknown there can be looked for there."""
    place = chosen(now.on) if now.count else None
    return place.code if place is not None and place.kind is Kind.LOCATION else ""


def _meant(scan: Scan) -> Resolved:
    """What was scanned; of typed words that are no code the one thing that is called so."""
    ctx = current_context()
    scanned = scanning.look_up(ctx, scan.raw)
    if scanned.kind is not Kind.UNKNOWN or scan.way in _GLANCES:
        return scanned
    hits = search.search(ctx, scan.raw, limit=2)
    return scanning.look_up(ctx, hits[0].code) if len(hits) == 1 else scanned


def _carry_out(plan: Plan, now: Situation, scan: Scan) -> Response:
    """Write what the plan says, or show what it found."""
    if plan.operations:
        tapped = {name: getattr(scan, name) for name in ("lot", "serial", "location")}
        picked = {name: said for name, said in tapped.items() if said}
        raws = [{**raw, **picked} for raw in plan.operations]
        return record(scan.id, raws, now, scan.raw, goes_on=_goes_on(plan.scanned))
    match plan.step:
        case Step.ALL_OUT | Step.ALL_HERE:
            act = "check_out" if plan.step is Step.ALL_OUT else "check_in"
            return acting.act_on(scan.id, now, act, plan.scanned.code or "")
        case Step.UNDO:
            return acting.take_back(scan.id, now.done if can_undo(now) else "", now)
        case Step.NO_MATCH:
            return refused(now, _unknown(plan), plan.scanned.text)
        case Step.VISIT:
            return visits.begin(plan.after)
        case _:
            entered = plan.step is Step.ENTER
            return show(_entry(plan, now, scan) if entered else stage_of(plan.after))


def _goes_on(scanned: Resolved) -> bool:
    """A quantity card adds to what was done: both are one action."""
    return scanned.card is not None and scanned.card.command is Command.TIMES


def _entry(plan: Plan, now: Situation, scan: Scan) -> Stage:
    """The number of a part in a bin, with what the label said of it."""
    assert plan.part is not None
    act = now.act if now.part == plan.part.code else ACT_OF.get(plan.after.mode, "")
    after = replace(plan.after, part=plan.part.code, act=act)
    if act == "count" and plan.part.tracking != "serial":
        after = _counted_on(plan, after, now, scan)
    stage, data = stage_of(after), plan.scanned.data
    quantity = entries.in_figures(after.entries) or plan.quantity
    if data is None:
        return replace(stage, given=Given(quantity, after.at_lot))
    expires_on = data.expires_on.isoformat() if data.expires_on else ""
    given = Given(quantity, data.lot or after.at_lot, data.serial, expires_on)
    return replace(stage, given=given)


def _counted_on(plan: Plan, after: Situation, now: Situation, scan: Scan) -> Situation:
    """A scan of the part is one more of it; a tap on its name or a typed code only opens it."""
    if plan.scanned.card is not None:
        return replace(after, at_lot=now.at_lot, entries=(plan.quantity,))
    if plan.scanned.kind is Kind.PART and scan.way in _GLANCES:
        return scanning.one_more(plan, after, now)
    return replace(after, at_lot=scan.lot)


def _again(scanned: Resolved, now: Situation) -> Response:
    name = scanned.thing.title if scanned.thing else scanned.text
    return render(replace(stage_of(now), card=cards.again(name)))


def _unknown(plan: Plan) -> dict[str, Any]:
    text = plan.scanned.text[:60]
    if plan.scanned.kind == "blank":
        return {"code": "blank", "message": f"{text} is a label of ours that is on nothing yet."}
    message = f"Nothing goes by {text!r}. It is kept in the list of unknown codes."
    return {"code": "unknown", "message": message}
