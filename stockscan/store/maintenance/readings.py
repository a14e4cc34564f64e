"""The meters that plans look at: what each showed last, and how fast it runs."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import Session

from stockscan.domain.figures import day_of
from stockscan.domain.maintenance import Basis
from stockscan.domain.maintenance.meters import READINGS, Meter, Reading, daily_milli
from stockscan.store.assets import AssetEvent
from stockscan.store.maintenance.rows import MaintenancePlan
from stockscan.store.maintenance.standing import pairs_in_use
from stockscan.store.meters import Meter as MeterTable
from stockscan.store.standing import TAKEN_BACK

Query = Select[*tuple[Any, ...]]

# As many rows as are read at once.
_AT_ONCE: Final = 1_000

# A meter by its asset and its name in lower case.
Meters = dict[tuple[int, str], Meter]


def planned_meters(
    connection: Connection | Session,
    today: date,
    plan_ids: Collection[int] | None = None,
    asset_id: int | None = None,
) -> Meters:
    """The meters that plans look at; those of some plans or of one asset if given."""
    chosen = [] if plan_ids is None else [MaintenancePlan.id.in_(plan_ids)]
    wanted = set(connection.execute(_names().where(*chosen)).scalars())
    if not wanted:
        return {}
    read: defaultdict[tuple[int, str], list[Reading]] = defaultdict(list)
    mine = [] if asset_id is None else [MeterTable.asset_id == asset_id]
    if plan_ids is not None:
        pairs = pairs_in_use().c
        under = select(pairs.asset_id).where(pairs.plan_id.in_(plan_ids))
        mine.append(MeterTable.asset_id.in_(under))
    called = func.lower(MeterTable.name).in_(wanted)
    rows = connection.execute(_readings().where(called, *mine))
    for some in rows.partitions(_AT_ONCE):
        for read_on, name, at_us, value_milli in some:
            read[read_on, name].append(Reading(at_us, value_milli))
    return {key: _meter(readings, today) for key, readings in read.items()}


def _meter(readings: list[Reading], today: date) -> Meter:
    newest = max(readings)
    day = min(day_of(newest.at_us), today)
    return Meter(day, newest.value_milli, daily_milli(readings))


@cache
def _names() -> Query:
    return (
        select(func.lower(MaintenancePlan.meter))
        .where(MaintenancePlan.active.is_(True), MaintenancePlan.basis == Basis.METER)
        .distinct()
    )


@cache
def _readings() -> Query:
    """The last readings of each meter."""
    at = (AssetEvent.effective_us.desc(), AssetEvent.seq.desc())
    nth = func.row_number().over(partition_by=AssetEvent.meter_id, order_by=at).label("nth")
    numbered = (
        select(AssetEvent.meter_id, AssetEvent.effective_us, AssetEvent.value_milli, nth)
        .where(AssetEvent.meter_id.is_not(None), AssetEvent.kind == "meter", ~TAKEN_BACK)
        .subquery()
    )
    return (
        select(
            MeterTable.asset_id,
            func.lower(MeterTable.name).label("name"),
            numbered.c.effective_us,
            numbered.c.value_milli,
        )
        .join(numbered, numbered.c.meter_id == MeterTable.id)
        .where(numbered.c.nth <= READINGS)
    )
