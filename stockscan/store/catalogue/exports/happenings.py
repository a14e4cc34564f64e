"""What happened to things as exports list it: events of assets, changes of particulars."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from sqlalchemy import Connection, and_, case, func
from sqlalchemy.orm import aliased

from stockscan.domain.tables import Column, Holds
from stockscan.store.assets import Asset, AssetEvent, AssetModel
from stockscan.store.catalogue.exports.tables import (
    Asked,
    Row,
    Table,
    field,
    only,
    picked,
    table,
)
from stockscan.store.edits import Edit
from stockscan.store.locations import Location
from stockscan.store.maintenance.rows import MaintenancePlan
from stockscan.store.meters import Meter
from stockscan.store.parts import Part
from stockscan.store.people import Person

_THINGS: Final[dict[str, Any]] = {
    "asset": Asset,
    "part": Part,
    "location": Location,
    "model": AssetModel,
    "person": Person,
    "plan": MaintenancePlan,
}


def asset_events(connection: Connection, asked: Asked) -> Table:
    """Hand-overs, places, conditions, readings and states, in the order of recording."""
    taker, place, machine = aliased(Person), aliased(Location), aliased(Asset)
    to_kind = case(
        (AssetEvent.to_person_id.is_not(None), "person"),
        (AssetEvent.to_location_id.is_not(None), "location"),
        (AssetEvent.to_asset_id.is_not(None), "asset"),
    )
    fields = [
        field("seq", AssetEvent.seq, Holds.WHOLE),
        field("kind", AssetEvent.kind),
        field("effective_at_utc", AssetEvent.effective_us, Holds.TIME),
        field("asset", Asset.tag),
        field("asset_name", Asset.name),
        field("asset_code", Asset.code),
        field("to", func.coalesce(taker.name, place.name, machine.tag)),
        field("to_kind", to_kind),
        field("to_code", func.coalesce(taker.code, place.code, machine.code)),
        field("due_on", AssetEvent.due_on, Holds.DAY),
        field("condition", AssetEvent.condition, Holds.WHOLE),
        field("status", AssetEvent.to_status),
        field("proceeds", AssetEvent.amount_minor, Holds.MINOR),
        field("meter", Meter.name),
        field("value", AssetEvent.value_milli, Holds.MILLI),
        field("person", Person.name),
        field("note", AssetEvent.note),
        field("reverses", AssetEvent.reverses_seq, Holds.WHOLE),
        field("recorded_at_utc", AssetEvent.recorded_us, Holds.TIME),
        field("operation", AssetEvent.operation_id),
    ]
    query = (
        picked(fields)
        .select_from(AssetEvent)
        .join(Asset, Asset.id == AssetEvent.asset_id)
        .join(Person, Person.id == AssetEvent.person_id)
        .outerjoin(taker, taker.id == AssetEvent.to_person_id)
        .outerjoin(place, place.id == AssetEvent.to_location_id)
        .outerjoin(machine, machine.id == AssetEvent.to_asset_id)
        .outerjoin(Meter, Meter.id == AssetEvent.meter_id)
        .order_by(AssetEvent.seq)
    )
    return table(connection, fields, only(query, Asset.code, asked))


def edits(connection: Connection, asked: Asked) -> Table:
    """Who changed which particulars, from what to what: one row for each.

    What was done to jobs is not among them: it is kept as it stood, to be taken back by.
    """
    who = aliased(Person)
    fields = [
        field("at_utc", Edit.at_us, Holds.TIME),
        field("person", who.name),
        field("kind", Edit.kind),
        field(
            "thing",
            func.coalesce(
                Asset.tag,
                Part.part_number,
                Location.name,
                AssetModel.name,
                Person.name,
                MaintenancePlan.name,
            ),
        ),
        field("code", func.coalesce(Asset.code, Part.code, Location.code, Person.code)),
        field("operation", Edit.operation_id),
        field("changes", Edit.changes),
    ]
    query = picked(fields).join(who, who.id == Edit.person_id).where(Edit.kind != "job")
    for kind, thing in _THINGS.items():
        query = query.outerjoin(thing, and_(Edit.kind == kind, thing.id == Edit.thing_id))
    if not asked.with_people:
        query = query.where(Edit.kind != "person")
    made = table(connection, fields, query.order_by(Edit.id))
    changed = (Column("field"), Column("was"), Column("is"))
    return Table((*made.columns[:-1], *changed), _each_change(made.rows))


def _each_change(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        for name, (before, after) in json.loads(row[-1]).items():
            yield (*row[:-1], name, before, after)
