"""Changing what a requisition asks for, its supplier and its note, before it is ordered."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from flask import Response, request

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Conflict, Invalid, StockScanError
from stockscan.domain.figures import format_cost, parse_cost, parse_quantity
from stockscan.services import purchasing
from stockscan.services.purchasing import Wanted
from stockscan.web import htmx
from stockscan.web.purchasing.door import after, blueprint, requisition_path
from stockscan.web.security import current_context

_LINE: Final = re.compile(r"quantity-([0-9]{1,18})")


@blueprint.get("/requisitions/<int:number>/lines")
def edit_lines(number: int) -> Response:
    """What it asks for, to be changed."""
    return _editor(number)


@blueprint.post("/requisitions/<int:number>/lines")
def save_lines(number: int) -> Response:
    """Change quantities, prices and days; a quantity of 0 takes the line off."""
    ctx = current_context()
    try:
        purchasing.change_lines(ctx, number, _wanted(request.form), request.form.get("seen"))
    except (Conflict, Invalid) as error:
        return _editor(number, 422, error)
    return htmx.see_other(requisition_path(number), "Saved.")


@blueprint.post("/requisitions/<int:number>/parts")
def add_part(number: int) -> Response:
    """Ask for one part more."""
    ctx, part = current_context(), request.form.get("part", "").strip()
    try:
        quantity = parse_quantity(request.form.get("quantity", ""), field="How many")
        purchasing.add_line(ctx, number, part, quantity)
    except StockScanError as error:
        if error.code == "not_allowed":
            raise
        return _editor(number, 422, error)
    return htmx.see_other(f"{requisition_path(number)}/lines", "It is on the list.")


@blueprint.post("/requisitions/<int:number>/supplier")
def choose_supplier(number: int) -> Response:
    """Buy it all somewhere else, or at last somewhere."""
    ctx, name = current_context(), request.form.get("supplier", "")
    path = f"{requisition_path(number)}/lines"
    return after(path, lambda: purchasing.set_supplier(ctx, number, name), f"From {name} now.")


@blueprint.post("/requisitions/<int:number>/note")
def keep_note(number: int) -> Response:
    """Keep a note, which the order carries."""
    ctx, note = current_context(), request.form.get("note", "").strip()
    path = f"{requisition_path(number)}/lines"
    return after(path, lambda: purchasing.set_note(ctx, number, note), "Saved.")


@blueprint.post("/requisitions/<int:number>/email")
def keep_email(number: int) -> Response:
    """Keep the address to which the supplier's orders go."""
    ctx, email = current_context(), request.form.get("email", "")
    supplier_id = purchasing.requisition_page(ctx, number).row.supplier_id or 0
    path = f"{requisition_path(number)}/lines"
    return after(path, lambda: purchasing.set_email(ctx, supplier_id, email), "Saved.")


def _editor(number: int, status: int = 200, wrong: StockScanError | None = None) -> Response:
    ctx = current_context()
    require(ctx.actor, Permission.PURCHASE_ORDER)
    page = purchasing.requisition_page(ctx, number)
    return htmx.render(
        "purchasing/lines.html", "main", status, page=page, wrong=wrong, typed=request.form,
        plain_cost=format_cost,
    )  # fmt: skip


def _wanted(said: Mapping[str, str]) -> dict[int, Wanted | None]:
    """The lines as they were typed. Raises `Invalid` that names the field."""
    found = {}
    for name, raw in said.items():
        line = _LINE.fullmatch(name)
        if line is not None:
            found[int(line[1])] = _line(raw, line[1], said)
    return found


def _line(raw: str, number: str, said: Mapping[str, str]) -> Wanted | None:
    try:
        quantity = parse_quantity(raw.strip() or "0", field="Quantity", zero=True)
        price = parse_cost(said.get(f"price-{number}", "").strip() or "0", field="Price")
        typed = said.get(f"need-{number}", "").strip()
        need_by = date.fromisoformat(typed) if typed else None
    except Invalid as error:
        name = "quantity" if error.field == "Quantity" else "price"
        raise Invalid(error.message, field=f"{name}-{number}") from None
    except ValueError:
        message = "Enter a day, such as 2026-12-10."
        raise Invalid(message, field=f"need-{number}") from None
    return Wanted(quantity, price, need_by) if quantity else None
