"""Whether StockScan can serve: the database answers and has the schema of this version."""

from sqlalchemy.exc import SQLAlchemyError

from stockscan.services.work import reading
from stockscan.store import db


def readiness() -> dict[str, bool]:
    """Each thing that must be so before requests are sent here, and whether it is."""
    try:
        with reading() as connection:
            return {"database": True, "migrations": db.is_current(connection)}
    except SQLAlchemyError:
        return {"database": False, "migrations": False}


def is_blank() -> bool:
    """Whether the database answers and nothing was ever set up in it."""
    try:
        with reading() as connection:
            return db.is_blank(connection)
    except SQLAlchemyError:
        return False
