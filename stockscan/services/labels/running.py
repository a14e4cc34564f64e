"""Works at a print that nobody waits for: draws its file, tells how far it is, keeps the file.

Drawing changes nothing outside, so one that stood still (a killed process) begins anew. A print
that goes to a printer never does: what came out of that is on paper.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import islice
from typing import Any, Final, TypeVar

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Conflict, StockScanError
from stockscan.labelling.printing import Printed
from stockscan.services.labels.drawing import draw
from stockscan.services.labels.papers import LabelSetup
from stockscan.services.labels.printers import printer_of
from stockscan.services.labels.printing import texts_of
from stockscan.services.labels.prints import KEPT_US, Print, as_print, print_of
from stockscan.services.labels.sending import send
from stockscan.services.work import Context, retrying, unit_of_work
from stockscan.store import files
from stockscan.store import prints as store
from stockscan.store.labels import LabelPrint

# How many labels are made between two times of telling how far it is.
STEP: Final = 200
_MOST_WARNINGS: Final = 20

Clock = Callable[[], int]
T = TypeVar("T")


def work(ctx: Context, setup: LabelSetup, number: int, clock: Clock) -> None:
    """Make what was ordered; the print is done then, or failed, or was cancelled meanwhile."""
    require(ctx.actor, Permission.LABEL_PRINT)
    with _troubles(number), suppress(_StoppedError):
        found = print_of(ctx, number)
        if found.state == "running":
            then = replace(setup, public_url=found.public_url)
            (_send if found.is_sent else _draw)(then, found, clock)


def make_again(ctx: Context, number: int) -> None:
    """Let a file be made anew by `work`: of a print that stood still, failed, or has none any more.

    Raises `Conflict` while it is made, while the file is there, and for what went to a printer.
    """
    require(ctx.actor, Permission.LABEL_PRINT)
    with unit_of_work() as session:
        row = store.hold(session, number)
        found = as_print(ctx, store.by_number(session, number))
        if found.is_sent:
            raise Conflict("What came out of the printer is on paper. Print the rest.")
        if found.has_file or (found.state == "running" and not found.is_still):
            raise Conflict("This print has moved on. Look again.")
        _move(row, state="running", done=0, trouble="", beat_us=ctx.now_us)


def cancel(ctx: Context, number: int) -> None:
    """Stop a print; what a printer has by then, it prints. Raises `Conflict` for one that ended."""
    require(ctx.actor, Permission.LABEL_PRINT)
    with unit_of_work() as session:
        row = store.hold(session, number)
        if row.state != "running":
            raise Conflict("This print has ended already.")
        row.state = "cancelled"


def _draw(setup: LabelSetup, found: Print, clock: Clock) -> None:
    """The file, from the first label on; a beat tells every so many labels how far it is."""
    one = replace(found.paper, copies=1)
    each = (text for text in texts_of(found.number) for _ in range(found.paper.copies))
    file = draw(found.form, one, _watched(each, found.number, clock), setup)
    # Two prints of one person that end together let go of each other's files.
    retrying(lambda: _keep(found.number, file, clock()))


def _send(setup: LabelSetup, found: Print, clock: Clock) -> None:
    """Every label to the printer, each once; a tell after each says how many it has for sure."""
    assert found.paper.printer is not None
    warnings: dict[str, None] = {}

    def labels() -> Iterator[bytes]:
        one = replace(found.paper, copies=1)
        for text in texts_of(found.number):
            drawn = draw(found.form, one, [text], setup)
            warnings.update(dict.fromkeys(drawn.warnings))
            yield from (drawn.data for _ in range(found.paper.copies))

    def told(done: int) -> bool:
        with unit_of_work() as session:
            row = store.hold(session, found.number)
            _move(row, done=done, beat_us=clock())
            return row.state == "running"

    sent = send(printer_of(found.paper.printer), labels(), told)
    with unit_of_work() as session:
        row = store.hold(session, found.number)
        if row.state == "running":
            words = [sent.trouble] if sent.trouble else []
            known = json.dumps([*words, *islice(warnings, _MOST_WARNINGS)])
            _move(row, state="done", done=sent.handed_over, warnings=known, beat_us=clock())


def _watched(things: Iterator[T], number: int, clock: Clock) -> Iterator[T]:
    for count, thing in enumerate(things):
        if count % STEP == 0:
            _beat(number, count, clock())
        yield thing


def _beat(number: int, done: int, now_us: int) -> None:
    """Tell how far a print is. Raises `_StoppedError` where it is not to go on."""
    with unit_of_work() as session:
        row = store.hold(session, number)
        if row.state != "running":
            raise _StoppedError
        _move(row, done=done, beat_us=now_us)


def _keep(number: int, file: Printed, now_us: int) -> None:
    """The print is done, and its file is the one that is kept of this person's."""
    with unit_of_work() as session:
        row = store.hold(session, number)
        if row.state != "running":
            return
        store.forget_files(session, of_person=row.person_id, older_than_us=now_us - KEPT_US)
        warnings = json.dumps(file.warnings)
        _move(row, state="done", done=row.total, warnings=warnings, beat_us=now_us,
              sha256=files.keep(session, file.data))  # fmt: skip


def _move(row: LabelPrint, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)


@contextmanager
def _troubles(number: int) -> Iterator[None]:
    """What goes wrong is kept with the print, for whoever looks; a program error goes on."""
    try:
        yield
    except Exception as error:
        with unit_of_work() as session:
            row = store.hold(session, number)
            if row.state == "running":
                trouble = error.message if isinstance(error, StockScanError) else _UNKNOWN
                _move(row, state="failed", trouble=trouble)
        if not isinstance(error, StockScanError):
            raise


class _StoppedError(Exception):
    """Somebody cancelled the print."""


_UNKNOWN: Final = "Something went wrong here, not with you. Make it again, or tell your admin."
