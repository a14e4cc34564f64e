"""What is known around one counted record: its attempts, movements, and what may explain it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, and_, cast, func, or_, select
from sqlalchemy.orm import aliased

from stockscan.domain.access import GRANTS, Permission
from stockscan.domain.counts import OPEN, LineState
from stockscan.domain.errors import NotFound
from stockscan.domain.ledger import RANK_COUNT, Key
from stockscan.store.catalogue.history import Moved, moved
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.counts.anchors import same_key
from stockscan.store.counts.rows import CountLine, CountSession
from stockscan.store.locations import Location
from stockscan.store.operations import Operation
from stockscan.store.parts import Part, PartWorth
from stockscan.store.people import Person
from stockscan.store.stock import Balance, Movement

# How far around the counts of a record movements are told, and how many at most.
AROUND_US: Final = timedelta(hours=12) // timedelta(microseconds=1)
MOST_MOVES: Final = 40


@dataclass(frozen=True, slots=True)
class Told:
    """One line with all names. `counter` is who counted it, or is to (None: whoever comes);
    `typist_id` who typed it in, perhaps for somebody else."""

    id: int
    count_id: str
    count_state: str
    state: str
    attempt: int
    part_code: str
    part: str
    part_number: str
    unit: str
    abc_class: str
    tracking: str
    location_code: str
    location: str
    parent_id: int | None
    order: int
    counter_id: int | None
    counter: str | None
    counted_us: int | None
    window_start_us: int | None
    counted_milli: int | None
    cost_e4: int
    reason: str
    cause: str
    approver: str | None
    posted_us: int | None
    part_id: int
    location_id: int
    lot: str
    serial: str
    typist_id: int | None

    @property
    def key(self) -> Key:
        """What was counted."""
        return Key(self.part_id, self.location_id, self.lot, self.serial)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One count of the record, against the books as they stand now for that moment."""

    line_id: int
    state: str
    counter_id: int
    counter: str
    counted_us: int
    counted_milli: int
    book_milli: int
    operation_id: str | None

    @property
    def variance_milli(self) -> int:
        """How far off the books were: below 0 for too few."""
        return self.counted_milli - self.book_milli


def told(connection: Connection, line_id: int) -> Told | None:
    """A line with all names; None where there is none."""
    counter, approver = aliased(Person), aliased(Person)
    row = connection.execute(
        select(
            CountLine.id,
            CountLine.session_id,
            CountSession.state,
            CountLine.state,
            CountLine.attempt,
            Part.code,
            Part.name,
            Part.part_number,
            Part.unit,
            Part.abc_class,
            Part.tracking,
            Location.code,
            Location.name,
            Location.parent_id,
            CountLine.place_order,
            counter.id,
            counter.name,
            CountLine.counted_us,
            CountLine.window_start_us,
            CountLine.counted_milli,
            func.coalesce(CountLine.cost_e4, PartWorth.average_e4, Part.list_cost_e4),
            CountLine.reason,
            CountLine.cause,
            approver.name,
            CountLine.posted_us,
            CountLine.part_id,
            CountLine.location_id,
            CountLine.lot,
            CountLine.serial,
            Operation.actor_id,
        )
        .join(CountSession, CountSession.id == CountLine.session_id)
        .join(Part, Part.id == CountLine.part_id)
        .join(Location, Location.id == CountLine.location_id)
        .outerjoin(PartWorth, PartWorth.part_id == CountLine.part_id)
        .outerjoin(counter, counter.id == CountLine.counter_id)
        .outerjoin(approver, approver.id == CountLine.approver_id)
        .outerjoin(Operation, Operation.id == CountLine.operation_id)
        .where(CountLine.id == line_id)
    ).first()
    return Told(*tuple(row)) if row else None


def record_lines(connection: Connection, line: Told) -> list[int]:
    """All lines of the record in its count, also those that were voided or replaced."""
    rows = connection.scalars(
        select(CountLine.id)
        .where(CountLine.session_id == line.count_id, *same_key(CountLine, line.key))
        .order_by(CountLine.id)
    )
    return list(rows)


def attempts_of(connection: Connection, line_ids: Sequence[int]) -> list[Attempt]:
    """The counts of a record that stand, in physical order, against the books of their moments."""
    behind = or_(
        Movement.effective_us > CountLine.counted_us,
        and_(Movement.effective_us == CountLine.counted_us, Movement.rank >= RANK_COUNT),
    )
    on_hand = select(Balance.quantity_milli).where(*_of_line(Balance)).scalar_subquery()
    later = select(func.sum(Movement.quantity_milli)).where(*_of_line(Movement), behind)
    book = cast(func.coalesce(on_hand, 0) - func.coalesce(later.scalar_subquery(), 0), BigInteger)
    rows = connection.execute(
        select(
            CountLine.id,
            CountLine.state,
            Person.id,
            Person.name,
            CountLine.counted_us,
            CountLine.counted_milli,
            book,
            CountLine.operation_id,
        )
        .join(Person, Person.id == CountLine.counter_id)
        .where(
            CountLine.id.in_(line_ids),
            CountLine.counted_us.is_not(None),
            CountLine.state != LineState.VOIDED,
        )
        .order_by(CountLine.counted_us, CountLine.id)
    )
    return rows_as(Attempt, rows)


def still_to_count(connection: Connection, line_ids: Sequence[int]) -> list[str]:
    """Who is to count the record again; "" for whoever comes."""
    rows = connection.execute(
        select(Person.name)
        .select_from(CountLine)
        .outerjoin(Person, Person.id == CountLine.counter_id)
        .where(CountLine.id.in_(line_ids), CountLine.state.in_(sorted(OPEN)))
        .order_by(CountLine.id)
    )
    return [row.name or "" for row in rows]


def moves_around(connection: Connection, key: Key, low_us: int, high_us: int) -> list[Moved]:
    """Movements of the key near [low_us, high_us] in physical order: of many, the nearest."""
    mine, order = same_key(Movement, key), (Movement.effective_us, Movement.rank, Movement.seq)
    newest_first = [column.desc() for column in order]
    before = moved().where(*mine, Movement.effective_us.between(low_us - AROUND_US, high_us))
    after = moved().where(
        *mine,
        Movement.effective_us > high_us,
        Movement.effective_us <= high_us + AROUND_US,
    )
    earlier = rows_as(
        Moved, connection.execute(before.order_by(*newest_first).limit(MOST_MOVES)).all()
    )
    later = connection.execute(after.order_by(*order).limit(MOST_MOVES // 2))
    return [*reversed(earlier), *rows_as(Moved, later)]


def book_before(connection: Connection, key: Key, instant_us: int) -> int:
    """What the books hold of the key just before an instant, in thousandths."""
    on_hand = select(Balance.quantity_milli).where(*same_key(Balance, key)).scalar_subquery()
    since = (
        select(func.sum(Movement.quantity_milli))
        .where(*same_key(Movement, key), Movement.effective_us >= instant_us)
        .scalar_subquery()
    )
    found = select(func.coalesce(on_hand, 0) - func.coalesce(since, 0))
    return int(connection.execute(found).scalar() or 0)


def counters(connection: Connection, limit: int = 50) -> list[tuple[str, str]]:
    """Who may count: code and name."""
    wanted = _able().order_by(func.lower(Person.name), Person.id).limit(limit)
    return [(row.code, row.name) for row in connection.execute(wanted)]


def counter_of(connection: Connection, code: str) -> int:
    """The number of somebody who may count. Raises `NotFound`."""
    row = connection.execute(_able().where(Person.code == code)).first()
    if row is None:
        raise NotFound("There is nobody like that who may count. Choose another.", field="person")
    return int(row.id)


def _able() -> Any:
    roles = [role for role, granted in GRANTS.items() if Permission.COUNT_RECORD in granted]
    able = (Person.active, Person.role.in_(roles))
    return select(Person.id, Person.code, Person.name).where(*able)


def _of_line(table: Any) -> tuple[Any, ...]:
    return (
        table.part_id == CountLine.part_id,
        table.location_id == CountLine.location_id,
        table.lot == CountLine.lot,
        table.serial == CountLine.serial,
    )
