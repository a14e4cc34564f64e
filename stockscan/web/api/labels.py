"""Labels for programs: which papers there are, and a file to print."""

from typing import Any

from flask import Blueprint, Response, jsonify

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid
from stockscan.labelling.spec import Stock
from stockscan.services import labels
from stockscan.services.labels import Paper
from stockscan.web.api.bodies import once, read_object, well_formed
from stockscan.web.label_files import file_response, format_of, public_url
from stockscan.web.security import current_context

blueprint = Blueprint("labels", __name__)


@blueprint.get("/labels/stocks")
def list_stocks() -> Response:
    """Every label stock and layout."""
    require(current_context().actor, Permission.READ)
    layouts = [
        {"layout": slug, "name": each.name, "about": each.about}
        for slug, each in labels.layouts().items()
    ]
    stocks = [_stock_json(stock) for stock in labels.stocks().values()]
    return jsonify(stocks=stocks, layouts=layouts)


@blueprint.post("/labels")
def print_labels() -> Response:
    """The file to print; what to know before printing stands in the header X-Label-Warnings."""
    body = well_formed(read_object())
    printed = labels.print_labels(
        current_context(),
        _items(body.get("items")),
        _paper(body),
        form=format_of(body.get("format", "pdf")),
        public_url=public_url(),
        once=once(body),
    )
    return file_response(printed)


def _stock_json(stock: Stock) -> dict[str, Any]:
    return {
        "stock": stock.slug,
        "name": stock.name,
        "kind": stock.kind,
        "columns": stock.columns,
        "rows": stock.rows,
        "slots": stock.slots,
        "label_width_mm": stock.label_width_mm,
        "label_height_mm": stock.label_height_mm,
    }


def _paper(body: dict[str, Any]) -> Paper:
    stock = _text(body, "stock", labels.USUAL_STOCK)
    layout = _text(body, "layout", labels.USUAL_LAYOUT)
    return Paper(stock, layout, _start(body.get("start", 1)))


def _items(raw: Any) -> list[str]:
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        raise Invalid("items must be a list of codes.", field="items")
    return raw


def _text(body: dict[str, Any], name: str, usual: str) -> str:
    raw = body.get(name, usual)
    if not isinstance(raw, str):
        raise Invalid(f"{name} must be text.", field=name)
    return raw


def _start(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise Invalid("start must be a whole number.", field="start")
    return raw
