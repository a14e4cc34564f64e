"""Requisitions as the API tells them."""

from typing import Any

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import format_cost, format_money, format_quantity, iso
from stockscan.domain.purchasing.steps import name_of
from stockscan.services.purchasing.reading import RequisitionPage
from stockscan.services.work import Context, reading
from stockscan.store.purchasing import listed
from stockscan.store.purchasing.lines import LineRow
from stockscan.store.purchasing.listed import RequisitionRow, Show


def requisitions_json(
    ctx: Context, state: str, text: str, after: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """A page of requisitions, the newest first, and the number of its last if more follow.

    `state` is one of `Show`. Raises `Invalid` for another.
    """
    require(ctx.actor, Permission.READ)
    if state not in {*Show}:
        raise Invalid(f"state must be one of {', '.join(Show)}.", field="state")
    with reading() as connection:
        rows = listed.requisitions(
            connection, ctx.today, Show(state), text, before=after, limit=limit + 1
        )
    following = rows[limit - 1].number if len(rows) > limit else None
    return [line_json(row) for row in rows[:limit]], following


def requisition_json(page: RequisitionPage) -> dict[str, Any]:
    """One requisition with its lines."""
    return {**line_json(page.row), "lines": [_line_json(line) for line in page.lines]}


def line_json(row: RequisitionRow) -> dict[str, Any]:
    """A requisition as the list tells it."""
    return {
        "number": name_of(row.number),
        "state": row.state,
        "source": row.source,
        "supplier": row.supplier,
        "created_at": iso(row.created_us),
        "created_by": row.created_by,
        "approved_at": _instant(row.approved_us),
        "approved_by": row.approved_by,
        "ordered_at": _instant(row.ordered_us),
        "ordered_by": row.ordered_by,
        "ended_at": _instant(row.ended_us),
        "need_by": _day(row.need_by),
        "order_by": _day(row.order_by),
        "expected_on": _day(row.expected_on),
        "reference": row.reference,
        "note": row.note,
        "total": format_money(row.total_e4),
        "parts": row.lines,
        "url": f"/requisitions/{row.number}",
    }


def _line_json(line: LineRow) -> dict[str, Any]:
    hidden = line.received_milli is None
    return {
        "line": line.id,
        "part": line.code,
        "part_number": line.part_number,
        "name": line.name,
        "unit": line.unit,
        "supplier_number": line.supplier_number,
        "quantity": format_quantity(line.quantity_milli),
        "price": format_cost(line.price_e4) if line.price_e4 else None,
        "need_by": _day(line.need_by),
        "order_by": _day(line.order_by),
        "expected_on": _day(line.expected_on),
        "job": f"J-{line.job}" if line.job else None,
        "closed": line.closed,
        "received": None if hidden else format_quantity(line.received_milli or 0),
        "price_difference": None if hidden else format_money(line.difference_e4),
        "why": {} if hidden else _why(line.why),
        **({"hidden": True} if hidden else {}),
    }


def _why(why: dict[str, Any]) -> dict[str, Any]:
    """The figures behind the quantity: their names without the unit, quantities as decimals."""
    told = {}
    for name, value in why.items():
        is_quantity = name.endswith("_milli") and value is not None
        told[name.removesuffix("_milli")] = (
            format_quantity(value) if is_quantity else value and str(value)
        )
    return told


def _instant(moment_us: int | None) -> str | None:
    return None if moment_us is None else iso(moment_us)


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
