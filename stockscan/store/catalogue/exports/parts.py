"""Parts, models and their parts lists as exports list them."""

from functools import partial

from sqlalchemy import Connection, func
from sqlalchemy.orm import aliased

from stockscan.domain.tables import Holds
from stockscan.store.assets import Asset, AssetModel, AssetPart, ModelPart
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
from stockscan.store.catalogue.listing.models import model_ids
from stockscan.store.catalogue.listing.parts import PartFilters, part_ids
from stockscan.store.locations import Location
from stockscan.store.parts import Part, PartSubstitute, PartWorth, Supplier, SupplierPart


def parts(connection: Connection, asked: Asked) -> Table:
    """Parts with what is on hand of them and the company's own fields."""
    worth = partial(asked.blind.unless_hidden, Part.id)
    listed = [
        field("code", Part.code),
        field("part_number", Part.part_number),
        field("name", Part.name),
        field("unit", Part.unit),
        field("category", Part.category),
        field("manufacturer", Part.manufacturer),
        field("manufacturer_part_number", Part.manufacturer_part_number),
        field("supplier", Supplier.name),
        field("supplier_part_number", Part.supplier_part_number),
        field("cost", Part.list_cost_e4, Holds.E4),
        field("pack", Part.pack_milli, Holds.MILLI),
        field("lead_time_days", Part.lead_time_days, Holds.WHOLE),
        field("reorder_point", Part.reorder_point_milli, Holds.MILLI),
        field("reorder_quantity", Part.reorder_quantity_milli, Holds.MILLI),
        field("safety_stock", Part.safety_milli, Holds.MILLI),
        field("service_level", Part.service_level_bp, Holds.PERCENT),
        field("tracking", Part.tracking),
        field("stocked", Part.stocked, Holds.FLAG),
        field("abc_class", Part.abc_class),
        field("location", Part.default_location_id, shown=paths(connection)),
        field("location_code", Location.code),
        field("notes", Part.notes),
        field("active", Part.active, Holds.FLAG),
        field("total_on_hand", worth(func.coalesce(PartWorth.quantity_milli, 0)), Holds.MILLI),
        field("value", worth(func.coalesce(PartWorth.value_e4, 0)), Holds.E4),
        field("average_cost", worth(PartWorth.average_e4), Holds.E4),
        field("created_at_utc", Part.created_us, Holds.TIME),
    ]
    query = (
        picked(listed)
        .add_columns(Part.custom)
        .outerjoin(Supplier, Supplier.id == Part.supplier_id)
        .outerjoin(Location, Location.id == Part.default_location_id)
        .outerjoin(PartWorth, PartWorth.part_id == Part.id)
        .order_by(Part.id)
    )
    if asked.filters:
        shown = part_ids(connection, filters_of(PartFilters, asked), asked.blind)
        query = query.where(Part.id.in_(shown))
    columns, own = own_fields(connection, "part")
    return table(
        connection, listed, only(query, Part.code, asked), columns, lambda row: own(row[0])
    )


def supplier_parts(connection: Connection, asked: Asked) -> Table:
    """Who supplies a part beside its usual supplier."""
    listed = [
        *_part_fields(),
        field("supplier", Supplier.name),
        field("number", SupplierPart.number),
        field("price", SupplierPart.price_e4, Holds.E4),
        field("pack", SupplierPart.pack_milli, Holds.MILLI),
        field("lead_time_days", SupplierPart.lead_time_days, Holds.WHOLE),
    ]
    query = (
        picked(listed)
        .join(Part, Part.id == SupplierPart.part_id)
        .join(Supplier, Supplier.id == SupplierPart.supplier_id)
        .order_by(SupplierPart.part_id, SupplierPart.supplier_id)
    )
    return table(connection, listed, only(query, Part.code, asked))


def substitutes(connection: Connection, asked: Asked) -> Table:
    """Which part may stand in for which; each pair once, good in both directions."""
    other = aliased(Part)
    listed = [
        *_part_fields(),
        field("substitute", other.part_number),
        field("substitute_name", other.name),
        field("substitute_code", other.code),
        field("note", PartSubstitute.note),
    ]
    query = (
        picked(listed)
        .join(Part, Part.id == PartSubstitute.part_id)
        .join(other, other.id == PartSubstitute.substitute_id)
        .order_by(PartSubstitute.part_id, PartSubstitute.substitute_id)
    )
    return table(connection, listed, only(query, Part.code, asked))


def models(connection: Connection, asked: Asked) -> Table:
    """Models; a model is known by its name."""
    listed = [
        field("name", AssetModel.name),
        field("manufacturer", AssetModel.manufacturer),
        field("model_number", AssetModel.model_number),
        field("category", AssetModel.category),
        field("life_months", AssetModel.life_months, Holds.WHOLE),
        field("replacement_cost", AssetModel.replacement_minor, Holds.MINOR),
        field("down_hour_cost", AssetModel.down_hour_minor, Holds.MINOR),
        field("notes", AssetModel.notes),
        field("created_at_utc", AssetModel.created_us, Holds.TIME),
    ]
    query = picked(listed).order_by(AssetModel.id)
    if asked.filters:
        words = asked.filters.get("text", "")
        query = query.where(AssetModel.id.in_(model_ids(connection, words)))
    return table(connection, listed, query)


def model_parts(connection: Connection, _asked: Asked) -> Table:
    """The parts lists of all models."""
    listed = [
        field("model", AssetModel.name),
        *_part_fields(),
        *_line_fields(ModelPart),
    ]
    query = (
        picked(listed)
        .join(AssetModel, AssetModel.id == ModelPart.model_id)
        .join(Part, Part.id == ModelPart.part_id)
        .order_by(ModelPart.model_id, ModelPart.id)
    )
    return table(connection, listed, query)


def asset_parts(connection: Connection, asked: Asked) -> Table:
    """What single assets have on their lists unlike their models; 0 says that it is not on one."""
    listed = [
        field("asset", Asset.tag),
        field("asset_name", Asset.name),
        field("asset_code", Asset.code),
        *_part_fields(),
        *_line_fields(AssetPart),
    ]
    query = (
        picked(listed)
        .join(Asset, Asset.id == AssetPart.asset_id)
        .join(Part, Part.id == AssetPart.part_id)
        .order_by(AssetPart.asset_id, AssetPart.id)
    )
    return table(connection, listed, only(query, Asset.code, asked))


def _line_fields(line: type[ModelPart] | type[AssetPart]) -> list[Field]:
    return [
        field("place", line.place),
        field("quantity", line.quantity_milli, Holds.MILLI),
        field("unit", Part.unit),
        field("life_months", line.life_months, Holds.WHOLE),
        field("meter", line.meter),
        field("meter_life", line.life_milli, Holds.MILLI),
        field("critical", line.critical, Holds.FLAG),
    ]


def _part_fields() -> list[Field]:
    return [
        field("part", Part.part_number),
        field("part_name", Part.name),
        field("part_code", Part.code),
    ]
