"""An aisle that two people counted on their own: what a reviewer then has before them."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from stockscan.domain.counts.scope import Scope
from stockscan.services import counts
from stockscan.services.counts import Plan, Story
from stockscan.services.counts.reviewing import Review
from stockscan.store.counts.listed import Filters
from stockscan.store.counts.reviewing import Show
from tests.cast import Player
from tests.shop import Shop


@dataclass
class Aisle:
    """Bins of one area with parts in them, and one count of all that."""

    shop: Shop
    area: str = ""
    count_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    counts: list[tuple[str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.area = self.shop.make("location", name="Hall 1", kind_of_place="area")

    def bin(self, name: str) -> str:
        """A bin of the aisle."""
        return self.shop.make("location", name=name, kind_of_place="bin", parent=self.area)

    def stock(self, bin_: str, quantity: int, part: str = "", **values: Any) -> str:
        """A part with so many in a bin; its code."""
        part = part or self.shop.part(**values)
        self.shop.ok("receive", part=part, location=bin_, quantity=quantity)
        return part

    def open(self, *people: Player, **values: Any) -> None:
        """Open the count of the whole aisle."""
        self.shop.wait()
        inside = self.shop.key(self.shop.part(), self.area).location_id
        usual = {"posts_itself": False, "max_attempts": 1}
        plan = Plan(
            name="small parts",
            scope=Scope(locations=(inside,)),
            counters=tuple(person.id for person in people),
            **{**usual, **values},
        )
        counts.open_count(self.shop.context(self.shop.cast.supervisor), self.count_id, plan)

    def count(
        self, part: str, bin_: str, quantity: int, by: Player | None = None, **values: Any
    ) -> dict[str, Any]:
        """Count a part in a bin for this count, by the storekeeper unless somebody is named."""
        by = by or self.shop.cast.storekeeper
        where = {"count": self.count_id, "part": part, "location": bin_}
        return self.shop.ok("count", quantity=quantity, by=by, **where, **values)

    def count_all(self) -> None:
        """Count all that is noted to be counted, and submit."""
        for part, bin_, quantity in self.counts:
            self.count(part, bin_, quantity)
        self.submit()

    def submit(self) -> None:
        """Submit the whole count."""
        self.shop.wait()
        counts.submit(self.shop.context(self.shop.cast.supervisor), self.count_id)

    def review(self, show: Show | None = None, after: str = "", **filters: Any) -> Review:
        """The review as the supervisor sees it."""
        ctx = self.shop.context(self.shop.cast.supervisor)
        return counts.review(ctx, self.count_id, Filters(show, **filters), after)

    def story(self, of: str = "", by: Player | None = None) -> Story:
        """The story of the line to decide whose place is called so (of the first, if not said)."""
        rows = self.review(Show.DECIDE, place=of).rows
        return counts.story(self.shop.context(by or self.shop.cast.supervisor), rows[0].id)


def pins(shop: Shop) -> Aisle:
    """Four pins lie next door to where the books have them; 2 were used between two counts."""
    aisle, cast = Aisle(shop), shop.cast
    here, there, other = (aisle.bin(name) for name in ("C-04-2", "C-04-3", "D-01-6"))
    pin = aisle.stock(here, 18, name="Fork pin", cost="11.50")
    aisle.stock(there, 6, pin)
    tie = aisle.stock(other, 100, name="Cable tie", cost="0.60")
    shop.wait(86_400)
    truck = shop.asset(name="Forklift", tag="FL-02")
    aisle.open(cast.storekeeper, cast.technician, independent=True)
    for part, bin_, quantity in ((pin, here, 14), (pin, there, 10), (tie, other, 100)):
        aisle.count(part, bin_, quantity)
    shop.wait(3600)
    shop.ok("install", part=pin, location=here, asset=truck, quantity=2, by=cast.technician)
    shop.wait(3600)
    for part, bin_, quantity in ((pin, here, 12), (pin, there, 10), (tie, other, 100)):
        aisle.count(part, bin_, quantity, cast.technician)
    aisle.submit()
    return aisle
