"""The tree of places level by level, and what the page of one place tells beside its contents."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import CTE, Connection, distinct, func, select
from sqlalchemy.orm import Session, aliased

from stockscan.store.assets import Asset
from stockscan.store.catalogue.paging import Query, beyond, rows_as
from stockscan.store.counts import CompleteBin, CountLine
from stockscan.store.counts.blindness import Blindness
from stockscan.store.locations import Location
from stockscan.store.parts import Part, PartWorth
from stockscan.store.stock import Balance

_PRESENT = Asset.status.in_(("in_service", "down"))


@dataclass(frozen=True, slots=True)
class Node:
    """One place of the tree; `parts` and `assets` are all that are in it, at any depth.

    What is hidden from who reads is not counted.
    """

    id: int
    code: str
    name: str
    kind: str
    parent_id: int | None
    places: int
    parts: int
    assets: int


@dataclass(frozen=True, slots=True)
class Belonging:
    """A part whose own bin this is, and of which nothing lies here now; None is hidden."""

    code: str
    part_number: str
    name: str
    unit: str
    on_hand_milli: int | None
    reorder_point_milli: int | None
    reorder_quantity_milli: int | None

    @property
    def is_low(self) -> bool:
        """Whether there is no more than the reorder point, wherever it lies."""
        on_hand, least = self.on_hand_milli, self.reorder_point_milli
        return on_hand is not None and least is not None and on_hand <= least


def number_of_places(connection: Connection) -> int:
    """How many active places there are."""
    return connection.execute(select(func.count(Location.id)).where(Location.active)).scalar_one()


def level(
    connection: Connection | Session,
    parent_id: int | None,
    blind: Blindness,
    *,
    after: str = "",
    limit: int,
) -> list[Node]:
    """The active places right inside one, or the outermost ones, by name.

    `after` is the code of the last one already shown.
    """
    inside = Location.parent_id.is_(None) if parent_id is None else Location.parent_id == parent_id
    query = beyond(connection, _NODES.where(inside), Location, func.lower(Location.name), after)
    return _with_contents(connection, query.limit(limit), blind)


def whole_tree(connection: Connection | Session, blind: Blindness) -> list[Node]:
    """Every active place by name; ask `number_of_places` first."""
    return _with_contents(connection, _NODES, blind)


def belonging(
    connection: Connection | Session, location_id: int, blind: Blindness, *, limit: int
) -> list[Belonging]:
    """The active parts that belong at a place and of which nothing lies there, by number.

    Not those of which it is hidden whether any lies there.
    """
    lies_here = (
        select(Balance.part_id)
        .where(
            Balance.part_id == Part.id,
            Balance.location_id == location_id,
            Balance.quantity_milli != 0,
        )
        .exists()
    )
    rows = connection.execute(
        select(
            Part.code,
            Part.part_number,
            Part.name,
            Part.unit,
            blind.unless_hidden(Part.id, func.coalesce(PartWorth.quantity_milli, 0)),
            Part.reorder_point_milli,
            Part.reorder_quantity_milli,
        )
        .outerjoin(PartWorth, PartWorth.part_id == Part.id)
        .where(Part.default_location_id == location_id, Part.active, ~lies_here)
        .where(~blind.hides(Part.id, location_id))
        .order_by(func.lower(Part.part_number))
        .limit(limit)
    )
    return rows_as(Belonging, rows)


def last_counted_us(connection: Connection | Session, location_id: int) -> int | None:
    """When anything was counted at a place for the last time, None for never."""
    lines = select(func.max(CountLine.counted_us)).where(
        CountLine.location_id == location_id, CountLine.state == "POSTED"
    )
    whole = select(func.max(CompleteBin.effective_us)).where(
        CompleteBin.location_id == location_id, CompleteBin.voided_us.is_(None)
    )
    found = [connection.execute(query).scalar() for query in (lines, whole)]
    return max((moment for moment in found if moment is not None), default=None)


_NODES: Query = (
    select(Location.id, Location.code, Location.name, Location.kind, Location.parent_id)
    .where(Location.active)
    .order_by(func.lower(Location.name), Location.id)
)


def _with_contents(connection: Connection | Session, query: Query, blind: Blindness) -> list[Node]:
    """The places with the numbers of what is in them: asked of all at once, not one by one."""
    rows = connection.execute(query).all()
    inside = _inside([row[0] for row in rows])
    places = select(inside.c.top, func.count() - 1).group_by(inside.c.top)
    parts = (
        select(inside.c.top, func.count(distinct(Balance.part_id)))
        .join(Balance, Balance.location_id == inside.c.id)
        .where(Balance.quantity_milli != 0)
        .where(~blind.hides(Balance.part_id, Balance.location_id))
        .group_by(inside.c.top)
    )
    assets = (
        select(inside.c.top, func.count(Asset.id))
        .join(Asset, Asset.location_id == inside.c.id)
        .where(_PRESENT)
        .group_by(inside.c.top)
    )
    tallies = [_tally(connection, counted) for counted in (places, parts, assets)]
    return [Node(*row, *(tally.get(row[0], 0) for tally in tallies)) for row in rows]


def _tally(connection: Connection | Session, counted: Query) -> dict[int, int]:
    return {row[0]: row[1] for row in connection.execute(counted)}


def _inside(ids: Collection[int]) -> CTE:
    """Each of these places as `top`, with itself and every place inside it as `id`."""
    inside = (
        select(Location.id.label("top"), Location.id.label("id"))
        .where(Location.id.in_(ids))
        .cte("inside", recursive=True)
    )
    inner = aliased(Location)
    return inside.union_all(
        select(inside.c.top, inner.id).where(inner.parent_id == inside.c.id, inner.active)
    )
