"""Workbooks that were made to cost time or memory, or are broken, are refused at once."""

import io
import zipfile

import pytest
from xlsxwriter import Workbook

from stockscan.domain.errors import Invalid, TooLarge
from stockscan.services.importing.reading import Way, look
from stockscan.services.importing.workbooks import sheet_rows

_WORKBOOK = "<workbook><sheet name='A' r:id='r1'/></workbook>"


def packed(workbook: str = _WORKBOOK, sheet: str = "<worksheet/>") -> bytes:
    """A workbook of these parts, padded so that it does not look like a bomb."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", workbook)
        parts.writestr(
            "xl/_rels/workbook.xml.rels", "<Relationship Id='r1' Target='worksheets/sheet1.xml'/>"
        )
        parts.writestr("xl/worksheets/sheet1.xml", sheet)
        parts.writestr("padding", bytes(range(256)) * 400, zipfile.ZIP_STORED)
    return file.getvalue()


@pytest.mark.parametrize(
    ("workbook", "sheet"),
    [
        ("<sheet " * 500_000, "<worksheet/>"),
        (f"<sheet {'a' * 3_000_000}>", "<worksheet/>"),
        (_WORKBOOK, "<c " * 1_000_000),
    ],
)
def test_no_tag_is_looked_through_twice(workbook: str, sheet: str) -> None:
    with pytest.raises((Invalid, TooLarge)):
        list(sheet_rows(packed(workbook, sheet), "A"))


def test_a_cell_far_outside_costs_no_memory() -> None:
    file = io.BytesIO()
    book = Workbook(file)
    sheet = book.add_worksheet("A")
    sheet.write_string(0, 0, "Tag")
    sheet.write_string(199_998, 198, "far")
    book.close()
    with pytest.raises(TooLarge, match="10 million cells"):
        look(file.getvalue(), Way())


def test_a_broken_workbook_is_refused() -> None:
    whole = packed()
    for at in (whole.find(b"xl/workbook.xml") + 15, whole.find(b"sheet1.xml") + 10):
        broken = bytearray(whole)
        broken[at : at + 8] = b"\xff" * 8
        with pytest.raises(Invalid):
            look(bytes(broken), Way())
