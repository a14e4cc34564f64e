"""How long assets were out, from their hand-overs: one, those of a model, the idle and the busy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Subquery,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from stockscan.domain.utilisation import DAY_US, Interval, Use, use
from stockscan.store.assets import Asset, AssetEvent, AssetModel
from stockscan.store.catalogue.assets import AssetRow
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.locations import Location
from stockscan.store.people import Person
from stockscan.store.standing import HANDOVERS, TAKEN_BACK


@dataclass(frozen=True, slots=True)
class UsedRow:
    """An asset in use with how much of a period it was out; `where` is who has it or its place.

    Of `all` assets in use, `never` were not out at all: each row says it, so that one query does.
    """

    code: str
    tag: str
    name: str
    model: str | None
    where: str | None
    is_out: bool
    out_us: int
    there_us: int
    never: int
    all: int

    @property
    def use(self) -> Use:
        """Out of the time that it was there."""
        return Use(self.out_us, self.there_us)


def of_asset(
    connection: Connection | Session, row: AssetRow, now_us: int, periods: Sequence[int]
) -> dict[int, Use]:
    """How much an asset was out of each of the last so many days that it was on the books."""
    spans = _spans(AssetEvent.asset_id == row.id)
    intervals = rows_as(Interval, connection.execute(select(spans.c.start_us, spans.c.end_us)))
    starts = {days: max(now_us - days * DAY_US, row.created_us) for days in periods}
    return {days: use(intervals, start_us, now_us) for days, start_us in starts.items()}


def of_model(connection: Connection | Session, model_id: int, now_us: int, days: int) -> Use:
    """How much all assets in use of a model were out of the last days, taken together."""
    begin_us, out = _begin(now_us, days), _out(now_us, days, Asset.model_id == model_id)
    row = connection.execute(
        select(func.coalesce(func.sum(out.c.us), 0), func.sum(now_us - begin_us))
        .select_from(Asset)
        .outerjoin(out, out.c.asset_id == Asset.id)
        .where(Asset.model_id == model_id, _IN_USE)
    ).one()
    return Use(int(row[0]), int(row[1] or 0))


def used(
    connection: Connection, now_us: int, days: int, *, busy: bool, limit: int
) -> list[UsedRow]:
    """The assets in use that were idle longest in the last days, or those that were out longest."""
    person, held_at, carrier = aliased(Person), aliased(Location), aliased(Asset)
    begin_us, out = _begin(now_us, days), _out(now_us, days)
    there_us, out_us = now_us - begin_us, func.coalesce(out.c.us, 0)
    order = out_us if busy else there_us - out_us
    holder = func.coalesce(person.name, held_at.name, carrier.name)
    rows = connection.execute(
        select(
            Asset.code,
            Asset.tag,
            Asset.name,
            AssetModel.name,
            func.coalesce(holder, Location.name),
            holder.is_not(None),
            out_us,
            there_us,
            func.sum(case((out_us == 0, 1), else_=0)).over(),
            func.count().over(),
        )
        .outerjoin(out, out.c.asset_id == Asset.id)
        .outerjoin(AssetModel, AssetModel.id == Asset.model_id)
        .outerjoin(Location, Location.id == Asset.location_id)
        .outerjoin(person, person.id == Asset.custodian_person_id)
        .outerjoin(held_at, held_at.id == Asset.custodian_location_id)
        .outerjoin(carrier, carrier.id == Asset.custodian_asset_id)
        .where(_IN_USE)
        .order_by(order.desc(), func.lower(Asset.tag))
        .limit(limit)
    )
    return rows_as(UsedRow, rows)


_IN_USE = Asset.status.in_(("in_service", "down"))


def _out(now_us: int, days: int, *conditions: Any) -> Subquery:
    """Of each asset in use that was out within the last days: how long."""
    spans, begin_us = _spans_since(now_us - days * DAY_US, *conditions), _begin(now_us, days)
    from_us = case((spans.c.start_us > begin_us, spans.c.start_us), else_=begin_us)
    until_us = func.coalesce(spans.c.end_us, now_us)
    spent = func.sum(case((until_us > from_us, until_us - from_us), else_=0))
    return (
        # A sum of 64-bit integers is a decimal on PostgreSQL; a time is an integer.
        select(spans.c.asset_id, cast(spent, BigInteger).label("us"))
        .join(Asset, Asset.id == spans.c.asset_id)
        .where(_IN_USE, *conditions)
        .group_by(spans.c.asset_id)
        .subquery()
    )


def _begin(now_us: int, days: int) -> Any:
    """When the last days begin, or when the asset came to the books within them."""
    start_us = literal(now_us - days * DAY_US, BigInteger)
    return case((Asset.created_us > start_us, Asset.created_us), else_=start_us)


def _spans_since(since_us: int, *conditions: Any) -> Subquery:
    """Every time out that reaches beyond an instant, of assets that fit.

    Hand-overs from before it are not read, so the cost follows the period and not the books: what
    was out before and came back shows by its return, what is still out by its row.
    """
    these = AssetEvent.asset_id.in_(select(Asset.id).where(*conditions)) if conditions else true()
    handed = _handed(AssetEvent.effective_us > since_us, these)
    begun = select(handed.c.asset_id, handed.c.start_us, handed.c.end_us)
    was_out = (
        select(AssetEvent.kind)
        .where(
            AssetEvent.asset_id == handed.c.asset_id,
            AssetEvent.effective_us <= since_us,
            AssetEvent.kind.in_(HANDOVERS),
            ~TAKEN_BACK,
        )
        .order_by(AssetEvent.effective_us.desc(), AssetEvent.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    since = literal(since_us, BigInteger)
    ended = select(handed.c.asset_id, since, handed.c.start_us).where(
        handed.c.kind == "check_in", handed.c.is_first, was_out == "check_out"
    )
    lasting = select(Asset.id, since, null()).where(Asset.out_since_us <= since_us, *conditions)
    return union_all(begun.where(handed.c.kind == "check_out"), ended, lasting).subquery()


def _spans(*conditions: Any) -> Subquery:
    """Every time that an asset was out: from a check-out to the next hand-over, if there is one."""
    handed = _handed(*conditions)
    return select(handed).where(handed.c.kind == "check_out").subquery()


def _handed(*conditions: Any) -> Subquery:
    """Hand-overs that hold, each with when the next one ends it; which is the first of them."""
    of_asset_in_order: Any = {
        "partition_by": AssetEvent.asset_id,
        "order_by": (AssetEvent.effective_us, AssetEvent.seq),
    }
    return (
        select(
            AssetEvent.asset_id,
            AssetEvent.kind,
            AssetEvent.effective_us.label("start_us"),
            func.lead(AssetEvent.effective_us).over(**of_asset_in_order).label("end_us"),
            (func.row_number().over(**of_asset_in_order) == 1).label("is_first"),
        )
        .where(AssetEvent.kind.in_(HANDOVERS), ~TAKEN_BACK, *conditions)
        .subquery()
    )
