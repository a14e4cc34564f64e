"""Parts as lists ask for them: low ones, by category, supplier, way of tracking, words."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select

from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid
from stockscan.store.catalogue.listing.keyset import (
    Order,
    capped,
    has_text,
    order_of,
    page_of_ids,
    rows_of,
)
from stockscan.store.catalogue.paging import Query
from stockscan.store.catalogue.parts import PartRow, hide_worth, part_rows
from stockscan.store.counts.blindness import SEEING, Blindness
from stockscan.store.parts import Part, PartWorth, Supplier, SupplierPart

_ON_HAND: Final = func.coalesce(
    select(PartWorth.quantity_milli).where(PartWorth.part_id == Part.id).scalar_subquery(), 0
)
_SHOWN: Final[dict[str, tuple[Any, ...]]] = {
    "all": (Part.active,),
    "low": (Part.active, Part.reorder_point_milli >= _ON_HAND),
    "out": (Part.active, Part.stocked, _ON_HAND <= 0),
    "inactive": (~Part.active,),
}
# What these show tells how much there is.
_TELLING: Final = ("low", "out")
_SORTS: Final = {"number": func.lower(Part.part_number), "name": func.lower(Part.name)}
TRACKING: Final = ("none", "lot", "serial")


@dataclass(frozen=True, slots=True)
class PartFilters:
    """Which parts a list shows; "" is no filter.

    `show` is all, low (no more than the reorder point), out (nothing there) or inactive; `supplier`
    is a name, `tracking` none, lot or serial, `text` words in any order.
    """

    show: str = "all"
    category: str = ""
    supplier: str = ""
    tracking: str = ""
    text: str = ""


def part_ids(connection: Connection, asked: PartFilters, blind: Blindness = SEEING) -> Select[int]:
    """The ids of all parts that the filters let through, in no order. Raises `Invalid`.

    What is hidden is neither low nor out.
    """
    if asked.show not in _SHOWN:
        raise Invalid(f"show must be one of {', '.join(_SHOWN)}.", field="show")
    query = select(Part.id).where(*_shown(asked.show, blind))
    if asked.category:
        query = query.where(func.lower(Part.category) == asked.category.strip().lower())
    if asked.supplier:
        query = query.where(_from(asked.supplier))
    if asked.tracking:
        if asked.tracking not in TRACKING:
            raise Invalid(f"tracking must be one of {', '.join(TRACKING)}.", field="tracking")
        query = query.where(Part.tracking == asked.tracking)
    return query.where(*has_text(connection, Kind.PART, asked.text, Part))


def part_query(connection: Connection, asked: PartFilters, sort: str = "number") -> Query:
    """All parts that the filters let through, sorted, as `PartRow`s: for exports."""
    chosen = part_rows().where(Part.id.in_(part_ids(connection, asked).correlate(None)))
    return part_order(sort).sort(chosen)


def part_page(
    connection: Connection,
    query: Select[int],
    order: Order,
    after: str,
    limit: int,
    blind: Blindness = SEEING,
) -> list[PartRow]:
    """One page of these parts and one more; `after` is the code of the last one shown."""
    ids = page_of_ids(connection, query, order, after, limit)
    rows = rows_of(connection, PartRow, part_rows(), Part, ids)
    return hide_worth(connection, blind, rows)


def part_codes(connection: Connection, query: Select[int], order: Order, limit: int) -> list[str]:
    """The codes of the first of these parts."""
    some = order.sort(query.with_only_columns(Part.code)).limit(limit)
    return list(connection.execute(some).scalars())


def part_counts(connection: Connection, blind: Blindness = SEEING) -> dict[str, int]:
    """How many parts each way of showing them has; 1001 stands for more than 1000."""
    counted = [capped(select(Part.id).where(*_shown(show, blind))) for show in _SHOWN]
    return dict(zip(_SHOWN, connection.execute(select(*counted)).one(), strict=True))


def part_order(sort: str) -> Order:
    """The order of a list of parts. Raises `Invalid` for a sort that there is not."""
    return order_of(Part, _SORTS, sort)


def _shown(show: str, blind: Blindness) -> tuple[Any, ...]:
    """The conditions of a way of showing parts."""
    hidden = (~blind.hides_part(Part.id),) if blind and show in _TELLING else ()
    return (*_SHOWN[show], *hidden)


def _from(supplier: str) -> Any:
    """Bought from this supplier, as the usual one or as another."""
    wanted = func.lower(Supplier.name) == supplier.strip().lower()
    ids = select(Supplier.id).where(wanted)
    others = select(SupplierPart.part_id).where(SupplierPart.supplier_id.in_(ids))
    return Part.supplier_id.in_(ids) | Part.id.in_(others)
