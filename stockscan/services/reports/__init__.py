"""Reports: what the ledger says when it is summed, each figure with the rows behind it."""

from stockscan.services.reports.obsolete import keep_disposal
from stockscan.services.reports.rolling import roll_up

__all__ = ["keep_disposal", "roll_up"]
