"""Assets as pages and lists read them: who has them, where they are, what was put into them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import BigInteger, Connection, case, cast, func, not_, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain.errors import NotFound
from stockscan.store.assets import Asset, AssetEvent, AssetModel, ModelPart
from stockscan.store.catalogue.paging import Query, rows_as
from stockscan.store.locations import Location
from stockscan.store.parts import Supplier
from stockscan.store.people import Person
from stockscan.store.screen import asset_title
from stockscan.store.standing import TAKEN_BACK
from stockscan.store.stock import Movement


@dataclass(frozen=True, slots=True)
class AssetRow:
    """One asset as lists and pages show it.

    `parts_e4` is what the parts in it cost, less what came back out; life, price of a new one and
    cost of an hour down are the asset's own (`own_…`) or its model's.
    """

    id: int
    code: str
    tag: str
    name: str
    serial: str
    status: str
    condition: int | None
    model_id: int | None
    model: str | None
    manufacturer: str | None
    location_code: str | None
    location: str | None
    custodian_kind: str | None
    custodian_code: str | None
    custodian: str | None
    out_since_us: int | None
    due_on: date | None
    purchase_date: date | None
    purchase_cost_minor: int | None
    salvage_minor: int | None
    life_months: int | None
    warranty_until: date | None
    notes: str
    parts_e4: int
    own_life_months: int | None
    category: str
    supplier: str | None
    order_number: str
    custom: str
    created_us: int
    model_category: str | None
    replacement_minor: int | None
    down_hour_minor: int | None
    own_replacement_minor: int | None
    own_down_hour_minor: int | None

    @property
    def in_category(self) -> str:
        """Its own category, else its model's: by it the company's own fields are chosen."""
        return self.category or self.model_category or ""

    @property
    def is_gone(self) -> bool:
        """Whether its life here has ended."""
        return self.status in ("retired", "disposed")

    @property
    def is_out(self) -> bool:
        """Whether someone or something has it."""
        return self.custodian_kind is not None


@dataclass(frozen=True, slots=True)
class ThingOn:
    """An asset that is checked out to another one, on which it is."""

    code: str
    tag: str
    name: str
    since_us: int | None
    due_on: date | None

    @property
    def title(self) -> str:
        """Its name with the tag, which says which of several it is."""
        return asset_title(self.name, self.tag)


@dataclass(frozen=True, slots=True)
class Ended:
    """How an asset was retired or disposed of: why, by whom, when, and what it brought in."""

    reason: str
    person: str
    at_us: int
    amount_minor: int | None


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model, with how many assets in use and how many usual parts it has."""

    id: int
    name: str
    manufacturer: str
    model_number: str
    category: str
    life_months: int | None
    notes: str
    assets: int
    parts: int
    replacement_minor: int | None
    down_hour_minor: int | None


def asset(connection: Connection | Session, asset_id: int) -> AssetRow:
    """One asset. Raises `NoResultFound` for an id that does not exist."""
    return AssetRow(*connection.execute(asset_rows().where(Asset.id == asset_id)).one())


def assets_at(connection: Connection | Session, location_id: int) -> list[AssetRow]:
    """The assets in use that stand at a place, by tag."""
    query = asset_rows().where(Asset.location_id == location_id, not_(_GONE))
    rows = connection.execute(query.order_by(func.lower(Asset.tag)))
    return rows_as(AssetRow, rows)


def things_on(connection: Connection | Session, asset_id: int, *, limit: int) -> list[ThingOn]:
    """What is checked out to an asset, by tag."""
    rows = connection.execute(
        select(Asset.code, Asset.tag, Asset.name, Asset.out_since_us, Asset.due_on)
        .where(Asset.custodian_asset_id == asset_id)
        .order_by(func.lower(Asset.tag))
        .limit(limit)
    )
    return rows_as(ThingOn, rows)


def ended(connection: Connection | Session, asset_id: int) -> Ended | None:
    """How the life of an asset ended, by its last change of status."""
    row = connection.execute(
        select(AssetEvent.note, Person.name, AssetEvent.effective_us, AssetEvent.amount_minor)
        .join(Person, Person.id == AssetEvent.person_id)
        .where(AssetEvent.asset_id == asset_id, AssetEvent.kind == "status", ~TAKEN_BACK)
        .order_by(AssetEvent.effective_us.desc(), AssetEvent.seq.desc())
        .limit(1)
    ).first()
    return Ended(*row) if row is not None else None


def assets_called(connection: Connection, codes: Sequence[str]) -> list[AssetRow]:
    """The assets with these label codes, by tag."""
    query = asset_rows().where(Asset.code.in_(codes)).order_by(func.lower(Asset.tag))
    return rows_as(AssetRow, connection.execute(query))


def assets_of_model(
    connection: Connection | Session, model_id: int, *, limit: int
) -> list[AssetRow]:
    """The assets in use of a model, by tag."""
    query = asset_rows().where(Asset.model_id == model_id, not_(_GONE))
    rows = connection.execute(query.order_by(func.lower(Asset.tag)).limit(limit))
    return rows_as(AssetRow, rows)


def models(connection: Connection) -> list[ModelRow]:
    """Every model, by name: what a form offers."""
    return rows_as(ModelRow, connection.execute(model_rows().order_by(func.lower(AssetModel.name))))


def find_model(connection: Connection | Session, reference: str) -> ModelRow | None:
    """The model of this name in any case, or else with this model number if it is the only one."""
    wanted = reference.replace("\x00", "").strip().lower()
    named = connection.execute(model_rows().where(func.lower(AssetModel.name) == wanted)).first()
    if named is not None:
        return ModelRow(*named)
    numbered = connection.execute(
        model_rows().where(func.lower(AssetModel.model_number) == wanted).limit(2)
    ).all()
    return ModelRow(*numbered[0]) if len(numbered) == 1 else None


def model_called(connection: Connection | Session, reference: str) -> ModelRow:
    """The model of this name or number. Raises `NotFound` that names the field."""
    found = find_model(connection, reference)
    if found is None:
        message = f"There is no model {reference[:60]!r}. Create it first."
        raise NotFound(message, field="model", code="unknown_reference")
    return found


def model(connection: Connection | Session, model_id: int) -> ModelRow | None:
    """The model with this id."""
    row = connection.execute(model_rows().where(AssetModel.id == model_id)).first()
    return ModelRow(*row) if row is not None else None


_GONE = Asset.status.in_(("retired", "disposed"))
_HOLDER_KIND = case(
    (Asset.custodian_person_id.is_not(None), "person"),
    (Asset.custodian_location_id.is_not(None), "location"),
    (Asset.custodian_asset_id.is_not(None), "asset"),
)
# A sum of 64-bit integers is a decimal on PostgreSQL; an amount is an integer.
_PARTS_E4 = cast(
    select(func.coalesce(-func.sum(Movement.value_e4), 0))
    .where(Movement.asset_id == Asset.id)
    .correlate(Asset)
    .scalar_subquery(),
    BigInteger,
)


@cache  # put together once: that costs more than running it
def asset_rows() -> Query:
    """All assets with the columns of `AssetRow`."""
    person, held_at, carrier = aliased(Person), aliased(Location), aliased(Asset)
    return (
        select(
            Asset.id,
            Asset.code,
            Asset.tag,
            Asset.name,
            Asset.serial,
            Asset.status,
            Asset.condition,
            Asset.model_id,
            AssetModel.name,
            AssetModel.manufacturer,
            Location.code,
            Location.name,
            _HOLDER_KIND,
            func.coalesce(person.code, held_at.code, carrier.code),
            func.coalesce(person.name, held_at.name, carrier.name),
            Asset.out_since_us,
            Asset.due_on,
            Asset.purchase_date,
            Asset.purchase_cost_minor,
            Asset.salvage_minor,
            func.coalesce(Asset.life_months, AssetModel.life_months),
            Asset.warranty_until,
            Asset.notes,
            _PARTS_E4,
            Asset.life_months,
            Asset.category,
            Supplier.name,
            Asset.order_number,
            Asset.custom,
            Asset.created_us,
            AssetModel.category,
            func.coalesce(Asset.replacement_minor, AssetModel.replacement_minor),
            func.coalesce(Asset.down_hour_minor, AssetModel.down_hour_minor),
            Asset.replacement_minor,
            Asset.down_hour_minor,
        )
        .outerjoin(Supplier, Supplier.id == Asset.supplier_id)
        .outerjoin(AssetModel, AssetModel.id == Asset.model_id)
        .outerjoin(Location, Location.id == Asset.location_id)
        .outerjoin(person, person.id == Asset.custodian_person_id)
        .outerjoin(held_at, held_at.id == Asset.custodian_location_id)
        .outerjoin(carrier, carrier.id == Asset.custodian_asset_id)
    )


@cache  # put together once: that costs more than running it
def model_rows() -> Query:
    """All models with the columns of `ModelRow`."""
    in_use = (
        select(func.count(Asset.id))
        .where(Asset.model_id == AssetModel.id, not_(_GONE))
        .scalar_subquery()
    )
    listed = (
        select(func.count(ModelPart.id))
        .where(ModelPart.model_id == AssetModel.id)
        .scalar_subquery()
    )
    return select(
        AssetModel.id,
        AssetModel.name,
        AssetModel.manufacturer,
        AssetModel.model_number,
        AssetModel.category,
        AssetModel.life_months,
        AssetModel.notes,
        in_use,
        listed,
        AssetModel.replacement_minor,
        AssetModel.down_hour_minor,
    )
