"""To whom an asset may be handed: people by name, and those who were handed something lately."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from stockscan.store.assets import Asset, AssetEvent
from stockscan.store.catalogue.paging import matches, rows_as
from stockscan.store.locations import Location
from stockscan.store.people import Person

# How many hand-overs are looked through for whom they went to.
_LATELY = 200


class Receiver(NamedTuple):
    """Someone who works here."""

    code: str
    name: str


class Late(NamedTuple):
    """An asset that should have been back."""

    code: str
    tag: str
    name: str
    holder: str
    due_on: date


def lately(connection: Connection, *, limit: int) -> list[Receiver]:
    """Who was handed an asset last, the latest first."""
    last = (
        select(AssetEvent.seq, AssetEvent.to_person_id)
        .where(AssetEvent.kind == "check_out", AssetEvent.to_person_id.is_not(None))
        .order_by(AssetEvent.seq.desc())
        .limit(_LATELY)
        .subquery()
    )
    rows = connection.execute(
        select(Person.code, Person.name)
        .join(last, last.c.to_person_id == Person.id)
        .where(Person.active)
        .group_by(Person.id, Person.code, Person.name)
        .order_by(func.max(last.c.seq).desc())
        .limit(limit)
    )
    return rows_as(Receiver, rows)


def overdue(connection: Connection, today: date, *, limit: int) -> list[Late]:
    """What should have been back before today, the latest first."""
    held_at, carrier = aliased(Location), aliased(Asset)
    rows = connection.execute(
        select(
            Asset.code,
            Asset.tag,
            Asset.name,
            func.coalesce(Person.name, held_at.name, carrier.name),
            Asset.due_on,
        )
        .outerjoin(Person, Person.id == Asset.custodian_person_id)
        .outerjoin(held_at, held_at.id == Asset.custodian_location_id)
        .outerjoin(carrier, carrier.id == Asset.custodian_asset_id)
        .where(Asset.due_on < today)
        .order_by(Asset.due_on, Asset.id)
        .limit(limit)
    )
    return rows_as(Late, rows)


def overdue_count(connection: Connection, today: date) -> int:
    """How many assets should have been back before today."""
    late = select(func.count()).select_from(Asset).where(Asset.due_on < today)
    return connection.execute(late).scalar_one()


def people(connection: Connection, text: str = "", *, limit: int) -> list[Receiver]:
    """People who work here, by name; those whose name has the text, if there is one."""
    query = select(Person.code, Person.name).where(Person.active)
    if text:
        query = query.where(matches(text, Person.name))
    return rows_as(
        Receiver, connection.execute(query.order_by(Person.name, Person.id).limit(limit))
    )
