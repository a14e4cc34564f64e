"""What is recorded, for the screens that show it."""

import json
from collections.abc import Mapping
from typing import Any

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import NotFound
from stockscan.domain.operations import KINDS, is_id, parse_op
from stockscan.services.operations.hiding import records_for_reader
from stockscan.services.operations.verbs import UNDOABLE
from stockscan.services.work import Context, reading
from stockscan.store import operations as store

# More than any action of a person has.
MOST_IN_ACTION = 500


def get(ctx: Context, operation_id: str) -> store.Recorded:
    """One recorded operation. Raises `NotFound`."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        found = store.recorded(connection, operation_id)
    if found is None:
        raise NotFound("That operation is not recorded.")
    return records_for_reader(ctx, [found])[0]


def find(ctx: Context, operation_id: str) -> store.Recorded | None:
    """The operation of this person under this id, None where there is none (yet)."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        found = store.recorded(connection, operation_id)
    if found is None or found.person_id != actor.person_id:
        return None
    return records_for_reader(ctx, [found])[0]


def is_same(ctx: Context, raw: Mapping[str, Any], operation_id: str) -> bool:
    """Whether a recorded operation says the same as this one, but for how long it took."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        content = store.content_of(connection, operation_id)
    if content is None:
        return False
    one, other = (_without_window(said) for said in (json.loads(content), raw))
    return parse_op(one, KINDS).digest == parse_op(other, KINDS).digest


def _without_window(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name != "window_ms"}


def of_action(ctx: Context, action_id: str) -> list[store.Recorded]:
    """This person's operations of an action, in order; none for one that was never recorded."""
    actor = require(ctx.actor, Permission.READ)
    if not is_id(action_id):
        return []
    with reading() as connection:
        found = store.of_action(connection, action_id, MOST_IN_ACTION)
    return records_for_reader(ctx, [row for row in found if row.person_id == actor.person_id])


def undoable(ctx: Context, action_id: str) -> list[str]:
    """The operations of an action that can be taken back, newest first.

    Its own of this person; of an action of one operation also anybody's, for those who may.
    """
    actor = require(ctx.actor, Permission.READ)
    if not is_id(action_id):
        return []
    with reading() as connection:
        found = store.of_action(connection, action_id, MOST_IN_ACTION)
        alone = store.recorded(connection, action_id)
    mine = [row for row in found if row.person_id == actor.person_id]
    wanted = mine or ([alone] if alone else [])
    return [row.id for row in reversed(wanted) if is_undoable(row)]


def is_undoable(row: store.Recorded) -> bool:
    """Whether a recorded operation can be taken back as if it had never been recorded."""
    return row.kind in UNDOABLE and not row.reversed and row.status != "dismissed"


def recent(ctx: Context, limit: int = 12) -> list[store.Recorded]:
    """What this person recorded last, newest first: `limit` operations, the last action whole."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        rows = store.recent(connection, actor.person_id, limit)
        if len(rows) < limit:
            return records_for_reader(ctx, rows)
        last = rows[-1].action_id
        whole = store.of_action(connection, last, MOST_IN_ACTION)
    mine = [row for row in reversed(whole) if row.person_id == actor.person_id]
    return records_for_reader(ctx, [row for row in rows if row.action_id != last] + mine)
