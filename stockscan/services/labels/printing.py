"""Ordering a print: what is on it is found out and recorded once; small files are drawn at once."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from stockscan.domain.access import Permission, require
from stockscan.domain.cards import is_card
from stockscan.domain.errors import Conflict, Invalid, NotFound, TooLarge
from stockscan.domain.operations import canonical, digest, parse_id
from stockscan.labelling.printing import KINDS, Printed
from stockscan.services.labels import choices
from stockscan.services.labels.choosing import Wanted, label_texts, wanted_codes
from stockscan.services.labels.drawing import draw
from stockscan.services.labels.papers import LabelSetup, Paper
from stockscan.services.labels.printers import printer_of
from stockscan.services.labels.prints import SENT, SMALL, File, Print, Way, as_print
from stockscan.services.labels.sending import address_of
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import prints as store
from stockscan.store.catalogue.labels import LabelText
from stockscan.store.codes import keep_cards
from stockscan.store.once import Once, first_time, was_recorded

# More than this in one print, with all copies, is work for several.
MOST_PRINTED: Final = 50_000
_KIND: Final = "print_labels"

Which = Literal["all", "unread", "rest", "one"]


@dataclass(frozen=True, slots=True)
class Ordered:
    """A print as it stands now, and its `file` where that was drawn at once.

    `is_waiting` tells that whoever ordered it has to let `running.work` at it.
    """

    print: Print
    file: Printed | None = None
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class Again:
    """Which labels of a print to print again: "all", "unread", "rest" or "one".

    "unread" are those that nobody scanned back as right, "rest" those from label `first` on,
    counted with all copies, "one" the one with this `code`. `start` is the first free slot now.
    """

    which: Which = "all"
    first: int = 1
    code: str = ""
    start: int = 1


def order_print(
    ctx: Context,
    setup: LabelSetup,
    wanted: Wanted,
    paper: Paper,
    way: Way,
    uid: str,
    at_once: int = SMALL,
) -> Ordered:
    """Print labels, exactly once under the client's id: the same id answers the same print.

    What is on it is found out and recorded here. Up to `at_once` labels are drawn here too; more
    of them, and what goes to a printer, is for `running.work`. Raises `Conflict` when the id was
    used for something else, `RuleBroken` without a public address, `Invalid` for what can't be
    drawn, `NotFound` for an unknown thing, stock, layout or printer, and `TooLarge`. Missing
    letters are warnings, never a refusal.
    """
    actor = require(ctx.actor, Permission.LABEL_PRINT)
    once = _once(uid, wanted, paper, way)
    with reading() as connection:
        is_known = was_recorded(connection, once, _KIND)
    if is_known:
        return _as_it_stands(ctx, setup, once.id, at_once)
    most = max(MOST_PRINTED, at_once)
    codes = wanted_codes(ctx, wanted, most)
    total = _total(codes, paper, way, most)
    is_now = way != SENT and total <= at_once
    # Of a large one the first label alone: what can't be drawn at all is refused here and now.
    texts = label_texts(codes if is_now else codes[:1])
    file = draw("zpl" if way == SENT else way, paper, texts, setup)
    values = _values(ctx, setup, paper, way, total) | _state(file if is_now else None, total)

    def write() -> bool:
        with unit_of_work() as session:
            if not first_time(session, once, _KIND, actor.person_id, ctx.now_us):
                return False
            keep_cards(session, filter(is_card, codes), ctx.now_us)
            store.record(session, codes, uid=once.id, person_id=actor.person_id, **values)
            return True

    if not retrying(write):
        return _as_it_stands(ctx, setup, once.id, at_once)
    return Ordered(_under(ctx, once.id), file if is_now else None, is_waiting=not is_now)


def print_again(
    ctx: Context, setup: LabelSetup, number: int, again: Again, way: Way, uid: str
) -> Ordered:
    """Order labels of a print once more, as a print of its own with today's address and words.

    Raises as `order_print` does, and `Conflict` for what is being sent to a printer still.
    """
    require(ctx.actor, Permission.LABEL_PRINT)
    with reading() as connection:
        # What is left to print may be less by now; a repetition still is the same print.
        is_known = store.by_uid(connection, parse_id(uid)) is not None
        before = as_print(ctx, store.by_number(connection, number))
        if again.which == "unread":
            codes = store.unread_codes(connection, number)
        else:
            codes = [code for _, code in store.codes_of(connection, number)]
    if is_known:
        return _as_it_stands(ctx, setup, parse_id(uid), SMALL)
    if before.is_sent and before.state == "running":
        _give_up(before)
    paper = replace(before.paper, start=again.start)
    if again.which == "one":
        codes = [code for code in codes if code == again.code][:1]
    if again.which == "rest":
        codes = [code for code in codes for _ in range(paper.copies)][max(again.first, 1) - 1 :]
        paper = replace(paper, copies=1)
    if not codes:
        raise Invalid("Nothing is left of it to print again.", field="which")
    return order_print(ctx, setup, Wanted(codes), paper, way, uid)


def file_of(ctx: Context, setup: LabelSetup, number: int) -> File | Printed:
    """The file of a print, as it was drawn, with the address that it was printed with.

    Raises `NotFound` where there is none, or none any more.
    """
    require(ctx.actor, Permission.LABEL_PRINT)
    with reading() as connection:
        found = as_print(ctx, store.by_number(connection, number))
        data = store.file_of(connection, found.sha256) if found.sha256 else None
    if data is not None:
        media_type, extension = KINDS[found.form]
        return File(data, media_type, extension, found.warnings)
    if found.is_sent:
        raise NotFound("This print went to a printer and has no file.")
    if not found.has_file:
        raise NotFound("The file of this print is not kept any more. Make it again.")
    return _drawn_anew(setup, found)


def texts_of(number: int) -> Iterator[LabelText]:
    """The words on the labels of a print as they are today, some of them read at a time."""
    with reading() as connection:
        rows = store.codes_of(connection, number)
    return label_texts([code for _, code in rows])


def _give_up(before: Print) -> None:
    """End a print that stands still: its worker may be slow and not gone, and would send on."""
    if not before.is_still:
        raise Conflict("This print is being sent still. Wait for it, or cancel it first.")
    with unit_of_work() as session:
        row = store.hold(session, before.number)
        if row.state == "running":
            row.state, row.trouble = "failed", "It broke off. Look how many labels came out."


def _once(uid: str, wanted: Wanted, paper: Paper, way: Way) -> Once:
    """The client's id with what was sent under it; thousands of codes as their digest."""
    what = digest(canonical(json.loads(json.dumps(asdict(wanted), default=list))))
    return Once(parse_id(uid), {"wanted": what, "paper": choices.as_json(paper), "way": way})


def _total(codes: Sequence[str], paper: Paper, way: Way, most: int) -> int:
    """How many labels that makes. Raises `Invalid`, `TooLarge`, and for no printer `RuleBroken`."""
    if not codes:
        raise Invalid("Choose at least one label.", field="items")
    if paper.copies < 1:
        raise Invalid("copies must be a whole number from 1 on.", field="copies")
    if way == SENT:
        if paper.printer is None:
            raise Invalid("Choose the printer.", field="printer")
        address_of(printer_of(paper.printer))
    total = len(codes) * paper.copies
    if total > most:
        raise TooLarge(f"That is more than {most:,} labels. Print them in parts.")
    return total


def _values(ctx: Context, setup: LabelSetup, paper: Paper, way: Way, total: int) -> dict[str, Any]:
    """What is recorded of every print."""
    return {
        "at_us": ctx.now_us,
        "stock": paper.stock,
        "layout": paper.layout,
        "format": way,
        "start": paper.start,
        "copies": paper.copies,
        "choices": choices.encoded(paper),
        "printer_id": paper.printer,
        "public_url": setup.public_url,
        "total": total,
        "beat_us": ctx.now_us,
    }


def _state(file: Printed | None, total: int) -> dict[str, Any]:
    if file is None:
        return {"state": "running"}
    return {"state": "done", "done": total, "warnings": json.dumps(file.warnings)}


def _as_it_stands(ctx: Context, setup: LabelSetup, uid: str, at_once: int) -> Ordered:
    """The answer to a repetition: nothing is begun, and a small file is drawn as it was."""
    found = _under(ctx, uid)
    is_drawn = found.state == "done" and not found.is_sent and found.total <= at_once
    return Ordered(found, _drawn_anew(setup, found) if is_drawn else None)


def _under(ctx: Context, uid: str) -> Print:
    with reading() as connection:
        row = store.by_uid(connection, uid)
    assert row is not None, "an id that is recorded has its print"
    return as_print(ctx, row)


def _drawn_anew(setup: LabelSetup, found: Print) -> Printed:
    then = replace(setup, public_url=found.public_url)
    return draw(found.form, found.paper, texts_of(found.number), then)
