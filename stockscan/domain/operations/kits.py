"""The writes about kits: what a job needs, what is kept for it, picked for it and put back."""

from typing import Final

from stockscan.domain.operations.shape import Shape
from stockscan.domain.operations.values import (
    Parser,
    as_mark,
    as_quantity,
    as_reference,
    as_text,
    whole,
)

_LOT: Final[dict[str, Parser]] = {"lot": as_mark, "serial": as_mark}
_GOODS: Final[dict[str, Parser]] = {"part": as_reference, "quantity": as_quantity}
_LINE: Final[dict[str, Parser]] = {"job": as_reference, "part": as_reference}

# Without `part` all of the kit is kept, or no longer; without `to_location` the kit lies at the
# company's place of kits, without `from_location` what is put back comes from where it lies.
KIT_KINDS: Final[dict[str, Shape]] = {
    "pick": Shape(
        {"work": as_reference, "location": as_reference, **_GOODS},
        {"to_location": as_reference, "note": as_text, **_LOT},
    ),
    "put_back": Shape(
        {"work": as_reference, **_GOODS},
        {"location": as_reference, "from_location": as_reference, "note": as_text, **_LOT},
    ),
    "reserve_kit": Shape({"job": as_reference}, {"part": as_reference, "quantity": as_quantity}),
    "release_kit": Shape({"job": as_reference}, {"part": as_reference}),
    "set_job_part": Shape({**_LINE, "quantity": as_quantity}, {"probability": whole(1, 100)}),
    "remove_job_part": Shape(_LINE),
}
