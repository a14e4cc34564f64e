"""A small workshop to play through: one call per thing made, moved, counted or taken back."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from stockscan.domain.codes import read
from stockscan.domain.counts.scope import Scope
from stockscan.domain.ledger import Key
from stockscan.services import counts, labels, operations
from stockscan.services.operations import Outcome
from stockscan.services.work import Context, reading
from stockscan.store.scanning import resolve
from stockscan.store.stock import Balance
from tests.cast import Cast, Player

SECOND = 1_000_000
OPENING = 1_700_000_000 * SECOND


def blanks(ctx: Context, number: int = 1) -> list[str]:
    """Labels that are on nothing yet; their codes."""
    made_us = labels.make_blanks(ctx, number, str(uuid.uuid4()))
    return labels.wanted_codes(ctx, labels.Wanted(batch_us=made_us))


@dataclass
class Shop:
    """Drives the services on a clock of its own; needs an app context around it."""

    cast: Cast
    now_us: int = OPENING
    made: int = 0
    outcomes: list[Outcome] = field(default_factory=list)

    def context(self, player: Player | None = None) -> Context:
        """A context now, by the admin unless someone is named."""
        actor = (player or self.cast.admin).actor
        return Context(actor, self.now_us, lambda: str(uuid.uuid4()))

    def wait(self, seconds: float = 1) -> None:
        """Let time pass."""
        self.now_us += int(seconds * SECOND)

    def do(self, kind: str, *, by: Player | None = None, **values: Any) -> Outcome:
        """Apply an operation a second later."""
        self.wait()
        raw = {"id": str(uuid.uuid4()), "kind": kind, **values}
        outcome = operations.apply(self.context(by), raw)
        self.outcomes.append(outcome)
        return outcome

    def ok(self, kind: str, *, by: Player | None = None, **values: Any) -> dict[str, Any]:
        """Apply an operation that must succeed; its result."""
        outcome = self.do(kind, by=by, **values)
        assert outcome.status == "applied", outcome
        return {**(outcome.result or {}), "operation": outcome.id}

    def make(self, kind: str, **values: Any) -> str:
        """Make a thing; its code."""
        self.wait()
        self.made += 1
        outcome = operations.create(
            self.context(), f"create_{kind}", {"id": str(uuid.uuid4()), **values}
        )
        assert outcome.result is not None, outcome
        return str(outcome.result["code"])

    def bin(self, name: str | None = None) -> str:
        """A new bin; its code."""
        return self.make("location", name=name or f"Bin {uuid.uuid4()}", kind_of_place="bin")

    def part(self, **values: Any) -> str:
        """A new part; its code."""
        number = values.pop("part_number", str(uuid.uuid4()))
        return self.make("part", **{"name": "Filter", "part_number": number, **values})

    def asset(self, **values: Any) -> str:
        """A new asset; its code."""
        return self.make("asset", **{"name": "Forklift", **values})

    def own_field(self, **values: Any) -> int:
        """A new field of the company's own, a text of assets unless said; its number."""
        self.wait()
        raw = {"id": str(uuid.uuid4()), "thing": "asset", "type": "text", **values}
        outcome = operations.create(self.context(), "create_field", raw)
        assert outcome.result is not None, outcome
        return int(outcome.result["field"])

    def approve(self, count_id: str, by: Player | None = None, **options: Any) -> dict[str, Any]:
        """Post a count that waits for review."""
        self.wait()
        return counts.post(self.context(by), count_id, approve=True, **options)

    def counted(self, **values: Any) -> dict[str, Any]:
        """Count and post whatever the variance."""
        result = self.ok("count", **values)
        if result["state"] != "POSTED":
            self.approve(result["count"])
        return result

    def plan(self, *bins: str, counters: tuple[Player, ...] = (), **values: Any) -> counts.Opened:
        """Open a count of these bins, for whoever comes unless counters are named."""
        self.wait()
        with reading() as connection:
            places = [resolve(connection, read(code)) for code in bins]
        scope = Scope(locations=tuple(place.id or 0 for place in places if place))
        people = tuple(player.id for player in counters)
        plan = counts.Plan(scope=scope, counters=people, **values)
        return counts.open_count(self.context(), str(uuid.uuid4()), plan)

    def key(self, part: str, location: str) -> Key:
        """The stock key of a part in a bin."""
        with reading() as connection:
            found = [resolve(connection, read(code)) for code in (part, location)]
        part_id, location_id = [thing.id if thing else None for thing in found]
        assert part_id is not None
        assert location_id is not None
        return Key(part_id, location_id)

    def on_hand(self, part: str, location: str, lot: str = "") -> int:
        """On hand in whole units, of one lot where the part has lots."""
        key = self.key(part, location)
        with reading() as connection:
            milli = connection.execute(
                select(Balance.quantity_milli).where(
                    Balance.part_id == key.part_id,
                    Balance.location_id == key.location_id,
                    Balance.lot == lot,
                )
            ).scalar()
        return (milli or 0) // 1000
