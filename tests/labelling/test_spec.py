"""Stocks and layouts: what is shipped fits its paper, and a wrong file is told what is wrong."""

from dataclasses import replace
from pathlib import Path

import pytest

from stockscan import paths
from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.spec import Stock, load_layouts, load_stocks
from tests.labelling.cast import STOCKS, label

STOCK_FILE = (paths.LABELS / "stock" / "avery-l7160.toml").read_text("utf-8")
LAYOUT_FILE = (paths.LABELS / "layouts" / "standard.toml").read_text("utf-8")


@pytest.mark.parametrize("stock", STOCKS.values(), ids=list(STOCKS))
def test_shipped_stock_is_symmetric_on_its_page(stock: Stock) -> None:
    x_mm, y_mm = stock.cell_mm(stock.slots - 1)
    right_mm = stock.page_width_mm - x_mm - stock.label_width_mm
    bottom_mm = stock.page_height_mm - y_mm - stock.label_height_mm
    assert stock.left_mm == pytest.approx(right_mm, abs=0.2)
    assert stock.top_mm == pytest.approx(bottom_mm, abs=0.2)


def test_slots_go_row_by_row() -> None:
    stock = STOCKS["avery-l7160"]
    assert stock.slots == 21
    assert stock.cell_mm(0) == pytest.approx((7.2, 15.15))
    assert stock.cell_mm(4) == pytest.approx((73.24, 53.25))


def test_code_is_shown_in_two_groups() -> None:
    assert replace(label(0), code="7K3QX9A").shown_code == "7K3 QX9A"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("columns = 3", "", "'columns' is missing"),
        ("columns = 3", "columns = 4", "do not fit on the page"),
        ("columns = 3", 'columns = "3"', "is not a whole number"),
        ("columns = 3", "columns = 0", "1 or more"),
        ("rows = 7", "rows = 7\ncolour = 1", "unknown key 'colour'"),
        ('kind = "sheet"', 'kind = "pile"', "is not one of sheet, roll"),
        ('kind = "sheet"', 'kind = "roll"', "one label a page"),
        ("pitch_x_mm = 66.04", "pitch_x_mm = 60.0", "neighbours would overlap"),
        ("pitch_y_mm = 38.1", "pitch_y_mm = 30", "neighbours would overlap"),
        ("label_width_mm = 63.5", "label_width_mm = true", "is not a number"),
        ("label_width_mm = 63.5", "label_width_mm = -1", "above 0"),
        ("top_mm = 15.15", "top_mm = -1.0", "do not fit on the page"),
        ("rows = 7", "rows = = 7", "Invalid value"),
    ],
)
def test_wrong_stock_says_what_is_wrong(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in STOCK_FILE
    (tmp_path / "mine.toml").write_text(STOCK_FILE.replace(old, new), "utf-8")
    with pytest.raises(LabelSpecError, match=rf"^mine\.toml: .*{complaint}"):
        load_stocks(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('field = "code"', 'field = "title"', "line for the code is missing"),
        ('field = "code"', 'field = "colour"', "is not one of title"),
        ("size = 0.2", "size = 2", "size is from 0 to 1"),
        ("qr_share = 0.47", "qr_share = 47", "from 0.1 to 1"),
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


def test_wrong_file_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "My Stock.toml").write_text(STOCK_FILE, "utf-8")
    with pytest.raises(LabelSpecError, match=r"a-z, 0-9, - and \. only"):
        load_stocks(tmp_path)
