"""Asking ahead of the work for what it will not find: each night, and whenever somebody wants."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.figures import LARGEST, MILLI
from stockscan.domain.purchasing import Source
from stockscan.domain.purchasing.projecting import Shortage
from stockscan.services.purchasing.planning import Needs, Planned, forecast, plan, tight
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import locks
from stockscan.store.counts.blindness import blindness, hidden_parts
from stockscan.store.purchasing import writing
from stockscan.store.purchasing.policies import assumed
from stockscan.store.purchasing.rows import Requisition
from stockscan.store.purchasing.writing import Head, NewLine
from stockscan.store.settings import Settings, load

# No line asks for more: what kits ask for that were mistyped must not burst the books.
_MOST_MILLI: Final = int(LARGEST) * MILLI


@dataclass(frozen=True, slots=True)
class Raised:
    """What a run asked for: the numbers of the requisitions, and how many lines were added."""

    numbers: tuple[int, ...] = ()
    lines: int = 0
    late: int = 0


def raise_ahead(ctx: Context) -> Raised:
    """Ask for everything that has to be ordered now so that coming work finds its parts.

    Lines go to the requisition for their supplier that nobody approved yet. Idempotent: what is on
    its way counts, so a second run asks for nothing. What the actor counts blind is left for
    somebody else, or for the night: the quantities would tell what the books say.
    """
    actor = require(ctx.actor, Permission.PURCHASE_REQUEST)
    with reading() as connection:
        settings = load(connection)
        needed = tight(connection, forecast(connection, settings, ctx.today), ctx.today)
        needed = needed.but(hidden_parts(connection, blindness(connection, actor)))
        found = _due(plan(connection, settings, ctx.today, needed))
    if not found:
        return Raised()
    needed = needed.of([each.planned.part_id for each in found])

    def work() -> Raised:
        with unit_of_work() as session:
            return _raise(session, ctx, settings, needed)

    return retrying(work)


class _Due(NamedTuple):
    """A part and what of it has to be asked for now."""

    planned: Planned
    short: Shortage


def _due(planned: Sequence[Planned]) -> list[_Due]:
    return [_Due(one, short) for one in planned if (short := one.due())]


def _raise(session: Session, ctx: Context, settings: Settings, needed: Needs) -> Raised:
    """Add a line for each of these parts, or let the line grow that is there.

    Looks again behind the locks: somebody may have asked for it meanwhile.
    """
    locks.hold_requisitions(session)
    growing = writing.growing(session, Source.MAINTENANCE)
    found = _due(plan(session, settings, ctx.today, needed))
    there = writing.lines_without_job(session, {row.id for row in growing.values()})
    new: dict[int, list[NewLine]] = {}
    grown: dict[int, NewLine] = {}
    for each in found:
        row, line = _requisition(session, ctx, growing, each.planned), _line_for(each)
        before = there.get((row.id, line.part_id))
        if before is None:
            new.setdefault(row.id, []).append(line)
        else:
            grown[before.id] = _grown(line, before)
    for requisition_id, lines in new.items():
        writing.add_lines(session, requisition_id, lines)
    writing.grow_lines(session, grown)
    touched = {growing[each.planned.bought.supplier_id].number for each in found}
    late = sum(1 for each in found if each.short.late_days)
    return Raised(tuple(sorted(touched)), len(found), late)


def _requisition(
    session: Session, ctx: Context, growing: dict[int | None, Requisition], planned: Planned
) -> Requisition:
    """The one that grows for the part's supplier; a new one where there is none."""
    actor = require(ctx.actor, Permission.PURCHASE_REQUEST)
    supplier_id = planned.bought.supplier_id
    if supplier_id not in growing:
        person = actor.person_id or None
        head = Head(ctx.new_id(), Source.MAINTENANCE, supplier_id, person, ctx.now_us)
        growing[supplier_id] = writing.open_requisition(session, head)
    return growing[supplier_id]


def _line_for(due: _Due) -> NewLine:
    short, bought = due.short, due.planned.bought
    return NewLine(
        part_id=due.planned.part_id,
        quantity_milli=min(short.quantity_milli, _MOST_MILLI),
        price_e4=bought.price_e4,
        need_by=short.need_by,
        order_by=short.order_by,
        why={**_figures(short), **assumed(bought)},
    )


def _figures(short: Shortage) -> dict[str, Any]:
    """The figures that a quantity follows from, as they are kept with a line."""
    return {
        "needed_milli": short.needed_milli,
        "by": short.covers.isoformat(),
        "here_milli": short.on_hand_milli,
        "coming_milli": short.coming_milli,
        "expired_milli": short.expired_milli,
        "keep_milli": short.safety_milli,
    }


def _grown(line: NewLine, before: Any) -> NewLine:
    """The line as it is after it grew: what it asked for before is part of it, not on its way."""
    why = {**line.why, "coming_milli": line.why["coming_milli"] - before.quantity_milli}
    earliest = [day for day in (line.need_by, before.need_by) if day]
    order_by = [day for day in (line.order_by, before.order_by) if day]
    return replace(
        line,
        quantity_milli=min(line.quantity_milli + before.quantity_milli, _MOST_MILLI),
        need_by=min(earliest, default=None),
        order_by=min(order_by, default=None),
        why=why,
    )
