"""The shape of every write: its kinds, their fields, and what makes two writes the same."""

from stockscan.domain.operations.catalogue import CREATE_KINDS, EDIT_KINDS
from stockscan.domain.operations.kinds import KINDS
from stockscan.domain.operations.op import (
    Op,
    canonical,
    derived_id,
    digest,
    parse_op,
    seen_token,
)
from stockscan.domain.operations.shape import Shape
from stockscan.domain.operations.values import LONGEST_CARRY_MIN, Parser, is_id, parse_id

# Every kind that the books may hold.
SHAPES = {**KINDS, **CREATE_KINDS, **EDIT_KINDS}

__all__ = [
    "CREATE_KINDS",
    "EDIT_KINDS",
    "KINDS",
    "LONGEST_CARRY_MIN",
    "SHAPES",
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
