"""Puts the counts of the sample into the books: planned, counted a little, submitted, decided."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from stockscan.domain.codes import Kind, read
from stockscan.domain.counts.scope import Scope
from stockscan.domain.figures import format_quantity
from stockscan.domain.operations import derived_id
from stockscan.services import counts, operations
from stockscan.services.demo.told import Told
from stockscan.services.operations import Outcome
from stockscan.services.work import Context, reading
from stockscan.store.counts import CountSession, papers
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.scanning import resolve
from stockscan.store.stock import Balance


def plan(ctx: Context, told: Told) -> list[Outcome]:
    """Open a count of some bins, or keep it as a draft."""
    said = told.fields
    due_on = said.get("due_on")
    wanted = counts.Plan(
        name=said["name"],
        scope=Scope(locations=_ids_of([told.codes[name] for name in said["bins"]])),
        counters=tuple(told.actors[name].person_id for name in said["people"]),
        independent=said.get("independent", False),
        posts_itself=True,
        due_on=date.fromisoformat(due_on) if due_on else None,
        draft=said.get("draft", False),
    )
    with reading() as connection:
        known = connection.scalar(select(CountSession.id).where(CountSession.id == told.id))
    counts.open_count(ctx, told.id, wanted)
    return [Outcome(told.id, "duplicate" if known else "applied")]


def submit(ctx: Context, told: Told) -> list[Outcome]:
    """Submit the whole count; again changes nothing."""
    counts.submit(ctx, told.count_id)
    return []


def approve(ctx: Context, told: Told) -> list[Outcome]:
    """Book what was counted; again changes nothing."""
    counts.post(ctx, told.count_id, approve=True)
    return []


def count_some(ctx: Context, told: Told) -> list[Outcome]:
    """Count the first lines of one's own sheet, as the books have them."""
    assert ctx.actor is not None
    with reading() as connection:
        lines = papers.open_lines(
            connection, told.count_id, ctx.actor.person_id, limit=told.fields["lines"]
        )
        books = {line.id: _book(connection, line) for line in lines if line.tracking == "none"}
    return [
        operations.apply(
            ctx,
            {
                "id": derived_id(told.id, index),
                "kind": "count",
                "count": told.count_id,
                "part": line.part,
                "location": line.location,
                "quantity": format_quantity(books[line.id]),
            },
        )
        for index, line in enumerate(lines)
        if line.id in books
    ]


TELLERS: Final[dict[str, Callable[[Context, Told], list[Outcome]]]] = {
    "approve": approve,
    "count_some": count_some,
    "plan_count": plan,
    "submit_count": submit,
}


def _ids_of(codes: list[str]) -> tuple[int, ...]:
    with reading() as connection:
        found = [resolve(connection, read(code), (Kind.LOCATION,)) for code in codes]
    return tuple(place.id for place in found if place and place.id is not None)


def _book(connection: Any, line: papers.PaperLine) -> int:
    found = (
        select(Balance.quantity_milli)
        .join(Part, Part.id == Balance.part_id)
        .join(Location, Location.id == Balance.location_id)
        .where(Part.code == line.part, Location.code == line.location)
    )
    return int(connection.scalar(found) or 0)
