"""Words that fit: no line is wider than its box, whatever the language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscan.labelling.text import ELLIPSIS, clean, fit, is_right_to_left, visual
from tests.labelling.cast import FONTS, SHIPPED_ONLY, WORDS

FACE = FONTS.strong


def test_short_text_keeps_its_size() -> None:
    fitted = fit("Pump", FACE, 4, 30, 1)
    assert (fitted.lines, fitted.size_mm, fitted.shortened) == (("Pump",), 4, False)


def test_text_shrinks_before_it_is_cut() -> None:
    text = "Hydraulic pump"
    width_mm = FACE.width(text) * 4 * 0.8
    fitted = fit(text, FACE, 4, width_mm, 1)
    assert (fitted.lines, fitted.shortened) == ((text,), False)
    assert 3 <= fitted.size_mm <= 3.2


def test_text_that_cannot_shrink_more_ends_in_an_ellipsis() -> None:
    fitted = fit("Hydraulic pump of the second line", FACE, 4, 20, 1)
    assert fitted.shortened
    assert fitted.size_mm == 3
    assert fitted.lines[0].startswith("Hydr")
    assert fitted.lines[0].endswith(ELLIPSIS)


def test_a_little_smaller_is_better_than_one_word_alone() -> None:
    text = "Torque wrench 20–200 Nm"
    assert fit(text, FACE, 4, FACE.width(text) * 4 * 0.93, 2).lines == (text,)


@given(st.text(max_size=80), st.integers(1, 3), st.floats(2, 60))
def test_no_line_is_wider_than_its_box(text: str, rows: int, width_mm: float) -> None:
    fitted = fit(text, FACE, 4, width_mm, rows)
    assert len(fitted.lines) <= rows
    widest = max((FACE.width(line) * fitted.size_mm for line in fitted.lines), default=0)
    assert widest <= max(width_mm, FACE.width(ELLIPSIS) * 4) + 1e-6


@given(st.text(alphabet="abc xyz", max_size=60))
def test_no_word_is_lost_when_nothing_is_shortened(text: str) -> None:
    fitted = fit(text, FACE, 4, 40, 3)
    assert fitted.shortened or " ".join(fitted.lines).split() == text.split()


def test_arabic_is_joined_and_runs_from_right_to_left() -> None:
    shown = visual("مضخة 230")
    assert shown.startswith("230 ")
    assert all("\ufe70" <= letter <= "\ufeff" for letter in shown[4:])
    assert is_right_to_left("مضخة 230")


def test_hebrew_runs_from_right_to_left() -> None:
    assert visual("שלום") == "םולש"


def test_latin_with_an_arabic_word_stays_left_to_right() -> None:
    assert not is_right_to_left("Pump مضخة")
    assert visual("Pump مضخة").startswith("Pump ")


def test_clean_makes_one_composed_line() -> None:
    assert clean(" Vrta\u010dka\n\tz\u030c \x07 ") == "Vrta\u010dka \u017e"


@pytest.mark.parametrize("words", [title for title, _, _ in WORDS if "不" not in title])
def test_shipped_font_has_european_and_arabic_letters(words: str) -> None:
    assert fit(words, SHIPPED_ONLY.strong, 4, 40, 3).missing == ""


def test_missing_letters_are_named_and_marked() -> None:
    fitted = fit("螺栓 M8", SHIPPED_ONLY.strong, 4, 40, 1)
    assert fitted.missing == "螺栓"
    assert fitted.lines == ("□□ M8",)


def test_an_accent_stays_with_its_letter() -> None:
    for width_mm in range(4, 40):
        line = fit("x\u0331" * 30, FACE, 4, width_mm, 1).lines[0]
        assert line.removesuffix(ELLIPSIS).count("x") == line.count("\u0331")
