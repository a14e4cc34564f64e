"""What is likely wanted next for the chosen thing, so that one tap does it."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind, read
from stockscan.domain.scanning import STOCK_MODES, Mode
from stockscan.services.work import Context, reading
from stockscan.store import operations, screen
from stockscan.store.counts.blindness import Blindness, blindness
from stockscan.store.installs.listed import ListedPart, parts_list
from stockscan.store.maintenance.jobs import JobLine, open_jobs_at
from stockscan.store.scanning import resolve
from stockscan.store.screen import Name, Thing

SHOWN_PEOPLE = 6
SHOWN_PARTS = 6
SHOWN_CONTENTS = 40
_ENTRIES = ("count", "receive", "transfer", "issue")


@dataclass(frozen=True, slots=True)
class Quick:
    """One-tap ways on: people who may get it, parts that usually go on it, parts that lie here.

    `jobs` is what is left to do on a machine. `act` is what this person did last with a part in a
    bin, so that it stands first.
    """

    people: list[Name] = field(default_factory=list)
    parts: list[ListedPart] = field(default_factory=list)
    contents: list[Name] = field(default_factory=list)
    act: str = ""
    jobs: list[JobLine] = field(default_factory=list)


def quick(ctx: Context, mode: Mode, on: Thing | None) -> Quick:
    """The quick lists for the chosen thing in this mode; empty ones for no thing."""
    actor = require(ctx.actor, Permission.READ)
    if on is None:
        return Quick()
    alive = on.status not in {"retired", "disposed"}
    hands_out = alive and not on.out and mode in {Mode.LOOK_UP, Mode.CHECK_OUT}
    fits = alive and mode in {Mode.LOOK_UP, Mode.INSTALL}
    with reading() as connection:
        blind = blindness(connection, actor)
        if on.kind is Kind.LOCATION:
            contents = screen.parts_at(connection, on.code, SHOWN_CONTENTS, blind)
            last = operations.last_kind(connection, actor.person_id, _ENTRIES)
            return Quick(contents=contents, act=last if mode not in STOCK_MODES else "")
        if on.kind is not Kind.ASSET:
            return Quick()
        people, parts = [], []
        if hands_out and actor.may(Permission.CUSTODY_CHANGE):
            people = screen.receivers(connection, actor.person_id, SHOWN_PEOPLE)
        if fits and actor.may(Permission.PART_INSTALL):
            parts = _usual_parts(connection, on, blind)[:SHOWN_PARTS]
        todo = open_jobs_at(connection, on.code) if mode in {Mode.LOOK_UP, Mode.INSTALL} else []
        return Quick(people=people, parts=parts, jobs=todo)


def _usual_parts(connection: Connection, on: Thing, blind: Blindness) -> list[ListedPart]:
    found = resolve(connection, read(on.code), (Kind.ASSET,))
    return [] if found is None or found.id is None else parts_list(connection, found.id, blind)
