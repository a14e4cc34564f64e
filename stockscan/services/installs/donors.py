"""From which machine a part can be taken when there is none in stock."""

from dataclasses import dataclass

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind, read
from stockscan.domain.errors import NotFound
from stockscan.services.work import Context, reading
from stockscan.store.catalogue import assets as queries
from stockscan.store.catalogue.assets import AssetRow
from stockscan.store.counts.blindness import blindness, hidden_parts
from stockscan.store.installs.donors import Donor, donors
from stockscan.store.scanning import asset_called, resolve

# As many machines as the page shows.
SHOWN = 30


@dataclass(frozen=True, slots=True)
class DonorPage:
    """A machine in need of a part; `donors` is None while who reads counts that part blind."""

    asset: AssetRow
    part: str
    part_name: str
    donors: list[Donor] | None


def donor_page(ctx: Context, reference: str, part: str) -> DonorPage:
    """Where a part for an asset can be taken from. Raises `NotFound`."""
    actor = require(ctx.actor, Permission.PART_INSTALL)
    with reading() as connection:
        row = queries.asset(connection, asset_called(connection, reference))
        found = resolve(connection, read(part), (Kind.PART,))
        if found is None or found.id is None:
            raise NotFound
        hidden = hidden_parts(connection, blindness(connection, actor), [found.id])
        known = None if hidden else donors(connection, row.id, found.id, limit=SHOWN)
    return DonorPage(row, found.code, found.name, known)
