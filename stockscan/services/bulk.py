"""Changing many assets at once: which were chosen, and what has to be recorded about each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, TooLarge
from stockscan.domain.operations import EDIT_KINDS, KINDS
from stockscan.services.work import Context, reading
from stockscan.store.catalogue import assets as queries
from stockscan.store.catalogue.assets import AssetRow

# As many as one action holds.
MOST: Final = 500
# The operations that `steps` makes.
SHAPES: Final = {**KINDS, **EDIT_KINDS}


@dataclass(frozen=True, slots=True)
class Wish:
    """What all chosen assets shall become; what is empty stays as it is."""

    model: str = ""
    category: str = ""
    location: str = ""
    condition: str = ""
    status: str = ""
    reason: str = ""
    back: bool = False


def chosen(ctx: Context, codes: Sequence[str]) -> list[AssetRow]:
    """The assets with these label codes, by tag. Raises `TooLarge` for more than 500."""
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    if len(codes) > MOST:
        raise TooLarge(f"{len(codes)} are too many at once. Choose at most {MOST}.")
    with reading() as connection:
        return queries.assets_called(connection, codes)


def steps(rows: Sequence[AssetRow], wish: Wish) -> list[dict[str, Any]]:
    """The operations that make the assets what is wished; what one is already, it needs none for.

    Raises `Invalid` when nothing is wished or needed, `TooLarge` for more than one action holds.
    """
    if wish in (Wish(), Wish(reason=wish.reason)):
        raise Invalid("Say what to change first.")
    found = [step for row in rows for step in _steps_of(row, wish)]
    if not found:
        raise Invalid("They are all like that already.")
    if len(found) > MOST:
        message = f"That is {len(found)} changes; at most {MOST} at once. Choose fewer assets."
        raise TooLarge(message)
    return found


def _steps_of(row: AssetRow, wish: Wish) -> list[dict[str, Any]]:
    """What came back is graded and put away before it is retired."""
    edit = {name: getattr(wish, name) for name in ("model", "category") if getattr(wish, name)}
    is_there = wish.location in (row.location, row.location_code)
    candidates: list[tuple[bool, dict[str, Any]]] = [
        (wish.back and row.is_out, {"kind": "check_in"}),
        (bool(edit), {"kind": "edit_asset", **edit}),
        (bool(wish.location) and not is_there, {"kind": "move_asset", "location": wish.location}),
        (bool(wish.condition), {"kind": "condition", "value": wish.condition}),
        (
            wish.status not in ("", row.status),
            {"kind": "set_status", "status": wish.status, "reason": wish.reason},
        ),
    ]
    return [{**step, "asset": row.code} for is_needed, step in candidates if is_needed]
