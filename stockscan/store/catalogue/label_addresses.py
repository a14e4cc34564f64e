"""Which things in use carry a label with another address of this server than today's.

A thing's newest print decides, whichever of its codes is on it; how many copies does not matter.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import CompoundSelect, Connection, func, literal, select, union_all

from stockscan.domain.codes import Kind
from stockscan.store.assets import Asset
from stockscan.store.catalogue.paging import Query, rows_as
from stockscan.store.codes import Alias
from stockscan.store.labels import LabelPrint, LabelPrinted
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person

_WITH_LABELS: Final[tuple[tuple[Any, Kind], ...]] = (
    (Part, Kind.PART),
    (Location, Kind.LOCATION),
    (Person, Kind.PERSON),
)


@dataclass(frozen=True, slots=True)
class OldAddress:
    """An address that labels still carry: how many things, and when the last was printed."""

    server: str
    labels: int
    last_us: int


def old_addresses(connection: Connection, public_url: str) -> list[OldAddress]:
    """Every other address than `public_url` that things in use carry, most labels first."""
    if not _has_other(connection, public_url):
        return []
    old = _old(public_url).subquery()
    rows = connection.execute(
        select(old.c.address, func.count(), func.max(old.c.at_us))
        .group_by(old.c.address)
        .order_by(func.count().desc(), old.c.address)
    )
    return list(rows_as(OldAddress, rows))


def codes_with_old_address(connection: Connection, public_url: str, limit: int) -> list[str]:
    """The first things whose label carries another address than `public_url`, as printed."""
    if not _has_other(connection, public_url):
        return []
    old = _old(public_url).subquery()
    query = select(old.c.code).order_by(old.c.print_id, old.c.place, old.c.code).limit(limit)
    return list(connection.execute(query).scalars())


def things_in_use() -> CompoundSelect[*tuple[Any, ...]]:
    """The `code` and `kind` of everything that should carry a label."""
    return union_all(
        select(Asset.code, literal(Kind.ASSET.value).label("kind")).where(
            Asset.status.in_(("in_service", "down"))
        ),
        *(
            select(table.code, literal(kind.value)).where(table.active)
            for table, kind in _WITH_LABELS
        ),
    )


def normal(address: str) -> str:
    """The one spelling of an address: how it is printed does not tell capitals or a last slash."""
    return address.strip().rstrip("/").lower()


def _has_other(connection: Connection, public_url: str) -> bool:
    """Asked first, since it reads the prints alone and not every label that was ever printed."""
    other = select(LabelPrint.id).where(printed_address() != normal(public_url)).limit(1)
    return connection.execute(other).scalar() is not None


def _old(public_url: str) -> Query:
    newest = newest_labels().subquery()
    return (
        select(
            newest.c.code,
            newest.c.print_id,
            newest.c.place,
            LabelPrint.at_us.label("at_us"),
            printed_address().label("address"),
        )
        .join(LabelPrint, LabelPrint.id == newest.c.print_id)
        .where(printed_address() != normal(public_url))
        .where(newest.c.code.in_(select(things_in_use().subquery().c.code)))
    )


def newest_labels() -> Query:
    """Each labelled thing with its newest print; a claimed blank label is its thing's."""
    thing = func.coalesce(Alias.code, LabelPrinted.code).label("code")
    return (
        select(
            thing,
            func.max(LabelPrinted.print_id).label("print_id"),
            func.min(LabelPrinted.place).label("place"),
        )
        .join(LabelPrint, LabelPrint.id == LabelPrinted.print_id)
        .outerjoin(Alias, Alias.text == LabelPrinted.code)
        .where(LabelPrint.state == "done")
        .group_by(thing)
    )


def printed_address() -> Any:
    """The address of a print in the spelling of `normal`."""
    return func.lower(func.rtrim(LabelPrint.public_url, "/"))
