"""Stock as exports list it: what lies where, every movement, every count."""

from typing import Any

from sqlalchemy import Connection, func
from sqlalchemy.orm import aliased

from stockscan.domain.tables import Holds
from stockscan.store.assets import Asset
from stockscan.store.catalogue.exports.tables import (
    Asked,
    Field,
    Table,
    field,
    of_job,
    only,
    paths,
    picked,
    table,
)
from stockscan.store.counts import CountLine, CountSession
from stockscan.store.locations import Location
from stockscan.store.lots import Lot, lot_of
from stockscan.store.maintenance.rows import Job
from stockscan.store.parts import Part, PartWorth
from stockscan.store.people import Person
from stockscan.store.stock import Balance, Movement


def stock(connection: Connection, asked: Asked) -> Table:
    """What lies where, per lot and serial; what is gone is left out."""
    average = func.coalesce(PartWorth.average_e4, Part.list_cost_e4)
    fields = [
        *_key_fields(connection, Balance),
        field("expires_on", Lot.expires_on, Holds.DAY),
        field("quantity", Balance.quantity_milli, Holds.MILLI),
        field("unit", Part.unit),
        field("unit_cost", asked.blind.unless_hidden(Balance.part_id, average), Holds.E4),
    ]
    query = (
        _keyed(picked(fields), Balance)
        .outerjoin(Lot, lot_of(Balance))
        .outerjoin(PartWorth, PartWorth.part_id == Balance.part_id)
        .where(Balance.quantity_milli != 0)
        .where(~asked.blind.hides(Balance.part_id, Balance.location_id))
        .order_by(Balance.part_id, Balance.location_id, Balance.lot, Balance.serial)
    )
    return table(connection, fields, only(query, Part.code, asked))


def movements(connection: Connection, asked: Asked) -> Table:
    """The ledger in the order of recording; what leaves the stock is below zero."""
    fields = [
        field("seq", Movement.seq, Holds.WHOLE),
        field("kind", Movement.kind),
        field("effective_at_utc", Movement.effective_us, Holds.TIME),
        *_key_fields(connection, Movement),
        field("quantity", Movement.quantity_milli, Holds.MILLI),
        field("unit", Part.unit),
        field("unit_cost", Movement.unit_cost_e4, Holds.E4),
        field("value", Movement.value_e4, Holds.E4),
        field("asset", Asset.tag),
        field("asset_name", Asset.name),
        of_job(),
        field("person", Person.name),
        field("reason", Movement.reason),
        field("note", Movement.note),
        field("removed_serial", Movement.removed_serial),
        field("reverses", Movement.reverses_seq, Holds.WHOLE),
        field("corrects", Movement.corrects_seq, Holds.WHOLE),
        field("recorded_at_utc", Movement.recorded_us, Holds.TIME),
        field("operation", Movement.operation_id),
    ]
    query = (
        _keyed(picked(fields), Movement)
        .join(Person, Person.id == Movement.person_id)
        .outerjoin(Asset, Asset.id == Movement.asset_id)
        .outerjoin(Job, Job.id == Movement.work_id)
        .where(~asked.blind.hides_part(Movement.part_id))
        .order_by(Movement.seq)
    )
    return table(connection, fields, only(query, Part.code, asked))


def counts(connection: Connection, asked: Asked) -> Table:
    """What was counted, what the book said then, and what became of the difference."""
    approver = aliased(Person)
    fields = [
        field("line", CountLine.id, Holds.WHOLE),
        field("count", CountLine.session_id),
        field("number", CountSession.number, Holds.WHOLE),
        field("attempt", CountLine.attempt, Holds.WHOLE),
        *_key_fields(connection, CountLine),
        field("state", CountLine.state),
        field("counted_at_utc", CountLine.counted_us, Holds.TIME),
        field("counted_by", Person.name),
        field("counted", CountLine.counted_milli, Holds.MILLI),
        field("book", CountLine.book_milli, Holds.MILLI),
        field("variance", CountLine.variance_milli, Holds.MILLI),
        field("unit", Part.unit),
        field("unit_cost", CountLine.cost_e4, Holds.E4),
        field("approved_by", approver.name),
        field("cause", CountLine.cause),
        field("reason", CountLine.reason),
        field("posted_at_utc", CountLine.posted_us, Holds.TIME),
        field("voided_at_utc", CountLine.voided_us, Holds.TIME),
    ]
    query = (
        _keyed(picked(fields), CountLine)
        .join(CountSession, CountSession.id == CountLine.session_id)
        .outerjoin(Person, Person.id == CountLine.counter_id)
        .outerjoin(approver, approver.id == CountLine.approver_id)
        .where(~asked.blind.hides(CountLine.part_id, CountLine.location_id))
        .order_by(CountLine.id)
    )
    return table(connection, fields, only(query, Part.code, asked))


def _key_fields(connection: Connection, row: Any) -> list[Field]:
    return [
        field("part", Part.part_number),
        field("part_name", Part.name),
        field("part_code", Part.code),
        field("location", row.location_id, shown=paths(connection)),
        field("location_code", Location.code),
        field("lot", row.lot),
        field("serial", row.serial),
    ]


def _keyed(query: Any, row: Any) -> Any:
    """The query with the part and the place of each row joined."""
    return (
        query.select_from(row)
        .join(Part, Part.id == row.part_id)
        .join(Location, Location.id == row.location_id)
    )
