"""A file with everything that goes wrong in files, with the exact faults that must be told."""

import io
from datetime import date
from typing import Any, NamedTuple

import xlsxwriter

HEADERS = ["Asset Tag", "Name", "Bought on", "Warranty until", "Purchase price", "Status", "Notes"]


class Nasty(NamedTuple):
    """The bytes, and (line, column, beginning of the sentence) of each fault in order."""

    data: bytes
    faults: list[tuple[int, str, str]]


def csv_file(rows: int) -> Nasty:
    """A byte order mark, semicolons, bytes of Windows among UTF-8, quotes with line ends, dates of
    three kinds, decimal commas, duplicates; every tenth row or so is wrong."""
    out = io.BytesIO()
    out.write(b"\xef\xbb\xbf" + ";".join(HEADERS).encode() + b"\r\n")
    faults: list[tuple[int, str, str]] = []
    line = 2
    for number in range(rows):
        row, lines, wrong = _row(number)
        out.write(row + b"\r\n")
        faults += [(line, column, sentence) for column, sentence in wrong]
        line += lines
    return Nasty(out.getvalue(), faults)


def _row(number: int) -> tuple[bytes, int, list[tuple[str, str]]]:
    """A row, how many lines of the file it has, and what is wrong with it."""
    tag = f"N-{number:06d}"
    # Three spellings of one day: ISO, with dots, with slashes (a day above 12 tells the order).
    bought = ("2024-03-25", "25.3.2024", "25/03/2024")[number % 3]
    name, until, price, status, notes = "Drill", "31/12/2026", "1.249,50", "deployed", "ok"
    lines, wrong, sentence = 1, [], number % 20
    if sentence == 1:
        notes, lines = '"first ""line""\r\nsecond; line"', 2
    elif sentence == 3:
        row = f"{tag};Bohrm\udcfchle;{bought};{until};{price};{status};{notes}"
        return row.encode(errors="surrogateescape"), 1, [("Name", "“Bohrm�hle” has characters")]
    elif sentence == 5:
        tag, wrong = "n-000000", [("Asset Tag", "Line 2 has the same tag.")]
    elif sentence == 7:
        bought, wrong = "31.2.2024", [("Bought on", "'31.2.2024' is no date.")]
    elif sentence == 9:
        price, wrong = "many", [("Purchase price", "'many' is no number.")]
    elif sentence == 11:
        status, wrong = "dreaming", [("Status", "Status must be one of")]
    elif sentence == 13:
        name, notes = "Kühler", "=1+2"
    return f"{tag};{name};{bought};{until};{price};{status};{notes}".encode(), lines, wrong


def workbook() -> Nasty:
    """Formulas with their values, an error, numbers for codes, real dates, blank rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("Read me").write(0, 0, "Nothing here")
    sheet = book.add_worksheet("Parts")
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.write(0, 0, "Stock of the workshop")
    sheet.write_row(3, 1, ["Part number", "Name", "Qty", "Location", "Unit cost"])
    rows: list[list[Any]] = [
        [10045.0, "Screw", 100, "Box 1", 0.05],
        ["10046", "Nut", 50.5, "Box 2", "0,07"],
    ]
    for at, row in enumerate(rows, 4):
        sheet.write_row(at, 1, row)
    sheet.write_row(7, 1, ["10047", "Washer"])
    sheet.write_formula(7, 3, "=D5*2", None, 200)
    sheet.write_row(7, 4, ["Box 3", 1.25])
    sheet.write_row(8, 1, ["10048", "Bolt"])
    sheet.write_formula(8, 3, "=Z99", None, "#REF!")
    sheet.write_row(8, 4, ["Box 3", 1])
    sheet.write_datetime(9, 2, date(2024, 3, 5), day)  # type: ignore[arg-type]
    book.close()
    return Nasty(out.getvalue(), [(9, "Qty", "The formula of this cell gives an error.")])
