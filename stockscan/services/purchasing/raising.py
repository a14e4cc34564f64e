"""Asking for parts: by hand, for a job, and because they are used up."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, NotFound, RuleBroken
from stockscan.domain.figures import refuse_absurd, times
from stockscan.domain.operations import parse_id
from stockscan.domain.purchasing import Source
from stockscan.domain.purchasing.projecting import whole_packs
from stockscan.domain.purchasing.steps import refuse_odd_day
from stockscan.services.purchasing.figured import Reorder, reordered
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import locks
from stockscan.store.counts.blindness import blindness
from stockscan.store.maintenance import pick_list
from stockscan.store.maintenance.job import job_called
from stockscan.store.once import Once, first_time
from stockscan.store.purchasing import named, writing
from stockscan.store.purchasing.policies import Buying, assumed, buying
from stockscan.store.purchasing.rows import Requisition
from stockscan.store.purchasing.writing import Head, NewLine
from stockscan.store.settings import load

_MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Line:
    """So much of a part (its number in the database), needed by a day; the figures are kept."""

    part_id: int
    quantity_milli: int
    need_by: date | None = None
    why: dict[str, Any] | None = None


def request(
    ctx: Context,
    uid: str,
    lines: Sequence[Line],
    job_id: int | None = None,
    source: Source = Source.MANUAL,
) -> list[int]:
    """Ask for parts: a requisition for each supplier; their numbers. Once for each `uid`.

    What is not asked for by hand is rounded up to whole packs. Raises `Invalid` for no lines, too
    many or a bad id, `NotFound` for a part that is not in use, `Conflict` where the id stands for
    something else.
    """
    require(ctx.actor, Permission.PURCHASE_REQUEST)
    once = Once(parse_id(uid), _body(lines, job_id, source))
    if not 0 < len(lines) <= _MOST_LINES:
        raise Invalid(f"Ask for 1 to {_MOST_LINES} parts at once.", field="lines")

    by_hand = source is Source.MANUAL and job_id is None

    def work(session: Session) -> list[int]:
        written = _priced(session, lines, job_id, by_hand=by_hand)
        return _write(session, ctx, once.id, written, source)

    return _once(ctx, once, work)


def reorder(ctx: Context, uid: str, wanted: Mapping[int, int]) -> list[int]:
    """Ask for parts that are at their reorder point: so many thousandths of each, by its number.

    As `request`; raises `RuleBroken` for one that is above its point by now, because somebody else
    asked for it, or goods came. What the actor counts blind is passed over.
    """
    require(ctx.actor, Permission.PURCHASE_REQUEST)
    once = Once(parse_id(uid), {"parts": sorted(wanted.items()), "source": Source.REORDER.value})
    if not 0 < len(wanted) <= _MOST_LINES:
        raise Invalid(f"Tick 1 to {_MOST_LINES} parts.", field="lines")

    def work(session: Session) -> list[int]:
        rows = reordered(session, ctx, wanted)
        if not rows:
            raise Invalid("You count these just now. Ask for them when you are done.")
        for row in rows:
            _refuse_enough(row)
        lines = [Line(row.part.id, wanted[row.part.id], why=_why(row)) for row in rows]
        written = _priced(session, lines, None, by_hand=False)
        return _write(session, ctx, once.id, written, Source.REORDER)

    return _once(ctx, once, work)


def ask_for_missing(ctx: Context, uid: str, reference: str) -> list[int]:
    """Ask for what a job lacks by now and nobody has asked for, in whole packs; none for nothing.

    As `request`, and never twice for the same lack, however many press at once. What the actor
    counts blind is left out. Raises `NotFound` for an unknown job.
    """
    actor = require(ctx.actor, Permission.PURCHASE_REQUEST)
    with reading() as connection:
        job = job_called(connection, reference)
    once = Once(parse_id(uid), {"job": job.id})

    def work(session: Session) -> list[int]:
        rows = pick_list.kit(session, ctx.today, job.id, blindness(session, actor)).rows
        lacking = [(row.line.part_id, row.unasked_milli) for row in rows if row.unasked_milli]
        lines = [Line(part_id, milli, job.due_on) for part_id, milli in lacking]
        written = _priced(session, lines, job.id, by_hand=False)
        return _write(session, ctx, once.id, written, Source.MANUAL)

    return _once(ctx, once, work)


def ask_for(
    ctx: Context, uid: str, reference: str, quantity_milli: int, need_by: date | None
) -> list[int]:
    """Ask for one part by any reference to it. Raises as `request` does."""
    require(ctx.actor, Permission.PURCHASE_REQUEST)
    refuse_odd_day(need_by, ctx.today, "need_by")
    with reading() as connection:
        part_id = named.part_of(connection, reference)
    return request(ctx, uid, [Line(part_id, quantity_milli, need_by)])


def _once(ctx: Context, once: Once, work: Callable[[Session], list[int]]) -> list[int]:
    """Do it the first time, while nobody else asks; the numbers that were made then, or before."""
    actor = require(ctx.actor, Permission.PURCHASE_REQUEST)

    def attempt() -> list[int]:
        with unit_of_work() as session:
            locks.hold_requisitions(session)
            if first_time(session, once, "requisition", actor.person_id, ctx.now_us):
                return work(session)
            return _numbers_of(session, once.id)

    return retrying(attempt)


def _refuse_enough(row: Reorder) -> None:
    if not row.is_due:
        message = f"{row.part.name} was asked for meanwhile, or came. Look at the list again."
        raise RuleBroken(message, code="enough")


def _why(row: Reorder) -> dict[str, Any]:
    return {
        "point_milli": row.point_milli,
        "here_milli": row.here_milli,
        "coming_milli": row.coming_milli,
    }


def _body(lines: Iterable[Line], job_id: int | None, source: Source) -> dict[str, Any]:
    asked = [[line.part_id, line.quantity_milli, str(line.need_by or "")] for line in lines]
    return {"lines": asked, "job": job_id, "source": source.value}


def _priced(
    session: Session, lines: Sequence[Line], job_id: int | None, *, by_hand: bool
) -> dict[int | None, list[NewLine]]:
    """The lines by supplier, with price and the day by which to order."""
    known = buying(session, load(session), {line.part_id for line in lines})
    by_supplier: dict[int | None, list[NewLine]] = {}
    for line in lines:
        bought = known.get(line.part_id)
        if bought is None:
            raise NotFound("That part is not in use. Choose another one.", field="part")
        of_supplier = by_supplier.setdefault(bought.supplier_id, [])
        of_supplier.append(_new_line(line, bought, job_id, by_hand=by_hand))
    return by_supplier


def _new_line(line: Line, bought: Buying, job_id: int | None, *, by_hand: bool) -> NewLine:
    quantity_milli = whole_packs(line.quantity_milli, 1 if by_hand else bought.policy.pack_milli)
    refuse_absurd(times(quantity_milli, bought.price_e4))
    return NewLine(
        part_id=line.part_id,
        quantity_milli=quantity_milli,
        price_e4=bought.price_e4,
        need_by=line.need_by,
        order_by=bought.policy.order_by(line.need_by) if line.need_by else None,
        job_id=job_id,
        why={**(line.why or {}), **(assumed(bought) if line.need_by else {})},
    )


def _write(
    session: Session,
    ctx: Context,
    uid: str,
    by_supplier: dict[int | None, list[NewLine]],
    source: Source,
) -> list[int]:
    assert ctx.actor is not None
    numbers = []
    for nth, (supplier_id, lines) in enumerate(by_supplier.items()):
        head = Head(_nth_id(uid, nth), source, supplier_id, ctx.actor.person_id, ctx.now_us)
        row = writing.open_requisition(session, head)
        writing.add_lines(session, row.id, lines)
        numbers.append(row.number)
    return numbers


def _nth_id(uid: str, nth: int) -> str:
    """The id of the nth requisition of one request, the same each time; the first has its own."""
    return uid if nth == 0 else str(uuid5(UUID(uid), str(nth)))


def _numbers_of(session: Session, uid: str) -> list[int]:
    """The requisitions that a request made before."""
    numbers = []
    for nth in range(_MOST_LINES):
        wanted = select(Requisition.number).where(Requisition.uid == _nth_id(uid, nth))
        number = session.scalar(wanted)
        if number is None:
            break
        numbers.append(number)
    return numbers
