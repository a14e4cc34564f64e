"""What expires soon: lots in stock, where they lie and what they are worth."""

from dataclasses import dataclass
from datetime import date, timedelta

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid
from stockscan.services.reports.asking import only_of
from stockscan.services.work import Context
from stockscan.store.reports.narrowing import EVERY, OfParts
from stockscan.store.reports.stock import LotStock, expiring
from stockscan.store.snapshot import snapshot

USUAL_DAYS = 90
MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Expiry:
    """Lots that expire up to a day, those that have expired among them, the first first."""

    today: date
    until: date
    lots: list[LotStock]

    @property
    def expired(self) -> list[LotStock]:
        """Those that nobody may use any more: expired before today."""
        return [lot for lot in self.lots if lot.expires_on < self.today]


def expiry(ctx: Context, days: int = USUAL_DAYS, of: OfParts = EVERY, place: str = "") -> Expiry:
    """The lots in stock, at a place or anywhere, that expire within so many days or have expired.

    Nothing of parts that this person still has to count blind is in it. Raises `Invalid` and
    `NotFound` that name the field.
    """
    require(ctx.actor, Permission.READ)
    if not 0 <= days <= MOST_DAYS:
        raise Invalid(f"Ask for 0 to {MOST_DAYS} days.", field="days")
    until = ctx.today + timedelta(days=days)
    with snapshot() as connection:
        only = only_of(connection, ctx, of, place)
        return Expiry(ctx.today, until, expiring(connection, until, only))
