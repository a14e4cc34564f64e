"""The things that imports make and change: which field stands in which column, and how it reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from stockscan.domain.figures import (
    E4,
    MILLI,
    MINOR,
    format_cost,
    format_money,
    format_percent,
    format_quantity,
)
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.locations import Location
from stockscan.store.parts import Part, Supplier
from stockscan.store.people import Person


@dataclass(frozen=True, slots=True)
class Held:
    """The column that holds a field: how it reads, and what it is where nothing is said.

    `of` is the table that a number leads to; then the field reads as the name there.
    """

    column: str
    show: Callable[[Any], str] = str
    blank: Any = ""
    of: Any = None


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing: its table and its fields; `code` is the kind of its label, "" for none."""

    kind: str
    table: Any
    code: str
    fields: Mapping[str, Held]


def _optional(show: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda value: "" if value is None else show(value)


def _money(amount_minor: int) -> str:
    return format_money(amount_minor * (E4 // MINOR))


def _yes_no(flag: bool) -> str:  # noqa: FBT001 - a value of a column
    return "yes" if flag else "no"


def _texts(*names: str) -> dict[str, Held]:
    return {name: Held(name) for name in names}


def _whole(name: str) -> Held:
    return Held(name, _optional(str), None)


def _day(name: str) -> Held:
    return Held(name, _optional(lambda day: str(day.isoformat())), None)


def _amount(column: str) -> Held:
    return Held(column, _optional(_money), None)


def _unless_none_is_kept(safety_milli: int) -> str:
    return format_quantity(safety_milli) if safety_milli else ""


def _named(column: str, table: Any) -> Held:
    return Held(column, _optional(str), None, table)


THINGS: Final = {
    "asset": Thing(
        "asset",
        Asset,
        "asset",
        {
            **_texts("tag", "name", "serial", "category", "order_number", "notes"),
            "model": _named("model_id", AssetModel),
            "supplier": _named("supplier_id", Supplier),
            "location": _named("location_id", Location),
            "status": Held("status", str, "in_service"),
            "condition": _whole("condition"),
            "purchase_date": _day("purchase_date"),
            "purchase_cost": _amount("purchase_cost_minor"),
            "salvage": _amount("salvage_minor"),
            "life_months": _whole("life_months"),
            "warranty_until": _day("warranty_until"),
            "replacement_cost": _amount("replacement_minor"),
            "down_hour_cost": _amount("down_hour_minor"),
            "custom": Held("custom", str, "{}"),
        },
    ),
    "model": Thing(
        "model",
        AssetModel,
        "",
        {
            **_texts("name", "manufacturer", "model_number", "category", "notes"),
            "life_months": _whole("life_months"),
            "replacement_cost": _amount("replacement_minor"),
            "down_hour_cost": _amount("down_hour_minor"),
        },
    ),
    "part": Thing(
        "part",
        Part,
        "part",
        {
            **_texts("part_number", "name", "category", "manufacturer", "notes",
                     "manufacturer_part_number", "supplier_part_number"),
            "unit": Held("unit", str, "pcs"),
            "location": _named("default_location_id", Location),
            "supplier": _named("supplier_id", Supplier),
            "cost": Held("list_cost_e4", lambda cost: format_cost(cost) if cost else "", 0),
            "pack": Held("pack_milli", format_quantity, MILLI),
            "lead_time_days": _whole("lead_time_days"),
            "reorder_point": Held("reorder_point_milli", _optional(format_quantity), None),
            "reorder_quantity": Held("reorder_quantity_milli", _optional(format_quantity), None),
            "safety_stock": Held("safety_milli", _unless_none_is_kept, 0),
            "service_level": Held("service_level_bp", _optional(format_percent), None),
            "abc_class": Held("abc_class", str, "C"),
            "stocked": Held("stocked", _yes_no, blank=True),
            "tracking": Held("tracking", str, "none"),
            "custom": Held("custom", str, "{}"),
        },
    ),
    "location": Thing(
        "location",
        Location,
        "location",
        {
            **_texts("name", "notes"),
            "kind_of_place": Held("kind", str, "bin"),
            "parent": _named("parent_id", Location),
            "count_interval_days": _whole("count_interval_days"),
        },
    ),
    "person": Thing(
        "person",
        Person,
        "person",
        {
            **_texts("name", "email"),
            "role": Held("role", str, "viewer"),
            "username": Held("username", _optional(str), None),
        },
    ),
}  # fmt: skip
