"""The pair of scans decides the action: the table, and nothing but the table."""

from enum import StrEnum

from stockscan.domain.codes import Kind


class Mode(StrEnum):
    """What the next scan is for; Look up lets the pair of scans decide alone."""

    LOOK_UP = "look_up"
    CHECK_OUT = "check_out"
    RETURN = "return"
    INSTALL = "install"
    COUNT = "count"
    RECEIVE = "receive"
    ISSUE = "issue"
    MOVE = "move"


class Step(StrEnum):
    """What a scan does."""

    CHOOSE = "choose"
    INSTALL = "install"
    CHECK_OUT = "check_out"
    CHECK_IN = "check_in"
    MOVE_ASSET = "move_asset"
    ENTER = "enter"
    NEED_ASSET = "need_asset"
    NEED_BIN = "need_bin"
    NO_MATCH = "no_match"


# Modes in which a number is typed for a part in a bin.
STOCK_MODES = frozenset({Mode.COUNT, Mode.RECEIVE, Mode.ISSUE, Mode.MOVE})


def decide(mode: Mode, on: Kind | None, scanned: Kind, *, on_is_out: bool = False) -> Step:
    """What scanning a thing of kind `scanned` does while `on` is chosen.

    `on_is_out` tells whether the chosen asset is checked out.
    """
    match scanned:
        case Kind.ASSET:
            return _asset(mode, on)
        case Kind.PERSON:
            hands_over = on is Kind.ASSET and mode not in STOCK_MODES | {Mode.RETURN}
            return Step.CHECK_OUT if hands_over else Step.CHOOSE
        case Kind.LOCATION:
            return _location(mode, on, on_is_out=on_is_out)
        case Kind.PART:
            return _part(mode, on)
        case _:
            return Step.NO_MATCH


def _asset(mode: Mode, on: Kind | None) -> Step:
    if mode is Mode.RETURN:
        return Step.CHECK_IN
    if mode is Mode.CHECK_OUT and on is Kind.PERSON:
        return Step.CHECK_OUT
    return Step.CHOOSE


def _location(mode: Mode, on: Kind | None, *, on_is_out: bool) -> Step:
    if on is Kind.PART:
        return Step.ENTER
    if on is not Kind.ASSET or mode in STOCK_MODES:
        return Step.CHOOSE
    if on_is_out and mode is not Mode.CHECK_OUT:
        return Step.CHECK_IN
    return Step.MOVE_ASSET if mode is Mode.RETURN else Step.CHOOSE


def _part(mode: Mode, on: Kind | None) -> Step:
    if on is Kind.ASSET and mode not in STOCK_MODES:
        return Step.INSTALL
    if on is Kind.LOCATION and mode is not Mode.INSTALL:
        return Step.ENTER
    if mode is Mode.INSTALL:
        return Step.NEED_ASSET
    return Step.NEED_BIN if mode in STOCK_MODES else Step.CHOOSE
