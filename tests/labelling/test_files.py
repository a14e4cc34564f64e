"""Stocks and layouts as TOML: written ones read back equal, wrong ones say what is wrong."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscan import paths
from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.files import (
    load_layouts,
    load_stock,
    load_stocks,
    read_layout,
    read_stock,
    stock_toml,
)
from stockscan.labelling.spec import Stock
from tests.labelling.cast import LAYOUTS, STOCKS

STOCK_FILE = (paths.LABELS / "stock" / "avery-l7160.toml").read_text("utf-8")
LAYOUT_FILE = (paths.LABELS / "layouts" / "standard.toml").read_text("utf-8")
LINES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40)
MM = st.floats(0.001, 300, allow_nan=False)


@st.composite
def stocks(draw: st.DrawFn) -> Stock:
    """Any stock that fits its page."""
    sheet = draw(st.booleans())
    columns, rows = (draw(st.integers(1, 9)) for _ in range(2)) if sheet else (1, 1)
    width, height, left, top = draw(MM), draw(MM), draw(MM), draw(MM)
    pitch_x, pitch_y = width + draw(MM) / 9, height + draw(MM) / 9
    return Stock(
        slug=draw(st.from_regex(r"[a-z0-9][a-z0-9.-]{0,59}", fullmatch=True)),
        name=draw(LINES), kind="sheet" if sheet else "roll",
        page_width_mm=min(2000.0, left * 2 + columns * pitch_x),
        page_height_mm=min(2000.0, top * 2 + rows * pitch_y),
        columns=columns if left * 2 + columns * pitch_x <= 2000 else 1,
        rows=rows if top * 2 + rows * pitch_y <= 2000 else 1,
        label_width_mm=width, label_height_mm=height, left_mm=left, top_mm=top,
        pitch_x_mm=pitch_x, pitch_y_mm=pitch_y, corner_radius_mm=draw(MM),
        source=draw(LINES), confidence=draw(LINES), margin_x_mm=width * draw(st.floats(0, 0.49)),
        turned=draw(st.booleans()),
    )  # fmt: skip


@given(stocks())
def test_a_written_stock_reads_back_equal(stock: Stock) -> None:
    assert read_stock(stock.slug, stock_toml(stock)) == stock


@pytest.mark.parametrize("stock", STOCKS.values(), ids=list(STOCKS))
def test_a_shipped_stock_reads_back_equal(stock: Stock) -> None:
    assert read_stock(stock.slug, stock_toml(stock)) == stock


@given(st.text(max_size=200) | st.dictionaries(st.text(max_size=9), st.integers() | st.none()))
def test_whatever_is_no_stock_or_layout_is_told(source: str) -> None:
    for read in (read_stock, read_layout):
        with pytest.raises(LabelSpecError):
            read("mine", source)


@pytest.mark.parametrize(
    ("old", "new", "complaint", "field"),
    [
        ("columns = 3", "", "'columns' is missing", "columns"),
        ("columns = 3", "columns = 4", "do not fit on the page", "columns"),
        ("columns = 3", 'columns = "3"', "is not a whole number", "columns"),
        ("columns = 3", "columns = 0", "1 or more", "columns"),
        ("rows = 7", "rows = 7\ncolour = 1", "unknown key 'colour'", "colour"),
        ("rows = 7", 'rows = 7\nslug = "x"', "unknown key 'slug'", "slug"),
        ("rows = 7", "rows = 7\nendless = true", "only a roll can be endless", "endless"),
        ("rows = 7", "rows = 7\nmargin_x_mm = 32", "leaves nothing of the label", "margin_x_mm"),
        ("rows = 7", "rows = 7\nmargin_y_mm = -1", "must be 0 or more", "margin_y_mm"),
        ("rows = 7", "rows = ", "is not TOML", ""),
        ('kind = "sheet"', 'kind = "pile"', "is not one of sheet, roll", "kind"),
        ('kind = "sheet"', 'kind = "roll"', "one label a page", "columns"),
        ("pitch_x_mm = 66.04", "pitch_x_mm = 60.0", "neighbours would overlap", "pitch_x_mm"),
        ("pitch_y_mm = 38.1", "pitch_y_mm = 30", "neighbours would overlap", "pitch_y_mm"),
        ("left_mm = 7.2", "left_mm = -7.2", "do not fit on the page", "left_mm"),
        ("label_width_mm = 63.5", "label_width_mm = true", "is not a number", "label_width_mm"),
        ("label_width_mm = 63.5", "label_width_mm = nan", "is not a number", "label_width_mm"),
        ("label_width_mm = 63.5", "label_width_mm = -1", "above 0", "label_width_mm"),
    ],
)
def test_wrong_stock_says_what_is_wrong_and_where(
    tmp_path: Path, old: str, new: str, complaint: str, field: str
) -> None:
    assert old in STOCK_FILE
    (tmp_path / "mine.toml").write_text(STOCK_FILE.replace(old, new), "utf-8")
    with pytest.raises(LabelSpecError, match=rf"^mine\.toml: .*{complaint}") as told:
        load_stocks(tmp_path)
    assert told.value.field == field


def test_wrong_endless_roll_is_told() -> None:
    roll = STOCKS["brother-dk-22205"]
    for wrong in (
        replace(roll, shortest_mm=roll.label_height_mm + 1),
        replace(roll, shortest_mm=1),
    ):
        with pytest.raises(LabelSpecError, match="usual length of an endless roll"):
            read_stock("mine", stock_toml(wrong))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('field = "code"', 'field = "title"', "line for the code is missing"),
        ('field = "code"', 'field = "colour"', "is not one of title"),
        ("size = 0.2", "size = 2", "size is from 0 to 1"),
        ("qr_share = 0.47", "qr_share = 47", "from 0.1 to 1"),
        ("qr_share = 0.47", "qr_share = 0.47\nlines = []", "unknown key 'lines'"),
        ("qr_share = 0.47", 'qr_share = 0.47\nkinds = "asset"', "a list of words in quotes"),
        ("qr_share = 0.47", 'qr_share = 0.47\nkinds = ["An asset"]', "kinds are names"),
        ("qr_share = 0.47", 'qr_share = 0.47\nsymbol = "maze"', "one of qr, datamatrix"),
        ("[[line]]", "[line]", "Cannot|under"),
    ],
)
def test_wrong_layout_says_what_is_wrong(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    assert old in LAYOUT_FILE
    (tmp_path / "mine.toml").write_text(LAYOUT_FILE.replace(old, new), "utf-8")
    with pytest.raises(LabelSpecError, match=rf"^mine\.toml: .*({complaint})"):
        load_layouts(tmp_path)


def test_wrong_files_are_told(tmp_path: Path) -> None:
    (tmp_path / "My Stock.toml").write_text(STOCK_FILE, "utf-8")
    with pytest.raises(LabelSpecError, match=r"a-z, 0-9, - and \. only"):
        load_stocks(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b"name = '\xe9'")
    with pytest.raises(LabelSpecError, match=r"latin\.toml: save it as UTF-8"):
        load_stock(tmp_path / "latin.toml")


def test_each_kind_of_thing_has_one_layout_made_for_it() -> None:
    kinds = [kind for layout in LAYOUTS.values() for kind in layout.kinds]
    assert sorted(kinds) == ["asset", "blank", "card", "command", "location", "part", "person"]
    assert LAYOUTS["location"].kinds == ("location",)
