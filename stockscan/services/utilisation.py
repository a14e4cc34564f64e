"""Which assets stand idle and which are always out."""

from dataclasses import dataclass
from typing import Final

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid
from stockscan.services.work import Context, reading
from stockscan.store.catalogue import utilisation
from stockscan.store.catalogue.utilisation import UsedRow

SHOWN: Final = 100
PERIODS: Final = (30, 90, 365)
ORDERS: Final = ("idle", "busy")


@dataclass(frozen=True, slots=True)
class Usage:
    """The 100 idlest or busiest assets of a period; `never` of all in use were not out once."""

    rows: list[UsedRow]
    never: int
    all: int


def usage(ctx: Context, days: int, order: str) -> Usage:
    """How assets were used in the last 30, 90 or 365 days, the "idle" or the "busy" first."""
    require(ctx.actor, Permission.READ)
    if days not in PERIODS or order not in ORDERS:
        raise Invalid("There is no such list. Choose idle or busy, and 30, 90 or 365 days.")
    with reading() as connection:
        rows = utilisation.used(connection, ctx.now_us, days, busy=order == "busy", limit=SHOWN)
    never, every = (int(rows[0].never), rows[0].all) if rows else (0, 0)
    return Usage([row for row in rows if order == "idle" or row.out_us], never, every)
