"""The writes that make the catalogue's things and change what the books say about them."""

from typing import Final

from stockscan.domain.access import Role
from stockscan.domain.operations.jobs import CREATE_JOB, EDIT_JOB
from stockscan.domain.operations.plans import (
    CREATE_PLAN,
    EDIT_PLAN,
    REMOVE_PLAN_PART,
    SET_PLAN_PART,
)
from stockscan.domain.operations.shape import Shape
from stockscan.domain.operations.values import (
    Parser,
    as_choices,
    as_cost,
    as_count,
    as_custom,
    as_day,
    as_flag,
    as_level,
    as_money,
    as_name,
    as_quantity,
    as_reference,
    as_references,
    as_text,
    one_of,
    whole,
)

_VERSION: Final = whole(0, 2**63 - 1)
# A blank label that a new thing gets, and the scanned text that led to its making.
_LABEL: Final[dict[str, Parser]] = {"label": as_reference, "alias": as_reference}
_PLACE_KINDS: Final = one_of("site", "area", "bin")

_ASSET: Final[dict[str, Parser]] = {
    "tag": as_name,
    "serial": as_text,
    "category": as_text,
    "model": as_reference,
    "purchase_date": as_day,
    "purchase_cost": as_money,
    "supplier": as_name,
    "order_number": as_text,
    "salvage": as_money,
    "life_months": whole(1, 1200),
    "warranty_until": as_day,
    "replacement_cost": as_money,
    "down_hour_cost": as_money,
    "notes": as_text,
    "custom": as_custom,
}
_PART: Final[dict[str, Parser]] = {
    "unit": as_name,
    "cost": as_cost,
    "location": as_reference,
    "supplier": as_name,
    "supplier_part_number": as_text,
    "category": as_text,
    "manufacturer": as_text,
    "manufacturer_part_number": as_text,
    "pack": as_quantity,
    "lead_time_days": whole(0, 3650),
    "reorder_point": as_count,
    "reorder_quantity": as_quantity,
    "safety_stock": as_count,
    "service_level": as_level,
    "abc_class": one_of("A", "B", "C"),
    "stocked": as_flag,
    "tracking": one_of("none", "lot", "serial"),
    "notes": as_text,
    "custom": as_custom,
}
_LOCATION: Final[dict[str, Parser]] = {
    "parent": as_reference,
    "notes": as_text,
    "count_interval_days": whole(1, 3650),
}
_MODEL: Final[dict[str, Parser]] = {
    "manufacturer": as_text,
    "model_number": as_text,
    "category": as_text,
    "life_months": whole(1, 1200),
    "replacement_cost": as_money,
    "down_hour_cost": as_money,
    "notes": as_text,
}
# A line of a parts list: where in the machine, and how long it lasts there.
_LISTED: Final[dict[str, Parser]] = {
    "place": as_text,
    "life_months": whole(1, 1200),
    "meter": as_text,
    "meter_life": as_quantity,
    "critical": as_flag,
}
# The company's own fields of these things; "category" "" is for all of them.
_FIELD: Final[dict[str, Parser]] = {"category": as_text, "choices": as_choices}
_FIELD_TYPES: Final = one_of("text", "number", "date", "choice", "yes_no")
_PERSON: Final[dict[str, Parser]] = {
    "email": as_text,
    "username": as_name,
    "places": as_references,
}

# What the create endpoints and forms send; the same door, the same idempotency.
CREATE_KINDS: Final[dict[str, Shape]] = {
    "create_asset": Shape(
        {"name": as_name},
        {**_ASSET, "location": as_reference, "condition": whole(1, 5), **_LABEL},
    ),
    "create_part": Shape(
        {"name": as_name, "part_number": as_name}, {**_PART, "barcode": as_reference, **_LABEL}
    ),
    "create_location": Shape(
        {"name": as_name, "kind_of_place": _PLACE_KINDS}, {**_LOCATION, **_LABEL}
    ),
    # Several at once, by a pattern of their names.
    "create_bins": Shape({"pattern": as_name}, {"parent": as_reference}),
    "create_job": CREATE_JOB,
    "create_model": Shape({"name": as_name}, _MODEL),
    "create_plan": CREATE_PLAN,
    "create_field": Shape(
        {"thing": one_of("asset", "part"), "name": as_name, "type": _FIELD_TYPES}, _FIELD
    ),
    "create_person": Shape({"name": as_name, "role": one_of(*Role)}, {**_PERSON, **_LABEL}),
}

# Only what is given changes; "" empties a field, but for those that a thing always has.
# `based_on` is the version that a form shows.
EDIT_KINDS: Final[dict[str, Shape]] = {
    "edit_asset": Shape(
        {"asset": as_reference},
        {"name": as_name, **_ASSET, "based_on": _VERSION},
        clears=True,
        lasting=frozenset({"name", "tag"}),
    ),
    "edit_part": Shape(
        {"part": as_reference},
        {
            "name": as_name,
            "part_number": as_name,
            **_PART,
            "active": as_flag,
            "based_on": _VERSION,
        },
        clears=True,
        lasting=frozenset({"name", "part_number", "active"}),
    ),
    "edit_location": Shape(
        {"location": as_reference},
        {
            "name": as_name,
            "kind_of_place": _PLACE_KINDS,
            **_LOCATION,
            "active": as_flag,
            "based_on": _VERSION,
        },
        clears=True,
        lasting=frozenset({"name", "kind_of_place", "active"}),
    ),
    "edit_job": EDIT_JOB,
    "edit_model": Shape(
        {"model": as_reference},
        {"name": as_name, **_MODEL, "based_on": _VERSION},
        clears=True,
        lasting=frozenset({"name"}),
    ),
    # `position` is the place among the fields of its thing, 0 for the first.
    "edit_field": Shape(
        {"field": whole(1, 2**63 - 1)},
        {
            "name": as_name,
            **_FIELD,
            "position": whole(0, 10_000),
            "active": as_flag,
            "based_on": _VERSION,
        },
        clears=True,
        lasting=frozenset({"name", "position", "active"}),
    ),
    "edit_person": Shape(
        {"person": as_reference},
        {"name": as_name, "role": one_of(*Role), **_PERSON, "based_on": _VERSION},
        clears=True,
        lasting=frozenset({"name", "role"}),
    ),
    "edit_plan": EDIT_PLAN,
    "set_plan_part": SET_PLAN_PART,
    "remove_plan_part": REMOVE_PLAN_PART,
    "set_model_part": Shape(
        {"model": as_reference, "part": as_reference, "quantity": as_quantity},
        _LISTED,
    ),
    "remove_model_part": Shape({"model": as_reference, "part": as_reference}, {"place": as_text}),
    # 0: this asset, unlike its model, does not have the part there.
    "set_asset_part": Shape(
        {"asset": as_reference, "part": as_reference, "quantity": as_count},
        _LISTED,
    ),
    "remove_asset_part": Shape({"asset": as_reference, "part": as_reference}, {"place": as_text}),
    "set_supplier_part": Shape(
        {"part": as_reference, "supplier": as_name},
        {
            "number": as_text,
            "price": as_cost,
            "pack": as_quantity,
            "lead_time_days": whole(0, 3650),
            "usual": as_flag,
        },
        clears=True,
    ),
    "remove_supplier_part": Shape({"part": as_reference, "supplier": as_name}),
    "set_substitute": Shape({"part": as_reference, "substitute": as_reference}, {"note": as_text}),
    "remove_substitute": Shape({"part": as_reference, "substitute": as_reference}),
}
