"""The workshop of `tests.world`, where people also count by plan: sheets, recounts, reviews.

Planned counts overlap each other and ad hoc counts; they are submitted early, booked late, some
lines wait for a second look, some counts are called off.
"""

import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Final

from sqlalchemy import select

from stockscan.domain.counts import ENDED, LineState, SessionState
from stockscan.domain.counts.scope import Scope
from stockscan.domain.errors import Conflict
from stockscan.services import counts
from stockscan.services.counts.plans import Plan
from stockscan.services.work import reading
from stockscan.store.counts import CountLine, CountSession
from tests.cast import Cast, Player
from tests.world import HABITS, World

MOST_COUNTS: Final = 3
PLANNED_HABITS: Final = {
    **HABITS,
    "plan": 2, "count_by_plan": 7, "submit": 2, "book": 2, "order_recount": 1, "reject": 1,
    "call_off": 1,
}  # fmt: skip


@dataclass
class Planned:
    """A planned count as the people in it know it."""

    id: str
    counters: list[Player] = field(default_factory=list)


class CountingWorld(World):
    """A workshop with planned counts besides the ad hoc ones."""

    habits = PLANNED_HABITS

    def __init__(self, cast: Cast, lots: tuple[str, ...] = ("",)) -> None:
        super().__init__(cast, lots)
        self.planned: list[Planned] = []

    def plan(self, random: Random) -> None:
        """Somebody wants one or both bins counted, by whoever comes or by people named."""
        if len(self.planned) >= MOST_COUNTS:
            return
        self.shop.wait()
        cast = self.shop.cast
        team = random.choice(([], [cast.technician], [cast.technician, cast.storekeeper]))
        bins = random.sample(sorted(set(self.bins)), random.choice((1, 2)))
        plan = Plan(
            scope=Scope(
                locations=tuple(self.shop.key(self.part, code).location_id for code in bins)
            ),
            counters=tuple(player.id for player in team),
            independent=len(team) == 2 and random.random() < 0.3,
            max_attempts=random.choice((1, 2, 3)),
            posts_itself=random.random() < 0.4,
        )
        planned = Planned(str(uuid.uuid4()), team or [cast.technician, cast.storekeeper])
        if self._has_stock(bins):
            counts.open_count(self.shop.context(), planned.id, plan)
            self.planned.append(planned)

    def count_by_plan(self, random: Random) -> None:
        """Look at a shelf for a planned count; the phone may tell later, or after it is over."""
        if not self.planned:
            return
        planned = random.choice(self.planned)
        self.shop.wait()
        shelf, looked_us = random.randrange(len(self.shelf)), self.shop.now_us
        dither = random.choice((0, 0, 1, 20))
        raw = {**self._at(shelf), "quantity": self.shelf[shelf], "window_ms": dither * 1000,
               "count": planned.id}  # fmt: skip
        self.shop.wait(dither)
        if dither and random.random() < 0.7:
            self.install(random)
        said = self._event("count", raw, looked_us)
        said.by = random.choice(planned.counters)
        self.looked[said.raw["id"]] = (shelf, looked_us)
        self._keep_or_send(said, random)

    def submit(self, random: Random) -> None:
        """A counter hands the own sheet in, or somebody the whole count."""
        if self.planned:
            self.shop.wait()
            planned = random.choice(self.planned)
            mine = random.random() < 0.6
            by = random.choice(planned.counters) if mine else self.shop.cast.storekeeper
            counts.submit(self.shop.context(by), planned.id, mine=mine)

    def book(self, random: Random) -> None:
        """What is accepted is booked, or all that was judged."""
        if self.planned:
            self._answer_all()
            self.shop.wait()
            approve = random.random() < 0.5
            counts.post(self.shop.context(), random.choice(self.planned).id, approve=approve)

    def order_recount(self, random: Random) -> None:
        """A reviewer does not believe a line."""
        lines = self._lines_to_decide()
        if lines:
            self.shop.wait()
            count_id, line_id = random.choice(lines)
            counts.order_recount(self.shop.context(), count_id, [line_id])

    def reject(self, random: Random) -> None:
        """A reviewer says that a line was counted wrong."""
        lines = self._lines_to_decide()
        if lines:
            self.shop.wait()
            count_id, line_id = random.choice(lines)
            counts.reject_lines(self.shop.context(), count_id, [line_id], cause="other")

    def call_off(self, random: Random) -> None:
        """A count is cancelled; what its people still have in their pockets comes all the same."""
        if self.planned and random.random() < 0.5:
            self.shop.wait()
            planned = random.choice(self.planned)
            # One that is booked as a whole is over, and says so.
            with suppress(Conflict):
                counts.cancel(self.shop.context(), planned.id)
                self.planned.remove(planned)

    def approve(self, _random: Random | None = None) -> None:
        """Everything that was counted is posted, by plan or not."""
        self._answer_all()
        for count_id in self._ad_hoc():
            self.shop.approve(count_id)
        for planned in self.planned:
            self.shop.wait()
            counts.submit(self.shop.context(), planned.id)
            self.shop.wait()
            counts.post(self.shop.context(), planned.id, approve=True)

    def finish(self, *, check: bool = True) -> None:
        """As in every workshop; and each count is over, with nothing left that might be booked."""
        super().finish(check=check)
        with reading() as connection:
            left = connection.execute(
                select(CountLine.state, CountSession.state)
                .join(CountSession, CountSession.id == CountLine.session_id)
                .where(
                    CountSession.id.in_([planned.id for planned in self.planned]),
                    CountLine.state.not_in(ENDED),
                )
            ).all()
            cancelled = connection.execute(
                select(CountLine.id)
                .join(CountSession, CountSession.id == CountLine.session_id)
                .where(
                    CountSession.state == SessionState.CANCELLED,
                    CountLine.state == LineState.POSTED,
                    CountLine.posted_us > CountSession.ended_us,
                )
            ).all()
        # What is to be counted again may stay open: nobody goes there in this world.
        assert {state for state, _ in left} <= {"PENDING", "COUNTING", "NEEDS_RECOUNT"}, left
        assert cancelled == []

    def _ad_hoc(self) -> list[str]:
        """The ad hoc counts, and those that came after their count was over."""
        standing = self._standing()
        with reading() as connection:
            known = connection.execute(
                select(CountSession.id).where(CountSession.id.in_(standing))
            ).scalars()
            return sorted(known, key=standing.index)

    def _voidable(self) -> list[str]:
        """Without those that were counted again since: that one is taken back first."""
        standing = self._standing()
        with reading() as connection:
            known = connection.execute(
                select(CountLine.operation_id).where(CountLine.operation_id.in_(standing))
            ).scalars()
            return sorted(set(known), key=standing.index)

    def _lines_to_decide(self) -> list[tuple[str, int]]:
        with reading() as connection:
            rows = connection.execute(
                select(CountLine.session_id, CountLine.id)
                .where(
                    CountLine.session_id.in_([planned.id for planned in self.planned]),
                    CountLine.state == LineState.NEEDS_REVIEW,
                )
                .order_by(CountLine.id)
            ).all()
        return [(row.session_id, row.id) for row in rows]

    def _has_stock(self, bins: list[str]) -> bool:
        """Whether a plan over these bins holds anything to count."""
        return any(self.shelf[n] > 0 for n, code in enumerate(self.bins) if code in bins)
