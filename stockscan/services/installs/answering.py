"""The answer to an operation that puts a part into a machine or takes it out."""

from typing import Any

from sqlalchemy import Row

from stockscan.domain.figures import format_quantity
from stockscan.store import goods


def answer(
    seq: int, asset: Row[Any], part: Row[Any], location: goods.Place, quantity_milli: int
) -> dict[str, Any]:
    """What every answer about a part in a machine says."""
    return {
        "movement": seq,
        "asset": asset.code,
        "asset_tag": asset.tag,
        "asset_name": asset.name,
        **goods.names_json(part, location),
        "quantity": format_quantity(quantity_milli),
    }
