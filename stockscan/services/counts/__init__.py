"""Counting: recording a count, answering its questions, reviewing and posting it."""

from stockscan.services.counts.answering import retime
from stockscan.services.counts.recording import count, void_count
from stockscan.services.counts.review import (
    CountPage,
    count_json,
    count_list,
    count_page,
    post,
    reject,
)

__all__ = [
    "CountPage",
    "count",
    "count_json",
    "count_list",
    "count_page",
    "post",
    "reject",
    "retime",
    "void_count",
]
