"""What a phone must know to scan alone, which of it changed since, and the database's epoch."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    String,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from stockscan.domain.counts import SessionState
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.codes import Alias
from stockscan.store.counts import CountLine, CountSession
from stockscan.store.db import Base, Big, on_postgresql
from stockscan.store.locations import Location
from stockscan.store.operations import Operation
from stockscan.store.parts import Part, SupplierPart
from stockscan.store.people import Person
from stockscan.store.stock import Balance

# How many bins of one part a phone is told of, the fullest first.
MOST_BALANCES: Final = 20


class Epoch(Base):
    """The one row that names this database's life; a restored backup begins another."""

    __tablename__ = "epoch"

    epoch: Mapped[str] = mapped_column(primary_key=True)


class CatalogueChange(Base):
    """When what a phone is told of a code changed last.

    Set by triggers (see migration 0003): on SQLite a number that only grows, on PostgreSQL the id
    of the transaction.
    """

    __tablename__ = "catalogue_change"

    code: Mapped[str] = mapped_column(primary_key=True)
    changed: Mapped[int] = mapped_column(Big, index=True)


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far the changes can be seen: all below `floor`, none from `ceiling` on."""

    floor: int
    ceiling: int


_HOLDER_PERSON, _HOLDER_PLACE, _CARRIER = aliased(Person), aliased(Location), aliased(Asset)

_ASSETS: Any = (
    select(
        Asset.code,
        Asset.tag,
        Asset.name,
        Asset.serial,
        Asset.status,
        AssetModel.name.label("model"),
        Location.code.label("location"),
        func.coalesce(_HOLDER_PERSON.name, _HOLDER_PLACE.name, _CARRIER.name).label("holder"),
    )
    .outerjoin(AssetModel, AssetModel.id == Asset.model_id)
    .outerjoin(Location, Location.id == Asset.location_id)
    .outerjoin(_HOLDER_PERSON, _HOLDER_PERSON.id == Asset.custodian_person_id)
    .outerjoin(_HOLDER_PLACE, _HOLDER_PLACE.id == Asset.custodian_location_id)
    .outerjoin(_CARRIER, _CARRIER.id == Asset.custodian_asset_id)
)
_PARTS: Any = (
    select(
        Part.id,
        Part.code,
        Part.part_number,
        Part.name,
        Part.unit,
        Part.tracking,
        Part.manufacturer_part_number,
        Part.supplier_part_number,
        Location.code.label("location"),
    )
    .outerjoin(Location, Location.id == Part.default_location_id)
    .where(Part.active)
)
_LOCATIONS: Any = select(Location.code, Location.name, Location.kind).where(Location.active)
_PEOPLE: Any = select(Person.code, Person.name, Person.username).where(Person.active)

# What the books say of these keys may not be seen before the count is over.
_COUNTED_BLIND = (
    select(CountLine.part_id, CountLine.location_id)
    .join(CountSession, CountSession.id == CountLine.session_id)
    .where(
        CountSession.blind,
        CountSession.state.not_in([SessionState.POSTED, SessionState.CANCELLED]),
    )
)

# Asked with every batch of operations, so built once. On PostgreSQL a restored dump lives in
# another database, and a promoted standby on another timeline.
_EPOCH = select(Epoch.epoch)
_EPOCH_AND_LIFE = text(
    "SELECT (SELECT epoch FROM epoch), s.system_identifier, d.oid, c.timeline_id"
    " FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d"
    " WHERE d.datname = current_database()"
)


def epoch(connection: Connection) -> str:
    """The name of this database's life.

    Made of the stored one and of where the database is kept, so that a file or a dump that was put
    back by hand gets another name too. A file that was overwritten in place keeps its name.
    """
    known = _on_a_server(connection) if on_postgresql(connection) else _in_a_file(connection)
    return hashlib.sha256(known.encode()).hexdigest()[:16]


def renew_epoch(session: Session) -> None:
    """Let every phone offer again what was acknowledged to it, and read the catalogue anew."""
    session.execute(delete(Epoch))
    session.execute(insert(Epoch).values(epoch=secrets.token_hex(8)))


def horizon(connection: Connection) -> Horizon:
    """Ask this before asking what changed: whoever goes on from its floor misses nothing.

    On SQLite one writes at a time and numbers commit in their order. On PostgreSQL a transaction
    that has not ended has a number from the floor up, whatever others have committed by now.
    """
    if not on_postgresql(connection):
        following = (connection.scalar(select(func.max(CatalogueChange.changed))) or 0) + 1
        return Horizon(following, following)
    now = func.pg_current_snapshot()
    ends = [
        cast(cast(end(now), String), BigInteger)
        for end in (func.pg_snapshot_xmin, func.pg_snapshot_xmax)
    ]
    seen = connection.execute(select(*ends)).one()
    return Horizon(seen[0], seen[1])


def changed(
    connection: Connection, since: int, ceiling: int, after: str, limit: int
) -> Sequence[str]:
    """The codes behind `after` that changed in [since, ceiling), in their order."""
    wanted = select(CatalogueChange.code).where(CatalogueChange.code > after)
    if since:
        wanted = wanted.where(CatalogueChange.changed.between(since, ceiling - 1))
    return connection.scalars(wanted.order_by(CatalogueChange.code).limit(limit)).all()


def assets(connection: Connection, codes: Collection[str]) -> Sequence[Any]:
    """The assets among these codes; `holder` is None for one that nobody has."""
    return _among(connection, _ASSETS, Asset, codes)


def parts(connection: Connection, codes: Collection[str]) -> Sequence[Any]:
    """The parts in use among these codes."""
    return _among(connection, _PARTS, Part, codes)


def locations(connection: Connection, codes: Collection[str]) -> Sequence[Any]:
    """The places in use among these codes."""
    return _among(connection, _LOCATIONS, Location, codes)


def people(connection: Connection, codes: Collection[str]) -> Sequence[Any]:
    """The people still here among these codes."""
    return _among(connection, _PEOPLE, Person, codes)


def aliases(connection: Connection, codes: Collection[str]) -> dict[str, list[str]]:
    """What else stands for these codes, by code."""
    found: dict[str, list[str]] = {}
    wanted = select(Alias.code, Alias.text).where(Alias.code.in_(codes)).order_by(Alias.text)
    for row in connection.execute(wanted):
        found.setdefault(row.code, []).append(row.text)
    return found


def further_numbers(connection: Connection, part_ids: Collection[int]) -> dict[int, list[str]]:
    """By part: the numbers under which its further suppliers sell it."""
    found: dict[int, list[str]] = {}
    wanted = select(SupplierPart.part_id, SupplierPart.number).where(
        SupplierPart.part_id.in_(part_ids), SupplierPart.number != ""
    )
    for row in connection.execute(wanted.order_by(SupplierPart.supplier_id)):
        found.setdefault(row.part_id, []).append(row.number)
    return found


def balances(connection: Connection, part_ids: Collection[int]) -> dict[int, list[tuple[str, int]]]:
    """By part: the code of each bin with some of it, and how much, in thousandths.

    The fullest `MOST_BALANCES` bins of each part, over all lots; none that is counted blind.
    """
    total = func.sum(Balance.quantity_milli)
    fullest = func.row_number().over(
        partition_by=Balance.part_id, order_by=(func.abs(total).desc(), Location.code)
    )
    hidden = _COUNTED_BLIND.where(
        CountLine.part_id == Balance.part_id, CountLine.location_id == Balance.location_id
    )
    held = (
        select(Balance.part_id, Location.code, total.label("milli"), fullest.label("place"))
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.part_id.in_(part_ids), ~hidden.exists())
        .group_by(Balance.part_id, Location.code)
        .having(total != 0)
        .subquery()
    )
    wanted = select(held).where(held.c.place <= MOST_BALANCES).order_by(held.c.place)
    found: dict[int, list[tuple[str, int]]] = {}
    for row in connection.execute(wanted):
        found.setdefault(row.part_id, []).append((row.code, int(row.milli)))
    return found


def counted_blind(connection: Connection, part_ids: Collection[int]) -> dict[int, list[str]]:
    """By part: the codes of the bins where it is being counted blind."""
    wanted = (
        _COUNTED_BLIND.join(Location, Location.id == CountLine.location_id)
        .with_only_columns(CountLine.part_id, Location.code)
        .where(CountLine.part_id.in_(part_ids))
        .distinct()
        .order_by(Location.code)
    )
    found: dict[int, list[str]] = {}
    for row in connection.execute(wanted):
        found.setdefault(row.part_id, []).append(row.code)
    return found


def is_recorded(connection: Connection, operation_id: str) -> bool:
    """Whether an operation was ever accepted."""
    known = select(literal(1)).where(Operation.id == operation_id)
    return connection.execute(known).first() is not None


def _among(connection: Connection, query: Any, table: Any, codes: Collection[str]) -> Sequence[Any]:
    return connection.execute(query.where(table.code.in_(codes)).order_by(table.code)).all()


def _in_a_file(connection: Connection) -> str:
    stored = connection.execute(_EPOCH).scalar_one()
    path = connection.engine.url.database or ""
    return f"{stored} {Path(path).stat().st_ino}"


def _on_a_server(connection: Connection) -> str:
    try:
        return " ".join(map(str, connection.execute(_EPOCH_AND_LIFE).one()))
    except DBAPIError:
        # A hoster may keep those functions to itself.
        return str(connection.execute(_EPOCH).scalar_one())
