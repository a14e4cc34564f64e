"""Pages about counts: planning, counting, deciding, and how right the books were."""

from stockscan.web.counts import review
from stockscan.web.counts.door import blueprint

__all__ = ["blueprint", "review"]
