"""When each record is due to be counted: by its class, its place, and its last count."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from stockscan.domain.counts import LineState
from stockscan.domain.counts.scope import Scope
from stockscan.store.counts.rows import CountLine
from stockscan.store.db import Big
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.settings import Settings
from stockscan.store.stock import Balance, Movement

# Spelled out, because SQLite finds the index of posted lines by these words alone.
_POSTED: Final[ColumnElement[str]] = literal_column(f"'{LineState.POSTED.value}'")

DAY_US: Final = 86_400_000_000


def dated_records(scope: Scope, settings: Settings) -> FromClause:
    """Every record there is at the places and of the parts of a scope, with what dates it.

    Columns: `part_id`, `location_id`, `lot`, `book_milli`, `belongs` (1 at the part's usual bin),
    `abc_class`, `counted_us` (last posted count) and `due_us` (None: never counted nor moved).
    """
    booked = _booked(scope)
    shortest = _shortest_days()
    days = _days(settings, Part.abc_class, shortest.c.days)
    counted_us = _last_counted(booked)
    since_us = func.coalesce(counted_us, _first_moved(booked))
    belongs = and_(Part.default_location_id == booked.c.location_id, Part.tracking != "lot")
    return (
        select(
            booked.c.part_id,
            booked.c.location_id,
            booked.c.lot,
            booked.c.book_milli,
            case((belongs, 1), else_=0).label("belongs"),
            Part.abc_class.label("abc_class"),
            counted_us.label("counted_us"),
            (since_us + literal(DAY_US, Big) * days).label("due_us"),
        )
        .join(Part, Part.id == booked.c.part_id)
        .outerjoin(shortest, shortest.c.location_id == booked.c.location_id)
        .where(*((Part.abc_class.in_(scope.classes),) if scope.classes else ()))
        .subquery("records")
    )


def inside(location_ids: tuple[int, ...]) -> Select[tuple[int]]:
    """A select of the ids of these places and of all places inside them, at any depth."""
    tree = select(Location.id).where(Location.id.in_(location_ids)).cte("inside", recursive=True)
    inner = aliased(Location)
    tree = tree.union(select(inner.id).where(inner.parent_id == tree.c.id))
    return select(tree.c.id)


def is_there(records: FromClause) -> ColumnElement[bool]:
    """The condition that something lies or belongs there."""
    return or_(records.c.book_milli != 0, records.c.belongs == 1)


def same_record(table: Any, records: FromClause) -> ColumnElement[bool]:
    """The condition that a row is of the record: the same part, place and lot."""
    return and_(
        table.part_id == records.c.part_id,
        table.location_id == records.c.location_id,
        table.lot == records.c.lot,
    )


def _booked(scope: Scope) -> FromClause:
    """Every key with a balance row, and every part at its usual bin where it has none yet."""
    key = (Balance.part_id, Balance.location_id, Balance.lot)
    within = _within(scope)
    held = (
        select(*key, func.sum(Balance.quantity_milli).label("book_milli"))
        .where(*within(Balance.part_id, Balance.location_id))
        .group_by(*key)
    )
    usual = Part.default_location_id
    there = select(literal(1)).where(Balance.part_id == Part.id, Balance.location_id == usual)
    at_home = select(Part.id, usual, literal(""), literal(0)).where(
        usual.is_not(None),
        Part.active,
        Part.stocked,
        Part.tracking != "lot",
        *within(Part.id, usual),
        ~there.exists(),
    )
    return union_all(held, at_home).subquery("booked")


def _within(scope: Scope) -> Callable[[Any, Any], list[ColumnElement[bool]]]:
    """The conditions that a part and a place are of the scope."""
    places = inside(scope.locations)

    def conditions(part_id: Any, location_id: Any) -> list[ColumnElement[bool]]:
        found = []
        if scope.parts:
            found.append(part_id.in_(scope.parts))
        if scope.locations:
            found.append(location_id.in_(places))
        return found

    return conditions


def _last_counted(booked: FromClause) -> ScalarSelect[int]:
    return (
        select(func.max(CountLine.counted_us))
        .where(same_record(CountLine, booked), CountLine.state == _POSTED)
        .scalar_subquery()
    )


def _first_moved(booked: FromClause) -> ScalarSelect[int]:
    return (
        select(func.min(Movement.effective_us))
        .where(same_record(Movement, booked))
        .scalar_subquery()
    )


def _days(settings: Settings, abc_class: Any, of_place: Any) -> ColumnElement[int]:
    """Every how many days a record is counted: by its class, or more often where the place says."""
    of_class = case(
        (abc_class == "A", settings.count_interval_a_days),
        (abc_class == "B", settings.count_interval_b_days),
        else_=settings.count_interval_c_days,
    )
    return case((of_place < of_class, of_place), else_=of_class)


def _shortest_days() -> FromClause:
    """The shortest interval that is said of a place or of one around it, where any is."""
    inner = aliased(Location)
    said = (
        select(Location.id.label("location_id"), Location.count_interval_days.label("days"))
        .where(Location.count_interval_days.is_not(None))
        .cte("said", recursive=True)
    )
    said = said.union(select(inner.id, said.c.days).where(inner.parent_id == said.c.location_id))
    return (
        select(said.c.location_id, func.min(said.c.days).label("days"))
        .group_by(said.c.location_id)
        .subquery("shortest")
    )
