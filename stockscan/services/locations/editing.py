"""Setting up places, changing what the books say of one, and moving it with all inside it."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind, shown
from stockscan.domain.errors import RuleBroken
from stockscan.domain.operations import Op
from stockscan.services.locations.page import location_id_of
from stockscan.services.locations.placing import outer_place, refuse_move
from stockscan.services.work import Context, reading
from stockscan.store import edits, goods, limits, linking
from stockscan.store.assets import Asset
from stockscan.store.catalogue import locations as queries
from stockscan.store.catalogue.locations import LocationRow
from stockscan.store.locations import Location
from stockscan.store.locks import hold_place, hold_tree
from stockscan.store.scanning import Found
from stockscan.store.stock import Balance
from stockscan.store.unique import insert_unique, update_unique

# The fields that a column holds as they are, and what an empty one means there.
_COLUMNS: Final[dict[str, tuple[str, Any]]] = {
    "name": ("name", ""),
    "kind_of_place": ("kind", "bin"),
    "notes": ("notes", ""),
    "count_interval_days": ("count_interval_days", None),
    "active": ("active", True),
}


@dataclass(frozen=True, slots=True)
class Editable:
    """A place, what people may edit of it as they read it, and the version that this is."""

    location: LocationRow
    texts: dict[str, str]
    version: int


def create_location(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Set up a site, an area or a bin, inside another place or on its own; says how it is called.

    Raises `RuleBroken` for a place inside a bin, and for more than 20 places inside one another.
    """
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    hold_tree(session)
    parent = outer_place(session, actor, op)
    code = linking.own_code(session, op, Kind.LOCATION, ctx.now_us)
    statement = insert(Location).values(
        code=code,
        name=op["name"],
        kind=op["kind_of_place"],
        parent_id=parent.id if parent else None,
        notes=op["notes"] or "",
        count_interval_days=op["count_interval_days"],
        created_us=ctx.now_us,
    )
    location_id = insert_unique(session, statement, taken="", field="name")
    made = Found(Kind.LOCATION, location_id, code, op["name"])
    linking.link_new(session, op, made, ctx.now_us, "alias")
    return _called(code, op["name"])


def edit_location(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Change what the books say about a place; another `parent` moves it with all inside it.

    Labels stay true: they carry the code, not the way to the place. Raises `RuleBroken` for what
    would make the tree a ring, too deep, or have places inside a bin, and for putting a place out
    of use that is not empty.
    """
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    hold_tree(session)
    location_id = goods.find(session, Kind.LOCATION, "location", op["location"])
    limits.refuse_outside(session, actor, [location_id])
    before = queries.location(session, location_id)
    columns = {
        column: empty if op[name] == "" else op[name]
        for name, (column, empty) in _COLUMNS.items()
        if name in op.fields
    }
    if "parent" in op.fields:
        parent = outer_place(session, actor, op)
        refuse_move(session, before, parent)
        columns["parent_id"] = parent.id if parent else None
    _check_rules(session, op, before)
    update_unique(session, Location, location_id, columns, taken="", field="name")
    after = queries.location(session, location_id)
    texts = _told(before, after), _told(after, before)
    edits.record(session, op, edits.Thing("location", location_id), actor.person_id, *texts)
    return _called(after.code, after.name)


def editable(ctx: Context, reference: str) -> Editable:
    """What a form that changes a place is filled from. Raises `NotFound`."""
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    with reading() as connection:
        row = queries.location(connection, location_id_of(connection, reference))
        version = edits.version(connection, edits.Thing("location", row.id))
    return Editable(row, location_texts(row), version)


def location_texts(row: LocationRow) -> dict[str, str]:
    """What people may edit of a place, as they read it."""
    return {
        "name": row.name,
        "kind_of_place": row.kind,
        "parent": row.parent or "",
        "notes": row.notes,
        "count_interval_days": str(row.count_interval_days or ""),
        "active": "yes" if row.active else "no",
    }


def _called(code: str, name: str) -> dict[str, Any]:
    return {"code": code, "name": name, "url": f"/locations/{code}"}


def _told(row: LocationRow, other: LocationRow) -> dict[str, str]:
    """The texts of a place as its history keeps them: two places of one name with their codes."""
    texts = location_texts(row)
    if row.parent_code and row.parent == other.parent and row.parent_code != other.parent_code:
        texts["parent"] = f"{row.parent} {shown(row.parent_code)}"
    return texts


def _check_rules(session: Session, op: Op, row: LocationRow) -> None:
    if op["name"]:
        linking.refuse_labels(session, {"name": op["name"]})
    kind = op["kind_of_place"] or row.kind
    if kind == "bin" and row.kind != "bin":
        _refuse_inner_places(session, row)
    if kind != "bin" and row.kind == "bin":
        hold_place(session, row.id)
        _refuse_stock(session, row, "kind_of_place", "stays a bin")
    if op["active"] is False and row.active:
        hold_place(session, row.id)
        _refuse_contents(session, row)
    if op["active"] and not row.active and row.parent_code and "parent" not in op.fields:
        _refuse_unused_parent(session, row)


def _refuse_inner_places(session: Session, row: LocationRow) -> None:
    inside = _count(session, Location.id, Location.parent_id == row.id)
    if inside:
        message = f"{_places(inside)} inside {row.name}, and nothing stands inside a bin."
        raise RuleBroken(f"{message} Move them out first.", code="not_empty", field="kind_of_place")


def _refuse_stock(session: Session, row: LocationRow, field: str, stays: str) -> None:
    lying = _count(
        session, Balance.part_id, Balance.location_id == row.id, Balance.quantity_milli != 0
    )
    if lying:
        what, them = ("1 part lies", "it") if lying == 1 else (f"{lying} parts lie", "them")
        message = f"{what} in {row.name}, so it {stays}. Move {them} to another bin first."
        raise RuleBroken(message, code="not_empty", field=field)


def _refuse_contents(session: Session, row: LocationRow) -> None:
    _refuse_stock(session, row, "active", "stays in use")
    here = (Asset.location_id == row.id) | (Asset.custodian_location_id == row.id)
    assets = _count(session, Asset.id, here, Asset.status.in_(("in_service", "down")))
    if assets:
        what, them = ("1 asset stands", "it") if assets == 1 else (f"{assets} assets stand", "them")
        message = f"{what} in {row.name}. Move {them} to another place first."
        raise RuleBroken(message, code="not_empty", field="active")
    inside = _count(session, Location.id, Location.parent_id == row.id, Location.active)
    if inside:
        message = f"{_places(inside)} inside {row.name}. Move them out, or put them out of use."
        raise RuleBroken(message, code="not_empty", field="active")


def _refuse_unused_parent(session: Session, row: LocationRow) -> None:
    used = select(Location.active).where(Location.code == row.parent_code)
    if not session.scalar(used):
        message = f"{row.parent}, where it stands, is out of use. Choose another place for it."
        raise RuleBroken(message, code="unused_parent", field="parent")


def _places(number: int) -> str:
    return "1 place stands" if number == 1 else f"{number} places stand"


def _count(session: Session, column: Any, *conditions: Any) -> int:
    return session.execute(
        select(func.count(func.distinct(column))).where(*conditions)
    ).scalar_one()
