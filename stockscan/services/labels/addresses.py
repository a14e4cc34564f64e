"""Labels on things that carry another address of this server than the one of today."""

from dataclasses import dataclass
from typing import Final

from stockscan.domain.access import Permission, require
from stockscan.services.labels.naming import label_names
from stockscan.services.labels.papers import LabelSetup
from stockscan.services.work import Context, reading
from stockscan.store.catalogue import label_addresses as store
from stockscan.store.catalogue.label_addresses import OldAddress

# Named one by one on the page; all of them are printed anew at once.
MOST_NAMED: Final = 100


@dataclass(frozen=True, slots=True)
class OldLabels:
    """The old addresses with how many labels carry each, and the first of the things by name."""

    addresses: list[OldAddress]
    things: list[tuple[str, str]]

    @property
    def total(self) -> int:
        """How many things carry an old address."""
        return sum(each.labels for each in self.addresses)


def old_addresses(ctx: Context, setup: LabelSetup) -> list[OldAddress]:
    """Every old address that things in use carry; none where nobody has said today's."""
    require(ctx.actor, Permission.LABEL_PRINT)
    if not setup.public_url:
        return []
    with reading() as connection:
        return store.old_addresses(connection, setup.public_url)


def old_labels(ctx: Context, setup: LabelSetup) -> OldLabels:
    """The same with the things themselves: code and name, as they were printed."""
    addresses = old_addresses(ctx, setup)
    if not addresses:
        return OldLabels([], [])
    with reading() as connection:
        codes = store.codes_with_old_address(connection, setup.public_url, MOST_NAMED)
        names = label_names(connection, codes)
    return OldLabels(addresses, [(code, names[code]) for code in codes])
