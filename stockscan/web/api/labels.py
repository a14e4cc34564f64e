"""Labels for programs: which papers there are, and a file to print."""

from typing import Any, Final, get_args

from flask import Blueprint, Response, jsonify

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, TooLarge
from stockscan.labelling.spec import LONGEST_MM, Field, Look, Stock
from stockscan.services import labels
from stockscan.services.labels import Paper, Wanted
from stockscan.web.api.bodies import once, read_object, well_formed
from stockscan.web.label_files import answer, format_of, label_setup
from stockscan.web.security import current_context

blueprint = Blueprint("labels", __name__)

# What a program waits for; more is a print to be watched on its page.
AT_ONCE: Final = 5000


@blueprint.get("/labels/stocks")
def list_stocks() -> Response:
    """Every label stock and layout."""
    require(current_context().actor, Permission.READ)
    setup = label_setup()
    layouts = [
        {"layout": slug, "name": each.name, "about": each.about}
        for slug, each in labels.layouts(setup).items()
    ]
    stocks = [_stock_json(stock) for stock in labels.stocks(setup).values()]
    return jsonify(stocks=stocks, layouts=layouts)


@blueprint.post("/labels")
def print_labels() -> Response:
    """The file to print; what to know before printing stands in the header X-Label-Warnings."""
    ctx, body = current_context(), well_formed(read_object())
    named = once(body)
    uid = named.id if named else ctx.new_id()
    wanted, paper = Wanted(_items(body.get("items"))), _paper(body)
    _refuse_many(len(wanted.references) * paper.copies)
    form = format_of(body.get("format", "pdf"))
    ordered = labels.order_print(ctx, label_setup(), wanted, paper, form, uid, at_once=AT_ONCE)
    return answer(ordered)


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
    return Paper(
        stock=_text(body, "stock", labels.USUAL_STOCK),
        layout=_text(body, "layout", labels.USUAL_LAYOUT),
        start=_whole(body, "start", 1),
        copies=_whole(body, "copies", 1, most=AT_ONCE),
        length_mm=_length_mm(body.get("length_mm", 0)),
        printer=None if body.get("printer") is None else _whole(body, "printer", 1),
        look=Look(
            without=_fields(body.get("without", [])),
            code128=None if body.get("code128") is None else _flag(body, "code128"),
            logo=_flag(body, "logo", usual=True),
            words=_text(body, "words", ""),
        ),
    )


def _items(raw: Any) -> list[str]:
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        raise Invalid("items must be a list of codes.", field="items")
    return raw


def _refuse_many(total: int) -> None:
    if total > AT_ONCE:
        raise TooLarge(
            f"At most {AT_ONCE:,} labels come at once. Send the items in parts, with their next"
            " start, or print them in the browser, which shows how far it is."
        )


def _text(body: dict[str, Any], name: str, usual: str) -> str:
    raw = body.get(name, usual)
    if not isinstance(raw, str) or len(raw) > _LONGEST_TEXT:
        raise Invalid(f"{name} must be text of at most {_LONGEST_TEXT} letters.", field=name)
    return raw


def _whole(body: dict[str, Any], name: str, usual: int, most: int = 2**31) -> int:
    raw = body.get(name, usual)
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= most:
        raise Invalid(f"{name} must be a whole number from 1 on.", field=name)
    return raw


def _flag(body: dict[str, Any], name: str, *, usual: bool = False) -> bool:
    raw = body.get(name, usual)
    if not isinstance(raw, bool):
        raise Invalid(f"{name} must be true or false.", field=name)
    return raw


def _length_mm(raw: Any) -> float:
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
    if not is_number or not 0 <= raw <= LONGEST_MM:
        message = f"length_mm must be a number from 0, the usual one, to {LONGEST_MM:g}."
        raise Invalid(message, field="length_mm")
    return float(raw)


def _fields(raw: Any) -> frozenset[Field]:
    known = get_args(Field)
    if not isinstance(raw, list) or not all(name in known for name in raw):
        message = f"without must be a list of fields to leave out: {', '.join(known)}."
        raise Invalid(message, field="without")
    return frozenset(raw)


_LONGEST_TEXT: Final = 120
