"""Tables as one Excel workbook with a sheet for each; rows go to disk as they come."""

import tempfile
from collections.abc import Callable, Generator, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from stockscan.domain.tables import SCALES, Column, Holds, text_writer
from stockscan.store.catalogue.exports import Table, Tables

Write = Callable[[Worksheet, int, int, Any], object]

# Excel's own limit, less the header; what is more goes on in a sheet of its own.
SHEET_ROWS: Final = 1_048_575
CHUNK: Final = 256 * 1024
WIDTH: Final = 16

# Day 0 of a workbook, and the first day from which on its calendar is right.
_DAY_0: Final = date(1899, 12, 30)
_FIRST_DAY: Final = date(1900, 3, 1)
_UNIX_DAY: Final = 25_569
_DAY_US: Final = 86_400_000_000


def workbook(tables: Tables, sheet_rows: int = SHEET_ROWS) -> Generator[bytes, None, None]:
    """The file, once it is whole; it leaves nothing behind on the disk."""
    with tempfile.TemporaryDirectory(prefix="stockscan-export-") as folder:
        path = Path(folder) / "export.xlsx"
        with Workbook(str(path), {"constant_memory": True, "tmpdir": folder}) as book:
            book.use_zip64()
            writers = _writers(book)
            for name, make in tables:
                _write_table(book, name, make(), writers, sheet_rows)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _write_table(
    book: Workbook, name: str, table: Table, writers: dict[Holds, Write], sheet_rows: int
) -> None:
    writes = [writers[column.holds] for column in table.columns]
    rows = iter(table.rows)
    number, more = 1, True
    while more:
        sheet = _sheet(book, name if number == 1 else f"{name} {number}", table.columns)
        written = _write_rows(sheet, writes, islice(rows, sheet_rows))
        number, more = number + 1, written == sheet_rows


def _sheet(book: Workbook, name: str, columns: tuple[Column, ...]) -> Worksheet:
    sheet: Worksheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    sheet.set_column(0, len(columns) - 1, WIDTH)
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.name, bold)
    return sheet


def _write_rows(sheet: Worksheet, writes: list[Write], rows: Iterator[Any]) -> int:
    """How many rows there were; an empty cell is not written."""
    line = 0
    for line, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if value is not None and value != "":
                writes[place](sheet, line, place, value)
    return line


def _writers(book: Workbook) -> dict[Holds, Write]:
    """How each kind of value is written: texts as texts, whatever they begin with."""
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    decimals = {
        holds: book.add_format({"num_format": shown})
        for holds, shown in (
            (Holds.MILLI, "0.###"), (Holds.MINOR, "0.00"), (Holds.E4, "0.00##"),
            (Holds.PERCENT, "0.00"), (Holds.RATIO, "0.00"),
        )
    }  # fmt: skip
    flag = text_writer(Holds.FLAG)

    def write_day(sheet: Worksheet, line: int, place: int, value: date) -> object:
        if value < _FIRST_DAY:
            return sheet.write_string(line, place, value.isoformat())
        return sheet.write_number(line, place, (value - _DAY_0).days, day)

    def number(holds: Holds) -> Write:
        scale, shown = SCALES[holds], decimals[holds]
        return lambda sheet, line, place, value: sheet.write_number(
            line, place, value / scale, shown
        )

    return {
        Holds.TEXT: lambda sheet, line, place, value: sheet.write_string(line, place, value),
        Holds.FLAG: lambda sheet, line, place, value: sheet.write_string(line, place, flag(value)),
        Holds.WHOLE: lambda sheet, line, place, value: sheet.write_number(line, place, value),
        Holds.DAY: write_day,
        Holds.TIME: lambda sheet, line, place, value: sheet.write_number(
            line, place, value / _DAY_US + _UNIX_DAY, time
        ),
        **{holds: number(holds) for holds in SCALES},
    }
