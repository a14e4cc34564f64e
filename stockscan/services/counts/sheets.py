"""Counting bin by bin: my counts, my sheet of one, and what is to be counted in a bin now."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.codes import Kind, read
from stockscan.domain.counts import CLOSED
from stockscan.domain.errors import Conflict, NotFound
from stockscan.domain.operations import is_id
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import limits
from stockscan.store.counts import bins, sheets, visiting
from stockscan.store.counts.bins import Move
from stockscan.store.counts.sheets import BinRow, CountRow, LineRow, OtherRow, Progress, Stop
from stockscan.store.scanning import Found, resolve
from stockscan.store.screen import location_title

MOST_COUNTS: Final = 50
BINS_A_PAGE: Final = 100


class Standing(StrEnum):
    """Whose a bin is for the one who stands before it.

    Mine to count; being counted by somebody just now; on another counter's sheet; not of the count.
    """

    MINE = "mine"
    BEING_COUNTED = "being_counted"
    OTHER_SHEET = "other_sheet"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin of a sheet in the words of the screen; `area` is what it lies in."""

    code: str
    name: str
    title: str
    area: str = ""
    order: int = 0
    lines: int = 0
    left: int = 0
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """How far my sheet of a count is, and the next bin on the way (None: nothing is left)."""

    id: str
    number: int | None
    name: str
    things: str
    state: str
    blind: bool
    progress: Progress
    next: Bin | None

    @property
    def title(self) -> str:
        """The count in a word, as it is printed on its sheets: CC-118."""
        return f"CC-{self.number}" if self.number else "Count"

    @property
    def is_over(self) -> bool:
        """Whether it takes nothing more."""
        return self.state in CLOSED


@dataclass(frozen=True, slots=True)
class Sheet:
    """My sheet of a count: how far it is, and a page of its bins; `more` is behind which order."""

    course: Course
    bins: tuple[Bin, ...]
    more: int | None


@dataclass(frozen=True, slots=True)
class BinVisit:
    """A bin of a count as its counter finds it: what is to be counted, and who else is there.

    `index` is the how many-th bin of my sheet it is, 0 for one that is not on it.
    """

    course: Course
    place: Bin
    index: int
    lines: tuple[LineRow, ...]
    others: tuple[OtherRow, ...]
    standing: Standing

    @property
    def left(self) -> tuple[LineRow, ...]:
        """What is still to be counted here."""
        return tuple(line for line in self.lines if line.is_open)

    def line(self, part: str, lot: str = "") -> LineRow | None:
        """My line of a part, and of a lot of it."""
        found = (line for line in self.lines if (line.part, line.lot) == (part, lot))
        return next(found, None)

    def after(self, part: str, lot: str = "") -> LineRow | None:
        """What to count next: the first open line behind this one, else from the top again."""
        keys = [(line.part, line.lot) for line in self.lines]
        start = keys.index((part, lot)) + 1 if (part, lot) in keys else 0
        ahead = (*self.lines[start:], *self.lines[:start])
        return next((line for line in ahead if line.is_open), None)


def my_counts(ctx: Context) -> list[Course]:
    """The running counts in which something is left for me, what is due first."""
    actor = require(ctx.actor, Permission.COUNT_RECORD)
    with reading() as connection:
        rows = sheets.counts_of(connection, actor.person_id, MOST_COUNTS)
        return [_course(connection, row, actor) for row in rows]


def course(ctx: Context, count_id: str, behind: str = "") -> Course:
    """How far my sheet of a count is; its next bin is one behind the bin with the code `behind`.

    Raises `NotFound`.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)
    with reading() as connection:
        row = _count(connection, count_id)
        left = sheets.order_of(connection, row.id, behind) if behind else None
        return _course(connection, row, actor, after=-1 if left is None else left)


def count_behind(ctx: Context, code: str) -> str:
    """The id of the count with this label code. Raises `NotFound`."""
    require(ctx.actor, Permission.COUNT_RECORD)
    with reading() as connection:
        row = sheets.count_of_code(connection, code)
    if row is None:
        raise NotFound("There is no such count. Ask for a fresh sheet.")
    return row.id


def sheet(ctx: Context, count_id: str, after: int = -1) -> Sheet:
    """My sheet of a count, with the bins behind the walking order `after`. Raises `NotFound`."""
    actor = require(ctx.actor, Permission.COUNT_RECORD)
    with reading() as connection:
        row = _count(connection, count_id)
        way = sheets.way(connection, row.id, actor.person_id)
        ahead = [stop for stop in way if stop.order > after]
        page = ahead[:BINS_A_PAGE]
        more = page[-1].order if len(ahead) > len(page) else None
        return Sheet(_course_of(connection, row, way), tuple(_bins(connection, page)), more)


def bin_visit(ctx: Context, count_id: str, location: str) -> BinVisit:
    """What I am to count in a bin (by any scanned text). Changes nothing. Raises `NotFound`."""
    actor = require(ctx.actor, Permission.COUNT_RECORD)
    with reading() as connection:
        row, place = _count(connection, count_id), _location(connection, location)
        return _visit(connection, row, place, actor)


def rest_of(ctx: Context, location: str, count_id: str = "", since_us: int | None = None) -> int:
    """How many records of a bin (by label code) become 0 when no more is said to be in it.

    What was counted there since `since_us` is left as it was counted; None: the bin is empty.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)
    with reading() as connection:
        return bins.rest_of(connection, location, actor.person_id, count_id, since_us)


def moves_asked(ctx: Context, line_id: int) -> list[Move]:
    """What moved while a line was counted, as far as nobody has said yet what came first."""
    require(ctx.actor, Permission.COUNT_RECORD)
    with reading() as connection:
        return bins.moves_asked(connection, line_id)


def begin_visit(ctx: Context, count_id: str, location: str, *, join: bool = False) -> BinVisit:
    """Take what I am to count in a bin in hand, now; with `join` also what others count there.

    What I had in hand in another bin waits again. Raises `NotFound`, `Conflict` when the count is
    over, `NotAllowed` for a bin that is none of my places.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)

    def work() -> BinVisit:
        with unit_of_work() as session:
            connection = session.connection()
            row, place = _count(connection, count_id), _location(connection, location)
            _refuse_closed(row)
            place_id = place.id or 0
            limits.refuse_outside(session, actor, (place_id,))
            visiting.leave(session, actor.person_id, but=(row.id, place_id))
            if join:
                visiting.join(session, row.id, place_id, actor.person_id, ctx.now_us)
            visiting.take(session, row.id, place_id, actor.person_id, ctx.now_us)
            return _visit(session.connection(), row, place, actor)

    return retrying(work)


def pause(ctx: Context) -> None:
    """Put down what I have in hand, so that it waits again: for me, or for whoever comes."""
    actor = require(ctx.actor, Permission.COUNT_RECORD)

    def work() -> None:
        with unit_of_work() as session:
            visiting.leave(session, actor.person_id)

    retrying(work)


def _count(connection: Connection, count_id: str) -> CountRow:
    row = sheets.count_row(connection, count_id) if is_id(count_id) else None
    if row is None or row.number is None:
        raise NotFound("There is no such count. Open it again from your counts.")
    return row


def _refuse_closed(row: CountRow) -> None:
    if row.state in CLOSED or row.state not in sheets.RUNNING:
        word = {"CANCELLED": "was cancelled", "DRAFT": "has not begun"}.get(row.state, "is over")
        raise Conflict(f"CC-{row.number} {word}. Choose another count.", code="count_closed")


def _location(connection: Connection, text: str) -> Found:
    found = resolve(connection, read(text), (Kind.LOCATION,))
    if found is None or found.id is None:
        raise NotFound("That is no bin we know. Scan its label.")
    return found


def _course(connection: Connection, row: CountRow, actor: Actor, *, after: int = -1) -> Course:
    return _course_of(connection, row, sheets.way(connection, row.id, actor.person_id), after)


def _course_of(connection: Connection, row: CountRow, way: list[Stop], after: int = -1) -> Course:
    """The next bin is the first undone one behind the order `after`, else from the start again."""
    progress = sheets.progress_of(way)
    undone = [stop for stop in way if not stop.done]
    ahead = next((stop for stop in undone if stop.order > after), undone[0] if undone else None)
    following = _bins(connection, [ahead])[0] if ahead else None
    return Course(
        row.id, row.number, row.name, row.things, row.state, row.blind, progress, following
    )


def _visit(connection: Connection, row: CountRow, place: Found, actor: Actor) -> BinVisit:
    me, place_id = actor.person_id, place.id or 0
    way = sheets.way(connection, row.id, me)
    index = next((i for i, stop in enumerate(way, 1) if stop.location_id == place_id), 0)
    here = _bins(connection, [way[index - 1]])[0] if index else _plain_bin(place)
    lines = tuple(sheets.lines_in(connection, row.id, me, place_id))
    others = tuple(sheets.others_in(connection, row.id, me, place_id))
    standing = Standing.MINE
    if not lines and (others or not index):
        inside = bool(index) or sheets.is_place_of(connection, row.id, place_id)
        standing = _whose(others, inside=inside)
    ahead = _course_of(connection, row, way, here.order if index else -1)
    return BinVisit(ahead, here, index, lines, others, standing)


def _whose(others: tuple[OtherRow, ...], *, inside: bool) -> Standing:
    if any(other.since_us for other in others):
        return Standing.BEING_COUNTED
    return Standing.OTHER_SHEET if inside else Standing.OUTSIDE


def _bins(connection: Connection, stops: Sequence[Stop]) -> list[Bin]:
    """The stops as the screen names them."""
    return [_bin(row) for row in sheets.named(connection, stops)]


def _bin(row: BinRow) -> Bin:
    title = location_title(row.name, row.kind)
    return Bin(row.code, row.name, title, row.area, row.order, row.lines, row.left, row.is_done)


def _plain_bin(place: Found) -> Bin:
    return Bin(place.code, place.name, place.name)
