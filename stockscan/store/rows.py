"""Every table in one import, for migrations and for the mapper."""

from stockscan.store import (
    assets,
    codes,
    counts,
    labels,
    locations,
    lots,
    operations,
    parts,
    people,
    settings,
    stock,
)
from stockscan.store.db import Base

metadata = Base.metadata

__all__ = [
    "assets",
    "codes",
    "counts",
    "labels",
    "locations",
    "lots",
    "metadata",
    "operations",
    "parts",
    "people",
    "settings",
    "stock",
]
