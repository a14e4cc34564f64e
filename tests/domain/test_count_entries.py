"""Entries of a counted number: scans add up, typed numbers replace, and addresses carry them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.counts.entries import (
    MOST_ENTRIES,
    in_figures,
    in_words,
    packed,
    scanned,
    total_milli,
    unpacked,
)
from stockscan.domain.errors import Invalid

figures = st.integers(0, 99_999).map(lambda milli: f"{milli / 1000:g}")
some_entries = st.lists(
    st.one_of(figures, figures.filter(lambda text: text != "0").map("+{}".format)), max_size=40
).map(tuple)


@given(some_entries)
def test_an_address_carries_the_entries_as_they_are(entries: tuple[str, ...]) -> None:
    assert unpacked(packed(entries)) == entries


@given(some_entries, figures)
def test_a_typed_number_replaces_what_was_before_and_a_scan_adds_one(
    entries: tuple[str, ...], figure: str
) -> None:
    typed = (*entries, figure)
    assert in_figures(typed) == figure
    assert total_milli(scanned(typed)) == total_milli(typed) + 1000


def test_entries_in_words() -> None:
    assert in_words(("+1", "+1", "+1", "12")) == "scanned 3, typed 12"
    assert in_words(("4", "+1", "+6")) == "typed 4, scanned 7"
    assert in_words(()) == in_figures(()) == ""


def test_a_run_is_carried_as_one() -> None:
    assert packed(("+1",) * 300) == "+1*300"


@pytest.mark.parametrize("text", ["", "x", "+1*", "1,,2", "+1*999", "-3", "1e3", "+1*300,+1*300"])
def test_what_makes_no_sense_is_no_entry(text: str) -> None:
    assert unpacked(text) == ()


def test_very_many_scans_are_typed_instead() -> None:
    with pytest.raises(Invalid, match="Type the whole number"):
        scanned(("+1",) * MOST_ENTRIES)
