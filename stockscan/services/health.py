"""Whether StockScan can serve: the database answers and has the schema of this version."""

from sqlalchemy.exc import SQLAlchemyError

from stockscan.services.work import reading
from stockscan.store.db import is_current


def readiness() -> dict[str, bool]:
    """Each thing that must be so before requests are sent here, and whether it is."""
    try:
        with reading() as connection:
            return {"database": True, "migrations": is_current(connection)}
    except SQLAlchemyError:
        return {"database": False, "migrations": False}
