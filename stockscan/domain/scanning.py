"""The pair of scans decides the action: the table, and nothing but the table."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stockscan.domain.codes import Kind


class Mode(StrEnum):
    """What the next scan is for; Look up lets the pair of scans decide alone."""

    LOOK_UP = "look_up"
    CHECK_OUT = "check_out"
    RETURN = "return"
    INSTALL = "install"
    COLLECT = "collect"
    COUNT = "count"
    RECEIVE = "receive"
    ISSUE = "issue"
    MOVE = "move"


class Step(StrEnum):
    """What a scan does."""

    CHOOSE = "choose"
    INSTALL = "install"
    RETURN_PART = "return_part"
    CHECK_OUT = "check_out"
    CHECK_IN = "check_in"
    MOVE_ASSET = "move_asset"
    ENTER = "enter"
    VISIT = "visit"
    AUDIT = "audit"
    COLLECT = "collect"
    ALL_OUT = "all_out"
    ALL_HERE = "all_here"
    COMMAND = "command"
    UNDO = "undo"
    LINK = "link"
    NEED_ASSET = "need_asset"
    NEED_BIN = "need_bin"
    NO_MATCH = "no_match"


# How long what was scanned can be taken back where it was scanned.
UNDO_S: Final = 60

# Modes in which a number is entered for a part in a bin.
STOCK_MODES: Final = frozenset({Mode.COUNT, Mode.RECEIVE, Mode.ISSUE, Mode.MOVE})

_THINGS: Final = frozenset({Kind.ASSET, Kind.LOCATION, Kind.PART, Kind.PERSON})
_ANY_MODE: Final = frozenset(Mode)
_ANYTHING: Final = frozenset({None, *Kind})
_NOT_STOCK: Final = _ANY_MODE - STOCK_MODES


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table: while one of `on` is chosen in one of `modes`, a scan does the step.

    `out` is what must be so of the asset among the two, if it matters: checked out or not.
    """

    on: Collection[Kind | None]
    scanned: Kind
    step: Step
    modes: Collection[Mode] = _ANY_MODE
    out: bool | None = None

    def fits(self, mode: Mode, on: Kind | None, scanned: Kind, *, out: bool) -> bool:
        """Whether this row speaks of such a scan."""
        return (
            scanned is self.scanned
            and on in self.on
            and mode in self.modes
            and self.out in {None, out}
        )


# The first row that fits holds; a thing that no row speaks of is chosen.
TABLE: Final = (
    Rule(_ANYTHING, Kind.COMMAND, Step.COMMAND),
    # Several at once: assets and parts are collected, a person or a place acts on the list.
    Rule(_ANYTHING, Kind.ASSET, Step.COLLECT, {Mode.COLLECT}),
    Rule(_ANYTHING, Kind.PART, Step.COLLECT, {Mode.COLLECT}),
    Rule(_ANYTHING, Kind.PERSON, Step.ALL_OUT, {Mode.COLLECT}),
    Rule(_ANYTHING, Kind.LOCATION, Step.ALL_HERE, {Mode.COLLECT}),
    # Coming back: an asset that is out, its place, a part taken off.
    Rule(_ANYTHING, Kind.ASSET, Step.CHECK_IN, {Mode.RETURN}, out=True),
    Rule({Kind.LOCATION}, Kind.ASSET, Step.MOVE_ASSET, {Mode.RETURN}),
    Rule({Kind.ASSET}, Kind.LOCATION, Step.CHECK_IN, _NOT_STOCK, out=True),
    Rule({Kind.ASSET}, Kind.LOCATION, Step.MOVE_ASSET, {Mode.RETURN}),
    Rule({Kind.ASSET}, Kind.PART, Step.RETURN_PART, {Mode.RETURN}),
    Rule(_ANYTHING, Kind.PART, Step.NEED_ASSET, {Mode.RETURN}),
    # Handing out: to a person in either order; to an asset or a place where the mode says so.
    Rule({Kind.ASSET}, Kind.PERSON, Step.CHECK_OUT, _NOT_STOCK - {Mode.RETURN}),
    Rule({Kind.PERSON}, Kind.ASSET, Step.CHECK_OUT, {Mode.LOOK_UP, Mode.CHECK_OUT}),
    Rule({Kind.ASSET}, Kind.ASSET, Step.CHECK_OUT, {Mode.CHECK_OUT}),
    Rule({Kind.ASSET}, Kind.LOCATION, Step.CHECK_OUT, {Mode.CHECK_OUT}),
    # Parts: on a machine, or a number in a bin.
    Rule({Kind.ASSET}, Kind.PART, Step.INSTALL, _NOT_STOCK - {Mode.CHECK_OUT}),
    Rule({Kind.PART}, Kind.ASSET, Step.INSTALL, {Mode.INSTALL}),
    Rule(_ANYTHING, Kind.PART, Step.NEED_ASSET, {Mode.INSTALL}),
    Rule({Kind.LOCATION}, Kind.PART, Step.ENTER),
    Rule({Kind.PART}, Kind.LOCATION, Step.ENTER, _ANY_MODE - {Mode.RETURN}),
    Rule(_ANYTHING, Kind.PART, Step.NEED_BIN, STOCK_MODES),
)


def keeps(mode: Mode, kind: Kind) -> bool:
    """Whether a chosen thing of this kind is of use in a mode that is changed to."""
    if mode in STOCK_MODES:
        return kind in {Kind.LOCATION, Kind.PART}
    match mode:
        case Mode.LOOK_UP:
            return True
        case Mode.CHECK_OUT:
            return kind in {Kind.ASSET, Kind.PERSON}
        case Mode.RETURN:
            return kind is Kind.LOCATION
        case Mode.INSTALL:
            return kind in {Kind.ASSET, Kind.PART}
        case _:
            return False


def decide(mode: Mode, on: Kind | None, scanned: Kind, *, out: bool = False) -> Step:
    """What scanning a thing of kind `scanned` does while a thing of kind `on` is chosen.

    `out` tells whether the asset of the pair, the scanned one if both are assets, is checked out.
    A pair whose meaning would surprise (asset, then asset in Look up) chooses; the screen offers
    the rest as one tap.
    """
    for rule in TABLE:
        if rule.fits(mode, on, scanned, out=out):
            return rule.step
    return Step.CHOOSE if scanned in _THINGS else Step.NO_MATCH
