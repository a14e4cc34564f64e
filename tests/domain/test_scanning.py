"""The table of scans: each pair of the product page, and what can't be meant."""

import pytest

from stockscan.domain.codes import Kind
from stockscan.domain.scanning import Mode, Step, decide


@pytest.mark.parametrize(
    ("mode", "on", "scanned", "step"),
    [
        (Mode.LOOK_UP, None, Kind.ASSET, Step.CHOOSE),
        (Mode.LOOK_UP, Kind.ASSET, Kind.PART, Step.INSTALL),
        (Mode.LOOK_UP, Kind.ASSET, Kind.PERSON, Step.CHECK_OUT),
        (Mode.LOOK_UP, Kind.ASSET, Kind.ASSET, Step.CHOOSE),
        (Mode.LOOK_UP, Kind.LOCATION, Kind.PART, Step.ENTER),
        (Mode.LOOK_UP, Kind.PART, Kind.LOCATION, Step.ENTER),
        (Mode.LOOK_UP, None, Kind.PART, Step.CHOOSE),
        (Mode.LOOK_UP, None, Kind.PERSON, Step.CHOOSE),
        (Mode.CHECK_OUT, Kind.PERSON, Kind.ASSET, Step.CHECK_OUT),
        (Mode.CHECK_OUT, Kind.ASSET, Kind.PERSON, Step.CHECK_OUT),
        (Mode.LOOK_UP, Kind.PERSON, Kind.ASSET, Step.CHECK_OUT),
        (Mode.CHECK_OUT, Kind.ASSET, Kind.ASSET, Step.CHECK_OUT),
        (Mode.CHECK_OUT, Kind.ASSET, Kind.LOCATION, Step.CHECK_OUT),
        (Mode.RETURN, None, Kind.ASSET, Step.CHOOSE),
        (Mode.RETURN, Kind.LOCATION, Kind.ASSET, Step.MOVE_ASSET),
        (Mode.RETURN, Kind.ASSET, Kind.PART, Step.RETURN_PART),
        (Mode.RETURN, None, Kind.PART, Step.NEED_ASSET),
        (Mode.INSTALL, Kind.PART, Kind.ASSET, Step.INSTALL),
        (Mode.RECEIVE, None, Kind.PART, Step.NEED_BIN),
        (Mode.RECEIVE, Kind.PART, Kind.LOCATION, Step.ENTER),
        (Mode.COLLECT, None, Kind.ASSET, Step.COLLECT),
        (Mode.COLLECT, None, Kind.PART, Step.COLLECT),
        (Mode.COLLECT, None, Kind.PERSON, Step.ALL_OUT),
        (Mode.COLLECT, None, Kind.LOCATION, Step.ALL_HERE),
        (Mode.COUNT, Kind.LOCATION, Kind.COMMAND, Step.COMMAND),
        (Mode.RETURN, Kind.ASSET, Kind.LOCATION, Step.MOVE_ASSET),
        (Mode.RETURN, Kind.ASSET, Kind.PERSON, Step.CHOOSE),
        (Mode.INSTALL, None, Kind.PART, Step.NEED_ASSET),
        (Mode.INSTALL, Kind.ASSET, Kind.PART, Step.INSTALL),
        (Mode.COUNT, None, Kind.PART, Step.NEED_BIN),
        (Mode.COUNT, Kind.LOCATION, Kind.PART, Step.ENTER),
        (Mode.COUNT, Kind.ASSET, Kind.PERSON, Step.CHOOSE),
        (Mode.LOOK_UP, None, Kind.BLANK, Step.NO_MATCH),
        (Mode.LOOK_UP, Kind.ASSET, Kind.UNKNOWN, Step.NO_MATCH),
    ],
)
def test_pair_decides(mode: Mode, on: Kind | None, scanned: Kind, step: Step) -> None:
    assert decide(mode, on, scanned) is step


def test_bin_after_an_asset_that_is_out_brings_it_back() -> None:
    assert decide(Mode.LOOK_UP, Kind.ASSET, Kind.LOCATION, out=True) is Step.CHECK_IN
    assert decide(Mode.LOOK_UP, Kind.ASSET, Kind.LOCATION, out=False) is Step.CHOOSE


@pytest.mark.parametrize("on", [None, Kind.LOCATION, Kind.PERSON])
def test_return_mode_brings_back_what_is_out(on: Kind | None) -> None:
    assert decide(Mode.RETURN, on, Kind.ASSET, out=True) is Step.CHECK_IN


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("on", [None, *Kind])
@pytest.mark.parametrize("scanned", Kind)
def test_every_cell_of_the_table_is_filled(mode: Mode, on: Kind | None, scanned: Kind) -> None:
    assert decide(mode, on, scanned) in Step
