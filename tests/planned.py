"""A planned count as tests play it: opened over some bins, counted, submitted, looked at."""

import uuid
from typing import Any

from sqlalchemy import select

from stockscan.domain.counts.scope import Scope
from stockscan.services import counts
from stockscan.services.counts import Opened, Plan
from stockscan.services.work import reading
from stockscan.store.counts import CountLine, CountPlace, CountSession
from stockscan.store.stock import Balance
from tests.cast import Player
from tests.shop import Shop


def plan(shop: Shop, *bins: str, **values: Any) -> Opened:
    """Open a count of these bins."""
    shop.wait()
    places = tuple(place(shop, code) for code in bins)
    return counts.open_count(
        shop.context(), str(uuid.uuid4()), Plan(scope=Scope(locations=places), **values)
    )


def place(shop: Shop, code: str) -> int:
    """The number of a bin."""
    return shop.key(shop.part(), code).location_id


def count(
    shop: Shop, opened: Opened, part: str, bin_: str, quantity: int, **values: Any
) -> dict[str, Any]:
    return shop.ok("count", count=opened.id, part=part, location=bin_, quantity=quantity, **values)


def submit(shop: Shop, opened: Opened, by: Player | None = None, **options: Any) -> dict[str, Any]:
    shop.wait()
    return counts.submit(shop.context(by), opened.id, **options)


def states(opened: Opened) -> list[str]:
    """The states of the lines, oldest first."""
    with reading() as connection:
        return list(
            connection.scalars(
                select(CountLine.state)
                .where(CountLine.session_id == opened.id)
                .order_by(CountLine.id)
            )
        )


def line_ids(opened: Opened, state: str) -> list[int]:
    with reading() as connection:
        return list(
            connection.scalars(
                select(CountLine.id)
                .where(CountLine.session_id == opened.id, CountLine.state == state)
                .order_by(CountLine.id)
            )
        )


def stocked(shop: Shop, quantity: int = 10) -> tuple[str, str]:
    """A bin with so many of a part."""
    bin_, part = shop.bin(), shop.part()
    shop.ok("receive", part=part, location=bin_, quantity=quantity)
    return bin_, part


def order(opened: Opened) -> list[int]:
    """The bins on the way."""
    with reading() as connection:
        return list(
            connection.scalars(
                select(CountPlace.location_id)
                .where(CountPlace.session_id == opened.id)
                .order_by(CountPlace.place_order)
            )
        )


def assigned(opened: Opened, state: str = "PENDING") -> int | None:
    """Who is on the newest line in this state."""
    with reading() as connection:
        return connection.scalar(
            select(CountLine.counter_id)
            .where(CountLine.session_id == opened.id, CountLine.state == state)
            .order_by(CountLine.id.desc())
        )


def held(shop: Shop, part: str, bin_: str) -> list[str]:
    """The serials of a part that the books have in a bin."""
    wanted = shop.key(part, bin_)
    with reading() as connection:
        return list(
            connection.scalars(
                select(Balance.serial).where(
                    Balance.part_id == wanted.part_id,
                    Balance.location_id == wanted.location_id,
                    Balance.quantity_milli > 0,
                )
            )
        )


def opened_state(opened: Opened) -> str:
    with reading() as connection:
        return str(
            connection.scalar(select(CountSession.state).where(CountSession.id == opened.id))
        )
