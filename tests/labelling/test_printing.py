"""One call prints; what people should know comes back as sentences."""

from dataclasses import replace

import numpy as np
import pytest

from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.printing import Format, render, sheet_picture
from stockscan.labelling.spec import Printer
from tests.labelling.cast import (
    FONTS,
    LAYOUTS,
    MM_PER_INCH,
    SHIPPED_ONLY,
    STOCKS,
    by_slot,
    label,
    labels,
    opened,
    page_pictures,
    seen,
)

L7160 = STOCKS["avery-l7160"]
STANDARD = LAYOUTS["standard"]


@pytest.mark.parametrize(
    ("form", "media_type", "beginning"),
    [
        ("pdf", "application/pdf", b"%PDF-1."),
        ("svg", "image/svg+xml", b"<svg "),
        ("png", "image/png", b"\x89PNG"),
        ("zpl", "text/plain; charset=utf-8", b"^XA^LH0,0"),
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


def test_scripts_that_no_font_has_are_told_once_each() -> None:
    chinese = [label(2), replace(label(2), title="油压泵", subtitle="轴承")]
    printed = render("pdf", L7160, STANDARD, chinese, fonts=SHIPPED_ONLY)
    (warning,) = printed.warnings
    assert "can draw Chinese, Japanese and Korean; install" in warning
    assert "fonts-noto-cjk" in warning
    assert warning.endswith("(all 2 labels).")


def test_chinese_is_drawn_where_the_computer_has_a_font_and_told_elsewhere() -> None:
    printed = render("pdf", L7160, STANDARD, [label(2)], fonts=FONTS)
    assert bool(printed.warnings) == bool(FONTS.strong.missing("不"))


def test_bars_that_do_not_fit_are_told() -> None:
    printed = render("pdf", STOCKS["avery-l7651"], LAYOUTS["qr-code128"], [label(0)])
    assert any("no room for Code 128" in warning for warning in printed.warnings)


def test_what_was_drawn_is_told() -> None:
    printed = render("pdf", L7160, STANDARD, labels(3))
    assert printed.symbols == {"qr"}
    assert 0.4 < printed.smallest_module_mm < 1
    tiny = render("pdf", STOCKS["avery-l4731"], STANDARD, labels(3), printer=Printer())
    assert tiny.symbols == {"datamatrix"}
    assert tiny.smallest_module_mm * 8 >= 3


def test_each_label_can_have_its_own_layout() -> None:
    chosen = {"asset": LAYOUTS["blank"], "part": STANDARD}
    mixed = render("svg", L7160, lambda one: chosen[one.kind], [label(0)])
    assert mixed.data == render("svg", L7160, LAYOUTS["blank"], [label(0)]).data
    printed = render("pdf", L7160, lambda one: chosen[one.kind], labels(4))
    assert printed.data != render("pdf", L7160, STANDARD, labels(4)).data


def test_progress_is_told_and_can_end_the_work() -> None:
    class CancelledError(Exception):
        """Somebody pressed Cancel."""

    told: list[int] = []

    def progress(done: int) -> None:
        told.append(done)
        if done == 5:
            raise CancelledError

    render("pdf", L7160, STANDARD, labels(3), on_progress=told.append)
    assert told == [1, 2, 3]
    drawn = iter(labels(99))
    with pytest.raises(CancelledError):
        render("zpl", L7160, STANDARD, drawn, on_progress=progress)
    assert next(drawn) == label(5)


def test_the_sheet_is_shown_as_it_will_be_printed() -> None:
    shown = sheet_picture(L7160, STANDARD, labels(30), start=5, px_per_mm=8)
    pdf = render("pdf", L7160, STANDARD, labels(17), start=5)
    (page,) = page_pictures(pdf.data, 8 * MM_PER_INCH)
    picture = opened(shown.data)
    assert picture.size == (1680, 2376)
    page = page.crop((0, 0, *picture.size))
    assert by_slot(L7160, seen(picture, 8 * MM_PER_INCH)) == {
        4 + number: one.address for number, one in enumerate(labels(17))
    }
    greys = (np.array(one.reduce(8), float) for one in (picture, page))
    assert np.abs(np.subtract(*greys)).mean() < 5
    assert (shown.warnings, shown.smallest_module_mm) == (pdf.warnings, pdf.smallest_module_mm)


@pytest.mark.parametrize("slug", ["dymo-30252", "zebra-4x6"])
def test_a_roll_is_shown_as_one_label_as_it_is_read(slug: str) -> None:
    area = STOCKS[slug].area
    picture = opened(sheet_picture(STOCKS[slug], STANDARD, labels(2), px_per_mm=6).data)
    assert picture.size == pytest.approx((area.width_mm * 6, area.height_mm * 6), abs=1)
    assert {code.text for code in seen(picture, 6 * MM_PER_INCH)} == {label(0).address}


def test_an_impossible_sheet_is_not_shown() -> None:
    with pytest.raises(LabelSpecError, match="from 1 to 21"):
        sheet_picture(L7160, STANDARD, labels(1), start=22)
    with pytest.raises(LabelSpecError, match="choose at least one"):
        sheet_picture(STOCKS["zebra-2x1"], STANDARD, [])


def test_what_had_no_room_is_told_in_one_sentence() -> None:
    full = replace(label(0), serial="SN-1", model="M 40", number="4711", place="Hall 2 / A-01")
    printed = render(
        "pdf", STOCKS["avery-l4731"], LAYOUTS["asset"], [full, replace(full, model="")]
    )
    (warning,) = (each for each in printed.warnings if "no room for" in each)
    assert warning.startswith("There is no room for: ")
    assert warning.endswith(" (all 2 labels).")
    assert "model" in warning
