"""Bringing new parts into the books, and changing what they say about one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.errors import RuleBroken
from stockscan.domain.fields import Field
from stockscan.domain.figures import MILLI, format_cost, format_percent, format_quantity
from stockscan.domain.operations import Op
from stockscan.services.parts.page import part_id_of
from stockscan.services.work import Context, reading
from stockscan.store import edits, fields, goods, linking, suppliers
from stockscan.store.catalogue import parts as queries
from stockscan.store.catalogue.parts import PartRow
from stockscan.store.counts.blindness import Blindness, blindness
from stockscan.store.locks import hold_part
from stockscan.store.parts import Part
from stockscan.store.scanning import Found
from stockscan.store.stock import Movement
from stockscan.store.unique import insert_unique, update_unique

# The fields that a column holds as they are, and what an empty one means there.
_COLUMNS: Final[dict[str, tuple[str, Any]]] = {
    "name": ("name", ""),
    "part_number": ("part_number", ""),
    "unit": ("unit", "pcs"),
    "category": ("category", ""),
    "manufacturer": ("manufacturer", ""),
    "manufacturer_part_number": ("manufacturer_part_number", ""),
    "supplier_part_number": ("supplier_part_number", ""),
    "cost": ("list_cost_e4", 0),
    "pack": ("pack_milli", MILLI),
    "lead_time_days": ("lead_time_days", None),
    "reorder_point": ("reorder_point_milli", None),
    "reorder_quantity": ("reorder_quantity_milli", None),
    "safety_stock": ("safety_milli", 0),
    "service_level": ("service_level_bp", None),
    "stocked": ("stocked", True),
    "tracking": ("tracking", "none"),
    "notes": ("notes", ""),
    "active": ("active", True),
}
_TAKEN: Final = "The part number {} belongs to another part. Choose another part number."


@dataclass(frozen=True, slots=True)
class Editable:
    """A part, what people may edit of it as they read it, and the version that this is."""

    part: PartRow
    texts: dict[str, str]
    version: int


def create_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Bring a new part into the books; a supplier that is not known yet is added.

    Says how the part is called.
    """
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    code = linking.own_code(session, op, Kind.PART, ctx.now_us)
    columns = {**_columns(op, _COLUMNS), **_references(session, op, ("location", "supplier"))}
    columns.update(_class(op))
    columns["custom"] = fields.check(session, "part", columns["category"], op["custom"])
    statement = insert(Part).values(code=code, created_us=ctx.now_us, **columns)
    taken = _TAKEN.format(op["part_number"])
    part_id = insert_unique(session, statement, taken=taken, field="part_number")
    made = Found(Kind.PART, part_id, code, op["name"])
    linking.link_new(session, op, made, ctx.now_us, "barcode", "alias")
    return called(code, op["part_number"], op["name"])


def edit_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Change what the books say about a part; stock and movements stay as they are.

    Raises `RuleBroken` for another way of tracking or another unit than it has moved under, and
    for putting a part out of use while there is some.
    """
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    part_id = goods.find(session, Kind.PART, "part", op["part"])
    hold_part(session, part_id)
    before = queries.part(session, part_id)
    _refuse_unnamed(session, op)
    _check_rules(session, op, before, blindness(session, actor))
    columns = {**_columns(op, op.fields), **_references(session, op, op.fields)}
    columns.update(_class(op) if "abc_class" in op.fields else {})
    if op["custom"]:
        category = columns.get("category", before.category)
        columns["custom"] = fields.check(session, "part", category, op["custom"], before.custom)
    taken = _TAKEN.format(op["part_number"])
    update_unique(session, Part, part_id, columns, taken=taken, field="part_number")
    if columns.get("supplier_id") is not None:
        suppliers.drop(session, part_id, columns["supplier_id"])
    after = queries.part(session, part_id)
    own = fields.every(session, "part")
    texts = part_texts(before, own), part_texts(after, own)
    edits.record(session, op, edits.Thing("part", part_id), actor.person_id, *texts)
    return called(after.code, after.part_number, after.name)


def editable(ctx: Context, reference: str) -> Editable:
    """What a form that changes a part is filled from. Raises `NotFound`."""
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    with reading() as connection:
        row = queries.part(connection, part_id_of(connection, reference))
        own = fields.every(connection, "part")
        version = edits.version(connection, edits.Thing("part", row.id))
    return Editable(row, part_texts(row, own), version)


def part_texts(row: PartRow, own: Iterable[Field] = ()) -> dict[str, str]:
    """What people may edit of a part, as they read it; `own` are the company's own fields."""
    level = row.service_level_bp
    return {
        "name": row.name,
        "part_number": row.part_number,
        "unit": row.unit,
        "cost": format_cost(row.list_cost_e4) if row.list_cost_e4 else "",
        "location": row.location or "",
        "supplier": row.supplier or "",
        "supplier_part_number": row.supplier_part_number,
        "category": row.category,
        "manufacturer": row.manufacturer,
        "manufacturer_part_number": row.manufacturer_part_number,
        "pack": format_quantity(row.pack_milli),
        "lead_time_days": "" if row.lead_time_days is None else str(row.lead_time_days),
        "reorder_point": _quantity(row.reorder_point_milli),
        "reorder_quantity": _quantity(row.reorder_quantity_milli),
        "safety_stock": _quantity(row.safety_milli or None),
        "service_level": format_percent(level) if level is not None else "",
        "abc_class": row.abc_class if row.class_by_hand else "",
        "stocked": "yes" if row.stocked else "no",
        "tracking": row.tracking,
        "notes": row.notes,
        "active": "yes" if row.active else "no",
        **fields.texts(own, row.custom),
    }


def called(code: str, number: str, name: str) -> dict[str, Any]:
    """How a part is called, as the answer of what made or changed it."""
    return {"code": code, "part_number": number, "name": name, "url": f"/parts/{code}"}


def _columns(op: Op, names: Iterable[str]) -> dict[str, Any]:
    """The columns of these fields; what is not given, or empty, is what an empty field means."""
    columns = {}
    for name in names:
        if name in _COLUMNS:
            column, empty = _COLUMNS[name]
            columns[column] = empty if op[name] in (None, "") else op[name]
    return columns


def _class(op: Op) -> dict[str, Any]:
    """A class that is given is by hand and stays; without one it follows the part's usage."""
    given = op["abc_class"]
    return {"abc_class": given, "class_by_hand": True} if given else {"class_by_hand": False}


def _references(session: Session, op: Op, names: Iterable[str]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if "location" in names:
        place = op["location"]
        home = goods.find(session, Kind.LOCATION, "location", place) if place else None
        columns["default_location_id"] = home
    if "supplier" in names:
        supplier = op["supplier"]
        columns["supplier_id"] = suppliers.supplier_id(session, supplier) if supplier else None
    return columns


def _refuse_unnamed(session: Session, op: Op) -> None:
    given = {name: op[name] for name in ("name", "part_number") if op[name]}
    linking.refuse_labels(session, given)


def _check_rules(session: Session, op: Op, row: PartRow, blind: Blindness) -> None:
    if op["tracking"] is not None and (op["tracking"] or "none") != row.tracking:
        _refuse_tracking(session, row, blind)
    if op["unit"] is not None and (op["unit"] or "pcs").lower() != row.unit.lower():
        _refuse_unit(session, row)
    if op["active"] is False and row.active:
        _refuse_leftovers(session, row, blind)


def _refuse_tracking(session: Session, row: PartRow, blind: Blindness) -> None:
    marked = Movement.lot + Movement.serial != ""
    if _moved(session, row.id, marked):
        message = (
            f"{row.name} has moved by {row.tracking} already, and that stays in the books. Make a"
            " new part that is tracked the other way, and put this one out of use."
        )
        raise RuleBroken(message, code="has_marks", field="tracking")
    lying = queries.lying(session, row.id, blind)
    if lying:
        message = (
            f"There is stock of it: {_where(row, lying)}. Issue it, change how it is tracked, and"
            " receive it again."
        )
        raise RuleBroken(message, code="has_stock", field="tracking")


def _refuse_unit(session: Session, row: PartRow) -> None:
    if _moved(session, row.id):
        message = (
            f"It has moved in {row.unit} already, and 5 {row.unit} would become 5 of the other"
            " unit. Make a new part with that unit, and put this one out of use."
        )
        raise RuleBroken(message, code="has_moved", field="unit")


def _refuse_leftovers(session: Session, row: PartRow, blind: Blindness) -> None:
    lying = queries.lying(session, row.id, blind)
    if lying:
        message = f"There is still {_where(row, lying)}. Issue, scrap or count it to zero first."
        raise RuleBroken(message, code="has_stock", field="active")


def _moved(session: Session, part_id: int, *conditions: Any) -> bool:
    first = select(Movement.seq).where(Movement.part_id == part_id, *conditions).limit(1)
    return session.execute(first).first() is not None


def _where(row: PartRow, lying: list[queries.Lying]) -> str:
    """Where the part lies, the first places by name: "8 pcs in B-12-3"."""
    said = [f"{_amount(row, at)} in {at.name}" for at in lying[:3]]
    return ", ".join(said) + (f" and {len(lying) - 3} more" if len(lying) > 3 else "")


def _amount(row: PartRow, at: queries.Lying) -> str:
    """How much of it lies there, as far as who edits may know: what they count may be some."""
    milli = at.quantity_milli
    return "some that you count" if milli is None else f"{format_quantity(milli)} {row.unit}"


def _quantity(quantity_milli: int | None) -> str:
    return "" if quantity_milli is None else format_quantity(quantity_milli)
