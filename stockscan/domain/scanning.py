"""The pair of scans decides the action: the table, and nothing but the table."""

from enum import StrEnum

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
    COLLECT = "collect"
    ALL_OUT = "all_out"
    ALL_HERE = "all_here"
    COMMAND = "command"
    LINK = "link"
    NEED_ASSET = "need_asset"
    NEED_BIN = "need_bin"
    NO_MATCH = "no_match"


# Modes in which a number is entered for a part in a bin.
STOCK_MODES = frozenset({Mode.COUNT, Mode.RECEIVE, Mode.ISSUE, Mode.MOVE})


def decide(
    mode: Mode, on: Kind | None, scanned: Kind, *, on_is_out: bool = False, is_out: bool = False
) -> Step:
    """What scanning a thing of kind `scanned` does while a thing of kind `on` is chosen.

    `on_is_out` and `is_out` tell whether the chosen and the scanned asset are checked out. A pair
    whose meaning would surprise (asset, then asset in Look up) chooses; the screen offers the rest
    as one tap.
    """
    match scanned:
        case Kind.ASSET:
            return _asset(mode, on, is_out=is_out)
        case Kind.PERSON:
            return _person(mode, on)
        case Kind.LOCATION:
            return _location(mode, on, on_is_out=on_is_out)
        case Kind.PART:
            return _part(mode, on)
        case Kind.COMMAND:
            return Step.COMMAND
        case _:
            return Step.NO_MATCH


def _asset(mode: Mode, on: Kind | None, *, is_out: bool) -> Step:
    match mode, on:
        case Mode.COLLECT, _:
            return Step.COLLECT
        case Mode.RETURN, _ if is_out:
            return Step.CHECK_IN
        case Mode.RETURN, Kind.LOCATION:
            return Step.MOVE_ASSET
        case Mode.LOOK_UP | Mode.CHECK_OUT, Kind.PERSON:
            return Step.CHECK_OUT
        case Mode.CHECK_OUT, Kind.ASSET:
            return Step.CHECK_OUT
        case Mode.INSTALL, Kind.PART:
            return Step.INSTALL
        case _:
            return Step.CHOOSE


def _person(mode: Mode, on: Kind | None) -> Step:
    if mode is Mode.COLLECT:
        return Step.ALL_OUT
    hands_over = on is Kind.ASSET and mode not in STOCK_MODES | {Mode.RETURN}
    return Step.CHECK_OUT if hands_over else Step.CHOOSE


def _location(mode: Mode, on: Kind | None, *, on_is_out: bool) -> Step:
    if mode is Mode.COLLECT:
        return Step.ALL_HERE
    if on is Kind.PART and mode is not Mode.RETURN:
        return Step.ENTER
    if on is not Kind.ASSET or mode in STOCK_MODES:
        return Step.CHOOSE
    if on_is_out:
        return Step.CHECK_IN
    match mode:
        case Mode.RETURN:
            return Step.MOVE_ASSET
        case Mode.CHECK_OUT:
            return Step.CHECK_OUT
        case _:
            return Step.CHOOSE


def _part(mode: Mode, on: Kind | None) -> Step:
    match mode, on:
        case Mode.COLLECT, _:
            return Step.COLLECT
        case Mode.RETURN, Kind.ASSET:
            return Step.RETURN_PART
        case Mode.RETURN | Mode.INSTALL, _ if on is not Kind.ASSET:
            return Step.NEED_ASSET
        case _, Kind.ASSET if mode not in STOCK_MODES:
            return Step.INSTALL
        case _, Kind.LOCATION:
            return Step.ENTER
        case _ if mode in STOCK_MODES:
            return Step.NEED_BIN
        case _:
            return Step.CHOOSE
