"""Requisitions as people read them: the list, one of them, and what waits for a part."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import NotFound
from stockscan.domain.purchasing import RequisitionState
from stockscan.domain.purchasing.steps import name_of, number_of
from stockscan.services.work import Context, reading
from stockscan.store.counts.blindness import blindness, hidden_parts
from stockscan.store.parts import Part
from stockscan.store.purchasing import listed
from stockscan.store.purchasing.coming import coming
from stockscan.store.purchasing.lines import LineRow, lines_of
from stockscan.store.purchasing.listed import PAGE, RequisitionRow, Show
from stockscan.store.purchasing.seen import version_of
from stockscan.store.settings import load


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of requisitions; `older` is the number to send as `before` for the next, or None."""

    rows: list[RequisitionRow]
    older: int | None
    tally: dict[Show, int]


class Awaited(NamedTuple):
    """An order that waits for a part, and how much of it; None where that is hidden."""

    number: int
    left_milli: int | None

    @property
    def name(self) -> str:
        """What people call the order."""
        return name_of(self.number)


@dataclass(frozen=True, slots=True)
class RequisitionPage:
    """One requisition with its lines, and the company that orders.

    `version` goes along with a decision, which then is about nothing but what is seen here.
    """

    row: RequisitionRow
    lines: list[LineRow]
    company: str
    currency: str
    version: str

    @property
    def name(self) -> str:
        """What people call it."""
        return name_of(self.row.number)

    @property
    def difference_e4(self) -> int:
        """What has come cost so much more than was expected."""
        return sum(line.difference_e4 for line in self.lines)

    @property
    def has_come(self) -> bool:
        """Whether anything of it is in stock, as far as the reader may know."""
        return any(line.received_milli for line in self.lines)

    @property
    def is_hidden(self) -> bool:
        """Whether what has come of a line is hidden from the reader."""
        return any(line.received_milli is None for line in self.lines)


def requisition_list(
    ctx: Context, show: Show = Show.OPEN, text: str = "", before: int | None = None
) -> ListPage:
    """The newest requisitions that the filters let through, and how many wait for what."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        rows = listed.requisitions(connection, ctx.today, show, text, before=before, limit=PAGE + 1)
        older = rows[PAGE - 1].number if len(rows) > PAGE else None
        return ListPage(rows[:PAGE], older, listed.tally(connection, ctx.today))


def awaited(ctx: Context, part_code: str) -> list[Awaited]:
    """The orders that wait for a part, the oldest first: what comes in is for the first of them."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        part_id = connection.execute(select(Part.id).where(Part.code == part_code)).scalar()
        lines = coming(connection, [part_id]) if part_id is not None else []
        hidden = hidden_parts(connection, blindness(connection, actor), [part_id or 0])
    return [
        Awaited(line.requisition_number, None if hidden else line.left_milli)
        for line in lines
        if line.state == RequisitionState.ORDERED
    ]


def requisition_page(ctx: Context, reference: str | int) -> RequisitionPage:
    """One requisition by its number or name (7, R-7). Raises `NotFound`."""
    actor = require(ctx.actor, Permission.READ)
    number = number_of(str(reference))
    with reading() as connection:
        row = listed.requisition(connection, number) if number is not None else None
        if row is None:
            raise NotFound(f"There is no requisition {str(reference)[:20]}.")
        # First: what is changed before the lines are read is refused then, not passed over.
        version = version_of(connection, row.id)
        lines = lines_of(connection, row.id, blindness(connection, actor))
        settings = load(connection)
        return RequisitionPage(row, lines, settings.company, settings.currency, version)
