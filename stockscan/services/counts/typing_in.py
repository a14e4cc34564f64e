"""Typing in what was counted on paper: as if it had been scanned when it was counted."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.errors import Invalid, NotFound
from stockscan.domain.figures import MICRO, from_us, parse_quantity, to_us
from stockscan.domain.operations import parse_id
from stockscan.services.counts.papers import Page, count_to_do, pages
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store.counts import papers
from stockscan.store.counts.papers import Counter, PaperCount, PaperLine, SheetRow

MINUTE_US: Final = 60 * MICRO
# A clock on the wall says the minute, and it is read when the bin is done: the count lies in the
# minute that was written and what the bin took before. What moved meanwhile is asked about.
VISIT_US: Final = 5 * MINUTE_US
# More lines than a page has.
MOST_LINES: Final = 60
# As many bins as a list can be chosen from.
MOST_BINS: Final = 1_000
# Names what a form's line is, so that typing it twice is typing it once.
_NAMESPACE: Final = uuid.UUID("0d6f8a52-6f0e-4d0c-9c59-2c1d1b6f7a11")


@dataclass(frozen=True, slots=True)
class Typing:
    """One page of a sheet to be typed in: the page, whose it is, who may have counted.

    `bins` are those that the sheet has left (code and name), `rows` the sheets, `left` its lines.
    """

    count: PaperCount
    rows: list[SheetRow]
    row: SheetRow | None
    page: Page | None
    bins: list[tuple[str, str]]
    people: list[Counter]
    left: int


@dataclass(frozen=True, slots=True)
class Written:
    """What a page says: who counted (a code), on which day, when each bin (by code), each number.

    `numbers` are by the line's id, as they were written; "" is not counted. A bin without a time
    has that of the bin above it.
    """

    person: str
    day: date
    times: Mapping[str, str]
    numbers: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Typed:
    """A page on its way into the books: the operation that records each line, by the line's id.

    `before` lines were typed or counted before. `wrong` says what to put right at which bin (a
    code), `wrong_lines` at which line (its id); then there are no operations.
    """

    raws: dict[int, dict[str, Any]]
    before: int = 0
    wrong: dict[str, str] = field(default_factory=dict)
    wrong_lines: dict[int, str] = field(default_factory=dict)

    @property
    def is_wrong(self) -> bool:
        """Whether something has to be put right first."""
        return bool(self.wrong or self.wrong_lines)


def to_type(ctx: Context, count_id: str, person: str | None = None, bin_: str = "") -> Typing:
    """The first page of what is left of a sheet (a person's code, "" for nobody's; None: any).

    `bin_` is the code of the bin to begin with. Raises as `papers.paper` does.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)
    with reading() as connection:
        head = count_to_do(connection, count_id)
        rows = papers.sheets_of(connection, count_id)
        row = _chosen(rows, person, actor)
        if row is None:
            return Typing(head, rows, None, None, [], [], 0)
        lines = papers.open_lines(
            connection, count_id, row.person_id, limit=MOST_LINES, from_bin=bin_
        )
        bins = papers.bins_of(connection, count_id, row.person_id, MOST_BINS)
        people = [each for each in papers.counters(connection) if _may_type_for(actor, each.id)]
        first = next(iter(pages(lines)), None)
        return Typing(head, rows, row, first, bins, people, row.lines)


def type_in(ctx: Context, form_id: str, count_id: str, written: Written) -> Typed:
    """What records a page, each number as a count at the time that is written there.

    The same form again gives the same operations, so typed twice is counted once. The lines become
    those of who counted. Raises `Invalid`, `NotFound`, and `NotAllowed` for typing for somebody
    else without planning counts.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)
    form = uuid.uuid5(_NAMESPACE, parse_id(form_id))
    said = {line_id: text for line_id, text in written.numbers.items() if text}
    with reading() as connection:
        head = count_to_do(connection, count_id)
        lines = papers.still_open(connection, count_id, said)
        people = {each.code: each for each in papers.counters(connection)}
    counter = people.get(written.person)
    if counter is None:
        raise NotFound("Choose who counted.", field="person")
    if not _may_type_for(actor, counter.id):
        require(actor, Permission.COUNT_PLAN)
    times_us, wrong = _times(written, lines, head, ctx.now_us)
    wrong_lines = _wrong_numbers(lines, said)
    if wrong or wrong_lines:
        return Typed({}, wrong=wrong, wrong_lines=wrong_lines)
    with unit_of_work() as session:
        papers.give_to(session, count_id, [line.id for line in lines], counter.id)
    raws = {
        line.id: {
            **_operation(form, head, line, said[line.id]),
            **_when(ctx, times_us[line.location]),
            **({} if counter.id == actor.person_id else {"counter": counter.code}),
        }
        for line in lines
    }
    return Typed(raws, before=len(said) - len(lines))


def local_now(ctx: Context) -> datetime:
    """The server's clock on the wall, which times on paper are read by."""
    return from_us(ctx.now_us).astimezone()


def _chosen(rows: list[SheetRow], person: str | None, actor: Actor) -> SheetRow | None:
    """The sheet that was asked for, else one's own, else the first."""
    if person is not None:
        return next((row for row in rows if row.code == person), None)
    own = [row for row in rows if row.person_id == actor.person_id]
    return next(iter(own or rows), None)


def _may_type_for(actor: Actor, person_id: int) -> bool:
    return person_id == actor.person_id or actor.may(Permission.COUNT_PLAN)


def _times(
    written: Written, lines: Iterable[PaperLine], head: PaperCount, now_us: int
) -> tuple[dict[str, int], dict[str, str]]:
    """When each bin was counted, by its code, and what is wrong about the others."""
    found: dict[str, int] = {}
    wrong: dict[str, str] = {}
    text = ""
    for code in dict.fromkeys(line.location for line in lines):
        text = written.times.get(code, "") or text
        try:
            found[code] = _instant(written.day, text, head, now_us)
        except Invalid as error:
            wrong[code] = error.message
    return found, wrong


def _wrong_numbers(lines: Iterable[PaperLine], said: Mapping[int, str]) -> dict[int, str]:
    """What is no number, by the line's id; serials are texts."""
    found: dict[int, str] = {}
    for line in lines:
        if line.tracking != "serial":
            try:
                parse_quantity(said[line.id], field="The quantity", zero=True)
            except Invalid as error:
                found[line.id] = error.message
    return found


def _instant(day: date, text: str, head: PaperCount, now_us: int) -> int:
    """The end of the minute that was written, where the server stands; at most now."""
    if not text:
        raise Invalid("Type the time that stands at this bin.")
    try:
        minute = time.fromisoformat(text)
    except ValueError:
        raise Invalid("Type the time like 14:05.") from None
    start_us = to_us(datetime.combine(day, minute).astimezone())
    if start_us > now_us:
        raise Invalid(f"{text} has not come yet. Check the time and the day.")
    end_us = start_us + MINUTE_US - 1
    if end_us < head.opened_us:
        opened = from_us(head.opened_us).astimezone()
        raise Invalid(
            f"The count was opened at {opened:%H:%M} on {opened.day} {opened:%b}. Check the time; "
            "what was counted before that is counted again."
        )
    return min(end_us, now_us)


def _operation(form: uuid.UUID, head: PaperCount, line: PaperLine, text: str) -> dict[str, Any]:
    """The count that a line says; of serials all that lie there are written, or 0."""
    many = line.tracking == "serial" and text != "0"
    return {
        "id": str(uuid.uuid5(form, str(line.id))),
        "kind": "count",
        "count": head.id,
        "location": line.location,
        "part": line.part,
        "note": "Typed in from paper",
        **({"serials": text} if many else {"quantity": text}),
        **({"lot": line.lot} if line.lot else {}),
    }


def _when(ctx: Context, counted_us: int) -> dict[str, int]:
    return {"age_ms": (ctx.now_us - counted_us) // 1000, "window_ms": VISIT_US // 1000}
