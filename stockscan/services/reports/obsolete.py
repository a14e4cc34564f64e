"""Stock that no machine needs any more, what it is worth, and what was done with such stock."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.operations import Op
from stockscan.domain.reports.months import Months
from stockscan.domain.reports.obsolete import Excess, Listing, Lists, Surplus, excess, listings
from stockscan.services.reports.asking import months_asked, only_of
from stockscan.services.work import Context
from stockscan.store.reports import disposals, surplus
from stockscan.store.reports.disposals import Disposed
from stockscan.store.reports.narrowing import EVERY, OfParts
from stockscan.store.reports.surplus import Held, Lies
from stockscan.store.snapshot import snapshot

_MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class TooMuch:
    """A part of which there is more than will be needed, and where most of it lies."""

    part: Held
    excess: Excess
    listing: Listing
    lies: Lies


@dataclass(frozen=True, slots=True)
class Obsolete:
    """What nobody needs, the dearest first, and what was done with such stock in some months."""

    months: Months
    rows: list[TooMuch]
    disposals: list[Disposed]

    def of(self, kind: Surplus) -> list[TooMuch]:
        """The parts that are obsolete, or those of which there is only too much."""
        return [row for row in self.rows if row.excess.surplus is kind]

    def value_e4(self, kind: Surplus) -> int:
        """What they are worth together."""
        return sum(row.excess.value_e4 for row in self.of(kind))


def obsolete(
    ctx: Context, from_month: str = "", to_month: str = "", of: OfParts = EVERY
) -> Obsolete:
    """Stock to get rid of; without what the reader counts blind. Raises `Invalid`."""
    require(ctx.actor, Permission.READ)
    months = months_asked(ctx, from_month, to_month)
    with snapshot() as connection:
        return obsolete_in(connection, ctx, months, of)


def obsolete_in(
    connection: Connection, ctx: Context, months: Months, of: OfParts = EVERY
) -> Obsolete:
    """The answer itself."""
    only = only_of(connection, ctx, of)
    lists = Lists(
        surplus.model_lines(connection),
        surplus.own_lines(connection),
        surplus.plan_lines(connection),
    )
    known = listings(lists, surplus.fleet(connection), ctx.today)
    found = [
        (part, too_much, known[part.id])
        for part in surplus.held(connection, only)
        if part.id in known
        and (too_much := excess(part.quantity_milli, part.value_e4, known[part.id])) is not None
    ]
    found = sorted(found, key=lambda each: -each[1].value_e4)[:_MOST]
    lies = surplus.lies(connection, [part.id for part, _, _ in found])
    return Obsolete(
        months=months,
        rows=[TooMuch(part, each, listing, lies[part.id]) for part, each, listing in found],
        disposals=disposals.disposals(connection, months, only, _MOST),
    )


def keep_disposal(session: Session, op: Op) -> dict[str, Any]:
    """Remember what was done with the goods that the same operation takes out of stock."""
    minor, to = op["proceeds"] or 0, op["recipient"] or ""
    disposals.keep(session, op.id, op["how"], minor, to)
    return {"how": op["how"], "recipient": to}
