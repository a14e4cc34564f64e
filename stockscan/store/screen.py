"""What the scan screen shows of one thing: a line of facts each, by one query each."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.orm import aliased

from stockscan.domain.codes import Kind
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person
from stockscan.store.scanning import Found
from stockscan.store.stock import Balance


@dataclass(frozen=True, slots=True)
class Thing:
    """A scanned thing in the words of the screen.

    `out` tells that an asset is checked out, `holder` to whom; `on_hand_milli` is the total of a
    part, `unit` its unit; `line` is a second line.
    """

    kind: Kind
    code: str
    title: str
    name: str
    line: str = ""
    out: bool = False
    holder: str = ""
    holder_code: str = ""
    since_us: int | None = None
    status: str = ""
    place: str = ""
    unit: str = ""
    on_hand_milli: int = 0

    @property
    def url(self) -> str:
        """The thing's page."""
        return f"/{PAGES[self.kind]}/{self.code}"


PAGES = {
    Kind.ASSET: "assets",
    Kind.LOCATION: "locations",
    Kind.PART: "parts",
    Kind.PERSON: "people",
}


_PLACE, _ABOVE = aliased(Location), aliased(Asset)

# Asked by every scan, so built once.
_ASSET = (
    select(
        Asset.tag,
        Asset.name,
        Asset.status,
        Asset.out_since_us,
        AssetModel.name.label("model"),
        _PLACE.name.label("place"),
        func.coalesce(Person.name, Location.name, _ABOVE.name).label("holder"),
        func.coalesce(Person.code, Location.code, _ABOVE.code).label("holder_code"),
    )
    .outerjoin(AssetModel, AssetModel.id == Asset.model_id)
    .outerjoin(_PLACE, _PLACE.id == Asset.location_id)
    .outerjoin(Person, Person.id == Asset.custodian_person_id)
    .outerjoin(Location, Location.id == Asset.custodian_location_id)
    .outerjoin(_ABOVE, _ABOVE.id == Asset.custodian_asset_id)
    .where(Asset.id == bindparam("id"))
)
_LOCATION = (
    select(Location.name, Location.kind, _PLACE.name.label("parent"))
    .outerjoin(_PLACE, _PLACE.id == Location.parent_id)
    .where(Location.id == bindparam("id"))
)
_PART = (
    select(
        Part.name,
        Part.part_number,
        Part.unit,
        Location.name.label("place"),
        select(func.coalesce(func.sum(Balance.quantity_milli), 0))
        .where(Balance.part_id == Part.id)
        .scalar_subquery()
        .label("on_hand"),
    )
    .outerjoin(Location, Location.id == Part.default_location_id)
    .where(Part.id == bindparam("id"))
)
_PERSON = select(Person.name, Person.role, Person.active).where(Person.id == bindparam("id"))


def thing(connection: Connection, found: Found) -> Thing | None:
    """The thing behind a resolved code; None for codes without a thing of their own."""
    read = _READERS.get(found.kind)
    return read(connection, found) if read and found.id is not None else None


def balance_at(connection: Connection, part_code: str, location_code: str) -> int:
    """On hand of a part in a bin, in thousandths, over all lots and serials."""
    found = connection.execute(
        select(func.sum(Balance.quantity_milli))
        .join(Part, Part.id == Balance.part_id)
        .join(Location, Location.id == Balance.location_id)
        .where(Part.code == part_code, Location.code == location_code)
    ).scalar()
    return int(found or 0)


def _asset(connection: Connection, found: Found) -> Thing:
    row: Any = connection.execute(_ASSET, {"id": found.id}).one()
    title = row.name if row.tag in row.name else f"{row.name} {row.tag}"
    return Thing(
        Kind.ASSET,
        found.code,
        title,
        row.name,
        line=row.model or "",
        out=row.holder is not None,
        holder=row.holder or "",
        holder_code=row.holder_code or "",
        since_us=row.out_since_us,
        status=row.status,
        place=row.place or "",
    )


def _location(connection: Connection, found: Found) -> Thing:
    row: Any = connection.execute(_LOCATION, {"id": found.id}).one()
    title = f"Bin {row.name}" if row.kind == "bin" and "bin" not in row.name.lower() else row.name
    return Thing(Kind.LOCATION, found.code, title, row.name, line=row.parent or "")


def _part(connection: Connection, found: Found) -> Thing:
    row: Any = connection.execute(_PART, {"id": found.id}).one()
    return Thing(
        Kind.PART,
        found.code,
        row.name,
        row.name,
        line=row.part_number,
        place=row.place or "",
        unit=row.unit,
        on_hand_milli=int(row.on_hand),
    )


def _person(connection: Connection, found: Found) -> Thing:
    row: Any = connection.execute(_PERSON, {"id": found.id}).one()
    return Thing(
        Kind.PERSON,
        found.code,
        row.name,
        row.name,
        line=row.role.capitalize(),
        status="" if row.active else "inactive",
    )


_READERS = {
    Kind.ASSET: _asset,
    Kind.LOCATION: _location,
    Kind.PART: _part,
    Kind.PERSON: _person,
}
