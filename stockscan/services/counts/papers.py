"""Count sheets on paper: for each counter the bins in walking order, and no figure of the books."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.counts import CLOSED, SessionState
from stockscan.domain.counts.paper import cut
from stockscan.domain.errors import NotFound, RuleBroken
from stockscan.services.work import Context, reading
from stockscan.store.counts import papers
from stockscan.store.counts.papers import PaperCount, PaperLine, SheetRow

# What is printed at once, in lines; a longer sheet is printed in parts.
MOST_LINES: Final = 1_500
# In lines of writing: a page, what a bin takes besides its lines (its name, and one line for
# what is not on the list), a line, and the lines for as many serials as fit: always the same,
# because their number would say what the books hold.
PAGE_ROOM: Final = 24
BIN_FRAME: Final = 2
SERIAL_ROWS: Final = 4


@dataclass(frozen=True, slots=True)
class BinOnPage:
    """A bin of a page; `goes_on` tells that it began on the page before."""

    code: str
    name: str
    goes_on: bool
    is_whole: bool
    lines: list[PaperLine]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a sheet."""

    number: int
    bins: list[BinOnPage]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one person counts, on paper; `row.person_id` of None is for whoever comes.

    `first` is the line it begins with, `more` the first one that did not fit, 0 if all did.
    """

    row: SheetRow
    pages: list[Page]
    first: int = 0
    more: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """All sheets of a count that are printed at once, and whose they could be."""

    count: PaperCount
    rows: list[SheetRow]
    sheets: list[Sheet]


def paper(ctx: Context, count_id: str, person: str | None = None, first: int = 0) -> Paper:
    """The sheets of what is still to be counted, all or one person's (a code, "" for nobody's).

    `first` is the line of that sheet to begin with. Raises `NotFound` for an unknown count or a
    person without a sheet, `RuleBroken` for one that is not open.
    """
    require(ctx.actor, Permission.COUNT_RECORD)
    with reading() as connection:
        head = count_to_do(connection, count_id)
        rows = papers.sheets_of(connection, count_id)
        wanted = [row for row in rows if person is None or row.code == person]
        if person is not None and not wanted:
            raise NotFound("There is nothing left to count on that sheet.", field="person")
        return Paper(head, rows, list(_sheets(connection, count_id, wanted, first)))


def count_to_do(connection: Connection, count_id: str) -> PaperCount:
    """The count, which can still be counted. Raises `NotFound` and `RuleBroken`."""
    head = papers.count_of(connection, count_id)
    if head is None or head.things != "parts" or head.number is None:
        raise NotFound("There is no such count.")
    if head.state == SessionState.DRAFT:
        raise RuleBroken("This count is a draft. Start it, then print its sheets.")
    if head.state in CLOSED:
        raise RuleBroken("This count is over. Plan a new one to count again.")
    return head


def _sheets(
    connection: Connection, count_id: str, rows: Iterable[SheetRow], first: int
) -> Iterable[Sheet]:
    room = MOST_LINES
    for row in rows:
        if room <= 0:
            yield Sheet(row, [], first, first + 1)
            continue
        lines = papers.open_lines(connection, count_id, row.person_id, limit=room + 1, offset=first)
        fit = lines[:room]
        yield Sheet(row, pages(fit), first, first + room if len(lines) > room else 0)
        room -= len(fit)


def pages(lines: Iterable[PaperLine]) -> list[Page]:
    """The lines in their order, bin by bin, on pages."""
    bins = [list(grouped) for _, grouped in groupby(lines, key=lambda line: line.location)]
    heights = [[_height(line) for line in found] for found in bins]
    cuts = cut(heights, PAGE_ROOM, BIN_FRAME)
    return [
        Page(number, [_on_page(bins[part.bin], part.first, part.end) for part in page])
        for number, page in enumerate(cuts, start=1)
    ]


def _on_page(lines: list[PaperLine], first: int, end: int) -> BinOnPage:
    top = lines[0]
    return BinOnPage(
        top.location, top.location_name, first > 0, end == len(lines), lines[first:end]
    )


def _height(line: PaperLine) -> int:
    return SERIAL_ROWS if line.tracking == "serial" else 1
