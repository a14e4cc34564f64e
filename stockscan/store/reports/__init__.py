"""Rows and queries of reports: sums over the ledger that people look at."""

from stockscan.store.reports.rows import AssetMonth, Disposal, PartMonth

__all__ = ["AssetMonth", "Disposal", "PartMonth"]
