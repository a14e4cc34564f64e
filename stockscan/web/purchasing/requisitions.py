"""Requisitions: the list, the page of one, and its steps from approval to the last delivery."""

from datetime import date
from typing import Any, Final

from flask import Response, request

from stockscan.domain.errors import Conflict, Invalid
from stockscan.services import purchasing
from stockscan.services.purchasing import Placed
from stockscan.store.purchasing.listed import Show
from stockscan.web import htmx
from stockscan.web.listing import read_listing
from stockscan.web.purchasing.door import after, blueprint, requisition_path
from stockscan.web.security import current_context
from stockscan.web.urls import row_number

_SHOWN: Final = {show.value for show in Show}


@blueprint.get("/requisitions")
def requisitions() -> Response:
    """Those that still wait for something, the newest first; or as the filters ask."""
    listing = read_listing("/requisitions", ("show", "q"), sort="", choices={"show": _SHOWN})
    ctx, show = current_context(), Show(listing.asked["show"] or "open")
    before = request.args.get("before", type=row_number)
    page = purchasing.requisition_list(ctx, show, listing.asked["q"], before)
    return htmx.render(
        "purchasing/requisitions.html", "main", listing=listing, page=page, today=ctx.today
    )


@blueprint.get("/requisitions/<ref>")
def requisition(ref: str) -> Response:
    """One requisition: what is asked for, why, how far it is, and the next step."""
    return show(ref)


@blueprint.post("/requisitions/<int:number>/approval")
def approve(number: int) -> Response:
    """Let it be ordered."""
    ctx, seen = current_context(), request.form.get("seen")
    done = "Approved. Place the order now."
    return _step(number, lambda: purchasing.approve(ctx, number, seen), done)


@blueprint.post("/requisitions/<int:number>/ordering")
def order(number: int) -> Response:
    """Note that the order is placed; what can't be used is said at its field."""
    ctx = current_context()
    try:
        purchasing.order(ctx, number, _placed(), request.form.get("seen"))
    except Invalid as error:
        return show(str(number), 422, wrong=error)
    except Conflict as error:
        return htmx.see_other(requisition_path(number), error.message, done=False)
    return htmx.see_other(requisition_path(number), "It is on order.")


@blueprint.post("/requisitions/<int:number>/expectation")
def expect(number: int) -> Response:
    """Note another day, or another reference."""
    ctx = current_context()
    try:
        purchasing.expect(ctx, number, _placed())
    except Invalid as error:
        return show(str(number), 422, wrong=error)
    return htmx.see_other(requisition_path(number), "Saved.")


@blueprint.post("/requisitions/<int:number>/cancellation")
def cancel(number: int) -> Response:
    """Call it off."""
    ctx = current_context()
    return _step(number, lambda: purchasing.cancel(ctx, number), "Cancelled. Nothing will come.")


@blueprint.post("/requisitions/<int:number>/lines/<int:line_id>/closing")
def close(number: int, line_id: int) -> Response:
    """No more of a line will come."""
    ctx = current_context()
    return _step(number, lambda: purchasing.close_line(ctx, number, line_id), "Closed.")


@blueprint.post("/requisitions/<int:number>/lines/<int:line_id>/reopening")
def reopen(number: int, line_id: int) -> Response:
    """The rest of a line will come after all."""
    ctx = current_context()
    again = "It waits for the rest again."
    return _step(number, lambda: purchasing.close_line(ctx, number, line_id, closed=False), again)


def show(ref: str, status: int = 200, wrong: Invalid | None = None) -> Response:
    """The page of a requisition, with what was wrong on it."""
    ctx = current_context()
    page = purchasing.requisition_page(ctx, ref)
    said: dict[str, Any] = {"today": ctx.today, "wrong": wrong, "typed": request.form}
    mail = purchasing.email_link(page)
    return htmx.render("purchasing/requisition.html", "main", status, page=page, mail=mail, **said)


def _placed() -> Placed:
    raw = request.form.get("expected_on", "").strip()
    try:
        day = date.fromisoformat(raw) if raw else None
    except ValueError:
        raise Invalid("Enter a day, such as 2026-12-10.", field="expected_on") from None
    return Placed(day, request.form.get("reference", "").strip())


def _step(number: int, act: Any, words: str) -> Response:
    return after(requisition_path(number), act, words)
