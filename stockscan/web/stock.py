"""Goods in, out and between bins by a plain form, with what the scan screen does not ask for."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request
from wtforms import SelectField, StringField, TextAreaField

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, NotFound
from stockscan.domain.operations import KINDS
from stockscan.domain.reports import Disposition
from stockscan.services import operations, parts, purchasing
from stockscan.services.parts import PartPage
from stockscan.store.catalogue.parts import Lying
from stockscan.web import htmx
from stockscan.web.creating import OperationForm, blame, has_its_shape
from stockscan.web.filters import expiry, qty
from stockscan.web.security import current_context

blueprint = Blueprint("stock", __name__)


@dataclass(frozen=True, slots=True)
class Act:
    """One way of moving goods: its kind of operation, its words, and the usual reasons for it."""

    kind: str
    title: str
    sign: str
    done: str
    reasons: tuple[str, ...] = ()


ACTS: Final = {
    "receipt": Act("receive", "Receive", "import", "Received"),
    "issue": Act("issue", "Issue", "out", "Issued", ("Used", "Sold", "Sent back to supplier")),
    "transfer": Act("transfer", "Move", "move", "Moved"),
    "scrapping": Act("scrap", "Scrap", "close", "Scrapped", ("Broken", "Expired", "Lost")),
    "disposal": Act("dispose", "Get rid of", "export", "Got rid of"),
}


# What may be done with stock that nobody needs any more.
HOW: Final = {
    Disposition.SOLD.value: "Sold",
    Disposition.RETURNED.value: "Sent back to the supplier",
    Disposition.DONATED.value: "Given away",
    Disposition.SCRAPPED.value: "Scrapped",
}


class StockForm(OperationForm):
    """How much of a part, where, and what to remember about it.

    `at` is a bin, with its lot or serial for goods that lie there; a typed `location` counts first.
    """

    at = SelectField("Bin", validate_choice=False)
    location = StringField("Another bin")
    to_location = StringField("To which bin")
    quantity = StringField("How many")
    lot = StringField("Lot")
    serial = StringField("Serial")
    serials = TextAreaField("Serials")
    expires_on = StringField("Expires on")
    requisition = SelectField("For which order", validate_choice=False)
    unit_cost = StringField("Price of one")
    reason = StringField("Why")
    how = SelectField("What was done with it", choices=HOW, validate_choice=False)
    proceeds = StringField("What it brought in")
    recipient = StringField("Who got it")
    note = TextAreaField("Note")


@blueprint.get("/stock/<act>")
def choose(act: str) -> Response:
    """Which part it is about, for whoever comes from a bin."""
    require(current_context().actor, Permission.STOCK_MOVE)
    part, place = (request.args.get(name, "").strip() for name in ("part", "location"))
    if part:
        try:
            parts.part_page(current_context(), part)
        except (NotFound, Invalid):
            return _which(act, place, part)
        query = f"?{urlencode({'location': place})}" if place else ""
        return htmx.see_other(f"/parts/{quote(part, safe='')}/stock/{act}{query}")
    return _which(act, place)


@blueprint.get("/parts/<ref>/stock/<act>")
def ask(ref: str, act: str) -> Response:
    """The form: which goods or which bin, how many, and what to remember."""
    ctx = current_context()
    require(ctx.actor, Permission.STOCK_MOVE)
    page = parts.part_page(ctx, ref)
    return _show(act, StockForm(formdata=None), page, request.args.get("location", ""))


@blueprint.post("/parts/<ref>/stock/<act>")
def record(ref: str, act: str) -> Response:
    """Record it, once; the page of the part then shows it with an undo."""
    ctx, form, kind = current_context(), StockForm(), _act(act).kind
    require(ctx.actor, Permission.STOCK_MOVE)
    if form.validate() & has_its_shape(form, KINDS[kind]):
        outcome = operations.apply(ctx, {**_values(form, kind), "kind": kind, "part": ref})
        if outcome.status != "rejected":
            words, result = _told(_act(act), outcome.result), outcome.result or {}
            path = f"/parts/{quote(ref, safe='')}?done={outcome.id}"
            return htmx.see_other(path, words, done=bool(result) and not result.get("warnings"))
        blame(form, outcome)
    return _show(act, form, parts.part_page(ctx, ref), "", 422)


def _which(name: str, place: str, unknown: str = "") -> Response:
    status = 422 if unknown else 200
    values = {"act": _act(name), "name": name, "place": place, "unknown": unknown}
    return htmx.render("stock/part.html", "main", status, **values)


def _act(name: str) -> Act:
    if name not in ACTS:
        raise NotFound
    return ACTS[name]


def _show(name: str, form: StockForm, page: PartPage, place: str, status: int = 200) -> Response:
    act = _act(name)
    choices = _bins(page) if act.kind == "receive" else _goods(page)
    form.at.choices = [*choices.items(), ("", "Another bin")]
    if act.kind == "receive":
        form.requisition.choices = _orders(page.part.code)
    if not form.is_submitted():
        here = next((at for at in choices if at.partition("|")[0] == place), "")
        form.at.data = here if place else next(iter(choices), "")
        form.location.data = "" if here else place
        form.quantity.data = request.args.get("quantity", "")[:16]
        form.requisition.data = request.args.get("requisition")
    return htmx.render("stock/form.html", "main", status, act=act, name=name, form=form, page=page)


def _bins(page: PartPage) -> dict[str, str]:
    """Where a part may be put: its own bin first, then where it lies already."""
    part, lying = page.part, {at.code: at.name for at in page.lying}
    is_open = part.location_code and part.location_active
    own = {part.location_code or "": f"{part.location}, its own bin"} if is_open else {}
    return {**own, **lying, **own}


def _orders(part_code: str) -> list[tuple[str, str]]:
    """The orders that wait for a part, the oldest first, and none of them; empty without any."""
    waiting = [
        (one.name, one.name if one.left_milli is None else f"{one.name}, {qty(one.left_milli)}")
        for one in purchasing.awaited(current_context(), part_code)
    ]
    return [*waiting, ("none", "No order")] if waiting else []


def _goods(page: PartPage) -> dict[str, str]:
    """What of a part lies where, first what expires first: bin and mark to their words."""
    by_expiry = sorted(page.lying, key=lambda at: at.expires_on or date.max)
    return {_choice(at): _words(at, page.part.unit) for at in by_expiry}


def _choice(at: Lying) -> str:
    mark = f"|lot|{at.lot}" if at.lot else f"|serial|{at.serial}" if at.serial else ""
    return at.code + mark


def _amount(at: Lying, unit: str) -> str:
    if at.quantity_milli is None:
        return "hidden while you count it"
    return f"{qty(at.quantity_milli)} {unit}"


def _words(at: Lying, unit: str) -> str:
    amount = f"serial {at.serial}" if at.serial else _amount(at, unit)
    lot = f"lot {at.lot}" if at.lot else ""
    until = expiry(at.expires_on) if at.expires_on else ""
    return " · ".join(word for word in (at.name, amount, lot, until) if word)


def _values(form: StockForm, kind: str) -> dict[str, Any]:
    """The operation's fields as they were filled in."""
    typed = form.location.data
    code, _, marked = ("" if typed else form.at.data or "").partition("|")
    mark, _, text = marked.partition("|")
    place = typed or code
    values = {
        **form.values(),
        **({"from_location": place} if kind == "transfer" else {"location": place}),
        **({mark: text} if mark in ("lot", "serial") else {}),
    }
    known = {**KINDS[kind].required, **KINDS[kind].optional}
    return {name: value for name, value in values.items() if name in known or name == "id"}


def _told(act: Act, result: dict[str, Any] | None) -> str:
    """What was done, in a sentence, with what the books want to be known."""
    if result is None:
        return "It waits for someone to decide. See what waits."
    said = f"{act.done} {result['quantity']} {result['unit']}: {result['location_name']} went from"
    said += f" {result['before']} to {result['after']}"
    if "there" in result:
        there = result["there"]
        said += f", {result['to_location_name']} from {there['before']} to {there['after']}"
    warnings = [warning["message"] for warning in result.get("warnings", [])]
    return " ".join([said + ".", *warnings])
