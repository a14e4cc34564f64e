"""Codes that were scanned and stood for nothing then: the scan log, one row for each text."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from stockscan.domain.codes import Kind
from stockscan.store.codes import ScanEvent
from stockscan.store.locations import Location
from stockscan.store.people import Person


@dataclass(frozen=True, slots=True)
class UnknownRow:
    """A text that was scanned: how often, when last and by whom; `event` is that last scan.

    `place` is where that was, if something was being counted there.
    """

    text: str
    times: int
    at_us: int
    person: str
    event: int
    place: str | None


def unknown_texts(connection: Connection, before: int | None, limit: int) -> list[UnknownRow]:
    """Texts that were unknown when they were scanned, the newest first.

    `before` is the `event` of the last one seen.
    """
    last = func.max(ScanEvent.id)
    texts = (
        select(last.label("id"), func.count().label("times"))
        .where(ScanEvent.kind == Kind.UNKNOWN)
        .group_by(ScanEvent.raw)
        .order_by(last.desc())
        .limit(limit)
    )
    if before is not None:
        texts = texts.having(last < before)
    seen = texts.subquery()
    rows = connection.execute(
        select(
            ScanEvent.raw, seen.c.times, ScanEvent.at_us, Person.name, ScanEvent.id, Location.name
        )
        .join(seen, seen.c.id == ScanEvent.id)
        .join(Person, Person.id == ScanEvent.person_id)
        .outerjoin(Location, Location.code == ScanEvent.place)
        .order_by(ScanEvent.id.desc())
    )
    return [UnknownRow(*row) for row in rows]
