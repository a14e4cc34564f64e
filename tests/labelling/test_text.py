"""Words that fit: no line is wider than its box, whatever the language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscan.labelling.fonts import raster
from stockscan.labelling.scripts import advice, can_shape
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


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("ปั๊มไฮดรอลิก", ["Thai; install one that can, such as Noto Sans Thai (Debian"]),
        ("हाइड्रोलिक पंप", ["Devanagari; install one that can, such as Noto Sans Devanagari"]),
        ("유압 펌프 油圧", ["Korean; install one that can, such as Noto Sans CJK (Debian"]),
        ("Pump 🔧", ["🔧; install one that can, such as Symbola (Debian package fonts-symbola)"]),
        ("ปั๊ม पंप", ["Thai", "Devanagari"]),
        ("Pump ✓ שָׁלוֹם مضخة Насос 😀 €", []),
    ],
)
def test_a_font_to_install_is_named_once_a_script(words: str, told: list[str]) -> None:
    sentences = list(advice(fit(words, SHIPPED_ONLY.regular, 4, 40, 2).missing))
    assert len(sentences) == len(told)
    assert all(part in sentence for part, sentence in zip(told, sentences, strict=True))


def test_what_must_be_shaped_is_never_set_letter_by_letter() -> None:
    for words, way in (("ປັ໊ມ", "ltr"), ("ڵێڕ", "rtl")):
        runs = list(FACE.runs(visual(words)))
        assert [font.shaping for _, font in runs if font] == [way] * can_shape()
        assert (FACE.missing(visual(words)) == "") == can_shape()
        assert "".join(run for run, _ in runs) == visual(words)


def test_letters_without_joined_forms_are_joined_by_the_shaper() -> None:
    for run, font in FACE.runs(visual("ڵێڕ")):
        if font:
            how = font.file, font.index, 40, font.shaping
            together, _ = raster(run, *how)
            assert together.width < 0.9 * sum(raster(letter, *how)[0].width for letter in run)


def test_marks_stay_with_the_letters_that_are_shaped() -> None:
    assert [run for run, _ in FACE.runs(visual("ປັ໊ມ 3"))] in (["ປັ໊ມ", " 3"], ["ປັ໊ມ 3"])


@pytest.mark.parametrize(
    ("words", "region"), [("直径", 2), ("直径の棒", 0), ("직경 直", 1), ("M8 直", 2)]
)
def test_ideographs_take_the_forms_of_their_country(words: str, region: int) -> None:
    fonts = [font for _, font in FACE.runs(words) if font]
    assert all(font.index == region for font in fonts if "CJK" in font.file)
    assert bool(fonts) == (FACE.missing(words) == "")


def test_mixed_arabic_keeps_numbers_and_latin_in_their_order() -> None:
    assert visual("مضخة HP-230").startswith("HP-230 ")
    assert " 12 " in visual("مضخة رقم 12 (احتياطي)")
    assert visual("رقم (12)").startswith("(12) ")
    assert visual("Pump (שלום) 12") == "Pump (םולש) 12"
    assert visual("שלום (a [b] c) <12>") == "<12> (a [b] c) םולש"


def test_lines_of_a_text_run_as_the_text_does() -> None:
    fitted = fit("مضخة هيدروليكية HP-230 رقم 12", FACE, 4, 22, 3)
    assert fitted.right_to_left
    assert any("HP-230" in line for line in fitted.lines)
    assert visual("HP-230 مضخة", right_to_left=True).endswith("HP-230")
    assert visual("HP-230 مضخة").startswith("HP-230")


def test_unseen_marks_take_no_place() -> None:
    assert visual("a\u00adb\u200e\u2764\ufe0f שָׁלוֹם") == visual("ab\u2764 שלום")


def test_words_part_after_hyphens_between_letters_only() -> None:
    width_mm = FACE.width("Oberhuber-") * 4 + 0.1
    assert fit("Oberhuber-Schwarz", FACE, 4, width_mm, 2).lines == ("Oberhuber-", "Schwarz")
    width_mm = FACE.width("NK-2024-000317") * 4 * 0.8
    assert fit("NK-2024-000317", FACE, 4, width_mm, 2).lines == ("NK-2024-000317",)


def test_huge_words_may_become_smaller_than_usual_ones() -> None:
    width_mm = FACE.width("Receiving") * 8 * 0.5
    assert fit("Receiving", FACE, 8, width_mm, 1).shortened
    fitted = fit("Receiving", FACE, 8, width_mm, 1, 2.0)
    assert not fitted.shortened
    assert 3.5 < fitted.size_mm <= 4


def test_an_accent_stays_with_its_letter() -> None:
    for width_mm in range(4, 40, 3):
        line = fit("x\u0331" * 30, FACE, 4, width_mm, 1).lines[0]
        assert line.removesuffix(ELLIPSIS).count("x") == line.count("\u0331")


def test_what_is_huge_becomes_smaller_before_it_breaks() -> None:
    text = "Regal 7"
    least_mm = 1.0
    assert fit(text, FACE, 4, FACE.width(text) * 4 * 0.65, 2, least_mm).lines == (text,)
    assert fit(text, FACE, 4, FACE.width(text) * 4 * 0.85, 2).lines == ("Regal", "7")


@pytest.mark.parametrize("sign", ["/", "×"])
def test_no_line_begins_with_a_sign_that_joins(sign: str) -> None:
    text = f"Main store {sign} Aisle A"
    width = FACE.width("Main store") * 4 * 1.05
    for rows_mm in (width, width * 1.1, width * 1.2):
        assert not any(line.startswith(sign) for line in fit(text, FACE, 4, rows_mm, 3, 3.9).lines)
