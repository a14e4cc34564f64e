"""Assets as exports list them: all of them, what is out, and their meters."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Connection, case, false, func, select
from sqlalchemy.orm import aliased

from stockscan.domain.depreciation import book_value
from stockscan.domain.tables import Column, Holds
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.catalogue.exports.tables import (
    Asked,
    Field,
    Table,
    field,
    filters_of,
    only,
    own_fields,
    paths,
    picked,
    table,
)
from stockscan.store.catalogue.listing.assets import AssetFilters, asset_ids
from stockscan.store.locations import Location
from stockscan.store.meters import Meter
from stockscan.store.parts import Supplier
from stockscan.store.people import Person
from stockscan.store.stock import Movement

# Kept in the books, but not in the house.
_GONE = ("retired", "disposed")


def assets(connection: Connection, asked: Asked) -> Table:
    """Assets with who has them, what they are worth and the company's own fields."""
    holder, holder_fields = _holder()
    listed = _asset_fields(connection, holder_fields)
    query = (
        holder(picked(listed))
        .add_columns(
            Asset.purchase_cost_minor,
            Asset.salvage_minor,
            func.coalesce(Asset.life_months, AssetModel.life_months),
            Asset.purchase_date,
            Asset.custom,
        )
        .outerjoin(AssetModel, AssetModel.id == Asset.model_id)
        .outerjoin(Supplier, Supplier.id == Asset.supplier_id)
        .outerjoin(Location, Location.id == Asset.location_id)
        .order_by(Asset.id)
    )
    if asked.filters:
        chosen = asset_ids(connection, filters_of(AssetFilters, asked), asked.today)
        query = query.where(Asset.id.in_(chosen))
    columns, own = own_fields(connection, "asset")
    worth = partial(_worth, asked.today)
    return table(
        connection,
        listed,
        only(query, Asset.code, asked),
        [Column("book_value", Holds.MINOR), *columns],
        lambda row: (worth(*row[:4]), *own(row[4])),
    )


def checked_out(connection: Connection, asked: Asked) -> Table:
    """What is out now: with whom, since when, until when."""
    holder, holder_fields = _holder()
    late = func.coalesce(Asset.due_on < asked.today, false())
    listed = [
        field("tag", Asset.tag),
        field("name", Asset.name),
        field("serial", Asset.serial),
        field("code", Asset.code),
        *holder_fields,
        field("out_since_utc", Asset.out_since_us, Holds.TIME),
        field("due_on", Asset.due_on, Holds.DAY),
        field("overdue", late, Holds.FLAG),
    ]
    query = (
        holder(picked(listed))
        .where(Asset.out_since_us.is_not(None), Asset.status.not_in(_GONE))
        .order_by(Asset.id)
    )
    return table(connection, listed, only(query, Asset.code, asked))


def meters(connection: Connection, asked: Asked) -> Table:
    """The meters of all assets with their last reading."""
    listed = [
        field("asset", Asset.tag),
        field("asset_name", Asset.name),
        field("asset_code", Asset.code),
        field("meter", Meter.name),
        field("unit", Meter.unit),
        field("value", Meter.value_milli, Holds.MILLI),
        field("read_at_utc", Meter.read_us, Holds.TIME),
    ]
    query = picked(listed).join(Asset, Asset.id == Meter.asset_id).order_by(Meter.id)
    return table(connection, listed, only(query, Asset.code, asked))


def _asset_fields(connection: Connection, holder_fields: list[Field]) -> list[Field]:
    spent = select(-func.coalesce(func.sum(Movement.value_e4), 0)).where(
        Movement.asset_id == Asset.id
    )
    return [
        field("code", Asset.code),
        field("tag", Asset.tag),
        field("name", Asset.name),
        field("serial", Asset.serial),
        field("category", Asset.category),
        field("model", AssetModel.name),
        field("status", Asset.status),
        field("condition", Asset.condition, Holds.WHOLE),
        field("location", Asset.location_id, shown=paths(connection)),
        field("location_code", Location.code),
        *holder_fields,
        field("due_on", Asset.due_on, Holds.DAY),
        field("purchase_date", Asset.purchase_date, Holds.DAY),
        field("purchase_cost", Asset.purchase_cost_minor, Holds.MINOR),
        field("supplier", Supplier.name),
        field("order_number", Asset.order_number),
        field("salvage", Asset.salvage_minor, Holds.MINOR),
        field("life_months", Asset.life_months, Holds.WHOLE),
        field("warranty_until", Asset.warranty_until, Holds.DAY),
        field("replacement_cost", Asset.replacement_minor, Holds.MINOR),
        field("down_hour_cost", Asset.down_hour_minor, Holds.MINOR),
        field("notes", Asset.notes),
        field("parts_cost", spent.scalar_subquery(), Holds.E4),
        field("created_at_utc", Asset.created_us, Holds.TIME),
    ]


def _holder() -> tuple[Callable[[Any], Any], list[Field]]:
    """How to join who or what has an asset, and the fields of it."""
    person, bin_, other = aliased(Person), aliased(Location), aliased(Asset)

    def join(query: Any) -> Any:
        return (
            query.select_from(Asset)
            .outerjoin(person, person.id == Asset.custodian_person_id)
            .outerjoin(bin_, bin_.id == Asset.custodian_location_id)
            .outerjoin(other, other.id == Asset.custodian_asset_id)
        )

    kind = case(
        (Asset.custodian_person_id.is_not(None), "person"),
        (Asset.custodian_location_id.is_not(None), "location"),
        (Asset.custodian_asset_id.is_not(None), "asset"),
    )
    return join, [
        field("custodian", func.coalesce(person.name, bin_.name, other.tag)),
        field("custodian_kind", kind),
        field("custodian_code", func.coalesce(person.code, bin_.code, other.code)),
    ]


def _worth(
    today: date,
    cost_minor: int | None,
    salvage_minor: int | None,
    life_months: int | None,
    bought: date | None,
) -> int | None:
    if cost_minor is None or bought is None or not life_months:
        return None
    return book_value(
        cost_minor=cost_minor,
        salvage_minor=salvage_minor or 0,
        life_months=life_months,
        bought=bought,
        today=today,
    )
