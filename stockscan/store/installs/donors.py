"""Machines that stand, with a part in them that another machine could use."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, bindparam, case, cast, func, select
from sqlalchemy.orm import aliased

from stockscan.store.assets import Asset, AssetModel
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.locations import Location
from stockscan.store.stock import Movement

# A machine that runs is no donor. What is disposed of is not there any more.
_STANDING: Final = ("retired", "down")


@dataclass(frozen=True, slots=True)
class Donor:
    """A machine that stands, and what it got last of a part; `same_model` as the one in need.

    `left_milli` was put in with that lot or serial, the last of it at `since_us`, and not returned.
    """

    code: str
    tag: str
    name: str
    model: str | None
    status: str
    place: str | None
    same_model: bool
    lot: str
    serial: str
    left_milli: int
    since_us: int


def donors(connection: Connection, asset_id: int, part_id: int, *, limit: int) -> list[Donor]:
    """The machines that a part can be taken from: of the same model first, retired before down.

    The ledger knows only what was put in: what came with a machine is not on it.
    """
    asked = {"asset": asset_id, "part": part_id, "limit": limit}
    return rows_as(Donor, connection.execute(_donors(), asked))


@cache
def _donors() -> Any:
    got, needs = _got(), aliased(Asset)
    same_model = func.coalesce(Asset.model_id == needs.model_id, False)
    return (
        select(
            Asset.code,
            Asset.tag,
            Asset.name,
            AssetModel.name,
            Asset.status,
            Location.name,
            same_model,
            got.c.lot,
            got.c.serial,
            got.c.left_milli,
            got.c.since_us,
        )
        .select_from(got)
        .join(Asset, Asset.id == got.c.asset_id)
        .join(needs, needs.id == bindparam("asset"))
        .outerjoin(AssetModel, AssetModel.id == Asset.model_id)
        .outerjoin(Location, Location.id == Asset.location_id)
        .where(got.c.newest == 1)
        .order_by(same_model.desc(), case((Asset.status == "retired", 0), else_=1), Asset.tag)
        .limit(bindparam("limit"))
    )


def _got() -> Any:
    """Each standing machine's lots and serials of the part that are still in it, newest first."""
    left_milli = cast(-func.sum(Movement.quantity_milli), BigInteger)
    since = func.max(Movement.seq)
    return (
        select(
            Movement.asset_id,
            Movement.lot,
            Movement.serial,
            left_milli.label("left_milli"),
            func.max(Movement.effective_us).label("since_us"),
            func.row_number()
            .over(partition_by=Movement.asset_id, order_by=since.desc())
            .label("newest"),
        )
        .join(Asset, Asset.id == Movement.asset_id)
        .where(
            Movement.part_id == bindparam("part"),
            Asset.status.in_(_STANDING),
            Asset.id != bindparam("asset"),
        )
        .group_by(Movement.asset_id, Movement.lot, Movement.serial)
        .having(left_milli > 0)
        .subquery("got")
    )
