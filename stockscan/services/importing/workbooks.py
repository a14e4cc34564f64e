"""XLSX files: proved harmless before they are opened, then read as rows of texts."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, WorksheetNotFound

from stockscan.domain.errors import Invalid, TooLarge
from stockscan.domain.importing.cells import Broken, Exact, Row

MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 200
# So many cells lie between the first and the farthest one, blank ones too: each takes memory.
MOST_CELLS: Final = 10_000_000
# What a file may unpack to; the text of 200,000 rows stays below.
LARGEST_UNPACKED: Final = 150 * 1024 * 1024
_MOST_PACKED: Final = 200
_PIECE: Final = 1 << 20
# A cell is told by at most so many characters; pieces of a file overlap by as many.
_OVERLAP: Final = 256

# A cell beyond column GR (the 200th) or row 200,000: its grid would be made of nothing but blanks.
_FAR: Final = re.compile(
    rb"""\br\s*=\s*["'](?:(?:[A-Z]{3}|[H-Z][A-Z]|G[S-Z])\d*|[A-Z]{0,2}(?:[2-9]\d{5}|\d{7,}))["']"""
)
_COLUMN: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,2})\d""")
# The numbers of rows from 10,000 on: fewer have never too many cells.
_ROW: Final = re.compile(rb"""\br\s*=\s*["'][A-Z]{0,2}([1-9]\d{4,5})["']""")
# No tag holds a <, so that none is looked through twice, however the file was made.
_ERROR: Final = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^<>]*\bt\s*=\s*["']e["'])[^<>]*\br\s*=\s*["']([A-Z]+)(\d+)"""
)
_SHEET: Final = re.compile(r"<(?:\w+:)?sheet\s[^<>]*>")
_LINK: Final = re.compile(r"<(?:\w+:)?Relationship\s[^<>]*>")
_ATTRIBUTE: Final = re.compile(r"""\b(r:id|name|Id|Target)\s*=\s*["']([^"'<>]*)["']""")
_UNREADABLE: Final = "This workbook can't be read. Save it as XLSX or CSV again, and send that."

# What a broken, locked or foreign ZIP file makes the reader raise.
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)

Errors = frozenset[tuple[int, int]]


def is_workbook(data: bytes) -> bool:
    """Whether a file is packed as workbooks are."""
    return data.startswith(b"PK\x03\x04")


def sheet_names(data: bytes) -> list[str]:
    """The names of the sheets. Raises `Invalid` or `TooLarge` for what can't be read."""
    _refuse_bombs(data)
    try:
        return list(CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names)
    except (CalamineError, OSError, ValueError) as error:
        raise Invalid(_UNREADABLE, field="file") from error


def sheet_rows(data: bytes, name: str) -> Iterator[tuple[int, Row]]:
    """Each row of a sheet with its line, as texts; formulas give the values that they had.

    Errors of formulas, such as #REF!, are broken cells. Raises `Invalid` or `TooLarge`.
    """
    errors = _proved(data, name)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name)
    except (CalamineError, WorksheetNotFound, OSError, ValueError) as error:
        raise Invalid(_UNREADABLE, field="file") from error
    yield from _rows(sheet, errors)


def _rows(sheet: CalamineSheet, errors: Errors) -> Iterator[tuple[int, Row]]:
    first_column = (sheet.start or (0, 0))[1]
    broken: dict[int, set[int]] = {}
    for line, column in errors:
        broken.setdefault(line, set()).add(column - first_column)
    for line, values in enumerate(sheet.iter_rows(), 1):
        row = [as_text(value) for value in values]
        for at in broken.get(line, ()):
            if 0 <= at < len(row):
                row[at] = Broken(
                    "The formula of this cell gives an error. Correct it, or empty it."
                )
        yield line, row


def as_text(value: object) -> str:
    """A typed cell as text: whole numbers without a point, dates as 2026-11-22."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return Exact("true" if value else "false")
    if isinstance(value, float):
        return Exact(str(int(value)) if value.is_integer() else repr(value))
    if isinstance(value, datetime):
        value = value.date()
    return Exact("" if value is None else str(value))


def _refuse_bombs(data: bytes) -> None:
    """Raises before anything is unpacked that says itself how large it would become."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            sizes = [item.file_size for item in packed.infolist()]
    except _BROKEN as error:
        raise Invalid(_UNREADABLE, field="file") from error
    if sum(sizes) > LARGEST_UNPACKED or sum(sizes) > _MOST_PACKED * len(data):
        raise TooLarge("This workbook unpacks to far more than it should. Save it as CSV instead.")


def _proved(data: bytes, name: str) -> Errors:
    """The cells of a sheet that hold errors, as (line, column from 0).

    Raises `TooLarge` for a sheet beyond our limits: opening it would take memory for every cell
    up to the farthest.
    """
    _refuse_bombs(data)
    found: set[tuple[int, int]] = set()
    columns: set[bytes] = set()
    lines: set[bytes] = set()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, packed.open(_path(packed, name)) as file:
            before = b""
            while piece := file.read(_PIECE):
                text = before + piece
                if _FAR.search(text):
                    raise TooLarge(
                        f"A sheet has at most {MOST_ROWS} rows and {MOST_COLUMNS} columns. Delete"
                        " what stands far outside, or split it."
                    )
                columns.update(_COLUMN.findall(text))
                lines.update(_ROW.findall(text))
                found.update((int(m[2]), _column(m[1])) for m in _ERROR.finditer(text))
                before = text[-_OVERLAP:]
    except (*_BROKEN, KeyError) as error:
        raise Invalid(_UNREADABLE, field="file") from error
    width = 1 + max(map(_column, columns), default=0)
    if width * max(map(int, lines), default=0) > MOST_CELLS:
        raise TooLarge("This sheet has more than 10 million cells, blank ones counted. Delete what"
                       " stands far outside, or split it.")  # fmt: skip
    return frozenset(found)


def _path(packed: zipfile.ZipFile, name: str) -> str:
    """Where in the packed file the sheet of that name is."""
    links = {}
    for link in _LINK.findall(packed.read("xl/_rels/workbook.xml.rels").decode()):
        said = dict(_ATTRIBUTE.findall(link))
        links[said.get("Id", "")] = said.get("Target", "")
    for sheet in _SHEET.findall(packed.read("xl/workbook.xml").decode()):
        said = dict(_ATTRIBUTE.findall(sheet))
        if unescape(said.get("name", "")) == name:
            target = links[said.get("r:id", "")]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(name)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
