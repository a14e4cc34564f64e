"""Models as lists ask for them: by words, by name, by the page."""

from typing import Final

from sqlalchemy import Connection, Select, func, select

from stockscan.store.assets import AssetModel
from stockscan.store.catalogue.assets import ModelRow, model_rows
from stockscan.store.catalogue.listing.keyset import Order, has_text, order_of, rows_of
from stockscan.store.catalogue.search import MODEL

_SORTS: Final = {"name": func.lower(AssetModel.name)}


def model_ids(connection: Connection, text: str = "") -> Select[int]:
    """The ids of all models that have the words, in no order."""
    return select(AssetModel.id).where(*has_text(connection, MODEL, text, AssetModel))


def model_page(
    connection: Connection, query: Select[int], order: Order, after: str, limit: int
) -> list[ModelRow]:
    """One page of these models and one more; `after` is the name of the last one shown."""
    if after:
        key = AssetModel.name == after.replace("\x00", "")
        query = order.beyond(connection, query, key)
    ids = list(connection.execute(order.sort(query).limit(limit + 1)).scalars())
    return rows_of(connection, ModelRow, model_rows(), AssetModel, ids)


def model_order(sort: str) -> Order:
    """The order of a list of models. Raises `Invalid` for a sort that there is not."""
    return order_of(AssetModel, _SORTS, sort)
