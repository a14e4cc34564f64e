"""What a person may not read: what the books say of the goods that they still have to count blind.

A part in a bin is hidden from a person while a count that is counted blind goes on in which a line
of it is still to be counted: by this person, or by whoever comes, which this person may be. Who
approves counts is not kept from looking by the latter, unless they count in that session too.
Hidden is all that the books say of the part in that bin, over all lots and serials, and what it
could be computed from: the part's total, its value and its movements.
"""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from flask import g
from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from stockscan.domain.access import Actor, Permission
from stockscan.domain.counts import OPEN, SessionState
from stockscan.store.counts.rows import CountLine, CountSession
from stockscan.store.locations import Location
from stockscan.store.parts import Part

# Of more parts than these it is quicker to read all that is hidden; and a database takes no list
# without end.
MANY: Final = 500

_GOES_ON: Final = (SessionState.OPEN, SessionState.SUBMITTED)
# An alias, because those who ask may read the lines of counts themselves.
_LINE: Any = aliased(CountLine)
_STILL_OPEN: Final = _LINE.state.in_(sorted(OPEN))


@dataclass(frozen=True, slots=True)
class Blindness:
    """The counts in which a person counts blind; false, and free to ask, for almost everyone.

    `shared` are those in which the lines for whoever comes are theirs too.
    """

    person_id: int
    counts: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything may be hidden from the person."""
        return bool(self.counts)

    def hides_part(self, part_id: Any) -> Any:
        """The condition that something of the part in this column is hidden."""
        return self._found(_LINE.part_id == part_id)

    def hides(self, part_id: Any, location_id: Any) -> Any:
        """The condition that the part of one column is hidden in the bin of the other."""
        return self._found(_LINE.part_id == part_id, _LINE.location_id == location_id)

    def unless_hidden(self, part_id: Any, total: Any) -> Any:
        """A total of the part in this column, NULL where something of the part is hidden."""
        return case((self.hides_part(part_id), null()), else_=total) if self else total

    def keys(self, *columns: Any) -> Select[Any]:
        """Columns of the lines that hide something: each part and bin once."""
        wanted = columns or (_LINE.part_id, _LINE.location_id)
        return (
            select(*wanted)
            .select_from(_LINE)
            .join(Part, Part.id == _LINE.part_id)
            .join(Location, Location.id == _LINE.location_id)
            .where(self._theirs)
            .distinct()
        )

    def _found(self, *conditions: Any) -> Any:
        if not self:
            return false()
        return exists(select(literal(1)).where(*conditions, self._theirs))

    @property
    def _theirs(self) -> Any:
        anyone = and_(_LINE.counter_id.is_(None), _LINE.session_id.in_(self.shared))
        mine = or_(_LINE.counter_id == self.person_id, anyone)
        return and_(_STILL_OPEN, _LINE.session_id.in_(self.counts), mine)


# Nobody's: what the books themselves go by.
SEEING: Final = Blindness(0)


def blindness(connection: Connection | Session, actor: Actor) -> Blindness:
    """What is hidden from the actor now; asked of the database once in a request.

    `forget` it when something was written.
    """
    known: dict[int, Blindness] = g.setdefault("blindness", {})
    if actor.person_id not in known:
        known[actor.person_id] = _asked(connection, actor)
    return known[actor.person_id]


def forget() -> None:
    """Ask again when it is needed next: a write may have begun or ended a count."""
    g.pop("blindness", None)


def hidden_parts(
    connection: Connection | Session, blind: Blindness, part_ids: Collection[int] | None = None
) -> AbstractSet[int]:
    """Those of the parts of which something is hidden; of all parts where none are named."""
    if not blind or (part_ids is not None and not part_ids):
        return frozenset()
    hidden = blind.keys(_LINE.part_id)
    if part_ids is not None and len(part_ids) <= MANY:
        hidden = hidden.where(_LINE.part_id.in_(part_ids))
    found = {row[0] for row in connection.execute(hidden)}
    return found if part_ids is None else found.intersection(part_ids)


def hidden_bins(connection: Connection | Session, blind: Blindness, part_id: int) -> Sequence[Any]:
    """The `code` and `name` of each bin in which the part is hidden, by name."""
    if not blind:
        return ()
    bins = blind.keys(Location.code, Location.name).where(_LINE.part_id == part_id)
    return connection.execute(bins.order_by(Location.name, Location.code)).all()


def hidden_at(
    connection: Connection | Session, blind: Blindness, location_id: int
) -> Sequence[Any]:
    """The `code`, `part_number`, `name` and `unit` of each part that is hidden there, by number."""
    if not blind:
        return ()
    parts = blind.keys(Part.code, Part.part_number, Part.name, Part.unit)
    there = parts.where(_LINE.location_id == location_id)
    return connection.execute(there.order_by(Part.part_number, Part.code)).all()


def hidden_codes(
    connection: Connection | Session, blind: Blindness, parts: Collection[str]
) -> AbstractSet[tuple[str, str]]:
    """Of the parts with these label codes, the code of the part and of each hidden bin."""
    if not (blind and parts):
        return frozenset()
    keys = blind.keys(Part.code, Location.code).where(Part.code.in_(parts))
    return {(part, location) for part, location in connection.execute(keys)}


def is_hidden(
    connection: Connection | Session, actor: Actor, keys: Collection[tuple[int, int]]
) -> AbstractSet[tuple[int, int]]:
    """Those of the keys (the ids of a part and of a bin) that are hidden from the actor."""
    blind = blindness(connection, actor)
    if not (blind and keys):
        return frozenset()
    parts = {part_id for part_id, _ in keys}
    rows = connection.execute(blind.keys().where(_LINE.part_id.in_(parts)))
    return {(part_id, location_id) for part_id, location_id in rows} & set(keys)


def _asked(connection: Connection | Session, actor: Actor) -> Blindness:
    """One look at the counts that go on: there are few, and most of the time none."""
    records, approves = map(actor.may, (Permission.COUNT_RECORD, Permission.COUNT_APPROVE))
    probe = _probe(records=records, approves=approves)
    rows = connection.execute(probe, {"person": actor.person_id}).all()
    shared = tuple(row.id for row in rows if row.shared)
    return Blindness(actor.person_id, tuple(row.id for row in rows), shared)


@cache  # built once: it is asked in almost every request
def _probe(*, records: bool, approves: bool) -> Any:
    """The live counts in which a line is open to `person`; `shared`: one for whoever comes."""
    of_it = select(literal(1)).where(_LINE.session_id == CountSession.id)
    mine = of_it.where(_LINE.counter_id == bindparam("person"))
    took_part = exists(mine.where(_LINE.counted_us.is_not(None))) if approves else true()
    for_anyone = exists(of_it.where(_LINE.counter_id.is_(None), _STILL_OPEN))
    shared = and_(for_anyone, took_part) if records else false()
    return select(CountSession.id, shared.label("shared")).where(
        CountSession.state.in_(_GOES_ON),
        CountSession.blind,
        or_(exists(mine.where(_STILL_OPEN)), shared),
    )
