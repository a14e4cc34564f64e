"""Counted serials: one that is booked in another bin has moved; none is ever in two places."""

from typing import Final

from sqlalchemy.orm import Session

from stockscan.domain.codes import Kind
from stockscan.domain.counts import LineState
from stockscan.domain.figures import MILLI
from stockscan.store import goods, limits, lots, placing
from stockscan.store.counts import CountLine
from stockscan.store.goods import Leg
from stockscan.store.ledger import Posting, key_of
from stockscan.store.stock import balance_of, book_at_count

_NOTE: Final = "Found here when it was counted"


def bring_here(posting: Posting, line: CountLine) -> list[dict[str, str]]:
    """Move a serial to the bin where it was seen, right before it was; says so as a warning.

    Left alone where the books had it elsewhere only after the count, where that other bin was
    counted later, or is not one of the counter's places: then someone must look.
    """
    key, counted_us, session = key_of(line), line.counted_us or 0, posting.session
    seen = key.serial and line.counted_milli and line.state != LineState.MOVED_DURING_COUNT
    if not seen or book_at_count(session, key, counted_us):
        return []
    for place in lots.places_of(session, key.part_id, key.serial):
        out = key._replace(location_id=place.id)
        if place.kind is not Kind.LOCATION or posting.newest(out).counted_us >= counted_us:
            continue
        if limits.is_outside(session, posting.actor, place.id):
            continue
        if book_at_count(session, out, counted_us) != MILLI:
            continue
        leaves, arrives = (
            Leg(each, placing.just_before(session, each, line)) for each in (out, key)
        )
        goods.move(posting, leaves, arrives, MILLI, _NOTE, line.operation_id)
        _, part_name = lots.names_of_part(session.connection(), key.part_id)
        message = f"{part_name} {key.serial} was booked in {place.name}. It is booked here now."
        return [{"code": "serial_moved", "message": message}]
    return []


def contradiction(session: Session, line: CountLine) -> str:
    """Why posting the line would put its serial in two places; "" where it would not."""
    key, more_milli = key_of(line), line.variance_milli or 0
    if not key.serial or more_milli <= 0:
        return ""
    for place in lots.places_of(session, key.part_id, key.serial):
        if (place.kind, place.id) != (Kind.LOCATION, key.location_id):
            where = "on" if place.kind is Kind.ASSET else "in"
            return (
                f"{key.serial} is {where} {place.name} by the books. Look there, then count again."
            )
    if balance_of(session, key) + more_milli > MILLI:
        return f"{key.serial} has come here since by the books. Count again."
    return ""
