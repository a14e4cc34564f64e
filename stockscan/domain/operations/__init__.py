"""The shape of every write: its kinds, their fields, and what makes two writes the same."""

from stockscan.domain.operations.kinds import CREATE_KINDS, KINDS, Shape
from stockscan.domain.operations.op import (
    Op,
    canonical,
    derived_id,
    digest,
    parse_op,
    seen_token,
)
from stockscan.domain.operations.values import LONGEST_CARRY_MIN, Parser, is_id, parse_id

__all__ = [
    "CREATE_KINDS",
    "KINDS",
    "LONGEST_CARRY_MIN",
    "Op",
    "Parser",
    "Shape",
    "canonical",
    "derived_id",
    "digest",
    "is_id",
    "parse_id",
    "parse_op",
    "seen_token",
]
