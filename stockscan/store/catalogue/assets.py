"""Assets as pages and lists read them: who has them, where they are, what was put into them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, case, cast, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from stockscan.store.assets import Asset, AssetModel, ModelPart
from stockscan.store.catalogue.paging import Query, beyond, matches, rows_as
from stockscan.store.locations import Location
from stockscan.store.parts import Part, PartWorth
from stockscan.store.people import Person
from stockscan.store.stock import Balance, Movement


@dataclass(frozen=True, slots=True)
class AssetRow:
    """One asset as lists and pages show it.

    `parts_e4` is what the parts in it cost, less what came back out; the life is the asset's own
    or its model's.
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

    @property
    def is_out(self) -> bool:
        """Whether someone or something has it."""
        return self.custodian_kind is not None


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


@dataclass(frozen=True, slots=True)
class UsualPart:
    """A part on a model's parts list, with what there is of it and where to fetch it.

    The place is the part's own bin, or else the one with the most of it.
    """

    code: str
    part_number: str
    name: str
    unit: str
    place: str
    quantity_milli: int
    on_hand_milli: int
    reorder_point_milli: int | None
    location_code: str | None
    location: str | None


def asset(connection: Connection | Session, asset_id: int) -> AssetRow:
    """One asset. Raises `NoResultFound` for an id that does not exist."""
    return AssetRow(*connection.execute(_rows().where(Asset.id == asset_id)).one())


def assets(
    connection: Connection,
    *,
    show: str = "all",
    model_id: int | None = None,
    text: str = "",
    after: str = "",
    limit: int,
) -> list[AssetRow]:
    """Assets by tag; `show` is all, out, in, or retired."""
    query = _rows().where(*SHOWN[show])
    if model_id is not None:
        query = query.where(Asset.model_id == model_id)
    if text:
        searched = (Asset.tag, Asset.name, Asset.serial, AssetModel.name)
        query = query.where(matches(text, *searched, code=Asset.code))
    query = beyond(connection, query, Asset, func.lower(Asset.tag), after)
    rows = connection.execute(query.order_by(func.lower(Asset.tag), Asset.id).limit(limit))
    return rows_as(AssetRow, rows)


def asset_counts(connection: Connection) -> dict[str, int]:
    """How many assets each way of showing them has."""
    columns = [
        func.count(Asset.id).filter(*where) if where else func.count(Asset.id)
        for where in SHOWN.values()
    ]
    return dict(zip(SHOWN, connection.execute(select(*columns)).one(), strict=True))


def assets_at(connection: Connection | Session, location_id: int) -> list[AssetRow]:
    """The assets in use that stand at a place, by tag."""
    query = _rows().where(Asset.location_id == location_id, not_(_GONE))
    rows = connection.execute(query.order_by(func.lower(Asset.tag)))
    return rows_as(AssetRow, rows)


def assets_of_model(
    connection: Connection | Session, model_id: int, *, limit: int
) -> list[AssetRow]:
    """The assets in use of a model, by tag."""
    query = _rows().where(Asset.model_id == model_id, not_(_GONE))
    rows = connection.execute(query.order_by(func.lower(Asset.tag)).limit(limit))
    return rows_as(AssetRow, rows)


def usual_parts(connection: Connection | Session, model_id: int) -> list[UsualPart]:
    """The parts list of a model, by the name of the part."""
    fullest = aliased(Balance)
    best = (
        select(fullest.location_id)
        .where(fullest.part_id == Part.id, fullest.quantity_milli > 0)
        .order_by(fullest.quantity_milli.desc(), fullest.location_id)
        .limit(1)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            Part.code,
            Part.part_number,
            Part.name,
            Part.unit,
            ModelPart.place,
            ModelPart.quantity_milli,
            func.coalesce(PartWorth.quantity_milli, 0),
            Part.reorder_point_milli,
            Location.code,
            Location.name,
        )
        .join(ModelPart, ModelPart.part_id == Part.id)
        .outerjoin(PartWorth, PartWorth.part_id == Part.id)
        .outerjoin(Location, Location.id == func.coalesce(Part.default_location_id, best))
        .where(ModelPart.model_id == model_id)
        .order_by(func.lower(Part.name), ModelPart.place)
    )
    return rows_as(UsualPart, rows)


def models(connection: Connection) -> list[ModelRow]:
    """Every model, by name."""
    rows = connection.execute(_models().order_by(func.lower(AssetModel.name)))
    return rows_as(ModelRow, rows)


def find_model(connection: Connection | Session, reference: str) -> ModelRow | None:
    """The model of this name in any case, or else with this model number if it is the only one."""
    wanted = reference.replace("\x00", "").strip().lower()
    named = connection.execute(_models().where(func.lower(AssetModel.name) == wanted)).first()
    if named is not None:
        return ModelRow(*named)
    numbered = connection.execute(
        _models().where(func.lower(AssetModel.model_number) == wanted).limit(2)
    ).all()
    return ModelRow(*numbered[0]) if len(numbered) == 1 else None


def model(connection: Connection | Session, model_id: int) -> ModelRow | None:
    """The model with this id."""
    row = connection.execute(_models().where(AssetModel.id == model_id)).first()
    return ModelRow(*row) if row is not None else None


_IS_OUT = or_(
    Asset.custodian_person_id.is_not(None),
    Asset.custodian_location_id.is_not(None),
    Asset.custodian_asset_id.is_not(None),
)
_GONE = Asset.status.in_(("retired", "disposed"))
SHOWN: dict[str, tuple[Any, ...]] = {
    "all": (),
    "out": (_IS_OUT, not_(_GONE)),
    "in": (not_(_IS_OUT), not_(_GONE)),
    "retired": (_GONE,),
}


def _rows() -> Query:
    person, held_at, carrier = aliased(Person), aliased(Location), aliased(Asset)
    parts = (
        select(func.coalesce(-func.sum(Movement.value_e4), 0))
        .where(Movement.asset_id == Asset.id)
        .scalar_subquery()
    )
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
            case(
                (Asset.custodian_person_id.is_not(None), "person"),
                (Asset.custodian_location_id.is_not(None), "location"),
                (Asset.custodian_asset_id.is_not(None), "asset"),
            ),
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
            # A sum of 64-bit integers is a decimal on PostgreSQL; an amount is an integer.
            cast(parts, BigInteger),
        )
        .outerjoin(AssetModel, AssetModel.id == Asset.model_id)
        .outerjoin(Location, Location.id == Asset.location_id)
        .outerjoin(person, person.id == Asset.custodian_person_id)
        .outerjoin(held_at, held_at.id == Asset.custodian_location_id)
        .outerjoin(carrier, carrier.id == Asset.custodian_asset_id)
    )


def _models() -> Query:
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
    )
