"""Reviewing a count: how it stands, and its lines by the page, however many there are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.errors import Invalid, NotFound
from stockscan.services.counts.answers import known_form
from stockscan.services.work import Context, reading
from stockscan.store import settings
from stockscan.store.counts import lines as counting
from stockscan.store.counts import listed
from stockscan.store.counts import reviewing as store
from stockscan.store.counts.blindness import Blindness, blindness
from stockscan.store.counts.listed import Filters, Row
from stockscan.store.counts.reviewing import Head, Show, Totals
from stockscan.store.counts.stories import counters

# Where a page starts: the value or the order of a line, and its number.
_PLACE: Final = re.compile(r"(-?[0-9]{1,18})\.([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Review:
    """A count and one page of its lines. `after` is where the next page starts, "" at the end.

    `within` is how many lines to decide about are worth so little, and their sum, if asked for.
    `hidden` tells that who looks still counts blind here: then there are no figures.
    """

    head: Head
    totals: Totals
    filters: Filters
    rows: list[Row]
    after: str
    people: list[tuple[str, str]]
    counters: list[tuple[str, str]]
    target_bp: int
    within: tuple[int, int] | None
    hidden: bool
    may_decide: bool


def review(ctx: Context, count_id: str, filters: Filters, after: str = "") -> Review:
    """How a count stands, and a page of its lines. Raises `NotFound`, `Invalid` for the page."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        head = store.head_of(connection, known_form(count_id))
        if head is None:
            raise NotFound("There is no such count.")
        blind = blindness(connection, actor)
        count_id = head.id
        hidden = count_id in blind.counts
        totals = store.totals_of(connection, count_id)
        filters = replace(filters, show=filters.show or totals.first)
        kept = hidden and filters.show is not Show.UNCOUNTED
        rows = [] if kept else _page(connection, count_id, filters, blind, after)
        return Review(
            head=head,
            totals=totals,
            filters=filters,
            rows=rows[: listed.PAGE],
            after=_behind(rows, filters),
            people=store.people_of(connection, count_id),
            counters=counters(connection),
            target_bp=settings.load(connection).count_target_bp,
            within=_within(connection, actor, count_id, filters),
            hidden=hidden,
            may_decide=actor.may(Permission.COUNT_APPROVE),
        )


def within(ctx: Context, count_id: str, filters: Filters) -> tuple[int, int]:
    """How many lines the filters let through that one may book, and what they are worth together.

    What one counted oneself is for somebody else to decide.
    """
    actor = require(ctx.actor, Permission.COUNT_APPROVE)
    with reading() as connection:
        mine = _without_own(connection, actor, filters)
        return listed.sum_of(connection, known_form(count_id), mine)


def seen_within(ctx: Context, count_id: str, filters: Filters) -> dict[int, int]:
    """The variance of each of these lines, as it was shown last."""
    actor = require(ctx.actor, Permission.COUNT_APPROVE)
    with reading() as connection:
        mine = _without_own(connection, actor, filters)
        return listed.seen_of(connection, known_form(count_id), mine)


def _page(
    connection: Connection, count_id: str, filters: Filters, blind: Blindness, after: str
) -> list[Row]:
    """One page, and one row more where there are more."""
    behind = _place(after)
    limit = listed.PAGE + 1
    return listed.rows_of(connection, count_id, filters, blind, after=behind, limit=limit)


def _within(
    connection: Connection, actor: Actor, count_id: str, filters: Filters
) -> tuple[int, int] | None:
    if filters.most_e4 is None or filters.show is not Show.DECIDE:
        return None
    if not actor.may(Permission.COUNT_APPROVE):
        return None
    return listed.sum_of(connection, count_id, _without_own(connection, actor, filters))


def _place(after: str) -> tuple[int, int] | None:
    """Where a page starts, as its address says it."""
    if not after:
        return None
    place = _PLACE.fullmatch(after)
    if place is None:
        raise Invalid("That page is gone. Start at the first one.", field="after")
    return int(place[1]), int(place[2])


def _behind(rows: Sequence[Row], filters: Filters) -> str:
    if len(rows) <= listed.PAGE:
        return ""
    order, line_id = listed.place_of(rows[listed.PAGE - 1], filters)
    return f"{order}.{line_id}"


def _without_own(connection: Connection, actor: Actor, filters: Filters) -> Filters:
    own = None if counting.single_user(connection) else actor.person_id
    return replace(filters, not_of=own)
