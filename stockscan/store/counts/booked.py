"""Where the books have an asset: now, for many at once, and at an instant, for one."""

from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain.counts.audits import Books
from stockscan.store import custody, standing
from stockscan.store.assets import Asset, AssetEvent
from stockscan.store.locations import Location

# What is gone for good is not looked for.
LIVE: Final = ("in_service", "down")
_CARRIER = aliased(Asset)
# Where the books have an asset now: lent to a place it stands there, on another asset with it.
PLACE_NOW: Final = func.coalesce(
    Asset.custodian_location_id,
    select(_CARRIER.location_id)
    .where(_CARRIER.id == Asset.custodian_asset_id)
    .scalar_subquery()
    .correlate(Asset),
    Asset.location_id,
)
IS_HELD: Final = or_(Asset.custodian_person_id.is_not(None), Asset.custodian_asset_id.is_not(None))


def books_at(session: Session, asset_id: int, at_us: int) -> Books:
    """Where the books have an asset at an instant, by all that is recorded by now."""
    last = custody.around(session, asset_id, at_us).before
    out = last if last is not None and last.kind == "check_out" else None
    if out is not None and out.to_asset_id is not None:
        place_id = _place_at(session, out.to_asset_id, at_us)
    elif out is not None and out.to_location_id is not None:
        place_id = out.to_location_id
    else:
        place_id = _place_at(session, asset_id, at_us)
    return Books(
        place_id,
        path_ids(session, place_id),
        with_person=out is not None and out.to_person_id is not None,
        with_asset=out is not None and out.to_asset_id is not None,
    )


def path_ids(session: Session, location_id: int | None) -> frozenset[int]:
    """A place and all around it."""
    if location_id is None:
        return frozenset()
    up = select(Location.id, Location.parent_id).where(Location.id == location_id)
    around = up.cte("up", recursive=True)
    outer = aliased(Location)
    around = around.union(select(outer.id, outer.parent_id).where(outer.id == around.c.parent_id))
    return frozenset(session.scalars(select(around.c.id)))


def _place_at(session: Session, asset_id: int, at_us: int) -> int | None:
    """Where an asset was put last until then; who has it says more, if somebody has."""
    return session.scalar(
        select(AssetEvent.to_location_id)
        .where(
            AssetEvent.asset_id == asset_id,
            AssetEvent.kind.in_(("check_in", "move")),
            AssetEvent.to_location_id.is_not(None),
            AssetEvent.effective_us <= at_us,
            ~standing.TAKEN_BACK,
        )
        .order_by(AssetEvent.effective_us.desc(), AssetEvent.seq.desc())
        .limit(1)
    )
