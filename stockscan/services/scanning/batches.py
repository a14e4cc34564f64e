"""Scan many, then act: what is on the list, what stands in its way, and what is to be written."""

from dataclasses import dataclass
from typing import Any

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import CODE_LENGTH, Kind, as_code
from stockscan.domain.errors import RuleBroken
from stockscan.services.scanning.planning import MOST_COLLECTED
from stockscan.services.work import Context, reading
from stockscan.store import screen
from stockscan.store.counts.blindness import blindness
from stockscan.store.screen import Thing


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something on the list that the action can't take as it is.

    `why` says what is so; `hand_over` that bringing it back first resolves it, else it can only be
    left out.
    """

    thing: Thing
    why: str
    hand_over: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """What is collected, newest first; with an action (`to` given or not) what stands in its way.

    `ready` goes as it is; `operations` are the writes of the action once its blockers are resolved
    (`resolve`), without their ids.
    """

    things: tuple[Thing, ...]
    act: str = ""
    to: Thing | None = None
    ready: tuple[Thing, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    operations: tuple[dict[str, Any], ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes on the list."""
        return tuple(thing.code for thing in self.things)


def codes_of(text: str) -> tuple[str, ...]:
    """The codes of a list as an address carries it: joined by dots, each once, at most 100."""
    found = (as_code(part) for part in text[: (CODE_LENGTH + 1) * MOST_COLLECTED].split("."))
    return tuple(dict.fromkeys(code for code in found if code))


def collected(ctx: Context, codes: tuple[str, ...]) -> Batch:
    """The things on the list; codes that stand for nothing any more are left out."""
    actor = require(ctx.actor, Permission.SCAN)
    with reading() as connection:
        found = screen.things(connection, codes, blindness(connection, actor))
    return Batch(tuple(found[code] for code in codes if code in found))


def hand_out(ctx: Context, codes: tuple[str, ...], to: Thing, *, resolve: bool = False) -> Batch:
    """Check everything on the list out to a person, a place or an asset.

    With `resolve`, what is out comes back first and what can't be checked out is left out. Raises
    `RuleBroken` for a person who no longer works here.
    """
    if to.status == "inactive":
        raise RuleBroken(
            f"{to.title} no longer works here. Scan another badge.", code="person_inactive"
        )
    batch = collected(ctx, codes)
    field = {Kind.PERSON: "to_person", Kind.LOCATION: "to_location"}.get(to.kind, "to_asset")
    blockers = tuple(filter(None, (_why_not_out(thing, to) for thing in batch.things)))
    stuck = {blocker.thing.code for blocker in blockers}
    ready = tuple(thing for thing in batch.things if thing.code not in stuck)
    operations = []
    for blocker in blockers:
        if resolve and blocker.hand_over:
            operations.append({"kind": "check_in", "asset": blocker.thing.code})
            operations.append({"kind": "check_out", "asset": blocker.thing.code, field: to.code})
    operations += [{"kind": "check_out", "asset": thing.code, field: to.code} for thing in ready]
    return Batch(batch.things, "check_out", to, ready, blockers, tuple(operations))


def bring_back(ctx: Context, codes: tuple[str, ...], to: Thing | None) -> Batch:
    """Check in everything on the list, into a place where one is given; what is in is moved."""
    batch = collected(ctx, codes)
    blockers = tuple(filter(None, (_why_not_here(thing, to) for thing in batch.things)))
    stuck = {blocker.thing.code for blocker in blockers}
    ready = tuple(thing for thing in batch.things if thing.code not in stuck)
    place = {"location": to.code} if to else {}
    operations = tuple(
        {"kind": "check_in" if thing.out else "move_asset", "asset": thing.code, **place}
        for thing in ready
    )
    return Batch(batch.things, "check_in", to, ready, blockers, operations)


def _why_not_out(thing: Thing, to: Thing) -> Blocker | None:
    if thing.kind is not Kind.ASSET:
        return Blocker(thing, "Only assets are checked out. Parts are installed or issued.")
    if thing.status in {"retired", "disposed"}:
        return Blocker(thing, f"It was {thing.status}.")
    if thing.code == to.code:
        return Blocker(thing, "It can't be checked out to itself.")
    if thing.out and thing.holder_code == to.code:
        return Blocker(thing, f"{thing.holder} has it already.")
    if thing.out:
        return Blocker(thing, f"{thing.holder} has it.", hand_over=True)
    return None


def _why_not_here(thing: Thing, to: Thing | None) -> Blocker | None:
    if thing.kind is not Kind.ASSET:
        return Blocker(thing, "Only assets are brought back. Move parts bin by bin.")
    if not thing.out and to is None:
        return Blocker(thing, "It is not checked out.")
    return None
