"""Sums as whole numbers on both databases."""

from typing import Any

from sqlalchemy import BigInteger, cast, func


def summed(column: Any) -> Any:
    """A sum as an integer: a sum of 64-bit integers is a decimal on PostgreSQL."""
    return cast(func.coalesce(func.sum(column), 0), BigInteger)
