"""Everything that happened to an asset, newest first and by the page."""

from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.services.work import Context, reading
from stockscan.store.catalogue import assets as queries
from stockscan.store.catalogue import history, timeline
from stockscan.store.catalogue.assets import AssetRow
from stockscan.store.catalogue.history import Line
from stockscan.store.scanning import asset_called

PAGE = 50


@dataclass(frozen=True, slots=True)
class History:
    """A page of an asset's timeline; `older` is the cursor of the next one, "" at the end."""

    asset: AssetRow
    lines: list[Line]
    older: str


def asset_history(ctx: Context, reference: str, before: str = "") -> History:
    """A page of what happened to an asset before the cursor. Raises `NotFound`, `Invalid`."""
    actor = require(ctx.actor, Permission.READ)
    moment = timeline.moment(before) if before else None
    with reading() as connection:
        row = queries.asset(connection, asset_called(connection, reference))
        lines, older = lines_of(connection, row.id, actor, before=moment, limit=PAGE)
    return History(row, lines, older)


def lines_of(
    connection: Connection | Session,
    asset: int,
    actor: Actor,
    *,
    before: timeline.Moment | None = None,
    limit: int,
) -> tuple[list[Line], str]:
    """As many lines as the actor reads at once, and the cursor of those before them."""
    rows = timeline.timeline(connection, asset, before=before, limit=limit + 1)
    older = timeline.moment_of(rows[limit - 1]).text if len(rows) > limit else ""
    return history.lines_for(actor, rows[:limit]), older
