"""Texts that look like formulas: harmless in a spreadsheet, and the same again when read back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stockscan.domain.formulas import harmless, original

NASTY = st.text(st.sampled_from("=+-@'\t\r\n \uff1d\"a1;,"), max_size=8) | st.text(max_size=20)


@given(NASTY)
@example("'=1")
@example("''=1")
def test_every_text_comes_back(text: str) -> None:
    assert original(harmless(text)) == text


@given(NASTY)
def test_nothing_begins_like_a_formula(text: str) -> None:
    shown = harmless(text).lstrip(" \u00a0")
    assert not shown or shown[0] not in "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


@pytest.mark.parametrize("text", ["", "Filter", "'tis", "12-3", "a=b", "O'Neil"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert harmless(text) == original(text) == text
