"""Pages about purchasing: what to order, what is on order, and what will be short."""

from stockscan.web.purchasing import (
    asking,
    lines,
    paper,
    planned,
    reorder,
    requisitions,
    settings,
    suppliers,
)
from stockscan.web.purchasing.door import blueprint

__all__ = [
    "asking",
    "blueprint",
    "lines",
    "paper",
    "planned",
    "reorder",
    "requisitions",
    "settings",
    "suppliers",
]
