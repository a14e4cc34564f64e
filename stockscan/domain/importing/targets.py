"""What a column of a file can become: the fields of each kind of import, as the forms know them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stockscan.domain.operations import CREATE_KINDS, EDIT_KINDS, KINDS, Parser
from stockscan.domain.operations.values import (
    as_cost,
    as_count,
    as_day,
    as_flag,
    as_level,
    as_mark,
    as_money,
    as_name,
    as_quantity,
    as_reference,
    as_text,
    one_of,
)


class Style(StrEnum):
    """How the text of a column is read."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    FLAG = "flag"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Target:
    """One field that a column can fill, checked by the same parser as in a form."""

    name: str
    label: str
    parse: Parser
    style: Style


# The order is that of the select on the mapping page; the words are those of the forms.
_LABELS: Final[dict[str, dict[str, str]]] = {
    "asset": {
        "tag": "Tag", "name": "Name", "serial": "Serial number", "model": "Model",
        "model_manufacturer": "Maker of the model", "model_number": "Model number",
        "category": "Category", "location": "Location", "status": "Status",
        "condition": "Condition (1-5)", "purchase_date": "Bought on",
        "purchase_cost": "Purchase price", "supplier": "Supplier",
        "order_number": "Order number", "warranty_until": "Warranty until",
        "salvage": "Worth at the end", "life_months": "Life in months",
        "replacement_cost": "A new one costs", "down_hour_cost": "An hour down costs",
        "alias": "Barcode on it", "notes": "Notes",
    },
    "model": {
        "name": "Name", "manufacturer": "Maker", "model_number": "Model number",
        "category": "Category", "life_months": "Life in months",
        "replacement_cost": "A new one costs", "down_hour_cost": "An hour down costs",
        "notes": "Notes",
    },
    "part": {
        "part_number": "Part number", "name": "Name", "unit": "Unit", "category": "Category",
        "quantity": "Quantity on hand", "location": "Bin", "cost": "Cost of one",
        "supplier": "Supplier", "supplier_part_number": "Supplier's part number",
        "manufacturer": "Maker", "manufacturer_part_number": "Maker's part number",
        "pack": "Pack", "lead_time_days": "Days to deliver", "reorder_point": "Reorder at",
        "reorder_quantity": "Reorder how many", "safety_stock": "Safety stock",
        "service_level": "Service level, percent", "abc_class": "ABC class", "stocked": "Stocked",
        "tracking": "Tracked by", "barcode": "Barcode", "notes": "Notes",
    },
    "stock": {
        "part": "Part", "location": "Bin", "quantity": "Quantity", "unit_cost": "Cost of one",
        "lot": "Lot", "serial": "Serial", "expires_on": "Expires on",
    },
    "location": {
        "name": "Name or path", "parent": "Inside", "kind_of_place": "Site, area or bin",
        "notes": "Notes", "count_interval_days": "Count every … days",
    },
    "person": {
        "name": "Name", "first_name": "First name", "last_name": "Last name",
        "email": "E-mail", "username": "Sign-in name", "role": "Role",
    },
    "bom": {
        "model": "Model", "part": "Part", "quantity": "Quantity", "place": "Where in it",
        "life_months": "Lasts months", "meter": "Lasts by which meter",
        "meter_life": "Lasts by that meter", "critical": "Critical",
    },
}  # fmt: skip
# What a file says beside the fields of the form.
_MORE: Final[dict[str, dict[str, Parser]]] = {
    "asset": {
        "status": one_of("in_service", "down", "retired", "disposed"),
        "model": as_name,
        "model_manufacturer": as_text,
        "model_number": as_text,
    },
    "part": {"quantity": as_count},
    "stock": {
        "part": as_reference,
        "location": as_reference,
        "quantity": as_count,
        "unit_cost": as_cost,
        "lot": as_mark,
        "serial": as_mark,
        "expires_on": as_day,
    },
    "person": {"first_name": as_name, "last_name": as_name, "username": as_name},
    "bom": {"model": as_name},
}
_SHAPES: Final = {
    **{
        kind: CREATE_KINDS[f"create_{kind}"] for kind in _LABELS if f"create_{kind}" in CREATE_KINDS
    },
    "stock": KINDS["receive"],
    "bom": EDIT_KINDS["set_model_part"],
}
TITLES: Final = {
    "asset": "Assets",
    "model": "Models",
    "part": "Parts",
    "stock": "Opening stock",
    "location": "Locations",
    "person": "People",
    "bom": "Parts lists",
}
# What a row must say; one of those between | is enough.
NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "asset": ("name|tag|model|serial",),
    "model": ("name",),
    "part": ("part_number|name",),
    "stock": ("part", "location", "quantity|serial"),
    "location": ("name",),
    "person": ("name|first_name|last_name|username|email",),
    "bom": ("model", "part", "quantity"),
}

_NUMBERS: Final = (as_cost, as_count, as_level, as_money, as_quantity)
_WHOLE: Final = frozenset({"life_months", "lead_time_days", "count_interval_days"})
_WORDS: Final = frozenset({"status", "kind_of_place", "tracking", "role", "condition"})


def _style(name: str, parse: Parser) -> Style:
    if parse is as_day:
        return Style.DAY
    if parse is as_flag:
        return Style.FLAG
    if name in _WORDS:
        return Style.WORD
    if parse in _NUMBERS or name in _WHOLE:
        return Style.NUMBER
    return Style.TEXT


def _targets(kind: str) -> dict[str, Target]:
    shape = _SHAPES[kind]
    parsers = {**shape.optional, **shape.required, **_MORE.get(kind, {})}
    return {
        name: Target(name, label, parsers[name], _style(name, parsers[name]))
        for name, label in _LABELS[kind].items()
    }


TARGETS: Final[dict[str, dict[str, Target]]] = {kind: _targets(kind) for kind in _LABELS}
