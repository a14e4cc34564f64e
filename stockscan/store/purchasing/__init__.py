"""Rows and queries of purchasing: requisitions, what is on order, what is available."""

from stockscan.store.purchasing.rows import Requisition, RequisitionLine

__all__ = ["Requisition", "RequisitionLine"]
