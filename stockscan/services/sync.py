"""The catalogue for phones: everything at first, then only what changed, and never less."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import as_code, spelling
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import format_quantity
from stockscan.domain.operations import parse_id, seen_token
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import sync
from stockscan.store.screen import asset_title, location_title

_GONE_ASSETS: Final = frozenset({"retired", "disposed"})


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a phone has read: all that changed before `since`, and now up to the code `after`.

    `following` is where it goes on when this walk is done. A walk from 0 names everything.
    """

    epoch: str
    since: int = 0
    following: int = 0
    after: str = ""

    @property
    def text(self) -> str:
        """The cursor as it travels."""
        return f"{self.epoch}.{self.since}.{self.following}.{self.after}"


def catalogue(ctx: Context, *, since: str, limit: int, last: str) -> dict[str, Any]:
    """One page of what changed behind the cursor `since`, or of everything where that is empty.

    Who follows the cursors misses no committed change; some come twice. A cursor of another epoch
    starts from the beginning. `last` is an operation that was acknowledged once: `knows` tells
    whether it is still recorded. Raises `Invalid` for what is no cursor or no id.
    """
    require(ctx.actor, Permission.SCAN)
    known = parse_id(last, field="last") if last else ""
    with reading() as connection:
        cursor = _cursor(since, sync.epoch(connection))
        answer = _page(connection, cursor, limit)
        if known:
            answer["knows"] = sync.is_recorded(connection, known)
    return {**answer, "epoch": cursor.epoch, "seen": seen_token(ctx.now_us)}


def epoch(ctx: Context) -> str:
    """The name of this database's life; phones that know another one offer their work again."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        return sync.epoch(connection)


def new_epoch(ctx: Context) -> None:
    """Begin a new life of the database: what a restored backup needs, once it is in place."""
    require(ctx.actor, Permission.SETTINGS_EDIT)

    def work() -> None:
        with unit_of_work() as session:
            sync.renew_epoch(session)

    retrying(work)


def _cursor(raw: str, epoch: str) -> Cursor:
    """The cursor as it was handed out, or a first one."""
    fields = raw.split(".")
    if raw and len(fields) != 4:
        raise Invalid("That is no cursor of ours. Start without one.", field="since")
    if not raw or fields[0] != epoch:
        return Cursor(epoch)
    numbers, after = fields[1:3], fields[3]
    plausible = all(number.isdecimal() and len(number) <= 18 for number in numbers)
    if not plausible or (after and as_code(after) != after):
        raise Invalid("That is no cursor of ours. Start without one.", field="since")
    return Cursor(epoch, int(numbers[0]), int(numbers[1]), after)


def _page(connection: Connection, cursor: Cursor, limit: int) -> dict[str, Any]:
    horizon = sync.horizon(connection)
    codes = sync.changed(connection, cursor.since, horizon.ceiling, cursor.after, limit + 1)
    following = cursor.following or horizon.floor
    more, codes = len(codes) > limit, codes[:limit]
    if more:
        going_on = Cursor(cursor.epoch, cursor.since, following, codes[-1])
    else:
        going_on = Cursor(cursor.epoch, following)
    things = _things(connection, codes)
    told = {thing["code"] for thing in things}
    return {
        "cursor": going_on.text,
        "more": more,
        "whole": cursor.since == 0,
        "things": things,
        "gone": [code for code in codes if code not in told],
    }


def _things(connection: Connection, codes: Any) -> list[dict[str, Any]]:
    if not codes:
        return []
    aliases = sync.aliases(connection, codes)
    found = [
        *map(_asset, sync.assets(connection, codes)),
        *_parts(connection, codes),
        *map(_location, sync.locations(connection, codes)),
        *map(_person, sync.people(connection, codes)),
    ]
    for thing in found:
        names = map(spelling, filter(None, thing["refs"]))
        thing["refs"] = list(dict.fromkeys([*names, *aliases.get(thing["code"], ())]))
    return found


def _asset(row: Any) -> dict[str, Any]:
    return {
        "kind": "asset",
        "code": row.code,
        "title": asset_title(row.name, row.tag),
        "refs": [row.tag, row.serial],
        "tag": row.tag,
        "model": row.model or "",
        "out": row.holder is not None,
        "holder": row.holder,
        "location": row.location,
        "retired": row.status in _GONE_ASSETS,
    }


def _parts(connection: Connection, codes: Any) -> list[dict[str, Any]]:
    rows = sync.parts(connection, codes)
    ids = [row.id for row in rows]
    balances = sync.balances(connection, ids) if ids else {}
    blind = sync.counted_blind(connection, ids) if ids else {}
    further = sync.further_numbers(connection, ids) if ids else {}
    return [
        {
            "kind": "part",
            "code": row.code,
            "title": row.name,
            "refs": [
                row.part_number,
                row.manufacturer_part_number,
                row.supplier_part_number,
                *further.get(row.id, ()),
            ],
            "number": row.part_number,
            "unit": row.unit,
            "location": row.location,
            "tracking": row.tracking,
            "balances": [
                [code, format_quantity(milli)] for code, milli in balances.get(row.id, ())
            ],
            "blind": blind.get(row.id, []),
        }
        for row in rows
    ]


def _location(row: Any) -> dict[str, Any]:
    return {
        "kind": "location",
        "code": row.code,
        "title": location_title(row.name, row.kind),
        "refs": [row.name],
        "type": row.kind,
    }


def _person(row: Any) -> dict[str, Any]:
    return {"kind": "person", "code": row.code, "title": row.name, "refs": [row.username]}
