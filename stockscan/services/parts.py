"""Parts: lists, the page of one, and bringing new ones into the books."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.barcodes import printed
from stockscan.domain.codes import Kind, read
from stockscan.domain.errors import Conflict, NotFound
from stockscan.domain.figures import MILLI, format_cost, format_money, format_quantity
from stockscan.domain.operations import Op
from stockscan.services.work import Context, reading
from stockscan.store import goods, linking
from stockscan.store.catalogue import history
from stockscan.store.catalogue import parts as queries
from stockscan.store.catalogue.history import Line
from stockscan.store.catalogue.parts import Fitted, Lying, PartRow, Use
from stockscan.store.parts import Part, Supplier
from stockscan.store.scanning import Found, resolve
from stockscan.store.unique import insert_unique

PAGE = 50
MOVES = 50


@dataclass(frozen=True, slots=True)
class PartList:
    """One page of parts; `next` is the cursor of the following page, "" at the end."""

    rows: list[PartRow]
    counts: dict[str, int]
    next: str


@dataclass(frozen=True, slots=True)
class PartPage:
    """Everything on one part's page; `older` continues its movements, None at the end.

    `fitted` are the lots and serials that are installed somewhere now.
    """

    part: PartRow
    lying: list[Lying]
    fitted: list[Fitted]
    uses: list[Use]
    barcodes: list[str]
    moves: list[Line]
    older: int | None


def part_list(
    ctx: Context, *, low: bool = False, text: str = "", after: str = "", limit: int = PAGE
) -> PartList:
    """A page of parts by part number; `low` are those at or below their reorder point."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        rows = queries.parts(connection, low=low, text=text, after=after, limit=limit + 1)
        counts = queries.part_counts(connection)
    return PartList(rows[:limit], counts, rows[limit - 1].code if len(rows) > limit else "")


def part_page(ctx: Context, reference: str, *, before: int | None = None) -> PartPage:
    """One part by any reference; `before` is the seq of the last movement already shown.

    Raises `NotFound`.
    """
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        found = resolve(connection, read(reference), (Kind.PART,))
        if found is None or found.id is None:
            raise NotFound
        return _page(connection, found.id, actor, before)


def create_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Bring a new part into the books; a supplier that is not known yet is added."""
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    number = op["part_number"]
    code = linking.own_code(session, op, Kind.PART, ctx.now_us)
    statement = insert(Part).values(
        code=code, created_us=ctx.now_us, **_values(op), **_references(session, op)
    )
    taken = f"The part number {number} belongs to another part. Choose another part number."
    part_id = insert_unique(session, statement, taken=taken, field="part_number")
    made = Found(Kind.PART, part_id, code, op["name"])
    linking.link_new(session, op, made, ctx.now_us, "barcode", "alias")
    return part_json(_page(session, part_id, actor, None))


def part_json(page: PartPage) -> dict[str, Any]:
    """A part as the API shows it; a reference is the code of the other thing."""
    row = page.part
    return {
        **line_json(row),
        "category": row.category,
        "manufacturer": row.manufacturer,
        "manufacturer_part_number": row.manufacturer_part_number,
        "supplier_part_number": row.supplier_part_number,
        "pack": format_quantity(row.pack_milli),
        "lead_time_days": row.lead_time_days,
        "reorder_quantity": _quantity(row.reorder_quantity_milli),
        "tracking": row.tracking,
        "stocked": row.stocked,
        "abc_class": row.abc_class,
        "active": row.active,
        "barcodes": page.barcodes,
        "balances": [
            {
                "location": at.code,
                "location_name": at.name,
                "lot": at.lot,
                "serial": at.serial,
                "expires_on": at.expires_on.isoformat() if at.expires_on else None,
                "quantity": format_quantity(at.quantity_milli),
            }
            for at in page.lying
        ],
        "models": [
            {"model": use.name, "place": use.place, "quantity": format_quantity(use.quantity_milli)}
            for use in page.uses
        ],
    }


def line_json(row: PartRow) -> dict[str, Any]:
    """A part as the lists of the API show it."""
    return {
        "code": row.code,
        "url": f"/parts/{row.code}",
        "part_number": row.part_number,
        "name": row.name,
        "unit": row.unit,
        "location": row.location_code,
        "location_name": row.location,
        "supplier": row.supplier,
        "cost": format_cost(row.list_cost_e4),
        "average_cost": format_cost(row.average_e4),
        "value": format_money(row.value_e4),
        "on_hand": format_quantity(row.on_hand_milli),
        "reorder_point": _quantity(row.reorder_point_milli),
    }


def _page(
    connection: Connection | Session, part_id: int, actor: Actor, before: int | None
) -> PartPage:
    row = queries.part(connection, part_id)
    moves = history.moves_of_part(connection, part_id, before=before, limit=MOVES + 1)
    return PartPage(
        part=row,
        lying=queries.lying(connection, part_id),
        fitted=queries.fitted(connection, part_id) if row.tracking != "none" else [],
        uses=queries.uses(connection, part_id),
        barcodes=[printed(text) for text in queries.barcodes(connection, row.code)],
        moves=history.lines_for(actor, moves[:MOVES]),
        older=moves[MOVES - 1].seq if len(moves) > MOVES else None,
    )


def _values(op: Op) -> dict[str, Any]:
    return {
        "name": op["name"],
        "part_number": op["part_number"],
        "unit": op["unit"] or "pcs",
        "category": op["category"] or "",
        "manufacturer": op["manufacturer"] or "",
        "manufacturer_part_number": op["manufacturer_part_number"] or "",
        "supplier_part_number": op["supplier_part_number"] or "",
        "list_cost_e4": op["cost"] or 0,
        "pack_milli": op["pack"] or MILLI,
        "lead_time_days": op["lead_time_days"],
        "reorder_point_milli": op["reorder_point"],
        "reorder_quantity_milli": op["reorder_quantity"],
        "abc_class": op["abc_class"] or "C",
        "stocked": op["stocked"] is not False,
        "tracking": op["tracking"] or "none",
    }


def _references(session: Session, op: Op) -> dict[str, Any]:
    location, supplier = op["location"], op["supplier"]
    return {
        "default_location_id": (
            goods.find(session, Kind.LOCATION, "location", location) if location else None
        ),
        "supplier_id": _supplier_id(session, supplier) if supplier else None,
    }


def _supplier_id(session: Session, name: str) -> int:
    known = select(Supplier.id).where(func.lower(Supplier.name) == name.lower())
    supplier_id = session.scalar(known)
    if supplier_id is not None:
        return supplier_id
    try:
        statement = insert(Supplier).values(name=name)
        return insert_unique(session, statement, taken="", field="supplier")
    except Conflict:
        return session.scalars(known).one()


def _quantity(quantity_milli: int | None) -> str | None:
    return None if quantity_milli is None else format_quantity(quantity_milli)
