"""What is on hand of parts, by the last day on which it can be used."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.orm import Session

from stockscan.domain.maintenance.kits import Batch
from stockscan.store.lots import Lot, lot_of
from stockscan.store.stock import Balance


def at_hand(
    connection: Connection | Session, today: date, part_ids: Collection[int] | None = None
) -> dict[int, list[Batch]]:
    """Part to what is on hand of it over all bins and not expired today; of these parts if given.

    A lot can still be used on the day on which it expires. Parts that nobody has are left out.
    """
    held = (
        select(Balance.part_id, Lot.expires_on, func.sum(Balance.quantity_milli))
        .outerjoin(Lot, lot_of(Balance))
        .where(or_(Lot.expires_on.is_(None), Lot.expires_on >= today))
        .group_by(Balance.part_id, Lot.expires_on)
    )
    if part_ids is not None:
        held = held.where(Balance.part_id.in_(part_ids))
    found: dict[int, list[Batch]] = {}
    for part_id, last_on, total in connection.execute(held):
        found.setdefault(part_id, []).append(Batch(last_on, int(total)))
    return found
