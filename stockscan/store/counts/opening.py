"""Making a count: its number and code, its places in walking order, and a line for each record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, FromClause, Select, func, insert, literal, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain.codes import Kind
from stockscan.domain.counts import OPEN, LineState
from stockscan.domain.counts import walking_order as in_order
from stockscan.domain.counts.walking import shares
from stockscan.store.codes import claim_code
from stockscan.store.counts.rows import CountLine, CountPlace, CountSession
from stockscan.store.db import insert_into
from stockscan.store.locations import Location
from stockscan.store.locks import hold_count_numbers
from stockscan.store.parts import Part

Keys = Select[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Shares:
    """Who counts: so many people share the way, each record counted by one or by two of them."""

    people: tuple[int, ...] = ()
    independent: bool = False

    def of(self, nth: int) -> tuple[int | None, int | None]:
        """Who counts, and who counts on their own besides, on the stretch of the nth person."""
        if not self.people:
            return None, None
        first = self.people[nth % len(self.people)]
        if not self.independent or len(self.people) == 1:
            return first, None
        return first, self.people[(nth + 1) % len(self.people)]


def give_number(session: Session, head: CountSession, now_us: int) -> None:
    """Number a planned count and give it a label code for its sheets."""
    hold_count_numbers(session)
    newest = session.scalar(select(func.max(CountSession.number)))
    head.number = (newest or 0) + 1
    head.code = claim_code(session, Kind.COUNT, now_us)
    session.flush()


def walking_order(connection: Connection | Session, location_ids: Collection[int]) -> list[int]:
    """The places in the order in which one walks past them."""
    rows = connection.execute(select(Location.id, Location.parent_id, Location.name))
    return in_order({row.id: (row.parent_id, row.name) for row in rows}, location_ids)


def add_places(
    session: Session, count_id: str, keys: Keys, besides: Collection[int], who: Shares
) -> tuple[int, int]:
    """Add the places of these records, and those `besides`; how many there are of each.

    Returns (records, places). People share the way by the number of records on it.
    """
    of = keys.subquery()
    rows = session.execute(select(of.c.location_id, func.count()).group_by(of.c.location_id))
    records: dict[int, int] = {row[0]: row[1] for row in rows}
    order = walking_order(session, {*records, *besides})
    # A place without a record is looked into too.
    weights = [1 + records.get(location_id, 0) for location_id in order]
    nth = shares(weights, max(len(who.people), 1))
    values = [
        {
            "session_id": count_id,
            "location_id": location_id,
            "place_order": number,
            "counter_id": who.of(share)[0],
            "second_id": who.of(share)[1],
        }
        for number, (location_id, share) in enumerate(zip(order, nth, strict=True), start=1)
    ]
    if values:
        session.execute(insert(CountPlace), values)
    return sum(records.values()), len(values)


def add_lines(session: Session, count_id: str, keys: Keys) -> None:
    """A line for each record at the places of the count, but for what its counter has open."""
    _add_attempt(session, count_id, keys, CountPlace.counter_id, 1)


def add_second_lines(session: Session, count_id: str) -> None:
    """A second line for each record, for somebody else."""
    first = aliased(CountLine)
    keys: Any = select(first.part_id, first.location_id, first.lot).where(
        first.session_id == count_id, first.attempt == 1
    )
    _add_attempt(session, count_id, keys, CountPlace.second_id, 2)


def _add_attempt(session: Session, count_id: str, keys: Keys, counter: Any, attempt: int) -> None:
    of = keys.subquery("of")
    lines = (
        select(
            literal(count_id),
            of.c.part_id,
            of.c.location_id,
            of.c.lot,
            literal(""),
            literal(LineState.PENDING.value),
            CountPlace.place_order,
            literal(attempt),
            counter,
        )
        .select_from(of)
        .join(CountPlace, CountPlace.location_id == of.c.location_id)
        .join(Part, Part.id == of.c.part_id)
        .where(CountPlace.session_id == count_id, ~_is_open(of, counter))
        .order_by(CountPlace.place_order, Part.part_number, of.c.lot)
    )
    columns = ("session_id", "part_id", "location_id", "lot", "serial", "state", "place_order",
               "attempt", "counter_id")  # fmt: skip
    # Somebody may take a line on themselves meanwhile.
    rows = insert_into(session.connection(), CountLine).from_select(list(columns), lines)
    session.execute(rows.on_conflict_do_nothing())


def _is_open(of: FromClause, counter: Any) -> Any:
    """Whether the person has the record to count already; whoever comes may have it twice."""
    other = aliased(CountLine)
    return (
        select(literal(1))
        .where(
            other.counter_id == counter,
            other.part_id == of.c.part_id,
            other.location_id == of.c.location_id,
            other.lot == of.c.lot,
            other.serial == "",
            other.state.in_(sorted(OPEN)),
        )
        .exists()
    )


def bins_inside(connection: Connection | Session, places: Any) -> Sequence[int]:
    """The bins in use among the places of a select of ids."""
    return (
        connection.execute(
            select(Location.id).where(
                Location.id.in_(places), Location.kind == "bin", Location.active
            )
        )
        .scalars()
        .all()
    )
