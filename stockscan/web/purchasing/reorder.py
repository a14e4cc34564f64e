"""What to order again: the list with its figures, and asking for what is ticked."""

import re
from typing import Final

from flask import Response, request

from stockscan.domain.errors import Invalid, RuleBroken, StockScanError
from stockscan.domain.figures import parse_quantity
from stockscan.services import purchasing
from stockscan.web import htmx
from stockscan.web.purchasing.door import blueprint
from stockscan.web.security import current_context

_PART: Final = re.compile(r"[0-9]{1,18}")


@blueprint.get("/reorder")
def reorder() -> Response:
    """Parts at their reorder point or below, the most urgent first."""
    return _page()


@blueprint.post("/reorder")
def ask() -> Response:
    """Ask for what is ticked, in the quantities that were typed."""
    ctx = current_context()
    try:
        numbers = purchasing.reorder(ctx, request.form.get("id", ""), _ticked())
    except (Invalid, RuleBroken) as error:
        return _page(422, error)
    names = ", ".join(f"R-{number}" for number in numbers)
    return htmx.see_other("/requisitions?show=raised", f"Asked for: {names}.")


def _page(status: int = 200, wrong: StockScanError | None = None) -> Response:
    ctx = current_context()
    found = purchasing.reorder_list(ctx)
    return htmx.render(
        "purchasing/reorder.html", "main", status, rows=found.rows, found=found,
        more=found.more, wrong=wrong, typed=request.form, new_id=ctx.new_id,
    )  # fmt: skip


def _ticked() -> dict[int, int]:
    """How much of each ticked part. Raises `Invalid` for none, and for what is no quantity."""
    ids = [int(raw) for raw in request.form.getlist("part") if _PART.fullmatch(raw)]
    if not ids:
        raise Invalid("Tick something in the list first.")
    return {part_id: _quantity(f"quantity-{part_id}") for part_id in ids}


def _quantity(name: str) -> int:
    try:
        return parse_quantity(request.form.get(name, "").strip(), field="Quantity")
    except Invalid as error:
        raise Invalid(error.message, field=name) from None
