"""Unknown codes: what was scanned and stands for nothing still, and what a text could become."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind, Scanned, read
from stockscan.domain.errors import Invalid
from stockscan.services.work import Context, reading
from stockscan.store.scanning import Found, resolve
from stockscan.store.unknown import UnknownRow, unknown_texts

PAGE: Final = 50
# Most texts of an old log were linked since; a page looks at so many batches to fill itself.
_BATCHES: Final = 4


@dataclass(frozen=True, slots=True)
class UnknownPage:
    """Some unknown codes, newest first; `next` is the cursor of the following page, or None."""

    rows: list[UnknownRow]
    next: int | None


@dataclass(frozen=True, slots=True)
class Pending:
    """A text that could be linked, and what it stands for already, if it does."""

    scanned: Scanned
    found: Found | None

    @property
    def is_blank(self) -> bool:
        """Whether it is a blank label of ours, which is claimed and not linked."""
        return self.found is not None and self.found.kind is Kind.BLANK

    @property
    def is_free(self) -> bool:
        """Whether it may come to stand for a thing."""
        return self.found is None or self.is_blank

    @property
    def number(self) -> str:
        """The part number that a distributor's label names first; "" where none is named."""
        data = self.scanned.data
        return data.keys[0] if data and data.kind == "distributor" and data.keys else ""


def unknown_codes(ctx: Context, *, before: int | None = None) -> UnknownPage:
    """Codes that were scanned and stand for nothing to this day; what was linked is left out."""
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    found: list[UnknownRow] = []
    with reading() as connection:
        for _ in range(_BATCHES):
            batch = unknown_texts(connection, before, PAGE)
            found += [row for row in batch if _stands_for_nothing(connection, row.text)]
            before = batch[-1].event if len(batch) == PAGE else None
            if before is None or len(found) >= PAGE:
                break
    return UnknownPage(found, before)


def pending(ctx: Context, raw: str) -> Pending:
    """A text as it would be linked. Raises `Invalid` for what is no text."""
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    scanned = read(raw)
    with reading() as connection:
        return Pending(scanned, resolve(connection, scanned))


def _stands_for_nothing(connection: Connection, text: str) -> bool:
    try:
        return resolve(connection, read(text)) is None
    except Invalid:
        return False
