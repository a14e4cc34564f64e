"""The log of prints: what was printed when and by whom, and the labels that are on each print."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.services.labels.checking import checked, troubled
from stockscan.services.labels.naming import label_names
from stockscan.services.labels.prints import Print, as_print
from stockscan.services.work import Context, reading
from stockscan.store import prints as store
from stockscan.store import staff
from stockscan.store.catalogue.label_checks import Counts, checks_of

PAGE: Final = 50
_NAMED: Final = 3
MINE: Final = "me"


@dataclass(frozen=True, slots=True)
class Asked:
    """What narrows the log: the code of a person or "me", and how it was printed; "" for all."""

    person: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One print in the log: the names of its first labels, how many more, and how its check is."""

    print: Print
    names: tuple[str, ...]
    checked: Counts | None

    @property
    def more(self) -> int:
        """How many labels are not named."""
        return max(self.print.labels - len(self.names), 0)


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some lines of the log, newest first; `older` is the number to go on from, None at the end.

    `people` are all who have printed, by code.
    """

    lines: tuple[Line, ...]
    older: int | None
    people: dict[str, str]


@dataclass(frozen=True, slots=True)
class OnIt:
    """One label of a print; `verdict` is what its last check found, "" for none."""

    place: int
    code: str
    name: str
    verdict: str


@dataclass(frozen=True, slots=True)
class PrintPage:
    """A print with some of its labels; `following` is where the next begin.

    `bad` are the codes that want a new label by their check; `unread` is how many labels nobody
    scanned back as right.
    """

    line: Line
    labels: tuple[OnIt, ...]
    bad: list[str]
    unread: int
    following: int | None


@dataclass(frozen=True, slots=True)
class LastPrint:
    """When the label of a thing was printed last, and on which print.

    `has_sheet` tells that there is a first free label to choose before it is printed again.
    """

    number: int
    code: str
    at_us: int
    copies: int
    has_sheet: bool


def prints(ctx: Context, asked: Asked, before: int | None = None) -> LogPage:
    """The log, newest first, behind the print `before`. Raises `NotFound` for an unknown person."""
    actor = require(ctx.actor, Permission.LABEL_PRINT)
    with reading() as connection:
        narrowed: dict[str, Any] = {"format": asked.way} if asked.way else {}
        if asked.person == MINE:
            narrowed["person_id"] = actor.person_id
        elif asked.person:
            narrowed["person_id"] = staff.find(connection, asked.person).id
        rows = store.newest(connection, before=before, limit=PAGE + 1, **narrowed)
        shown_prints = [as_print(ctx, row) for row in rows[:PAGE]]
        lines = _lines(connection, shown_prints)
        people = dict(store.printing_people(connection))
    return LogPage(lines, rows[PAGE - 1].id if len(rows) > PAGE else None, people)


def print_page(ctx: Context, number: int, after: int = 0) -> PrintPage:
    """A print and its labels behind the place `after`. Raises `NotFound`."""
    require(ctx.actor, Permission.LABEL_PRINT)
    with reading() as connection:
        found = as_print(ctx, store.by_number(connection, number))
        (line,) = _lines(connection, [found])
        rows = store.codes_of(connection, number, after=after, limit=PAGE + 1)
        verdicts = {each.what: each.verdict for each in checks_of(connection, [number])}
        names = label_names(connection, [code for _, code in rows])
        unread = store.unread_codes(connection, number) if line.checked else []
    labels = tuple(
        OnIt(place, code, names[code], verdicts.get(code, "")) for place, code in rows[:PAGE]
    )
    following = labels[-1].place if len(rows) > PAGE else None
    return PrintPage(line, labels, troubled(list(verdicts), verdicts), len(unread), following)


def last_print(ctx: Context, code: str) -> LastPrint | None:
    """When the label of a thing was printed last; None for never, and for who prints none."""
    if ctx.actor is None or not ctx.actor.may(Permission.LABEL_PRINT):
        return None
    with reading() as connection:
        row = store.last_with(connection, code)
    return LastPrint(row.id, code, row.at_us, row.copies, row.format == "pdf") if row else None


def _lines(connection: Connection, found: list[Print]) -> tuple[Line, ...]:
    numbers = [each.number for each in found]
    firsts = store.first_codes(connection, numbers, _NAMED)
    names = label_names(connection, {code for codes in firsts.values() for code in codes})
    checks = checked(connection, numbers)
    return tuple(
        Line(
            each,
            tuple(names[code] for code in firsts[each.number]),
            checks.get(each.number),
        )
        for each in found
    )
