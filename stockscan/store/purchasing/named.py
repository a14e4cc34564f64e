"""What pages about purchasing call the parts, and the work that needs them."""

from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from stockscan.domain.codes import Kind
from stockscan.domain.maintenance import Basis
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.catalogue.paging import Query
from stockscan.store.maintenance.rows import Job, MaintenancePlan
from stockscan.store.parts import Part, Supplier
from stockscan.store.scanning import thing_called


class PartName(NamedTuple):
    """A part as people know it, and who it is usually bought from."""

    id: int
    code: str
    number: str
    name: str
    unit: str
    pack_milli: int
    supplier: str | None
    own_point_milli: int | None


class PlanName(NamedTuple):
    """A plan: its address, name and what makes it due."""

    id: int
    uid: str
    name: str
    basis: Basis


class AssetName(NamedTuple):
    """An asset, its tag and its model; `category` is the model's, or its own."""

    id: int
    code: str
    tag: str
    name: str
    model: str
    category: str


class ModelName(NamedTuple):
    """A model of assets and the category of all of them, "" where each has its own."""

    id: int
    name: str
    category: str


def parts(
    connection: Connection | Session, part_ids: Collection[int] | None = None
) -> dict[int, PartName]:
    """The parts by their number in the database; all in use where none are named."""
    chosen = Part.active if part_ids is None else Part.id.in_(part_ids)
    return {row.id: PartName(*row) for row in connection.execute(_parts().where(chosen))}


def plans(connection: Connection | Session, plan_ids: Collection[int]) -> dict[int, PlanName]:
    """The plans by their number in the database."""
    rows = connection.execute(
        select(
            MaintenancePlan.id, MaintenancePlan.uid, MaintenancePlan.name, MaintenancePlan.basis
        ).where(MaintenancePlan.id.in_(plan_ids))
    )
    return {row.id: PlanName(row.id, row.uid, row.name, Basis(row.basis)) for row in rows}


def jobs(connection: Connection | Session, job_ids: Collection[int]) -> dict[int, int]:
    """The numbers that people call the jobs by."""
    rows = connection.execute(select(Job.id, Job.number).where(Job.id.in_(job_ids)))
    return {row.id: row.number for row in rows}


def assets(connection: Connection | Session, asset_ids: Collection[int]) -> dict[int, AssetName]:
    """The assets by their number in the database."""
    rows = connection.execute(
        select(
            Asset.id, Asset.code, Asset.tag, Asset.name,
            func.coalesce(AssetModel.name, ""),
            func.coalesce(func.nullif(AssetModel.category, ""), Asset.category),
        )
        .outerjoin(AssetModel, AssetModel.id == Asset.model_id)
        .where(Asset.id.in_(asset_ids))
    )  # fmt: skip
    return {row[0]: AssetName(*row) for row in rows}


def models(connection: Connection | Session, model_ids: Collection[int]) -> dict[int, ModelName]:
    """The models by their number in the database."""
    rows = connection.execute(
        select(AssetModel.id, AssetModel.name, AssetModel.category).where(
            AssetModel.id.in_(model_ids)
        )
    )
    return {row.id: ModelName(*row) for row in rows}


def part_of(connection: Connection | Session, reference: str) -> int:
    """The part that a scanned or typed reference stands for. Raises `NotFound`."""
    return thing_called(connection, reference, Kind.PART, "part").id


@cache
def _parts() -> Query:
    return select(
        Part.id, Part.code, Part.part_number, Part.name, Part.unit, Part.pack_milli,
        Supplier.name, Part.reorder_point_milli,
    ).outerjoin(Supplier, Supplier.id == Part.supplier_id)  # fmt: skip
