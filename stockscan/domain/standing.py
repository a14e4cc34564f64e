"""Where an asset stands: who has it, where, until when and how it is, folded from its events."""

from collections.abc import Iterable
from typing import Any


def fold(events: Iterable[Any]) -> dict[str, Any]:
    """What an asset's row must say after these events of it, in the order of (effective_us, seq).

    Each has the columns of an event and `taken_back`. `condition` is left out where none was ever
    recorded: then the asset has the one that it came with.
    """
    out, placed, graded, status, due_on, ever = None, None, None, "in_service", None, False
    for event in events:
        ever = ever or event.condition is not None
        if event.taken_back:
            continue
        if event.kind == "check_out":
            out, due_on = event, event.due_on
        elif event.kind == "check_in":
            out = None
        elif event.kind == "status":
            status = event.to_status
        elif event.kind == "note" and event.due_on is not None:
            due_on = event.due_on
        if event.kind in {"check_in", "move"} and event.to_location_id is not None:
            placed = event.to_location_id
        if event.condition is not None:
            graded = event.condition
    return {
        **({"condition": graded} if ever else {}),
        "custodian_person_id": out and out.to_person_id,
        "custodian_location_id": out and out.to_location_id,
        "custodian_asset_id": out and out.to_asset_id,
        "out_since_us": out and out.effective_us,
        "due_on": due_on if out else None,
        "location_id": placed,
        "status": status,
    }
