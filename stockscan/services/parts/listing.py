"""The list of parts: by any of its filters, sorted, by the page, and all codes that match."""

from dataclasses import dataclass
from typing import Any

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.figures import format_cost, format_money, format_quantity
from stockscan.services.work import Context, reading
from stockscan.store.catalogue.listing import parts as queries
from stockscan.store.catalogue.listing.keyset import count, settled
from stockscan.store.catalogue.listing.parts import PartFilters
from stockscan.store.catalogue.parts import PartRow
from stockscan.store.counts.blindness import blindness

PAGE = 50


@dataclass(frozen=True, slots=True)
class PartList:
    """One page of parts; `next` is the cursor of the following page, "" at the end.

    `counts` are how many each way of showing has, `total` how many these filters let through: at
    most 1001, which stands for more than 1000. `is_sorted` is false where too many have the words.
    """

    rows: list[PartRow]
    counts: dict[str, int]
    total: int
    next: str
    is_sorted: bool = True


def part_list(
    ctx: Context, *, sort: str = "number", after: str = "", limit: int = PAGE, **asked: str
) -> PartList:
    """A page of parts; `asked` are the fields of `PartFilters`, `after` the last one's code.

    Raises `Invalid`, with the field, for what can't be asked.
    """
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        blind = blindness(connection, actor)
        chosen = queries.part_ids(connection, PartFilters(**asked), blind)
        wanted = queries.part_order(sort)
        order = settled(connection, Kind.PART, asked.get("text", ""), wanted)
        rows = queries.part_page(connection, chosen, order, after, limit, blind)
        counts = queries.part_counts(connection, blind)
        total = count(connection, chosen)
    following = rows[limit - 1].code if len(rows) > limit else ""
    return PartList(rows[:limit], counts, total, following, order is wanted)


def part_codes(ctx: Context, *, limit: int, sort: str = "number", **asked: str) -> list[str]:
    """The codes of the first parts of a list, as many as `limit`. Raises like `part_list`."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        blind = blindness(connection, actor)
        chosen = queries.part_ids(connection, PartFilters(**asked), blind)
        return queries.part_codes(connection, chosen, queries.part_order(sort), limit)


def line_json(row: PartRow) -> dict[str, Any]:
    """A part as the lists of the API show it; what is hidden from who reads is null."""
    reorder_milli = row.reorder_point_milli
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
        "average_cost": None if row.average_e4 is None else format_cost(row.average_e4),
        "value": None if row.value_e4 is None else format_money(row.value_e4),
        "on_hand": None if row.on_hand_milli is None else format_quantity(row.on_hand_milli),
        "hidden": row.on_hand_milli is None,
        "reorder_point": None if reorder_milli is None else format_quantity(reorder_milli),
    }
