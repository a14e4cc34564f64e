"""Who supplies a part, at what price, and what may be used instead of it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid, NotFound
from stockscan.domain.figures import MILLI, format_cost, format_quantity
from stockscan.domain.operations import Op
from stockscan.services.parts.editing import called, part_texts
from stockscan.services.parts.page import offers_of
from stockscan.services.work import Context
from stockscan.store import edits, goods, suppliers
from stockscan.store.catalogue import parts as queries
from stockscan.store.catalogue import supplies
from stockscan.store.catalogue.parts import PartRow
from stockscan.store.catalogue.supplies import Offer
from stockscan.store.locks import hold_part
from stockscan.store.parts import Part, PartSubstitute

# What a supplier asks, on the part itself for the usual one and in a row of its own for others.
_ON_PART = {
    "number": "supplier_part_number",
    "price": "list_cost_e4",
    "pack": "pack_milli",
    "lead_time_days": "lead_time_days",
}
_ON_ROW = {
    "number": "number",
    "price": "price_e4",
    "pack": "pack_milli",
    "lead_time_days": "lead_time_days",
}
_EMPTY = {"number": "", "price": None, "pack": MILLI, "lead_time_days": None}


def set_supplier_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Note what a supplier asks for a part; `usual` makes them the one that is bought from.

    The first supplier of a part is its usual one. Who was usual before stays a supplier.
    """

    def change(row: PartRow) -> None:
        supplier = suppliers.supplier_id(session, op["supplier"])
        said = _said(op)
        if supplier == _usual_id(session, row.id):
            _set_on_part(session, row.id, said)
        elif row.supplier is None or op["usual"]:
            _make_usual(session, row, supplier, said)
        else:
            values = {_ON_ROW[name]: value for name, value in said.items()}
            suppliers.keep(session, row.id, supplier, values)

    return _changed(ctx, session, op, change)


def remove_supplier_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Forget that somebody supplies a part; what the part costs by the books stays.

    Raises `NotFound` for who does not supply it.
    """

    def change(row: PartRow) -> None:
        supplier = suppliers.find_supplier(session, op["supplier"])
        if supplier is not None and supplier == _usual_id(session, row.id):
            gone = {"supplier_id": None, "supplier_part_number": "", "lead_time_days": None}
            _update(session, row.id, gone)
        elif supplier is not None and suppliers.further(session, row.id, supplier):
            suppliers.drop(session, row.id, supplier)
        else:
            message = f"{op['supplier']} is no supplier of {row.name}."
            raise NotFound(message, field="supplier", code="unknown_reference")

    return _changed(ctx, session, op, change)


def set_substitute(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Let each of two parts stand in for the other; said again, the note alone changes."""

    def change(row: PartRow) -> None:
        pair = _pair(session, row.id, op)
        # Somebody may say the same of the other part; who holds one only waits for a lower one.
        hold_part(session, pair[0])
        kept = session.get(PartSubstitute, pair) or PartSubstitute(
            part_id=pair[0], substitute_id=pair[1]
        )
        kept.note = op["note"] or ""
        session.add(kept)
        session.flush()

    return _changed_pair(ctx, session, op, change)


def remove_substitute(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """No longer let two parts stand in for each other. Raises `NotFound` where they don't."""

    def change(row: PartRow) -> None:
        first, second = _pair(session, row.id, op)
        gone = (
            delete(PartSubstitute)
            .where(PartSubstitute.part_id == first, PartSubstitute.substitute_id == second)
            .returning(PartSubstitute.part_id)
        )
        if session.execute(gone).first() is None:
            message = (
                f"These two do not stand in for each other: {row.name} has no such substitute."
            )
            raise NotFound(message, field="substitute", code="unknown_reference")

    return _changed_pair(ctx, session, op, change)


def _changed(
    ctx: Context, session: Session, op: Op, change: Callable[[PartRow], None]
) -> dict[str, Any]:
    """Make a change around a part and keep what it changed; how the part is called."""
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    part_id = goods.find(session, Kind.PART, "part", op["part"])
    hold_part(session, part_id)
    row = queries.part(session, part_id)
    before = _texts(session, row)
    change(row)
    after = _texts(session, queries.part(session, part_id))
    edits.record(session, op, edits.Thing("part", part_id), actor.person_id, before, after)
    return called(row.code, row.part_number, row.name)


def _changed_pair(
    ctx: Context, session: Session, op: Op, change: Callable[[PartRow], None]
) -> dict[str, Any]:
    """Like `_changed`, and the other part of the pair remembers it too."""
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    other = goods.find(session, Kind.PART, "substitute", op["substitute"])
    before = _texts(session, queries.part(session, other))
    shown = _changed(ctx, session, op, change)
    after = _texts(session, queries.part(session, other))
    edits.record(session, op, edits.Thing("part", other), actor.person_id, before, after)
    return shown


def _said(op: Op) -> dict[str, Any]:
    """What the operation says of the supplier's offer; an emptied field as it is kept."""
    given = {name: op.fields[name] for name in _EMPTY if name in op.fields}
    return {name: _EMPTY[name] if value == "" else value for name, value in given.items()}


def _make_usual(session: Session, row: PartRow, supplier: int, said: dict[str, Any]) -> None:
    """Put a supplier and what they ask on the part; who stood there becomes a further one.

    Without a price of their own the part's cost by the books stays what it was.
    """
    usual, kept = _usual_id(session, row.id), suppliers.further(session, row.id, supplier)
    offer = {name: getattr(kept, column) for name, column in _ON_ROW.items()} if kept else {}
    if usual is not None:
        theirs = {column: getattr(row, _ON_PART[name]) for name, column in _ON_ROW.items()}
        suppliers.keep(session, row.id, usual, {**theirs, "price_e4": row.list_cost_e4 or None})
        offer = {**_EMPTY, **offer}
    suppliers.drop(session, row.id, supplier)
    _update(session, row.id, {"supplier_id": supplier})
    _set_on_part(session, row.id, {**offer, **said})


def _set_on_part(session: Session, part_id: int, said: dict[str, Any]) -> None:
    columns = {_ON_PART[name]: value for name, value in said.items()}
    if columns.get("list_cost_e4", 0) is None:
        del columns["list_cost_e4"]
    _update(session, part_id, columns)


def _update(session: Session, part_id: int, columns: dict[str, Any]) -> None:
    if columns:
        statement = update(Part).where(Part.id == part_id).values(**columns)
        session.execute(statement.execution_options(synchronize_session=False))


def _usual_id(session: Session, part_id: int) -> int | None:
    return session.scalar(select(Part.supplier_id).where(Part.id == part_id))


def _pair(session: Session, part_id: int, op: Op) -> tuple[int, int]:
    """The two parts in the order in which their pair stands once."""
    other = goods.find(session, Kind.PART, "substitute", op["substitute"])
    if other == part_id:
        raise Invalid("A part can't stand in for itself. Choose another one.", field="substitute")
    return min(part_id, other), max(part_id, other)


def _texts(session: Session, row: PartRow) -> dict[str, str]:
    """What an edit around a part may change, as people read it."""
    others = supplies.substitutes(session, row.id)
    return {
        **part_texts(row),
        "suppliers": "; ".join(_offer_text(offer) for offer in offers_of(session, row)),
        "substitutes": ", ".join(f"{other.part_number} {other.note}".strip() for other in others),
    }


def _offer_text(offer: Offer) -> str:
    price = f" at {format_cost(offer.price_e4)}" if offer.price_e4 is not None else ""
    pack = f", pack {format_quantity(offer.pack_milli)}" if offer.pack_milli != MILLI else ""
    days = f", {offer.lead_time_days} days" if offer.lead_time_days is not None else ""
    return f"{offer.supplier} {offer.number}".strip() + price + pack + days
