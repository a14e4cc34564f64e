"""Finding things by what people type or scan."""

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind, read
from stockscan.services.work import Context, reading
from stockscan.store.catalogue.search import Hit, find
from stockscan.store.scanning import Found, resolve

# Of each kind; whoever needs more types more.
SHOWN = 12
_THINGS = (Kind.ASSET, Kind.PART, Kind.LOCATION, Kind.PERSON)


def search(ctx: Context, text: str, *, limit: int = SHOWN) -> list[Hit]:
    """Things whose name, tag, serial or number contains the text; nothing for no text."""
    require(ctx.actor, Permission.READ)
    if not text.strip():
        return []
    with reading() as connection:
        return find(connection, read(text).text, limit)


def exactly(ctx: Context, text: str) -> Found | None:
    """The one thing that the text is a full reference of: its code, tag, number or barcode.

    Raises `Invalid` when it stands for several things.
    """
    require(ctx.actor, Permission.READ)
    if not text.strip():
        return None
    with reading() as connection:
        return resolve(connection, read(text), _THINGS)
