"""The page of a part: where it lies, what it fits, who supplies it, what happened to it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.barcodes import printed
from stockscan.domain.codes import Kind
from stockscan.domain.figures import format_cost, format_percent, format_quantity
from stockscan.services.parts.listing import line_json
from stockscan.services.work import Context, reading
from stockscan.store import edits, fields, files
from stockscan.store.catalogue import history, supplies
from stockscan.store.catalogue import parts as queries
from stockscan.store.catalogue.history import Line
from stockscan.store.catalogue.parts import Fitted, Lying, PartRow
from stockscan.store.catalogue.supplies import Offer, Substitute
from stockscan.store.counts.blindness import blindness
from stockscan.store.edits import Edited, Thing
from stockscan.store.files import Attached
from stockscan.store.installs.used import OnModel, on_models
from stockscan.store.maintenance.kits import HeldFor, held_for
from stockscan.store.scanning import thing_called

MOVES = 50
EDITS = 20


@dataclass(frozen=True, slots=True)
class PartPage:
    """Everything on one part's page; `older` continues its movements, None at the end.

    `fitted` are the lots and serials that are installed somewhere now; `kept` is for which jobs
    some of it is kept or picked; `offers` begin with the usual supplier's.
    """

    part: PartRow
    lying: list[Lying]
    fitted: list[Fitted]
    kept: list[HeldFor]
    uses: list[OnModel]
    offers: list[Offer]
    substitutes: list[Substitute]
    barcodes: list[str]
    custom: dict[str, str]
    attachments: list[Attached]
    edits: list[Edited]
    moves: list[Line]
    older: int | None


def part_page(ctx: Context, reference: str, *, before: int | None = None) -> PartPage:
    """One part by any reference; `before` is the seq of the last movement already shown.

    Raises `NotFound`.
    """
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        return _page_of(connection, part_id_of(connection, reference), actor, before)


def part_id_of(connection: Connection, reference: str) -> int:
    """The number of the part that a reference stands for. Raises `NotFound`."""
    return thing_called(connection, reference, Kind.PART).id


def _page_of(
    connection: Connection, part_id: int, actor: Actor, before: int | None = None
) -> PartPage:
    """The page of the part with this number."""
    blind = blindness(connection, actor)
    [row] = queries.hide_worth(connection, blind, [queries.part(connection, part_id)])
    moves = history.moves_of_part(connection, part_id, blind, before=before, limit=MOVES + 1)
    return PartPage(
        part=row,
        lying=queries.lying(connection, part_id, blind),
        fitted=queries.fitted(connection, part_id) if row.tracking != "none" else [],
        kept=[] if row.on_hand_milli is None else held_for(connection, part_id),
        uses=on_models(connection, part_id),
        offers=offers_of(connection, row),
        substitutes=supplies.substitutes(connection, part_id, blind),
        barcodes=[printed(text) for text in queries.barcodes(connection, row.code)],
        custom=fields.texts(fields.definitions(connection, "part", row.category), row.custom),
        attachments=files.attachments_of(connection, "part", part_id),
        edits=edits.edits_of(connection, Thing("part", part_id), limit=EDITS),
        moves=history.lines_for(actor, moves[:MOVES]),
        older=moves[MOVES - 1].seq if len(moves) > MOVES else None,
    )


def offers_of(connection: Connection | Session, row: PartRow) -> list[Offer]:
    """What every supplier of a part asks, the usual one first."""
    others = supplies.further_offers(connection, row.id)
    if row.supplier is None:
        return others
    price_e4, pack_milli = row.list_cost_e4 or None, row.pack_milli
    number, days = row.supplier_part_number, row.lead_time_days
    return [Offer(row.supplier, number, price_e4, pack_milli, days, usual=True), *others]


def part_json(page: PartPage) -> dict[str, Any]:
    """A part as the API shows it; a reference is the code of the other thing."""
    row = page.part
    reorder_milli, level_bp = row.reorder_quantity_milli, row.service_level_bp
    return {
        **line_json(row),
        "category": row.category,
        "manufacturer": row.manufacturer,
        "manufacturer_part_number": row.manufacturer_part_number,
        "supplier_part_number": row.supplier_part_number,
        "pack": format_quantity(row.pack_milli),
        "lead_time_days": row.lead_time_days,
        "reorder_quantity": None if reorder_milli is None else format_quantity(reorder_milli),
        "safety_stock": format_quantity(row.safety_milli),
        "service_level": None if level_bp is None else format_percent(level_bp),
        "tracking": row.tracking,
        "stocked": row.stocked,
        "abc_class": row.abc_class,
        "class_by_hand": row.class_by_hand,
        "notes": row.notes,
        "custom": page.custom,
        "active": row.active,
        "barcodes": page.barcodes,
        "suppliers": [_offer_json(offer) for offer in page.offers],
        "substitutes": [_substitute_json(other) for other in page.substitutes],
        "balances": [_balance_json(at) for at in page.lying],
        "models": [
            {
                "model": use.name,
                "place": use.place,
                "quantity": format_quantity(use.quantity_milli),
                "assets_in_service": use.assets,
            }
            for use in page.uses
        ],
    }


def _offer_json(offer: Offer) -> dict[str, Any]:
    return {
        "supplier": offer.supplier,
        "number": offer.number,
        "price": None if offer.price_e4 is None else format_cost(offer.price_e4),
        "pack": format_quantity(offer.pack_milli),
        "lead_time_days": offer.lead_time_days,
        "usual": offer.usual,
    }


def _substitute_json(other: Substitute) -> dict[str, Any]:
    return {
        "part": other.code,
        "part_number": other.part_number,
        "name": other.name,
        "on_hand": None if other.on_hand_milli is None else format_quantity(other.on_hand_milli),
        "note": other.note,
    }


def _balance_json(at: Lying) -> dict[str, Any]:
    return {
        "location": at.code,
        "location_name": at.name,
        "lot": at.lot,
        "serial": at.serial,
        "expires_on": at.expires_on.isoformat() if at.expires_on else None,
        "quantity": None if at.quantity_milli is None else format_quantity(at.quantity_milli),
        "hidden": at.quantity_milli is None,
    }
