"""Every list as rows that stream out of the database, with all names instead of numbers."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection

from stockscan.store.catalogue.exports import (
    accuracy,
    assets,
    goods,
    happenings,
    parts,
    things,
    work,
)
from stockscan.store.catalogue.exports.tables import Asked, Table, Tables

__all__ = ["TABLES", "Asked", "Table", "Tables"]

# In the order in which they build on one another, which is the order of reading them in again.
TABLES: Final[dict[str, Callable[[Connection, Asked], Table]]] = {
    "locations": things.locations,
    "people": things.people,
    "parts": parts.parts,
    "supplier-parts": parts.supplier_parts,
    "substitutes": parts.substitutes,
    "models": parts.models,
    "model-parts": parts.model_parts,
    "assets": assets.assets,
    "asset-parts": parts.asset_parts,
    "checked-out": assets.checked_out,
    "meters": assets.meters,
    "barcodes": things.barcodes,
    "stock": goods.stock,
    "movements": goods.movements,
    "counts": goods.counts,
    "accuracy": accuracy.accuracy,
    "plans": work.plans,
    "plan-parts": work.plan_parts,
    "jobs": work.jobs,
    "requisitions": work.requisitions,
    "asset-events": happenings.asset_events,
    "edits": happenings.edits,
}
