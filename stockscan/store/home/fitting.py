"""What was fitted, in money: by one person a week, and on which assets most of it went."""

from typing import Final, NamedTuple

from sqlalchemy import BigInteger, Connection, cast, func, select

from stockscan.domain.figures import MICRO
from stockscan.domain.ledger import MovementKind
from stockscan.domain.reports.months import Months
from stockscan.store.assets import Asset
from stockscan.store.operations import Operation
from stockscan.store.reports.charged import charged
from stockscan.store.reports.summing import summed
from stockscan.store.stock import Movement

WEEK_US: Final = 7 * 24 * 3600 * MICRO
_FITTED: Final = (MovementKind.INSTALL, MovementKind.RETURN_FROM_ASSET)


class Fitted(NamedTuple):
    """What one person fitted in a week, less what came back; weeks count from the first one."""

    week: int
    value_e4: int


class Spent(NamedTuple):
    """The parts that went into an asset."""

    code: str
    tag: str
    parts_e4: int


def fitted(connection: Connection, person_id: int, first_us: int) -> list[Fitted]:
    """What somebody recorded as fitted since `first_us`, by the week."""
    week = (Operation.received_us - first_us) // WEEK_US
    rows = connection.execute(
        select(week, cast(func.sum(-Movement.value_e4), BigInteger))
        .select_from(Operation)
        .join(Movement, Movement.operation_id == Operation.id)
        .where(Operation.actor_id == person_id, Operation.received_us >= first_us)
        .where(Movement.asset_id.is_not(None), Movement.kind.in_(_FITTED))
        .group_by(week)
    )
    return [Fitted(*row) for row in rows]


def dearest(connection: Connection, months: Months, limit: int) -> list[Spent]:
    """The assets into which the most went in parts, in these months."""
    rows = charged(months)
    total = summed(rows.c.parts_e4)
    found = connection.execute(
        select(Asset.code, Asset.tag, total)
        .select_from(rows)
        .join(Asset, Asset.id == rows.c.asset_id)
        .group_by(Asset.id, Asset.code, Asset.tag)
        .having(total > 0)
        .order_by(total.desc(), Asset.tag)
        .limit(limit)
    )
    return [Spent(*row) for row in found]
