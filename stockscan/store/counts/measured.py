"""The records that first blind counts measured: which are wanted, and how far off each was."""

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Numeric,
    Subquery,
    and_,
    case,
    cast,
    false,
    func,
    not_,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from stockscan.domain.counts import Tolerance
from stockscan.domain.figures import MILLI
from stockscan.store.counts.blindness import Blindness
from stockscan.store.counts.rows import CountLine, CountSession
from stockscan.store.locations import Location

_NOBODY: Final = Blindness(0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: measured in [from_us, until_us), in a place or what lies inside it, and so on.

    `abc_class` of "" means those without one. What `blind` hides is never among them.
    """

    from_us: int = 0
    until_us: int | None = None
    location_id: int | None = None
    part_id: int | None = None
    person_id: int | None = None
    abc_class: str | None = None
    count_id: str | None = None
    blind: Blindness = field(default=_NOBODY)


def records(connection: Connection, wanted: Wanted) -> Subquery:
    """The records that are wanted, each with how far off it was.

    What a record's first count found is kept on one line (or one for each serial), so every line
    that has it is another record.
    """
    off_milli = func.abs(CountLine.measured_variance_milli)
    value_e4 = _value_e4(off_milli, func.coalesce(CountLine.measured_cost_e4, 0))
    is_over = CountLine.measured_variance_milli > 0
    query = select(
        CountLine.id.label("line_id"),
        CountLine.session_id,
        CountLine.part_id,
        CountLine.location_id,
        CountLine.counter_id,
        CountLine.measured_us,
        CountLine.measured_class.label("abc_class"),
        CountLine.measured_variance_milli.label("variance_milli"),
        CountLine.measured_book_milli.label("book_milli"),
        off_milli.label("off_milli"),
        func.abs(CountLine.measured_book_milli).label("size_milli"),
        case((is_over, value_e4), else_=0).label("over_e4"),
        case((is_over, 0), else_=value_e4).label("short_e4"),
        _value_e4(
            func.abs(CountLine.measured_book_milli), func.coalesce(CountLine.measured_cost_e4, 0)
        ).label("book_e4"),
        _within(connection, off_milli).label("within"),
    ).join(CountSession, CountSession.id == CountLine.session_id)
    return query.where(*_conditions(wanted)).subquery("records")


def _conditions(wanted: Wanted) -> list[Any]:
    found = [
        CountLine.measured_us.is_not(None),
        CountLine.measured_us >= wanted.from_us,
        CountSession.blind,
    ]
    if wanted.until_us is not None:
        found.append(CountLine.measured_us < wanted.until_us)
    if wanted.part_id is not None:
        found.append(CountLine.part_id == wanted.part_id)
    if wanted.person_id is not None:
        found.append(CountLine.counter_id == wanted.person_id)
    if wanted.abc_class is not None:
        found.append(func.coalesce(CountLine.measured_class, "") == wanted.abc_class)
    if wanted.count_id is not None:
        found.append(CountLine.session_id == wanted.count_id)
    if wanted.location_id is not None:
        found.append(CountLine.location_id.in_(_inside(wanted.location_id)))
    if wanted.blind:
        found.append(not_(wanted.blind.hides(CountLine.part_id, CountLine.location_id)))
    return found


def _inside(location_id: int) -> Any:
    inner = aliased(Location)
    tree = select(Location.id).where(Location.id == location_id).cte("inside", recursive=True)
    tree = tree.union_all(select(inner.id).where(inner.parent_id == tree.c.id))
    return select(tree.c.id)


def _within(connection: Connection, off_milli: Any) -> Any:
    """Whether a record's count kept to the tolerance of its session; see `Tolerance.allows`."""
    texts = connection.scalars(select(CountSession.tolerance).distinct()).all()
    allowed = [
        and_(CountSession.tolerance == text, _allows(Tolerance.from_json(text), off_milli))
        for text in texts
    ]
    return or_(off_milli == 0, *allowed) if allowed else false()


def _allows(tolerance: Tolerance, off_milli: Any) -> Any:
    points = dict(tolerance.basis_points)
    share = case(
        *((CountLine.measured_class == name, bp) for name, bp in sorted(points.items())),
        else_=points.get("C", 0),
    )
    near = or_(
        off_milli <= tolerance.absolute_milli,
        off_milli * 10_000 <= share * func.abs(CountLine.measured_book_milli),
    )
    if tolerance.value_e4 is None:
        return near
    cost_e4 = func.coalesce(CountLine.measured_cost_e4, 0)
    return and_(near, _value_e4(off_milli, cost_e4) <= tolerance.value_e4)


def _value_e4(quantity_milli: Any, cost_e4: Any) -> Any:
    """Quantity (0 or more) times cost, rounded as `figures.times` does.

    In decimals, because 64 bits may be too few for an absurd product. SQLite has none and rounds
    such a one to 15 digits.
    """
    product = type_coerce(cast(quantity_milli, Numeric), BigInteger) * cost_e4 + MILLI // 2
    return (product - product % MILLI).op("/", precedence=8, return_type=BigInteger())(MILLI)
