"""Printed cards that are scanned instead of tapped: "Done", "Undo", a mode, "times five".

Their codes are reserved and the same everywhere, so a card works in every StockScan and without a
network; no other label ever gets one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from stockscan.domain.codes import check_character
from stockscan.domain.scanning import Mode


class Command(StrEnum):
    """What a card asks for."""

    DONE = "done"
    UNDO = "undo"
    DAMAGED = "damaged"
    MODE = "mode"
    TIMES = "times"


@dataclass(frozen=True, slots=True)
class Card:
    """A printed card: its label code and words; `mode` or `times` where the command has one."""

    code: str
    command: Command
    title: str
    mode: Mode | None = None
    times: int = 1


def card(code: str) -> Card | None:
    """The card with this label code, None where it is no card."""
    return CARDS.get(code)


def is_card(code: str) -> bool:
    """Whether the code is reserved for a card, so that no label may carry it."""
    return code in CARDS


def _code(number: int) -> str:
    body = f"CMD{number:03d}"
    return body + check_character(body)


_TITLES: Final = {
    Mode.LOOK_UP: "Look up",
    Mode.CHECK_OUT: "Check out",
    Mode.RETURN: "Return",
    Mode.INSTALL: "Install",
    Mode.COLLECT: "Several at once",
    Mode.COUNT: "Count",
    Mode.RECEIVE: "Receive",
    Mode.ISSUE: "Issue",
    Mode.MOVE: "Move",
}
_TIMES: Final = (2, 3, 4, 5, 10, 20, 25, 50, 100)


def _all() -> list[Card]:
    commands = [
        Card(_code(1), Command.DONE, "Done"),
        Card(_code(2), Command.UNDO, "Undo"),
        Card(_code(3), Command.DAMAGED, "Damaged"),
    ]
    modes = [
        Card(_code(10 + index), Command.MODE, f"{title} mode", mode=mode)
        for index, (mode, title) in enumerate(_TITLES.items())
    ]
    # The number of a quantity card is its quantity, so cards can be added without renumbering.
    amounts = [
        Card(_code(100 + times), Command.TIMES, f"× {times}", times=times) for times in _TIMES
    ]
    return [*commands, *modes, *amounts]


CARDS: Final[Mapping[str, Card]] = MappingProxyType({one.code: one for one in _all()})
