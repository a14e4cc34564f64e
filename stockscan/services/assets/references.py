"""Which asset a text stands for."""

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from stockscan.domain.codes import Kind, read
from stockscan.domain.errors import NotFound
from stockscan.store.scanning import resolve


def asset_id(connection: Connection | Session, reference: str) -> int:
    """The number of the asset that a reference stands for. Raises `NotFound`."""
    found = resolve(connection, read(reference), (Kind.ASSET,))
    if found is None or found.id is None:
        raise NotFound
    return found.id
