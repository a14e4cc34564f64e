"""The one description of a label: everything inside, nothing touches the symbol."""

import math
from dataclasses import replace
from itertools import cycle, pairwise

import pytest

from stockscan.labelling.compose import compose
from stockscan.labelling.errors import LabelTooSmall
from stockscan.labelling.head import ANY_HEAD, Head
from stockscan.labelling.marks import Drawing, Grid, Mark, Text
from stockscan.labelling.spec import Label, Layout, Look, Stock
from stockscan.labelling.symbols import Matrix
from tests.labelling.cast import FONTS, LAYOUTS, STOCKS, label, labels

HEADS = (ANY_HEAD, Head(8), Head(300 / 25.4), Head(8, snaps=False))
# Each stock three times: with other layouts, and printed by another head each time.
CASES = list(
    zip([*STOCKS.values()] * 3, cycle(LAYOUTS.values()), cycle((*HEADS, ANY_HEAD)), strict=False)
)
IDS = [f"{stock.slug}+{layout.slug}+{head.dots_per_mm:.0f}" if head.dots_per_mm else
       f"{stock.slug}+{layout.slug}" for stock, layout, head in CASES]  # fmt: skip
L7160, L7651, L4731 = STOCKS["avery-l7160"], STOCKS["avery-l7651"], STOCKS["avery-l4731"]
STANDARD, ASSET = LAYOUTS["standard"], LAYOUTS["asset"]
QUIET = {"qr": 4, "datamatrix": 2}
LOGO = Matrix(tuple(bytes((x + y) % 3 > 0 or x == 0 for x in range(60)) for y in range(20)))
FULL = replace(label(0), serial="4711", model="HP", place="A-03", number="7", words="Bring it back")


def edges(mark: Mark) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is inked."""
    if isinstance(mark, Text):
        top = mark.baseline_mm - 0.95 * mark.size_mm
        return mark.x_mm, top, mark.x_mm + mark.width_mm, mark.baseline_mm + 0.236 * mark.size_mm
    boxes = list(mark.matrix.boxes())
    return (
        mark.x_mm + min(x for x, _, _, _ in boxes) * mark.cell_width_mm,
        mark.y_mm + min(y for _, y, _, _ in boxes) * mark.cell_height_mm,
        mark.x_mm + max(x + width for x, _, width, _ in boxes) * mark.cell_width_mm,
        mark.y_mm + max(y + height for _, y, _, height in boxes) * mark.cell_height_mm,
    )


def texts(drawing: Drawing) -> list[str]:
    """All words, each run by itself."""
    return [mark.text for mark in drawing.marks if isinstance(mark, Text)]


def bars(drawing: Drawing) -> list[Grid]:
    """The Code 128, a matrix of one row."""
    grids = (mark for mark in drawing.marks if isinstance(mark, Grid))
    return [grid for grid in grids if grid.matrix.height == 1 < grid.matrix.width]


@pytest.mark.parametrize(("stock", "layout", "head"), CASES, ids=IDS)
def test_all_marks_are_inside_and_apart(stock: Stock, layout: Layout, head: Head) -> None:
    for one in [*labels(7), FULL]:
        drawing = compose(stock, layout, one, FONTS, head=head, logo=LOGO)
        assert_inside(drawing, stock)
        assert_lines_are_apart(drawing)
        if head.is_dotted:
            assert_whole_dots(drawing, head.dots_per_mm)


def assert_inside(drawing: Drawing, stock: Stock) -> None:
    area = stock.area
    symbol, *others = drawing.marks
    assert isinstance(symbol, Grid)
    assert symbol.cell_width_mm == drawing.module_mm >= 0.25
    quiet = QUIET[drawing.symbol] * symbol.cell_width_mm - 0.01
    left, top, right, bottom = edges(symbol)
    assert min(left, top) >= quiet
    assert right + quiet <= area.width_mm
    assert bottom + quiet <= area.height_mm
    for mark in drawing.marks:
        x0, y0, x1, y1 = edges(mark)
        assert x0 >= area.margin_x_mm - 0.01
        assert x1 <= area.width_mm - area.margin_x_mm + 0.01
        assert min(y0, area.height_mm - y1) >= 0
    for mark in others:
        x0, y0, _, _ = edges(mark)
        assert x0 >= right + quiet or y0 >= bottom + quiet


def assert_lines_are_apart(drawing: Drawing) -> None:
    ordered = sorted(
        (mark for mark in drawing.marks if isinstance(mark, Text)),
        key=lambda text: text.baseline_mm,
    )
    for above, below in pairwise(ordered):
        same_line = math.isclose(above.baseline_mm, below.baseline_mm)
        # Capitals of the lower line stay clear of the upper line's baseline.
        assert same_line or below.baseline_mm - 0.729 * below.size_mm > above.baseline_mm


def assert_whole_dots(drawing: Drawing, dots_per_mm: float | None) -> None:
    for mark in drawing.marks:
        if isinstance(mark, Grid) and mark.matrix.width > 1:
            dots = mark.cell_width_mm * (dots_per_mm or 0)
            assert dots == pytest.approx(round(dots), abs=1e-6)
            assert dots >= 1


def test_small_modules_are_named() -> None:
    stock = replace(L7651, label_width_mm=24.0, label_height_mm=13.0)
    drawing = compose(stock, STANDARD, label(0), FONTS)
    assert drawing.symbol == "qr"
    assert any("modules of 0.3" in caution for caution in drawing.cautions)


@pytest.mark.parametrize("head", [Head(8), Head(8, snaps=False)])
def test_a_qr_code_too_fine_for_the_printer_gives_way_to_data_matrix(head: Head) -> None:
    assert compose(L4731, STANDARD, label(0), FONTS).symbol == "qr"
    drawing = compose(L4731, STANDARD, label(0), FONTS, head=head)
    assert drawing.symbol == "datamatrix"
    assert any("own camera app may not open it" in caution for caution in drawing.cautions)
    assert any(label(0).shown_code[:3] in text for text in texts(drawing))


@pytest.mark.parametrize(
    ("head", "complaint"),
    [(ANY_HEAD, r"0\.25 mm are needed: choose a larger"), (Head(8), "dots a module, at least 3")],
)
def test_what_no_camera_sees_is_refused(head: Head, complaint: str) -> None:
    stock = replace(L7651, label_width_mm=6.0, label_height_mm=4.0)
    with pytest.raises(LabelTooSmall, match=complaint):
        compose(stock, STANDARD, label(0), FONTS, head=head)


def test_a_secret_never_becomes_a_data_matrix_of_its_code() -> None:
    badge = replace(STANDARD, typed=False)
    with pytest.raises(LabelTooSmall):
        compose(L4731, badge, replace(label(0), code=""), FONTS, head=Head(8))


def test_a_longer_host_makes_smaller_modules() -> None:
    long_host = replace(label(0), address=f"https://{'LONG.' * 9}EXAMPLE.COM/S/{label(0).code}")
    plain = compose(STOCKS["avery-5160"], STANDARD, label(0), FONTS)
    assert compose(STOCKS["avery-5160"], STANDARD, long_host, FONTS).module_mm < plain.module_mm


def test_a_turned_label_is_laid_out_as_it_is_read() -> None:
    drawing = compose(STOCKS["dymo-30252"], STANDARD, label(0), FONTS)
    assert (drawing.width_mm, drawing.height_mm) == (89, 28)


def test_fields_can_be_left_out_but_the_code_stays() -> None:
    look = Look(without=frozenset({"subtitle", "company", "code"}))
    drawing = compose(L7160, STANDARD, FULL, FONTS, look=look)
    assert FULL.shown_code in texts(drawing)
    assert not {FULL.subtitle, FULL.company} & set(texts(drawing))
    assert any("code stays" in caution for caution in drawing.cautions)


@pytest.mark.parametrize("slug", ["qr-code128", "standard"])
def test_bars_are_drawn_as_somebody_wants_it(slug: str) -> None:
    for wanted in (True, False):
        look = Look(code128=wanted)
        assert bool(bars(compose(L7160, LAYOUTS[slug], FULL, FONTS, look=look))) == wanted
    assert bool(bars(compose(L7160, LAYOUTS[slug], FULL, FONTS))) == (slug == "qr-code128")


def test_own_words_stand_on_every_layout_with_a_line_for_them() -> None:
    look = Look(words="Call 4711")
    for layout in LAYOUTS.values():
        drawing = compose(L7160, layout, label(0), FONTS, look=look)
        told = any("no line for your own words" in caution for caution in drawing.cautions)
        assert told == (layout.slug in {"card", "small"})
        assert ("Call 4711" in texts(drawing)) != told


@pytest.mark.parametrize("stock", [L7160, STOCKS["zebra-2x1"]], ids=["in the footer", "in a line"])
def test_the_logo_stands_where_the_company_would(stock: Stock) -> None:
    plain = compose(stock, STANDARD, label(0), FONTS)
    drawing = compose(stock, STANDARD, label(0), FONTS, logo=LOGO)
    assert label(0).company in texts(plain)
    assert label(0).company not in texts(drawing)
    (logo,) = (mark for mark in drawing.marks if isinstance(mark, Grid) and mark.matrix == LOGO)
    assert logo.cell_width_mm == logo.cell_height_mm
    (name,) = (m for m in plain.marks if isinstance(m, Text) and m.text == label(0).company)
    assert abs(logo.y_mm + logo.height_mm / 2 - name.baseline_mm) < 2.0
    without = compose(stock, STANDARD, label(0), FONTS, logo=LOGO, look=Look(logo=False))
    assert without == plain


def test_a_logo_in_dots_keeps_its_proportions() -> None:
    drawing = compose(L7160, STANDARD, label(0), FONTS, head=Head(12), logo=LOGO)
    (logo,) = (mark for mark in drawing.marks if isinstance(mark, Grid) and mark.shared)
    assert logo.cell_width_mm == pytest.approx(1 / 12)
    assert logo.width_mm / logo.height_mm == pytest.approx(3, rel=0.05)


def test_small_labels_lose_what_is_optional_before_they_become_unreadable() -> None:
    for stock, fewest in ((L7160, 6), (L4731, 2)):
        drawing = compose(stock, ASSET, FULL, FONTS)
        sizes = [mark.size_mm for mark in drawing.marks if isinstance(mark, Text)]
        assert len(sizes) >= fewest
        assert min(sizes) >= 1.1
    assert "serial number" in drawing.left_out


def test_huge_words_become_usual_before_they_are_cut() -> None:
    long_name = Label(label(0).address, label(0).code, "Receiving department two")
    drawing = compose(L7160, LAYOUTS["location"], long_name, FONTS)
    assert not any("shortened" in caution for caution in drawing.cautions)
    assert " ".join(texts(drawing)[:2]) == long_name.title


def test_centred_words_are_in_the_middle() -> None:
    card = Label(label(0).address, "CMD0010", "Done", kind="card")
    drawing = compose(STOCKS["avery-5163"], LAYOUTS["card"], card, FONTS)
    symbol = drawing.marks[0]
    done, code = (mark for mark in drawing.marks if isinstance(mark, Text))
    middles = [mark.x_mm + mark.width_mm / 2 for mark in (done, code)]
    assert middles[0] == pytest.approx(middles[1], abs=0.01)
    assert symbol.x_mm + symbol.width_mm < done.x_mm
    assert done.baseline_mm - 0.36 * done.size_mm == pytest.approx(drawing.height_mm / 2, abs=4)


def test_a_large_label_has_room_for_every_line() -> None:
    asset = replace(FULL, words="", subtitle="Akku-Schlagbohrschrauber TE 30-A36")
    assert compose(STOCKS["zebra-4x6"], ASSET, asset, FONTS).cautions == ()


def test_a_name_takes_a_second_row_in_smaller_letters_before_it_ends_in_dots() -> None:
    hose = replace(label(1), title='Hydraulic hose 2 m, 1/2" BSP', number="HH-2-12")
    drawing = compose(STOCKS["avery-22806"], LAYOUTS["part"], hose, FONTS)
    assert not any("shortened" in caution for caution in drawing.cautions)
