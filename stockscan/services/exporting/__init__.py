"""Export: every list, or everything, as a file that is written while it is sent."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Final

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.errors import Invalid, NotFound, TooLarge
from stockscan.domain.figures import from_us
from stockscan.services.exporting.texts import Chunks, csv_file, json_array, json_object, zip_of_csv
from stockscan.services.exporting.workbook import workbook
from stockscan.services.work import Context, reading
from stockscan.store import settings
from stockscan.store.catalogue.exports import TABLES, Asked, Table, Tables
from stockscan.store.counts.blindness import blindness
from stockscan.store.snapshot import snapshot

__all__ = [
    "EVERYTHING", "LISTS", "Export", "Table", "choices", "export", "forms_of", "one_table",
]  # fmt: skip

EVERYTHING: Final = "everything"
LISTS: Final = tuple(TABLES)
# As many parameters as every database takes in one question.
MOST_CODES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file: how it ends, what it says it is, and how tables become its bytes."""

    ending: str
    media_type: str
    write: Callable[[Tables], Chunks]


@dataclass(frozen=True, slots=True)
class Export:
    """A file on its way out: its name, its type, and its bytes, to be read once."""

    name: str
    media_type: str
    chunks: Chunks


_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ONE: Final = {
    "csv": Form("csv", "text/csv; charset=utf-8", csv_file),
    "xlsx": Form("xlsx", _XLSX, workbook),
    "json": Form("json", "application/json", json_array),
}
_ALL: Final = {
    "csv": Form("zip", "application/zip", zip_of_csv),
    "xlsx": Form("xlsx", _XLSX, workbook),
    "json": Form("json", "application/json", json_object),
}


def choices(ctx: Context) -> list[str]:
    """The lists that this person may export."""
    return _allowed(require(ctx.actor, Permission.CATALOGUE_EXPORT))


def forms_of(what: str) -> dict[str, str]:
    """The formats of an export and how their files end: everything as CSV is a zip."""
    return {name: form.ending for name, form in (_ALL if what == EVERYTHING else _ONE).items()}


def export(
    ctx: Context,
    what: str,
    form: str,
    *,
    codes: Iterable[str] = (),
    filters: Mapping[str, str] | None = None,
) -> Export:
    """A list or everything, as a file; of a list what its page shows or what was ticked there.

    `codes` are the things alone that are wanted, `filters` those of the page (see `Asked`).
    All of it shows one moment. It begins to be written here, so that what can't be read raises
    here and not in the middle; whoever takes it reads it to its end or closes it. Raises
    `NotFound` for an unknown list, `Invalid` for an unknown format, `TooLarge` for more than
    10,000 codes and `NotAllowed`.
    """
    actor = require(ctx.actor, Permission.CATALOGUE_EXPORT)
    asked_codes = tuple(codes)
    if len(asked_codes) > MOST_CODES:
        raise TooLarge(f"Choose at most {MOST_CODES} at once, or export the whole list.")
    if what == "people":
        require(actor, Permission.PEOPLE_EDIT)
    if what != EVERYTHING and what not in TABLES:
        raise NotFound(f"There is no list called {what[:40]!r} to export.")
    chosen = (_ALL if what == EVERYTHING else _ONE).get(form)
    if chosen is None:
        raise Invalid(f"format must be one of {', '.join(_ONE)}.", field="format")
    names = _allowed(actor) if what == EVERYTHING else [what]
    today = from_us(ctx.now_us).date()
    with_people = actor.may(Permission.PEOPLE_EDIT)
    with reading() as connection:
        blind = blindness(connection, actor)
    asked = Asked(today, asked_codes, filters or {}, with_people, blind)
    name = f"{_company()}-{what}-{today.isoformat()}.{chosen.ending}"
    return Export(name, chosen.media_type, _begun(_chunks(names, asked, chosen)))


def one_table(ctx: Context, what: str, form: str, table: Table) -> Export:
    """A table that somebody already has in hand, such as a report's, as a file of its own.

    Raises `NotFound` for an unknown format and `NotAllowed`.
    """
    require(ctx.actor, Permission.CATALOGUE_EXPORT)
    chosen = _ONE.get(form)
    if chosen is None:
        raise NotFound(f"There are no files that end in {form[:20]!r}. Ask for csv or xlsx.")
    day = from_us(ctx.now_us).date().isoformat()
    name = f"{_company()}-{what}-{day}.{chosen.ending}"
    return Export(name, chosen.media_type, chosen.write([(what[:31], lambda: table)]))


def _allowed(actor: Actor) -> list[str]:
    return [name for name in TABLES if name != "people" or actor.may(Permission.PEOPLE_EDIT)]


def _chunks(names: list[str], asked: Asked, form: Form) -> Chunks:
    with snapshot() as connection:
        tables = ((name, partial(TABLES[name], connection, asked)) for name in names)
        with closing(form.write(tables)) as chunks:
            yield from chunks


def _begun(chunks: Chunks) -> Chunks:
    first = next(chunks)

    def all_of_them() -> Chunks:
        with closing(chunks):
            yield first
            yield from chunks

    return all_of_them()


def _company() -> str:
    """The company's name as it can stand in any file's name."""
    with reading() as connection:
        company = settings.load(connection).company
    plain = unicodedata.normalize("NFKD", company).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "stockscan"
