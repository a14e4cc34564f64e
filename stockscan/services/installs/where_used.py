"""Where a part is used: models and machines that list it, and what it went into lately."""

from dataclasses import dataclass

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.services.work import Context, reading
from stockscan.store.counts.blindness import blindness, hidden_parts
from stockscan.store.installs import used
from stockscan.store.installs.used import InstallRow, OnAsset, OnModel
from stockscan.store.scanning import thing_called

# As many machines with lists of their own, and as many installs, as the page shows.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class PartUse:
    """Where a part is used; what it went into is None while who reads counts the part blind."""

    code: str
    name: str
    models: list[OnModel]
    assets: list[OnAsset]
    installs: list[InstallRow] | None


def part_use(ctx: Context, reference: str) -> PartUse:
    """Where a part is used. Raises `NotFound`."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        found = thing_called(connection, reference, Kind.PART)
        hidden = hidden_parts(connection, blindness(connection, actor), [found.id])
        return PartUse(
            found.code,
            found.name,
            used.on_models(connection, found.id),
            used.on_assets(connection, found.id, limit=SHOWN),
            None if hidden else used.last_installs(connection, found.id, limit=SHOWN),
        )
