"""My sheets as a phone carries them, to go on counting without a network."""

from typing import Any, Final

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import NotFound
from stockscan.domain.operations import is_id
from stockscan.services.work import Context, reading
from stockscan.store.counts import carried, sheets
from stockscan.store.counts.sheets import BinRow, CountRow
from stockscan.store.screen import location_title

MOST_SHEETS: Final = 50
BINS_A_PAGE: Final = 200


def my_sheets(ctx: Context) -> list[dict[str, Any]]:
    """The running counts of parts in which something is left for me, without their lines.

    `version` is another one as soon as something else is left: then a phone reads the sheet anew.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)
    with reading() as connection:
        rows = sheets.counts_of(connection, actor.person_id, MOST_SHEETS)
        return [
            {**_head(row), "version": carried.mark(connection, row.id, actor.person_id)}
            for row in rows
            if row.things == "parts"
        ]


def my_sheet(ctx: Context, count_id: str, *, begin: int) -> dict[str, Any]:
    """A page of the bins in which something is left for me, from the walking order `begin` on.

    Each bin has its parts, by label code and lot, in the order in which they are asked for. `more`
    is where the next page begins, null at the end. Raises `NotFound`.
    """
    actor = require(ctx.actor, Permission.COUNT_RECORD)
    with reading() as connection:
        row = sheets.count_row(connection, count_id) if is_id(count_id) else None
        if row is None or row.number is None:
            raise NotFound("There is no such count.")
        me = actor.person_id
        progress = sheets.progress(connection, row.id, me)
        bins = sheets.bin_rows(connection, row.id, me, after=begin - 1, limit=BINS_A_PAGE)
        undone = [bin_ for bin_ in bins if not bin_.is_done]
        places = [bin_.location_id for bin_ in undone]
        lines: dict[int, list[tuple[str, str]]] = {place: [] for place in places}
        for line in carried.lines_left(connection, row.id, me, places):
            lines[line.location_id].append((line.part, line.lot))
        version = carried.mark(connection, row.id, me)
    return {
        **_head(row),
        "version": version,
        "bins_in_all": progress.bins,
        "bins": [_bin(bin_, lines[bin_.location_id]) for bin_ in undone],
        "more": bins[-1].order + 1 if len(bins) == BINS_A_PAGE else None,
    }


def _head(row: CountRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "title": f"CC-{row.number}",
        "name": row.name,
        "blind": row.blind,
    }


def _bin(row: BinRow, lines: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "code": row.code,
        "title": location_title(row.name, row.kind),
        "area": row.area,
        "order": row.order,
        "lines": lines,
    }
