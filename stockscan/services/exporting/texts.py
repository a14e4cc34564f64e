"""Tables as CSV and JSON, alone or all in one file, a few kilobytes at a time."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import chain
from typing import IO, Any, Final, cast

from stockscan.domain.formulas import harmless
from stockscan.domain.tables import Holds, json_writer, text_writer
from stockscan.store.catalogue.exports import Table, Tables

Chunks = Generator[bytes, None, None]

# Tells spreadsheets that a CSV file is UTF-8.
BOM: Final = "\ufeff"
CHUNK: Final = 64 * 1024


def csv_file(tables: Tables) -> Chunks:
    """The one table as CSV (RFC 4180) with a header row."""
    for _, make in tables:
        yield from _csv(make())


def zip_of_csv(tables: Tables) -> Chunks:
    """Every table as a CSV file of its own, in one zip."""
    sink = _Sink()
    with zipfile.ZipFile(cast(IO[bytes], sink), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, make in tables:
            entry = zipfile.ZipInfo(f"{name}.csv")
            entry.compress_type = zipfile.ZIP_DEFLATED
            # Nobody knows yet how large it becomes.
            with archive.open(entry, "w", force_zip64=True) as file:
                for chunk in _csv(make()):
                    file.write(chunk)
                    yield sink.take()
    yield sink.take()


def json_array(tables: Tables) -> Chunks:
    """The one table as an array with one object, one line, for each row."""
    return _gathered(piece for _, make in tables for piece in chain(_json(make()), "\n"))


def json_object(tables: Tables) -> Chunks:
    """Every table under its name in one object."""
    return _gathered(_named(tables))


def _csv(table: Table) -> Chunks:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writes = [_cell_writer(column.holds) for column in table.columns]
    buffer.write(BOM)
    writer.writerow([harmless(column.name) for column in table.columns])
    for row in table.rows:
        writer.writerow([write(value) for write, value in zip(writes, row, strict=True)])
        if buffer.tell() >= CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _cell_writer(holds: Holds) -> Callable[[Any], str]:
    """Texts are made harmless; a negative number is a number and stays one."""
    write = text_writer(holds)
    return (lambda value: harmless(write(value))) if holds is Holds.TEXT else write


def _named(tables: Tables) -> Iterator[str]:
    separator = "{\n"
    for name, make in tables:
        yield f"{separator}{json.dumps(name)}: "
        yield from _json(make())
        separator = ",\n"
    yield "\n}\n"


def _json(table: Table) -> Iterator[str]:
    writes = [(column.name, json_writer(column.holds)) for column in table.columns]
    separator = "[\n"
    for row in table.rows:
        named = {name: write(value) for (name, write), value in zip(writes, row, strict=True)}
        yield separator + json.dumps(named, ensure_ascii=False)
        separator = ",\n"
    yield "[]" if separator == "[\n" else "\n]"


def _gathered(texts: Iterable[str]) -> Chunks:
    """Many short texts as fewer, larger pieces."""
    gathered, size = [], 0
    for text in texts:
        gathered.append(text)
        size += len(text)
        if size >= CHUNK:
            yield "".join(gathered).encode()
            gathered, size = [], 0
    yield "".join(gathered).encode()


class _Sink:
    """What a zip is written into and taken out of again; it can't go back."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, piece: bytes) -> int:
        """Take a piece."""
        self._written += piece
        return len(piece)

    def flush(self) -> None:
        """Nothing waits."""

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = bytes(self._written)
        self._written.clear()
        return taken
