"""Files as they come: CSV of any encoding and delimiter, or XLSX, as a stream of rows of texts.

Nothing in a file is trusted or run: formulas are texts, and what can't be read is a broken cell.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from charset_normalizer import from_bytes

from stockscan.domain.errors import Invalid, TooLarge
from stockscan.domain.formulas import original
from stockscan.domain.importing.cells import Broken, Row
from stockscan.domain.importing.formats import all_known_headers
from stockscan.domain.importing.synonyms import known_words, plain
from stockscan.services.importing.workbooks import (
    MOST_COLUMNS,
    MOST_ROWS,
    is_workbook,
    sheet_names,
    sheet_rows,
)

LARGEST_BYTES: Final = 15 * 1024 * 1024
ENCODINGS: Final = ("utf-8", "cp1252", "cp1250", "cp1251", "iso-8859-15", "mac-roman", "utf-16")
DELIMITERS: Final = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODECS: Final = {codecs.lookup(name).name for name in (*ENCODINGS, "utf-8-sig")}
_PROBE: Final = 1 << 16
# Among so many first rows the headers are looked for, and the delimiter is weighed.
_FIRST: Final = 20
# Mixed encodings: so few lines may be foreign in a file that else is UTF-8.
_FEW: Final = 20
_LARGEST_CELL: Final = 100_000
_HALF: Final = frozenset(map(chr, range(0xDC80, 0xDD00)))
_HEADERS: Final = known_words() | {plain(header) for header in all_known_headers()}

Lines = Iterator[tuple[int, Row]]


@dataclass(frozen=True, slots=True)
class Way:
    """How a file is read; empty for what is to be found out."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_line: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it will be read: the way, what else could be chosen, and its headers."""

    way: Way
    sheets: tuple[str, ...]
    headers: tuple[str, ...]


def look(data: bytes, way: Way) -> Seen:
    """Find out how to read a file, as far as `way` does not say it.

    Raises `Invalid` for what is no table, and `TooLarge` beyond 15 MB or 200 columns.
    """
    if len(data) > LARGEST_BYTES:
        raise TooLarge("A file has at most 15 MB. Split it, and import one part after the other.")
    _refuse_unknown(way)
    if not data.strip():
        raise Invalid("This file is empty. Choose another.", field="file")
    sheets: tuple[str, ...] = ()
    if is_workbook(data):
        sheets = tuple(sheet_names(data))
        way = Way(sheet=way.sheet if way.sheet in sheets else sheets[0],
                  header_line=way.header_line)  # fmt: skip
    else:
        if b"\x00" in data[:_PROBE] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Invalid("This is no CSV and no XLSX. Save it as one of these.", field="file")
        encoding = way.encoding or _encoding(data)
        way = Way(encoding, way.delimiter or _delimiter(data, encoding), "", way.header_line)
    line, headers = _headers(_lines(data, way), way.header_line)
    return Seen(Way(way.encoding, way.delimiter, way.sheet, line), sheets, headers)


def _refuse_unknown(way: Way) -> None:
    if way.delimiter and way.delimiter not in DELIMITERS:
        raise Invalid("Choose a delimiter from the list.", field="delimiter")
    try:
        is_known = not way.encoding or codecs.lookup(way.encoding).name in _CODECS
    except (LookupError, ValueError):
        is_known = False
    if not is_known:
        raise Invalid("Choose an encoding from the list.", field="encoding")


def rows(data: bytes, way: Way) -> Lines:
    """Each filled row behind the headers with its line in the file; see `look` for the way.

    Raises `TooLarge` beyond 200,000 rows.
    """
    count = 0
    for line, row in _lines(data, way):
        if line <= way.header_line or not any(row):
            continue
        count += 1
        if count > MOST_ROWS:
            raise TooLarge(f"A file has at most {MOST_ROWS} rows. Split it.")
        yield line, row


def _lines(data: bytes, way: Way) -> Lines:
    if way.sheet:
        return sheet_rows(data, way.sheet)
    return _csv_rows(data, way.encoding, way.delimiter)


def _csv_rows(data: bytes, encoding: str, delimiter: str) -> Lines:
    csv.field_size_limit(_LARGEST_CELL)
    text = io.TextIOWrapper(io.BytesIO(data), encoding, errors="surrogateescape", newline="")
    reader = csv.reader(text, delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield line, [_cell(cell, encoding) for cell in cells]
            line = reader.line_num + 1
    except (csv.Error, UnicodeError):
        message = f"From line {line} on this is no table: a quote is opened and never closed."
        yield line, [Broken(message)]


def _cell(cell: str, encoding: str) -> str:
    cell = cell.strip()
    if cell.isascii() or not _HALF.intersection(cell):
        return original(cell) if cell.startswith("'") else cell
    shown = "".join("�" if letter in _HALF else letter for letter in cell)[:40]
    name = encoding.removesuffix("-sig").upper()
    message = (
        f"“{shown}” has characters that are no {name}. Type it again, or choose another encoding."
    )
    return Broken(message, cell.encode(errors="surrogateescape").decode("cp1252", "replace"))


def _encoding(data: bytes) -> str:
    """By the byte order mark, else UTF-8 where all or almost all fits, else by its letters."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    wrong = list(islice((line for line in io.BytesIO(data) if not _fits(line)), _FEW + 1))
    foreign = sum(1 for line in io.BytesIO(data) if not line.isascii()) if wrong else 0
    if not wrong or (len(wrong) <= _FEW and 2 * len(wrong) < foreign):
        return "utf-8"
    best = from_bytes(b"".join(wrong), cp_isolation=list(ENCODINGS[1:-1])).best()
    return best.encoding if best else "cp1252"


def _fits(line: bytes) -> bool:
    if line.isascii():
        return True
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(data: bytes, encoding: str) -> str:
    """The one that cuts most of the first rows into equally many cells."""
    probe = data[:_PROBE]

    def weight(delimiter: str) -> tuple[int, int]:
        cut = (len(row) for _, row in islice(_csv_rows(probe, encoding, delimiter), 2 * _FIRST))
        widths = Counter(width for width in cut if width > 1)
        width, times = max(widths.items(), key=lambda pair: pair[::-1], default=(0, 0))
        return times, width

    return max(DELIMITERS, key=weight)


def _headers(lines: Lines, wanted: int) -> tuple[int, tuple[str, ...]]:
    """The line of the headers and what it says: the one wanted, else that with most known words."""
    first = [(line, row) for line, row in islice(lines, max(_FIRST, wanted)) if any(row)]
    chosen = [pair for pair in first if pair[0] == wanted] or first[:_FIRST]
    if not chosen:
        raise Invalid("This file has no rows. Choose another.", field="file")
    line, row = max(chosen, key=lambda pair: (_known(pair[1]), _filled(pair[1]) > 1, -pair[0]))
    if len(row) > MOST_COLUMNS:
        raise TooLarge(f"A file has at most {MOST_COLUMNS} columns. Delete what you do not need.")
    headers = tuple(cell.replace("\ufeff", "").strip()[:200] for cell in row)
    while headers and not headers[-1]:
        headers = headers[:-1]
    return line, headers


def _known(row: Iterable[str]) -> int:
    return len({plain(cell) for cell in row} & _HEADERS)


def _filled(row: Iterable[str]) -> int:
    return sum(1 for cell in row if cell)
