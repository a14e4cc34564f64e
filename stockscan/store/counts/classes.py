"""What was used of each part in a year, and the classes that follow from it, as sets of rows."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from stockscan.domain.counts.classes import A_PERCENT, B_PERCENT
from stockscan.domain.ledger import MovementKind
from stockscan.store.parts import Part
from stockscan.store.stock import Movement

# Goods that were used up, and their return; not what was thrown away or miscounted.
_USE = (MovementKind.ISSUE, MovementKind.INSTALL, MovementKind.RETURN_FROM_ASSET)


@dataclass(frozen=True, slots=True)
class ClassTally:
    """How many parts in use have a class, and how many of these somebody classed by hand."""

    abc_class: str
    parts: int
    by_hand: int


def usage(since_us: int) -> Any:
    """A subquery of `part_id` and `value_e4`: what was used since then, at its frozen cost.

    A use that was taken back or corrected counts as it stands now.
    """
    undone = aliased(Movement)
    used = or_(
        Movement.kind.in_(_USE),
        and_(Movement.kind == MovementKind.REVERSAL, undone.kind.in_(_USE)),
    )
    return (
        select(Movement.part_id, func.sum(-Movement.value_e4).label("value_e4"))
        .outerjoin(undone, undone.seq == Movement.reverses_seq)
        .where(used, Movement.effective_us >= since_us)
        .group_by(Movement.part_id)
        .subquery("usage")
    )


def classify(session: Session, since_us: int) -> int:
    """Class every part by what was used of it since then (see `domain.counts.classes`).

    Parts that were classed by hand keep their class. Returns how many parts changed.
    """
    ranked = _ranked(since_us)
    changed = session.execute(
        update(Part)
        .where(
            Part.id == ranked.c.part_id,
            Part.class_by_hand.is_(False),
            Part.abc_class != ranked.c.abc_class,
        )
        .values(abc_class=ranked.c.abc_class)
        .execution_options(synchronize_session=False)
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]


def tallies(connection: Connection | Session) -> list[ClassTally]:
    """The classes with their numbers of parts, A first."""
    by_hand = func.sum(case((Part.class_by_hand, 1), else_=0))
    rows = connection.execute(
        select(Part.abc_class, func.count(), by_hand)
        .where(Part.active, Part.stocked)
        .group_by(Part.abc_class)
        .order_by(Part.abc_class)
    )
    return [ClassTally(abc, parts, int(hand)) for abc, parts, hand in rows]


def _ranked(since_us: int) -> Any:
    used = usage(since_us)
    value = case((used.c.value_e4 > 0, used.c.value_e4), else_=0)
    order = (value.desc(), Part.part_number)
    running = func.sum(value).over(order_by=order, rows=(None, 0))
    summed = (
        select(
            Part.id.label("part_id"),
            value.label("value_e4"),
            (running - value).label("before_e4"),
            func.sum(value).over().label("total_e4"),
        )
        .outerjoin(used, used.c.part_id == Part.id)
        .subquery("summed")
    )
    before, total = summed.c.before_e4 * 100, summed.c.total_e4
    abc_class = case(
        (or_(summed.c.value_e4 == 0, before >= total * B_PERCENT), "C"),
        (before < total * A_PERCENT, "A"),
        else_="B",
    )
    return select(summed.c.part_id, abc_class.label("abc_class")).subquery("ranked")
