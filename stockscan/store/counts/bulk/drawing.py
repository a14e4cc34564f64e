"""Numbers for many rows of the ledger at once, on PostgreSQL."""

from sqlalchemy import Connection, text

_DRAW = text("SELECT first, fence FROM stockscan_next_movements(:many)")


def draw(connection: Connection, many: int) -> tuple[int, int]:
    """The first of `many` sequence numbers in a row, and the fence that they share."""
    first_seq, fence = connection.execute(_DRAW, {"many": many}).one()
    return first_seq, fence
