"""Finding things by what people type or scan."""

from dataclasses import dataclass

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind, read
from stockscan.domain.finding import words_in
from stockscan.services.work import Context, reading
from stockscan.store.catalogue.search import Hit, find, find_kind
from stockscan.store.catalogue.spelling import corrected
from stockscan.store.scanning import Found, resolve
from stockscan.store.search import KINDS

# Of each kind; whoever needs more types more.
SHOWN = 12
_THINGS = (Kind.ASSET, Kind.PART, Kind.LOCATION, Kind.PERSON)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, by kind: at most as many as were asked for and one more.

    `text` is what was looked for: what was typed, or with `spelled` its spelling put right.
    """

    text: str
    kinds: dict[str, list[Hit]]
    spelled: bool = False


def search(ctx: Context, text: str, *, limit: int = SHOWN) -> list[Hit]:
    """Things with a label that have all the words of the text; nothing for no text.

    A misspelled word finds what has the nearest one.
    """
    require(ctx.actor, Permission.READ)
    if not text.strip():
        return []
    asked = read(text).text
    with reading() as connection:
        hits = find(connection, asked, limit)
        if hits:
            return hits
        words = words_in(asked)
        better = corrected(connection, words)
        return find(connection, " ".join(better), limit) if better != words else []


def find_everything(ctx: Context, text: str, *, limit: int) -> Finding:
    """Things of every kind, models too, that have all the words of the text."""
    require(ctx.actor, Permission.READ)
    asked = words_in(text)
    with reading() as connection:
        kinds = _by_kind(connection, text, limit)
        if any(kinds.values()):
            return Finding(text, kinds)
        better = corrected(connection, asked)
        if better == asked:
            return Finding(text, {})
        said = " ".join(better)
        return Finding(said, _by_kind(connection, said, limit), spelled=True)


def exactly(ctx: Context, text: str) -> Found | None:
    """The one thing that the text is a full reference of: its code, tag, number or barcode.

    Raises `Invalid` when it stands for several things.
    """
    require(ctx.actor, Permission.READ)
    if not text.strip():
        return None
    with reading() as connection:
        return resolve(connection, read(text), _THINGS)


def _by_kind(connection: Connection, text: str, limit: int) -> dict[str, list[Hit]]:
    return {kind: find_kind(connection, kind, text, limit + 1) for kind in KINDS}
