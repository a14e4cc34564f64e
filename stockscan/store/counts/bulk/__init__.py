"""Counts of very many lines: what is plain is judged and booked by a few statements.

Nearly all lines of a count are plain: one attempt, no serial, nothing unusual around it. The rows
are the same as those of the way one by one, which is left for the others.
"""

from stockscan.store.counts.bulk.differing import post_differing
from stockscan.store.counts.bulk.judging import judge_many
from stockscan.store.counts.bulk.matching import post_matching

__all__ = ["judge_many", "post_differing", "post_matching"]
