"""Planning a count: what people choose becomes a scope, and how much that is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.codes import Kind, read
from stockscan.domain.counts.scope import MOST_NAMED, TRIGGERS, Scope, Why
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import midnight_us
from stockscan.services.work import Context, reading
from stockscan.store import settings
from stockscan.store.catalogue.search import Hit, find_kind
from stockscan.store.counts import planning as store
from stockscan.store.counts.blindness import blindness
from stockscan.store.counts.planning import CounterRow, Named
from stockscan.store.counts.scoping import keys_in_scope
from stockscan.store.scanning import Found, resolve

# How long a line takes where nobody has counted yet.
SECONDS_A_LINE: Final = 6.0
MOST_PEOPLE: Final = 100
MOST_OFFERED: Final = 4
LAST_YEAR: Final = 3000

# What people choose from, in the order in which they are asked, with the reasons that it means.
CHOICES: Final[dict[str, tuple[Why, ...]]] = {
    "places": (),
    "parts": (),
    "due": (Why.DUE,),
    "odd": TRIGGERS,
    "negative": (Why.NEGATIVE,),
    "zero": (Why.ZERO,),
    "mine": (Why.TOUCHED,),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants counted, as it was chosen; `what` is one of `CHOICES`.

    Places and parts are named by anything that can be scanned or typed for them. `not_since`
    leaves out what was counted on that day or later.
    """

    what: str = "places"
    places: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    most: int | None = None
    not_since: date | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """How much a wish comes to: its scope, what it names, and the time by past counts.

    `measured` says whether the time is measured or assumed.
    """

    scope: Scope
    places_named: list[Named]
    parts_named: list[Named]
    places: int
    records: int
    seconds_a_line: float
    measured: bool

    @property
    def minutes(self) -> int:
        """About how many minutes one person needs."""
        return ceil(self.records * self.seconds_a_line / 60)

    @property
    def called(self) -> str:
        """What it names, for a count that nobody gives a name; "" for nothing."""
        named = self.places_named or self.parts_named
        more = f" and {len(named) - 2} more" if len(named) > 2 else ""
        return ", ".join(each.name for each in named[:2]) + more


def preview(ctx: Context, wish: Wish) -> Preview:
    """How much it is. Raises `Invalid` for what names nothing, with its field."""
    actor = require(ctx.actor, Permission.COUNT_PLAN)
    with reading() as connection:
        scope = _scope(ctx, actor, connection, wish)
        return sized(ctx, connection, scope, is_chosen=wish.what != "parts" or bool(scope.parts))


def sized(ctx: Context, connection: Connection, scope: Scope, *, is_chosen: bool = True) -> Preview:
    """How much a scope is now; nothing where nothing `is_chosen` yet.

    What the actor still has to count blind is left out: how many are below zero would tell.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)
    keys = keys_in_scope(scope, settings.load(connection), ctx.now_us)
    blind = blindness(connection, actor)
    records, places = store.size(connection, keys, blind) if is_chosen else (0, 0)
    seconds = store.usual_seconds(connection)
    return Preview(
        scope,
        store.places_named(connection, scope.locations),
        store.parts_named(connection, scope.parts),
        places,
        records,
        seconds or SECONDS_A_LINE,
        seconds is not None,
    )


def counters(ctx: Context) -> list[CounterRow]:
    """The people who may be asked to count, by name."""
    require(ctx.actor, Permission.COUNT_RECORD)
    with reading() as connection:
        return store.counters(connection, MOST_PEOPLE)


def _day_us(day: date | None) -> int | None:
    if day is not None and not 1970 <= day.year < LAST_YEAR:
        raise Invalid("Enter a day of these years.", field="not_since")
    return None if day is None else midnight_us(day)


def _scope(ctx: Context, actor: Actor, connection: Connection, wish: Wish) -> Scope:
    if wish.what not in CHOICES:
        raise Invalid("Choose what to count.", field="what")
    scope = Scope(
        locations=_ids(connection, Kind.LOCATION, "places", wish.places),
        classes=tuple(sorted(set(wish.classes) & set("ABC"))),
        why=CHOICES[wish.what],
        counted_before_us=_day_us(wish.not_since),
        most=wish.most,
    )
    if wish.what == "parts":
        return replace(scope, parts=_ids(connection, Kind.PART, "parts", wish.parts))
    if wish.what == "mine":
        since_us = midnight_us(ctx.today)
        return replace(scope, touched_by=actor.person_id, touched_since_us=since_us)
    return scope


def _ids(connection: Connection, kind: Kind, field: str, texts: Sequence[str]) -> tuple[int, ...]:
    if len(texts) > MOST_NAMED:
        raise Invalid(f"Choose at most {MOST_NAMED}, or a place around them.", field=field)
    word = "place" if kind == Kind.LOCATION else "part"
    found = []
    for text in texts:
        thing = resolve(connection, read(text), (kind,))
        if thing is None or thing.id is None:
            thing = _nearest(connection, kind, text)
        if thing is None or thing.id is None:
            raise Invalid(f"No {word} is called “{text[:60]}”. Scan its label.", field=field)
        found.append(thing.id)
    return tuple(dict.fromkeys(found))


def _nearest(connection: Connection, kind: Kind, text: str) -> Found | None:
    """The only thing of a kind that a search finds; `Invalid` names some where it finds several."""
    hits = find_kind(connection, kind, text, MOST_OFFERED + 1)
    if len(hits) > 1:
        names = ", ".join(_called(kind, hit) for hit in hits[:MOST_OFFERED])
        more = " and others" if len(hits) > MOST_OFFERED else ""
        field = "places" if kind == Kind.LOCATION else "parts"
        raise Invalid(f"“{text[:60]}” may be {names}{more}. Type one of them.", field=field)
    return resolve(connection, read(hits[0].code), (kind,)) if hits else None


def _called(kind: Kind, hit: Hit) -> str:
    return hit.detail or hit.name if kind == Kind.PART else hit.name
