"""The writes about maintenance plans: what makes work due, and the kit that it needs."""

from typing import Final

from stockscan.domain.maintenance import Basis
from stockscan.domain.maintenance.cycles import Unit
from stockscan.domain.operations.shape import Shape
from stockscan.domain.operations.values import (
    Parser,
    as_choices,
    as_count,
    as_day,
    as_flag,
    as_name,
    as_quantity,
    as_reference,
    as_share,
    as_text,
    one_of,
    whole,
)

_PLAN: Final[dict[str, Parser]] = {
    "every": whole(1, 3650),
    "unit": one_of(*Unit),
    "starts_on": as_day,
    "meter": as_name,
    "every_meter": as_quantity,
    "starts_meter": as_count,
    "part": as_reference,
    "counts_from": one_of("planned", "done"),
    "horizon_days": whole(0, 365),
    "minutes": whole(1, 100_000),
    "stops_asset": as_flag,
    "instructions": as_text,
    "checklist": as_choices,
}

CREATE_PLAN: Final = Shape(
    {"name": as_name, "basis": one_of(*Basis)},
    {"model": as_reference, "asset": as_reference, **_PLAN},
    exactly_one=("model", "asset"),
)
EDIT_PLAN: Final = Shape(
    {"plan": as_text},
    {"name": as_name, **_PLAN, "active": as_flag, "based_on": whole(0, 2**63 - 1)},
    clears=True,
    lasting=frozenset({"name", "counts_from", "horizon_days", "stops_asset", "active"}),
)
SET_PLAN_PART: Final = Shape(
    {"plan": as_text, "part": as_reference, "quantity": as_quantity}, {"probability": as_share}
)
REMOVE_PLAN_PART: Final = Shape({"plan": as_text, "part": as_reference})
