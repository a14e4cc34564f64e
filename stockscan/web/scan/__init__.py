"""The scan screen: one field, one camera, one answer."""

from stockscan.web.scan import acting, entries, filters, scans, visits
from stockscan.web.scan.stage import blueprint

__all__ = ["acting", "blueprint", "entries", "filters", "scans", "visits"]
