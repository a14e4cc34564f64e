"""What of the stock can be used: on hand over all bins, without the lots that are expired."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.orm import Session

from stockscan.store.lots import Lot, lot_of
from stockscan.store.stock import Balance


def usable(
    connection: Connection | Session, on: date, part_ids: Collection[int] | None = None
) -> dict[int, int]:
    """Part to what is on hand of it and not expired on that day, in thousandths.

    A lot can still be used on the day on which it expires. Parts that nobody has are left out.
    """
    held = (
        select(Balance.part_id, func.sum(Balance.quantity_milli))
        .outerjoin(Lot, lot_of(Balance))
        .where(or_(Lot.expires_on.is_(None), Lot.expires_on >= on))
        .group_by(Balance.part_id)
    )
    if part_ids is not None:
        held = held.where(Balance.part_id.in_(part_ids))
    return {part_id: int(total) for part_id, total in connection.execute(held)}


def expiring(
    connection: Connection | Session, today: date, part_ids: Collection[int] | None = None
) -> dict[int, dict[date, int]]:
    """Part to the first day on which a lot can't be used any more, to how much that is.

    Only lots that can be used today; none that books below nothing, and none that can be used
    until the last day that there is.
    """
    lots = (
        select(Balance.part_id, Lot.expires_on, func.sum(Balance.quantity_milli))
        .join(Lot, lot_of(Balance))
        .where(Lot.expires_on >= today, Balance.quantity_milli > 0)
        .group_by(Balance.part_id, Lot.expires_on)
    )
    if part_ids is not None:
        lots = lots.where(Balance.part_id.in_(part_ids))
    found: dict[int, dict[date, int]] = {}
    for part_id, expires_on, total in connection.execute(lots):
        if expires_on is not None and expires_on < date.max:
            found.setdefault(part_id, {})[expires_on + timedelta(days=1)] = int(total)
    return found
