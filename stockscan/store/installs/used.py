"""Where a part is used: the lists that name it, and the machines that it went into."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain.ledger import MovementKind
from stockscan.store.assets import Asset, AssetModel, AssetPart, ModelPart
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.people import Person
from stockscan.store.stock import Movement


@dataclass(frozen=True, slots=True)
class OnModel:
    """A model that lists the part; `assets` are how many of it are in service."""

    name: str
    place: str
    quantity_milli: int
    life_months: int | None
    critical: bool
    assets: int


@dataclass(frozen=True, slots=True)
class OnAsset:
    """An asset whose own list names the part; 0 says that it is not on this one."""

    code: str
    tag: str
    name: str
    place: str
    quantity_milli: int
    life_months: int | None
    critical: bool


@dataclass(frozen=True, slots=True)
class InstallRow:
    """One install of the part that was not taken back."""

    asset_code: str
    tag: str
    asset: str
    quantity_milli: int
    value_e4: int
    at_us: int
    person: str
    serial: str


def on_models(connection: Connection | Session, part_id: int) -> list[OnModel]:
    """The models that list a part, by name."""
    in_service = (
        select(func.count(Asset.id))
        .where(Asset.model_id == AssetModel.id, Asset.status == "in_service")
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            AssetModel.name,
            ModelPart.place,
            ModelPart.quantity_milli,
            ModelPart.life_months,
            ModelPart.critical,
            in_service,
        )
        .join(ModelPart, ModelPart.model_id == AssetModel.id)
        .where(ModelPart.part_id == part_id)
        .order_by(func.lower(AssetModel.name), ModelPart.place)
    )
    return rows_as(OnModel, rows)


def on_assets(connection: Connection, part_id: int, *, limit: int) -> list[OnAsset]:
    """The assets whose own lists name a part, by tag."""
    rows = connection.execute(
        select(
            Asset.code,
            Asset.tag,
            Asset.name,
            AssetPart.place,
            AssetPart.quantity_milli,
            AssetPart.life_months,
            AssetPart.critical,
        )
        .join(AssetPart, AssetPart.asset_id == Asset.id)
        .where(AssetPart.part_id == part_id, Asset.status.in_(("in_service", "down")))
        .order_by(func.lower(Asset.tag), AssetPart.place)
        .limit(limit)
    )
    return rows_as(OnAsset, rows)


def last_installs(connection: Connection, part_id: int, *, limit: int) -> list[InstallRow]:
    """The last installs of a part, newest first."""
    answer = aliased(Movement)
    holds = ~select(answer.seq).where(answer.reverses_seq == Movement.seq).exists()
    rows = connection.execute(
        select(
            Asset.code,
            Asset.tag,
            Asset.name,
            -Movement.quantity_milli,
            -Movement.value_e4,
            Movement.effective_us,
            Person.name,
            Movement.serial,
        )
        .join(Asset, Asset.id == Movement.asset_id)
        .join(Person, Person.id == Movement.person_id)
        .where(and_(Movement.part_id == part_id, Movement.kind == MovementKind.INSTALL, holds))
        .order_by(Movement.seq.desc())
        .limit(limit)
    )
    return rows_as(InstallRow, rows)
