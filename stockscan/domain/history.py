"""Which rows of the history a person may take back."""

from typing import Final

from stockscan.domain.access import Actor, Permission

# Counts are corrected by counting again; a reversal is not reversed.
_UNDOABLE: Final = frozenset(
    {
        "receive", "issue", "install", "return_from_asset", "transfer_out", "transfer_in", "scrap",
        "check_out", "check_in", "move", "condition", "status", "note", "meter",
    }
)  # fmt: skip


def may_undo(actor: Actor, kind: str, person_id: int, *, undone: bool) -> bool:
    """Whether the actor may take back a row of this kind that this person recorded."""
    if undone or kind not in _UNDOABLE:
        return False
    own = person_id == actor.person_id
    return actor.may(Permission.OPERATION_REVERSE_ANY) or (
        own and actor.may(Permission.OPERATION_REVERSE_OWN)
    )
