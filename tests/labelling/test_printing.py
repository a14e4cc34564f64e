"""One call prints; what people should know comes back as sentences."""

from dataclasses import replace

import pytest

from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.printing import Format, render
from tests.labelling.cast import FONTS, LAYOUTS, SHIPPED_ONLY, STOCKS, label, labels

L7160 = STOCKS["avery-l7160"]
STANDARD = LAYOUTS["standard"]


@pytest.mark.parametrize(
    ("form", "media_type", "beginning"),
    [
        ("pdf", "application/pdf", b"%PDF-1."),
        ("svg", "image/svg+xml", b"<svg "),
        ("png", "image/png", b"\x89PNG"),
        ("zpl", "text/plain; charset=utf-8", b"^XA^CI28"),
    ],
)
def test_each_format_is_what_it_says(form: Format, media_type: str, beginning: bytes) -> None:
    printed = render(form, L7160, STANDARD, [label(0)])
    assert (printed.media_type, printed.extension) == (media_type, form)
    assert printed.data.startswith(beginning)
    assert printed.warnings == ()


@pytest.mark.parametrize("form", ["pdf", "zpl", "png", "svg"])
def test_nothing_to_print_is_told(form: Format) -> None:
    with pytest.raises(LabelSpecError, match="choose"):
        render(form, L7160, STANDARD, [])


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_picture_shows_one_label(form: Format) -> None:
    with pytest.raises(LabelSpecError, match="one label, not 2"):
        render(form, L7160, STANDARD, labels(2))


def test_shortened_names_are_told_with_their_codes() -> None:
    over_long = [
        replace(label(number), title="Very long " * 30, subtitle="") for number in range(8)
    ]
    (warning,) = render("pdf", L7160, STANDARD, [*over_long, label(0)]).warnings
    assert warning.startswith("The name is shortened to fit: ")
    assert over_long[4].shown_code in warning
    assert warning.endswith(" and 3 more.")


def test_a_problem_of_all_labels_is_told_once() -> None:
    (warning,) = render(
        "pdf", L7160, STANDARD, [replace(label(0), title="Very long " * 30)] * 8
    ).warnings
    assert warning == "The name is shortened to fit (all 8 labels)."


def test_letters_that_no_font_has_are_told() -> None:
    printed = render("pdf", L7160, STANDARD, [label(2)], fonts=SHIPPED_ONLY)
    assert any("can draw 不 锈 钢" in warning for warning in printed.warnings)
    assert any("fonts-noto-cjk" in warning for warning in printed.warnings)


def test_chinese_is_drawn_where_the_computer_has_a_font_and_told_elsewhere() -> None:
    printed = render("pdf", L7160, STANDARD, [label(2)], fonts=FONTS)
    assert bool(printed.warnings) == (FONTS.strong.fallback is None)


def test_bars_that_do_not_fit_are_told() -> None:
    printed = render("pdf", STOCKS["avery-l7651"], LAYOUTS["qr-code128"], [label(0)])
    assert any("no room for Code 128" in warning for warning in printed.warnings)
