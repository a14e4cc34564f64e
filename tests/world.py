"""A workshop that knows what is really on its shelves, and people who record it badly.

They record early or late, once or twice, right or wrong; they look at a shelf before they submit
what they counted; they carry parts away before scanning them; things vanish unrecorded. `finish`
delivers, corrects, answers and posts everything: then the books must equal the shelves.
"""

import uuid
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from sqlalchemy import select

from stockscan.domain.counts import LineState
from stockscan.services import checking, operations
from stockscan.services.work import reading
from stockscan.store.counts import CountLine, CountQuestion
from tests.cast import Cast, Player
from tests.shop import Shop

# How often each thing happens in a random history; counting and lateness are what hurts.
HABITS: Final = {
    "receive": 4, "install": 5, "transfer": 2, "take": 2, "scan_taken": 3, "vanish": 2,
    "count": 6, "deliver": 6, "deliver_again": 1, "correct": 2, "void": 1, "approve": 2,
}  # fmt: skip


@dataclass
class Happened:
    """Something physical, and how it will be said to the server."""

    at_us: int
    said_at_us: int
    raw: dict[str, Any]
    right: int | None = None
    by: Player | None = None


class World:
    """One workshop with two bins of one part, on a shelf for each bin and lot.

    Without lots there is one shelf in each bin.
    """

    habits = HABITS

    def __init__(self, cast: Cast, lots: tuple[str, ...] = ("",)) -> None:
        self.shop = Shop(cast)
        self.lots = lots
        self.bins = [code for code in (self.shop.bin(), self.shop.bin()) for _ in lots]
        self.part = self.shop.part(cost="2.50", tracking="lot" if any(lots) else "none")
        self.machine = self.shop.asset()
        self.shelf = [0 for _ in self.bins]
        self.unrecorded_us = [0 for _ in self.bins]
        self.looked: dict[str, tuple[int, int]] = {}
        self.happened_us: dict[str, int] = {}
        self.carried: list[tuple[int, int, int]] = []
        self.pocket: list[Happened] = []
        self.applied: list[Happened] = []
        self.wrong: list[Happened] = []
        self.voided: set[str] = set()

    def play(self, random: Random, events: int, *, check: bool = True) -> None:
        """Let some things happen at random, then finish."""
        names, weights = list(self.habits), list(self.habits.values())
        for name in random.choices(names, weights, k=events):
            getattr(self, name)(random)
        self.finish(check=check)

    def receive(self, random: Random) -> None:
        bin_, quantity = random.randrange(len(self.shelf)), random.randint(1, 9)
        self.shelf[bin_] += quantity
        self._say("receive", random, quantity, unit_cost="3.10", **self._at(bin_))

    def install(self, random: Random) -> None:
        bin_, quantity = self._some(random)
        if quantity:
            self.shelf[bin_] -= quantity
            self._say("install", random, quantity, asset=self.machine, **self._at(bin_))

    def transfer(self, random: Random) -> None:
        bin_, quantity = self._some(random)
        if quantity:
            there = (bin_ + len(self.lots)) % len(self.shelf)
            self.shelf[bin_] -= quantity
            self.shelf[there] += quantity
            self._say("transfer", random, quantity, from_location=self.bins[bin_],
                      to_location=self.bins[there], **self._lot(bin_))  # fmt: skip

    def take(self, random: Random) -> None:
        """Take a part off the shelf and carry it, unscanned."""
        self.shop.wait()
        bin_, quantity = self._some(random)
        if quantity:
            self.shelf[bin_] -= quantity
            self.carried.append((bin_, quantity, self.shop.now_us))

    def scan_taken(self, random: Random) -> None:
        """Scan at the machine what was taken first, whatever was counted meanwhile."""
        if self.carried:
            bin_, quantity, taken_us = self.carried.pop(0)
            self.shop.wait(30)
            self._say("install", random, quantity, asset=self.machine, carry_min=60,
                      taken_us=taken_us, **self._at(bin_))  # fmt: skip

    def vanish(self, random: Random) -> None:
        """Something is lost, and nobody records it."""
        self.shop.wait()
        bin_, quantity = self._some(random)
        self.shelf[bin_] -= quantity
        self.unrecorded_us[bin_] = self.shop.now_us

    def count(self, random: Random) -> None:
        """Look at a shelf and submit after some seconds; the window covers them."""
        self.shop.wait()
        bin_, dither = random.randrange(len(self.shelf)), random.choice((0, 0, 1, 20))
        looked_us = self.shop.now_us
        raw = {**self._at(bin_), "quantity": self.shelf[bin_], "window_ms": dither * 1000}
        self.shop.wait(dither)
        if dither and random.random() < 0.7:
            self.install(random)
        said = self._event("count", raw, looked_us)
        self.looked[said.raw["id"]] = (bin_, looked_us)
        self._keep_or_send(said, random)

    def deliver(self, random: Random) -> None:
        """Something that was kept in a pocket reaches the server."""
        if self.pocket:
            self.shop.wait()
            self._send(self.pocket.pop(random.randrange(len(self.pocket))))

    def deliver_again(self, random: Random) -> None:
        """The network repeats something."""
        if self.applied:
            self.shop.wait()
            again = random.choice(self.applied)
            outcome = operations.apply(self.shop.context(again.by), {**again.raw, "age_ms": 5})
            assert outcome.status in {"duplicate", "attention"}

    def correct(self, random: Random) -> None:
        """Someone notices that they recorded the wrong number."""
        if self.wrong:
            self._correct(self.wrong.pop(random.randrange(len(self.wrong))))

    def void(self, random: Random) -> None:
        """A count is taken back."""
        sent = self._voidable()
        if sent:
            chosen = random.choice(sent)
            self.voided.add(chosen)
            self.shop.ok("reverse", operation=chosen)

    def approve(self, _random: Random | None = None) -> None:
        """Everything that was counted is posted."""
        self._answer_all()
        for count_id in self._standing():
            self.shop.approve(count_id)

    def finish(self, *, check: bool = True) -> None:
        """Deliver, correct, answer and post all; then the books must equal the shelves.

        `check` proves the whole ledger too, which takes the longer the more worlds there are.
        """
        honest = Random(0)
        while self.carried:
            self.scan_taken(honest)
        while self.pocket:
            self.shop.wait()
            self._send(self.pocket.pop())
        while self.wrong:
            self._correct(self.wrong.pop())
        self.approve()
        assert self.wrong_shelves() == []
        if check:
            assert checking.check(self.shop.context()) == []

    def wrong_shelves(self) -> list[tuple[int, int]]:
        """(booked, there) where the books should equal the shelf and do not.

        They should where nothing vanished after the last look that was booked.
        """
        booked = self._booked()
        wrong = []
        for bin_, code in enumerate(self.bins):
            looks = [
                looked_us
                for count_id, (counted_bin, looked_us) in self.looked.items()
                if counted_bin == bin_ and count_id in booked
            ]
            lot = self.lots[bin_ % len(self.lots)]
            on_hand = self.shop.on_hand(self.part, code, lot)
            if self.unrecorded_us[bin_] <= max(looks, default=0) and on_hand != self.shelf[bin_]:
                wrong.append((on_hand, self.shelf[bin_]))
        return wrong

    def _booked(self) -> set[str]:
        """The counts that are in the books."""
        with reading() as connection:
            return set(
                connection.execute(
                    select(CountLine.operation_id).where(
                        CountLine.state == LineState.POSTED,
                        CountLine.operation_id.in_(self.looked),
                    )
                ).scalars()
            )

    def _standing(self) -> list[str]:
        """The counts that the server knows and nobody has taken back, in the order of counting."""
        applied = {event.raw["id"] for event in self.applied}
        return [one for one in self.looked if one in applied and one not in self.voided]

    def _voidable(self) -> list[str]:
        """The counts that may be taken back."""
        return self._standing()

    def _at(self, shelf: int) -> dict[str, Any]:
        """The place and the lot of a shelf as fields of an operation."""
        return {"location": self.bins[shelf], **self._lot(shelf)}

    def _lot(self, shelf: int) -> dict[str, Any]:
        lot = self.lots[shelf % len(self.lots)]
        return {"lot": lot} if lot else {}

    def _some(self, random: Random) -> tuple[int, int]:
        bin_ = random.randrange(len(self.shelf))
        return bin_, min(random.randint(1, 5), self.shelf[bin_])

    def _say(
        self, kind: str, random: Random, quantity: int, taken_us: int | None = None, **values: Any
    ) -> None:
        self.shop.wait()
        slip = random.choice((0, 0, 0, 1, 2)) if kind != "transfer" else 0
        said = self._event(
            kind, {**values, "quantity": quantity + slip}, taken_us or self.shop.now_us
        )
        said.right = quantity if slip else None
        self._keep_or_send(said, random)

    def _event(self, kind: str, values: dict[str, Any], at_us: int) -> Happened:
        raw = {"id": str(uuid.uuid4()), "kind": kind, "part": self.part, **values}
        return Happened(at_us, self.shop.now_us, raw)

    def _keep_or_send(self, event: Happened, random: Random) -> None:
        self.happened_us[event.raw["id"]] = event.at_us
        if random.random() < 0.5:
            self.pocket.append(event)
        else:
            self._send(event)

    def _send(self, event: Happened) -> None:
        age = (self.shop.now_us - event.said_at_us) // 1000
        outcome = operations.apply(self.shop.context(event.by), {**event.raw, "age_ms": age})
        # A count whose session is over is kept as one of its own, and says so.
        assert outcome.status == "applied" or "count" in event.raw, outcome
        self.applied.append(event)
        if event.right is not None:
            self.wrong.append(event)
        self._answer_all()

    def _correct(self, event: Happened) -> None:
        """ "I recorded it wrong": take it back and say what was true, in its place."""
        self.shop.ok("reverse", operation=event.raw["id"])
        right = str(uuid.uuid4())
        raw = {**event.raw, "id": right, "quantity": event.right, "corrects": event.raw["id"]}
        self.happened_us[right] = event.at_us
        self.shop.wait()
        assert operations.apply(self.shop.context(), raw).status == "applied"
        self._answer_all()

    def _answer_all(self) -> None:
        """Answer every question truly: people know when they looked and when they took."""
        for _ in range(20):
            with reading() as connection:
                rows = connection.execute(
                    select(CountQuestion.origin_id, CountQuestion.line_id, CountLine.operation_id)
                    .join(CountLine, CountLine.id == CountQuestion.line_id)
                    .where(CountQuestion.answer.is_(None))
                    .order_by(CountQuestion.id)
                ).all()
            mine = [row for row in rows if row.operation_id in self.looked]
            mine = [row for row in mine if row.operation_id not in self.voided]
            if not mine:
                return
            for row in mine:
                _, looked_us = self.looked[row.operation_id]
                side = "before" if self.happened_us[row.origin_id] <= looked_us else "after"
                self.shop.ok("retime", operation=row.origin_id, **{f"{side}_count": row.line_id})
        raise AssertionError("the questions never end")
