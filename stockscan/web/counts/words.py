"""The words of a count's review: reasons, movements, and how far off."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from stockscan.domain.counts.causes import Cause, Hint
from stockscan.domain.figures import MICRO, from_us, is_whole_unit
from stockscan.services.counts import Story
from stockscan.store.catalogue.history import Moved
from stockscan.web.filters import currency, money, qty

CAUSES: Final = {
    Cause.MISSING: "Missing",
    Cause.FOUND: "Found",
    Cause.NOT_RECORDED_OUT: "Taken, not recorded",
    Cause.NOT_RECORDED_IN: "Brought, not recorded",
    Cause.MISPLACED: "On the wrong shelf",
    Cause.RECORDED_WRONG: "Recorded wrong",
    Cause.UNITS: "Packs and pieces mixed up",
    Cause.DAMAGED: "Damaged",
    Cause.OTHER: "Something else",
}
_OF_SHORT: Final = frozenset({Cause.FOUND, Cause.NOT_RECORDED_IN})
_OF_OVER: Final = frozenset({Cause.MISSING, Cause.NOT_RECORDED_OUT, Cause.DAMAGED})

SIGNS: Final = {
    Hint.SERIAL_ELSEWHERE: "bin",
    Hint.ASKED: "clock",
    Hint.WAITING: "bell",
    Hint.NEXT_DOOR: "bin",
    Hint.SWAPPED: "move",
    Hint.MOVED_ABOUT_THEN: "clock",
    Hint.RECORDED_TWICE: "count",
    Hint.OTHER_BIN: "bin",
    Hint.PACKS: "part",
    Hint.TYPING: "keys",
}

MOVES: Final = {
    "opening": "Opening stock",
    "receive": "Received",
    "issue": "Issued",
    "install": "Installed",
    "return_from_asset": "Brought back",
    "transfer_out": "Moved out",
    "transfer_in": "Moved in",
    "scrap": "Scrapped",
    "count_adjust": "Counted",
    "late_correction": "Count put right",
    "reversal": "Taken back",
    "revaluation": "Revalued",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """A count or a movement as a row of the table: how far off, or by how much; the books then."""

    at_us: int
    what: str
    who: str
    change: str
    book_milli: int
    is_count: bool = False


def causes_for(variance_milli: int) -> dict[str, str]:
    """The reasons that fit a difference, by their code."""
    unfit = _OF_SHORT if variance_milli < 0 else _OF_OVER
    return {cause.value: word for cause, word in CAUSES.items() if cause not in unfit}


def off(variance_milli: int, unit: str) -> str:
    """How far off the books: "4 fewer", "2.5 m more", "the same"."""
    if not variance_milli:
        return "the same"
    less = "fewer" if is_whole_unit(unit) else "less"
    return f"{many(variance_milli, unit)} {'more' if variance_milli > 0 else less}"


def short_or_over(variance_milli: int, unit: str) -> str:
    """The same as a state: "4 short", "2.5 m over", "as on the books"."""
    if not variance_milli:
        return "as on the books"
    return f"{many(variance_milli, unit)} {'short' if variance_milli < 0 else 'over'}"


def signed(variance_milli: int) -> str:
    """A difference with its sign: "+4", "−4", "0"."""
    return f"{'+' if variance_milli > 0 else ''}{qty(variance_milli)}"


def signed_money(value_e4: int) -> str:
    """What a difference is worth, with its sign: "+€46.00", "−€46.00"."""
    return f"{'+' if value_e4 > 0 else ''}{money(value_e4, currency())}"


def said(move: Moved) -> str:
    """A movement in a few words: "Installed 2 on FL-02", "Issued 4, order 5521"."""
    deed = MOVES[move.kind]
    if move.quantity_milli:
        deed += f" {qty(abs(move.quantity_milli))}"
    if move.asset_tag:
        return f"{deed} {'from' if move.kind == 'return_from_asset' else 'on'} {move.asset_tag}"
    more = move.note or move.reason
    return f"{deed}, {more}" if more else deed


def deed(move: Moved) -> str:
    """What was done with goods, behind their number: "used", "received", "moved out"."""
    return "used" if move.kind in {"install", "issue"} else MOVES[move.kind].lower()


def at(moment_us: int) -> str:
    """A moment in a sentence: "at 10:05" today, else "on 19 Nov at 10:05"."""
    moment = from_us(moment_us).astimezone()
    clock = f"at {moment.hour}:{moment:%M}"
    return clock if _is_today(moment) else f"on {moment.day} {moment:%b} {clock}"


def stamp(moment_us: int) -> str:
    """A moment in a table: "10:05" today, else "19 Nov 10:05"."""
    moment = from_us(moment_us).astimezone()
    clock = f"{moment.hour}:{moment:%M}"
    return clock if _is_today(moment) else f"{moment.day} {moment:%b} {clock}"


def _is_today(moment: datetime) -> bool:
    return moment.date() == datetime.now().astimezone().date()


def apart(one_us: int, other_us: int) -> str:
    """How long lies between two moments: "15 min", "under a minute"."""
    minutes = abs(one_us - other_us) // (60 * MICRO)
    return f"{minutes} min" if minutes else "under a minute"


def happened(story: Story) -> list[Happened]:
    """All counts and movements of a record in physical order, and the books behind each."""
    rows = []
    book_milli = story.book_before_milli
    for move in story.moves:
        book_milli += move.quantity_milli
        change = signed(move.quantity_milli) if move.quantity_milli else ""
        rows.append(Happened(move.effective_us, said(move), move.person, change, book_milli))
    for one in story.attempts:
        what = f"Counted {qty(one.counted_milli)}"
        change = signed(one.variance_milli)
        row = Happened(one.counted_us, what, one.counter, change, one.book_milli, is_count=True)
        rows.append(row)
    return sorted(rows, key=lambda row: row.at_us)


def many(quantity_milli: int, unit: str) -> str:
    """A quantity without its sign, with its unit where that is not just pieces: "4", "2.5 m"."""
    number = qty(abs(quantity_milli))
    return number if is_whole_unit(unit) else f"{number} {unit}"
