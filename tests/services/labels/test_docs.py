"""The examples of docs/label-stocks.md are files that StockScan takes."""

import re

from stockscan.labelling.files import read_layout, read_stock
from tests.sources import ROOT


def test_the_files_that_the_page_shows_can_be_used() -> None:
    page = (ROOT / "docs" / "label-stocks.md").read_text("utf-8")
    paper, layout = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    stock = read_stock("round-40", paper)
    assert stock.slots == 24
    assert all(
        abs(one - other) < 0.01
        for one, other in zip((stock.left_mm, stock.top_mm), stock.rest_mm, strict=True)
    )
    assert [line.field for line in read_layout("tool", layout).lines] == ["title", "serial", "code"]
