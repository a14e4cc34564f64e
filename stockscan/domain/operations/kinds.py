"""Every kind of write, with the fields that it must and may have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from stockscan.domain.access import Role
from stockscan.domain.operations.values import (
    LONGEST_AGE_MS,
    LONGEST_CARRY_MIN,
    Parser,
    as_cost,
    as_count,
    as_day,
    as_flag,
    as_id,
    as_mark,
    as_marks,
    as_money,
    as_name,
    as_quantity,
    as_reference,
    as_seen,
    as_text,
    one_of,
    whole,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of one kind."""

    required: Mapping[str, Parser]
    optional: Mapping[str, Parser] = field(default_factory=dict)
    exactly_one: tuple[str, ...] = ()
    at_least_one: tuple[str, ...] = ()


_ID64: Final = whole(1, 2**63 - 1)

ENVELOPE: Final[dict[str, Parser]] = {
    "age_ms": whole(0, LONGEST_AGE_MS),
    "seen": as_seen,
    "capture": whole(0, 2**53),
    "queued": as_flag,
    "device": as_text,
    "carry_min": whole(0, LONGEST_CARRY_MIN),
    "before_count": _ID64,
    "after_count": _ID64,
    "corrects": as_id,
    "action": as_id,
}

_LOT: Final[dict[str, Parser]] = {"lot": as_mark, "serial": as_mark}
# A blank label that a new thing gets, and the scanned text that led to its making.
_LABEL: Final[dict[str, Parser]] = {"label": as_reference, "alias": as_reference}

KINDS: Final[dict[str, Shape]] = {
    "check_out": Shape(
        {"asset": as_reference},
        {
            "to_person": as_reference,
            "to_location": as_reference,
            "to_asset": as_reference,
            "due_on": as_day,
            "note": as_text,
        },
        exactly_one=("to_person", "to_location", "to_asset"),
    ),
    "check_in": Shape(
        {"asset": as_reference},
        {"location": as_reference, "condition": whole(1, 5), "note": as_text},
    ),
    "move_asset": Shape({"asset": as_reference, "location": as_reference}, {"note": as_text}),
    "install": Shape(
        {"asset": as_reference, "part": as_reference, "quantity": as_quantity},
        {
            "location": as_reference,
            "removed_serial": as_text,
            "work": as_text,
            "note": as_text,
            **_LOT,
        },
    ),
    "return_part": Shape(
        {
            "asset": as_reference,
            "part": as_reference,
            "quantity": as_quantity,
            "location": as_reference,
        },
        {"condition": whole(1, 5), "note": as_text, **_LOT},
    ),
    "receive": Shape(
        {"part": as_reference, "location": as_reference},
        {
            "quantity": as_quantity,
            "serials": as_marks,
            "unit_cost": as_cost,
            "expires_on": as_day,
            "requisition": as_text,
            "note": as_text,
            **_LOT,
        },
        at_least_one=("quantity", "serial", "serials"),
    ),
    "issue": Shape(
        {
            "part": as_reference,
            "location": as_reference,
            "quantity": as_quantity,
            "reason": as_text,
        },
        {"note": as_text, **_LOT},
    ),
    "transfer": Shape(
        {
            "part": as_reference,
            "from_location": as_reference,
            "to_location": as_reference,
            "quantity": as_quantity,
        },
        {"note": as_text, **_LOT},
    ),
    "count": Shape(
        {"location": as_reference, "part": as_reference},
        {
            "quantity": as_count,
            "serials": as_marks,
            "count": as_text,
            "window_ms": whole(0, 86_400_000),
            "complete": as_flag,
            "note": as_text,
            **_LOT,
        },
        at_least_one=("quantity", "serials"),
    ),
    "scrap": Shape(
        {
            "part": as_reference,
            "location": as_reference,
            "quantity": as_quantity,
            "reason": as_text,
        },
        {"note": as_text, **_LOT},
    ),
    "condition": Shape({"asset": as_reference, "value": whole(1, 5)}, {"note": as_text}),
    "link": Shape({"text": as_reference, "thing": as_reference}, {"note": as_text}),
    "claim": Shape({"label": as_reference, "thing": as_reference}, {"note": as_text}),
    "reverse": Shape({"operation": as_id}, {"note": as_text}),
    "retime": Shape({"operation": as_id}, {"note": as_text}),
}

# What the create endpoints and forms send; the same door, the same idempotency.
CREATE_KINDS: Final[dict[str, Shape]] = {
    "create_asset": Shape(
        {"name": as_name},
        {
            "tag": as_name,
            "model": as_reference,
            "serial": as_text,
            "location": as_reference,
            "condition": whole(1, 5),
            "purchase_date": as_day,
            "purchase_cost": as_money,
            "salvage": as_money,
            "life_months": whole(1, 1200),
            "warranty_until": as_day,
            "notes": as_text,
            **_LABEL,
        },
    ),
    "create_part": Shape(
        {"name": as_name, "part_number": as_name},
        {
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
            "barcode": as_reference,
            "abc_class": one_of("A", "B", "C"),
            "stocked": as_flag,
            "tracking": one_of("none", "lot", "serial"),
            **_LABEL,
        },
    ),
    "create_location": Shape(
        {"name": as_name, "kind_of_place": one_of("site", "area", "bin")},
        {"parent": as_reference, **_LABEL},
    ),
    "create_model": Shape(
        {"name": as_name},
        {
            "manufacturer": as_text,
            "model_number": as_text,
            "category": as_text,
            "life_months": whole(1, 1200),
        },
    ),
    "create_person": Shape({"name": as_name, "role": one_of(*Role)}, _LABEL),
}
