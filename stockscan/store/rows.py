"""Every table in one import, for migrations and for the mapper."""

from stockscan.store import (
    assets,
    badges,
    codes,
    counts,
    devices,
    edits,
    fields,
    files,
    importing,
    labels,
    locations,
    lots,
    meters,
    operations,
    parts,
    people,
    printers,
    search,
    settings,
    stock,
    sync,
)
from stockscan.store.db import Base

metadata = Base.metadata

__all__ = [
    "assets",
    "badges",
    "codes",
    "counts",
    "devices",
    "edits",
    "fields",
    "files",
    "importing",
    "labels",
    "locations",
    "lots",
    "metadata",
    "meters",
    "operations",
    "parts",
    "people",
    "printers",
    "search",
    "settings",
    "stock",
    "sync",
]
