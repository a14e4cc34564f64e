"""What the scan screen shows of one thing: a line of facts each, by one query each."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from stockscan.domain.codes import Kind
from stockscan.domain.ledger import MovementKind
from stockscan.store.assets import Asset, AssetEvent, AssetModel
from stockscan.store.counts.blindness import SEEING, Blindness, hidden_codes, hidden_parts
from stockscan.store.counts.rows import CountSession
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person
from stockscan.store.scanning import Found
from stockscan.store.stock import Balance, Movement


@dataclass(frozen=True, slots=True)
class Thing:
    """A scanned thing in the words of the screen.

    `out` tells that an asset is checked out, `holder` to whom, `due_on` until when;
    `on_hand_milli` is the total of a part, None where it is hidden; `unit` its unit; `line` is a
    second line.
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
    due_on: date | None = None
    model_id: int | None = None
    status: str = ""
    place: str = ""
    place_code: str = ""
    unit: str = ""
    tracking: str = ""
    on_hand_milli: int | None = 0

    @property
    def url(self) -> str:
        """The thing's page."""
        return f"/{PAGES[self.kind]}/{self.code}"


PAGES = {
    Kind.ASSET: "assets",
    Kind.LOCATION: "locations",
    Kind.PART: "parts",
    Kind.PERSON: "people",
    Kind.COUNT: "sheets",
}


_PLACE, _ABOVE = aliased(Location), aliased(Asset)

# Asked by every scan, so built once.
_ANY_ASSET = (
    select(
        Asset.code,
        Asset.tag,
        Asset.name,
        Asset.status,
        Asset.out_since_us,
        Asset.due_on,
        Asset.model_id,
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
)
_ASSET = _ANY_ASSET.where(Asset.id == bindparam("id"))
_ASSETS = _ANY_ASSET.where(Asset.code.in_(bindparam("codes", expanding=True)))
_LOCATION = (
    select(Location.name, Location.kind, _PLACE.name.label("parent"))
    .outerjoin(_PLACE, _PLACE.id == Location.parent_id)
    .where(Location.id == bindparam("id"))
)
_HERE = select(Location.id).where(Location.code == bindparam("code")).scalar_subquery()
_ANY_PART = select(
    Part.id,
    Part.code,
    Part.name,
    Part.part_number,
    Part.unit,
    Part.tracking,
    Location.name.label("place"),
    Location.code.label("place_code"),
    select(func.coalesce(func.sum(Balance.quantity_milli), 0))
    .where(Balance.part_id == Part.id)
    .scalar_subquery()
    .label("on_hand"),
).outerjoin(Location, Location.id == Part.default_location_id)
_PART = _ANY_PART.where(Part.id == bindparam("id"))
_PARTS = _ANY_PART.where(Part.code.in_(bindparam("codes", expanding=True)))
_LIES_HERE = (
    select(Balance.part_id)
    .where(Balance.part_id == Part.id, Balance.location_id == _HERE, Balance.quantity_milli != 0)
    .exists()
)
_PARTS_HERE = select(Part.id, Part.code, Part.name, Part.part_number).order_by(
    func.lower(Part.name), Part.id
)
_AT_HOME = or_(Part.default_location_id == _HERE, _LIES_HERE)
_PARTS_AT = _PARTS_HERE.where(Part.active, _AT_HOME)
_COUNT = select(CountSession.number, CountSession.name).where(
    CountSession.code == bindparam("code")
)
_PERSON = select(Person.name, Person.role, Person.active).where(Person.id == bindparam("id"))


def thing(connection: Connection, found: Found, blind: Blindness = SEEING) -> Thing | None:
    """The thing behind a resolved code; None for codes without a thing of their own."""
    read = _READERS.get(found.kind)
    if found.kind is Kind.COUNT:
        return _count(connection, found)
    if read is None or found.id is None:
        return None
    here = read(connection, found)
    hidden = found.kind is Kind.PART and hidden_parts(connection, blind, [found.id])
    return replace(here, on_hand_milli=None) if hidden else here


def things(
    connection: Connection, codes: Collection[str], blind: Blindness = SEEING
) -> dict[str, Thing]:
    """The assets and parts among these codes, by code."""
    assets = connection.execute(_ASSETS, {"codes": list(codes)}).all()
    parts = connection.execute(_PARTS, {"codes": list(codes)}).all()
    hidden = hidden_parts(connection, blind, [row.id for row in parts])
    shown = {row.code: _as_part(row, row.code) for row in parts}
    for row in parts:
        if row.id in hidden:
            shown[row.code] = replace(shown[row.code], on_hand_milli=None)
    return {**{row.code: _as_asset(row, row.code) for row in assets}, **shown}


def fitted(connection: Connection, asset_code: str, part_code: str) -> int:
    """How much of a part an asset carries, in thousandths: installed and not taken off since."""
    answer = aliased(Movement)
    reversed_ = select(answer.seq).where(answer.reverses_seq == Movement.seq).exists()
    found = connection.execute(
        select(-func.sum(Movement.quantity_milli))
        .join(Part, Part.id == Movement.part_id)
        .join(Asset, Asset.id == Movement.asset_id)
        .where(
            Asset.code == asset_code,
            Part.code == part_code,
            Movement.kind.in_((MovementKind.INSTALL, MovementKind.RETURN_FROM_ASSET)),
            ~reversed_,
        )
    ).scalar()
    return int(found or 0)


def balance_at(
    connection: Connection, part_code: str, location_code: str, blind: Blindness = SEEING
) -> int | None:
    """On hand of a part in a bin, in thousandths, over all lots and serials; None is hidden."""
    if (part_code, location_code) in hidden_codes(connection, blind, [part_code]):
        return None
    found = connection.execute(
        select(func.sum(Balance.quantity_milli))
        .join(Part, Part.id == Balance.part_id)
        .join(Location, Location.id == Balance.location_id)
        .where(Part.code == part_code, Location.code == location_code)
    ).scalar()
    return int(found or 0)


def only_part(
    connection: Connection, location_code: str, blind: Blindness = SEEING
) -> Thing | None:
    """The part of a bin that holds, or is home to, one part alone."""
    found = connection.execute(_parts_at(blind), {"code": location_code}).all()
    return thing(connection, Found(Kind.PART, *found[0][:3]), blind) if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Name:
    """Something to tap: its code, its name, and a second line."""

    code: str
    name: str
    line: str = ""


def parts_at(
    connection: Connection, location_code: str, limit: int, blind: Blindness = SEEING
) -> list[Name]:
    """The parts that lie in a bin or belong there, by name; without their quantities.

    What is hidden is among them, whether or not there is any.
    """
    rows = connection.execute(_parts_at(blind).limit(limit), {"code": location_code})
    return [Name(row.code, row.name, row.part_number) for row in rows]


def receivers(connection: Connection, giver_id: int, limit: int) -> list[Name]:
    """Active people who got something last: from this person first, then from anyone."""
    last = func.max(AssetEvent.seq)
    mine = func.max(case((AssetEvent.person_id == giver_id, 1), else_=0))
    rows = connection.execute(
        select(Person.code, Person.name)
        .join(AssetEvent, AssetEvent.to_person_id == Person.id)
        .where(Person.active, Person.id != giver_id, AssetEvent.kind == "check_out")
        .group_by(Person.id, Person.code, Person.name)
        .order_by(mine.desc(), last.desc())
        .limit(limit)
    )
    return [Name(row.code, row.name) for row in rows]


def asset_title(name: str, tag: str) -> str:
    """An asset in a few words, its tag said once."""
    return name if tag in name else f"{name} {tag}"


def location_title(name: str, kind: str) -> str:
    """A place in a few words; bins are often named by a number alone."""
    return f"Bin {name}" if kind == "bin" and "bin" not in name.lower() else name


def _asset(connection: Connection, found: Found) -> Thing:
    return _as_asset(connection.execute(_ASSET, {"id": found.id}).one(), found.code)


def _as_asset(row: Any, code: str) -> Thing:
    return Thing(
        Kind.ASSET,
        code,
        asset_title(row.name, row.tag),
        row.name,
        line=row.model or "",
        out=row.holder is not None,
        holder=row.holder or "",
        holder_code=row.holder_code or "",
        since_us=row.out_since_us,
        due_on=row.due_on,
        model_id=row.model_id,
        status=row.status,
        place=row.place or "",
    )


def _location(connection: Connection, found: Found) -> Thing:
    row: Any = connection.execute(_LOCATION, {"id": found.id}).one()
    title = location_title(row.name, row.kind)
    return Thing(Kind.LOCATION, found.code, title, row.name, line=row.parent or "")


def _part(connection: Connection, found: Found) -> Thing:
    return _as_part(connection.execute(_PART, {"id": found.id}).one(), found.code)


def _as_part(row: Any, code: str) -> Thing:
    return Thing(
        Kind.PART,
        code,
        row.name,
        row.name,
        line=row.part_number,
        place=row.place or "",
        place_code=row.place_code or "",
        unit=row.unit,
        tracking=row.tracking,
        on_hand_milli=int(row.on_hand),
    )


def _parts_at(blind: Blindness) -> Any:
    if not blind:
        return _PARTS_AT
    return _PARTS_HERE.where(Part.active, or_(_AT_HOME, blind.hides(Part.id, _HERE)))


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


def _count(connection: Connection, found: Found) -> Thing | None:
    row = connection.execute(_COUNT, {"code": found.code}).first()
    if row is None or row.number is None:
        return None
    return Thing(Kind.COUNT, found.code, f"CC-{row.number}", row.name, line=row.name)


_READERS = {
    Kind.ASSET: _asset,
    Kind.LOCATION: _location,
    Kind.PART: _part,
    Kind.PERSON: _person,
}
