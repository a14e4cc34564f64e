"""What a scanned string stands for, and the log of what was scanned."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select

from stockscan.domain import cards
from stockscan.domain.access import Permission, require
from stockscan.domain.barcodes import Data
from stockscan.domain.cards import Card
from stockscan.domain.codes import Kind, read
from stockscan.domain.errors import NotFound
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store import operations, screen
from stockscan.store.codes import ScanEvent
from stockscan.store.counts.blindness import blindness
from stockscan.store.once import Once, first_time
from stockscan.store.scanning import resolve
from stockscan.store.screen import Thing

# Two labels of one thing (the maker's and ours) come into view together.
SAME_SCAN_US = 2_000_000


@dataclass(frozen=True, slots=True)
class Resolved:
    """A scanned string and the thing behind it, None where nothing goes by it.

    `card` is the printed card that it is, if it is one; `data` what the code says besides: lot,
    serial, expiry, quantity.
    """

    text: str
    kind: Kind
    code: str | None
    thing: Thing | None
    card: Card | None = None
    actions: tuple[str, ...] = ()
    data: Data | None = None

    def json(self) -> dict[str, Any]:
        """As the API answers it."""
        named = self.thing or self.card
        said = self.data.json() if self.data else {}
        data = {"data": said} if said else {}
        return {
            "kind": self.kind.value,
            "code": self.code,
            "title": named.title if named else self.text,
            "url": self.thing.url if self.thing else None,
            "actions": list(self.actions),
            **data,
        }


def look_up(ctx: Context, raw: str) -> Resolved:
    """What a scanned or typed string stands for. Changes nothing."""
    actor = require(ctx.actor, Permission.SCAN)
    scanned = read(raw)
    with reading() as connection:
        found = resolve(connection, scanned)
        blind = blindness(connection, actor)
        thing = screen.thing(connection, found, blind) if found else None
    if found is None:
        return Resolved(scanned.text, Kind.UNKNOWN, None, None, data=scanned.data)
    card = cards.card(found.code) if found.kind is Kind.COMMAND else None
    resolved = Resolved(scanned.text, found.kind, found.code, thing, card, data=found.data)
    allowed = tuple(name for name, permission in _actions(thing) if actor.may(permission))
    return replace(resolved, actions=allowed)


def thing(ctx: Context, code: str) -> Thing:
    """The thing with this label code. Raises `NotFound`."""
    found = look_up(ctx, code).thing
    if found is None:
        raise NotFound
    return found


def log(
    ctx: Context, scanned: Resolved, way: str = "", once: Once | None = None, place: str = ""
) -> None:
    """Keep a scan, known or unknown, in the scan log; `way` is how it was read.

    `place` is the code of the room or bin that is being counted.

    With `once` a repetition keeps nothing. Raises `Conflict` for an id that was used otherwise.
    """
    actor = require(ctx.actor, Permission.SCAN)
    with unit_of_work() as session:
        if not first_time(session, once, "scan", actor.person_id, ctx.now_us):
            return
        session.execute(
            insert(ScanEvent).values(
                raw=scanned.text,
                kind=scanned.kind,
                code=scanned.code,
                way=way,
                person_id=actor.person_id,
                at_us=ctx.now_us,
                place=place or None,
            )
        )


def is_second_label(ctx: Context, scanned: Resolved) -> bool:
    """Whether this is another label of a thing that this person scanned within the last 2 seconds.

    Only if that scan did something, and if both name the same lot and serial of a tracked part.
    """
    actor = require(ctx.actor, Permission.SCAN)
    if scanned.thing is None:
        return False
    with reading() as connection:
        last = connection.execute(
            select(ScanEvent.raw, ScanEvent.code, ScanEvent.at_us)
            .where(
                ScanEvent.person_id == actor.person_id,
                ScanEvent.at_us > ctx.now_us - SAME_SCAN_US,
            )
            .order_by(ScanEvent.at_us.desc())
            .limit(1)
        ).first()
        if last is None or last.code != scanned.code or last.raw == scanned.text:
            return False
        did = operations.recent(connection, actor.person_id, 1)
    if not did or did[0].received_us < last.at_us:
        return False
    tracked = scanned.thing.tracking in {"lot", "serial"}
    return not tracked or _marks(read(last.raw).data) == _marks(scanned.data)


def _marks(data: Data | None) -> tuple[str, str]:
    return (data.lot, data.serial) if data else ("", "")


def balance(ctx: Context, part_code: str, location_code: str) -> int | None:
    """On hand of a part in a bin, in thousandths; None where this person counts it blind."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        blind = blindness(connection, actor)
        return screen.balance_at(connection, part_code, location_code, blind)


def _actions(thing: Thing | None) -> tuple[tuple[str, Permission], ...]:
    if thing is None:
        return ()
    match thing.kind:
        case Kind.ASSET:
            custody = "check_in" if thing.out else "check_out"
            return (
                (custody, Permission.CUSTODY_CHANGE),
                ("install", Permission.PART_INSTALL),
                ("move_asset", Permission.ASSET_MOVE),
            )
        case Kind.LOCATION:
            return (
                ("count", Permission.COUNT_RECORD),
                ("receive", Permission.STOCK_MOVE),
                ("issue", Permission.STOCK_MOVE),
                ("transfer", Permission.STOCK_MOVE),
            )
        case Kind.PART:
            return (
                ("install", Permission.PART_INSTALL),
                ("count", Permission.COUNT_RECORD),
                ("receive", Permission.STOCK_MOVE),
            )
        case Kind.COUNT:
            return (("count", Permission.COUNT_RECORD),)
        case _:
            return (("check_out", Permission.CUSTODY_CHANGE),)
