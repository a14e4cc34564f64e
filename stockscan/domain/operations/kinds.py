"""Every kind of write, with the fields that it must and may have."""

from typing import Final

from stockscan.domain.operations.jobs import JOB_KINDS
from stockscan.domain.operations.kits import KIT_KINDS
from stockscan.domain.operations.shape import Shape
from stockscan.domain.operations.values import (
    LONGEST_AGE_MS,
    LONGEST_CARRY_MIN,
    Parser,
    as_cost,
    as_count,
    as_day,
    as_entries,
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
from stockscan.domain.reports import Disposition

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
    "move_part": Shape(
        {
            "from_asset": as_reference,
            "to_asset": as_reference,
            "part": as_reference,
            "quantity": as_quantity,
        },
        {"removed_serial": as_text, "work": as_text, "note": as_text, **_LOT},
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
    # Without a part: the bin is empty (a quantity of 0), or what was counted there is all.
    "count": Shape(
        {"location": as_reference},
        {
            "part": as_reference,
            "counter": as_reference,
            "quantity": as_count,
            "serials": as_marks,
            "count": as_text,
            "window_ms": whole(0, 86_400_000),
            "complete": as_flag,
            "entries": as_entries,
            "note": as_text,
            **_LOT,
        },
        at_least_one=("quantity", "serials", "complete"),
    ),
    "audit": Shape(
        {"asset": as_reference, "location": as_reference},
        {"count": as_text, "condition": whole(1, 5), "note": as_text},
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
    # Scrap of what nobody needs any more, with what became of it and what it brought in.
    "dispose": Shape(
        {
            "part": as_reference,
            "location": as_reference,
            "quantity": as_quantity,
            "how": one_of(*Disposition),
        },
        {"proceeds": as_money, "recipient": as_text, "note": as_text, **_LOT},
    ),
    "condition": Shape({"asset": as_reference, "value": whole(1, 5)}, {"note": as_text}),
    "set_status": Shape(
        {"asset": as_reference, "status": one_of("in_service", "down", "retired", "disposed")},
        {"reason": as_text, "proceeds": as_money},
    ),
    "set_due": Shape({"asset": as_reference, "due_on": as_day}, {"note": as_text}),
    "read_meter": Shape(
        {"asset": as_reference, "meter": as_name, "value": as_count},
        {"unit": as_text, "replaced": as_flag, "note": as_text},
    ),
    "note": Shape({"asset": as_reference, "note": as_name}),
    "unlink": Shape({"text": as_reference}),
    "link": Shape({"text": as_reference, "thing": as_reference}, {"note": as_text}),
    "claim": Shape({"label": as_reference, "thing": as_reference}, {"note": as_text}),
    "reverse": Shape({"operation": as_id}, {"note": as_text}),
    "retime": Shape({"operation": as_id}, {"note": as_text}),
    **JOB_KINDS,
    **KIT_KINDS,
}
