"""What to order again because little is left, the most urgent first."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.purchasing.reordering import point_milli
from stockscan.services.purchasing.figured import Reorder, figured, keeping_bp, least_of
from stockscan.services.work import Context, reading
from stockscan.store.counts.blindness import blindness, hidden_parts
from stockscan.store.purchasing import using
from stockscan.store.purchasing.available import usable
from stockscan.store.purchasing.coming import coming
from stockscan.store.purchasing.leads import assumed_leads
from stockscan.store.settings import Settings, load

# As many as one page explains; the rest is counted.
SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class ReorderList:
    """The parts to order again, the most urgent first; `more` are not shown.

    `hidden` are left out because the reader counts them blind, whether they are due or not.
    """

    rows: list[Reorder]
    more: int
    hidden: int
    settings: Settings
    keeping_bp: int


def reorder_list(ctx: Context, part_ids: Collection[int] | None = None) -> ReorderList:
    """The parts that are at their reorder point or below; these parts in any case, if named."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        settings = load(connection)
        hidden = hidden_parts(connection, blindness(connection, actor), part_ids)
        if part_ids is None:
            due = sorted(_due(connection, ctx.today, settings))
            wanted = [part_id for _, part_id in due if part_id not in hidden]
        else:
            wanted = [part_id for part_id in part_ids if part_id not in hidden]
        shown = wanted if part_ids is not None else wanted[:SHOWN]
        keeping = keeping_bp(connection, settings)
        rows = figured(connection, ctx.today, settings, keeping, shown)
        return ReorderList(rows, len(wanted) - len(shown), len(hidden), settings, keeping)


def _due(connection: Connection, today: date, settings: Settings) -> Iterator[tuple[float, int]]:
    """How many days each part that is due lasts, and the part.

    The same comparison as `Reorder.is_due`, without all that is not needed for it.
    """
    left = usable(connection, today)
    for line in coming(connection):
        left[line.part_id] = left.get(line.part_id, 0) + line.left_milli
    found = using.watched(connection, today)
    unknown = {each.part_id: each.supplier_id for each in found if each.lead_days is None}
    leads, came = assumed_leads(connection, settings, unknown), using.deliveries(connection)
    for each in found:
        position, point, daily = left.get(each.part_id, 0), each.own_point_milli, 0.0
        if each.used is not None and each.used.daily:
            lead = each.lead_days if each.lead_days is not None else leads[each.part_id].days
            use = using.use_of(each.used, came.get(each.part_id), lead)
            daily = use.daily
            if point is None:
                service_bp = each.service_level_bp or settings.service_level_bp
                point = point_milli(use, service_bp, least_of(each.unit))
        if point is not None and position <= point:
            yield (position / 1000 / daily if daily else float("inf")), each.part_id
