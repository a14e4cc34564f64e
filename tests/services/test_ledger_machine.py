"""Random histories against physical truth: late, wrong, repeated, carried, counted, voided.

The machine knows what is really in the bins. People record it early or late, once or twice, right
or wrong; they count (and look at the shelf before they submit); things vanish unrecorded. Whatever
the order of recording, once all is delivered, corrected, answered and posted, the books must equal
the shelf, and every invariant of `stockscan check` must hold.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from stockscan.services import checking, operations
from stockscan.services.work import reading
from stockscan.store.counts import CountLine, CountQuestion
from tests.cast import Cast, hire
from tests.shop import Shop

BINS = st.integers(0, 1)
SOME = st.integers(1, 5)


@dataclass
class Happened:
    """Something physical, and how it will be said to the server."""

    at_us: int
    said_at_us: int
    raw: dict[str, Any]
    right: int | None = None


class Machine(RuleBasedStateMachine):
    """One workshop with two bins of one part."""

    def __init__(self, cast: Cast) -> None:
        super().__init__()
        self.shop = Shop(cast)
        self.bins = [self.shop.bin(), self.shop.bin()]
        self.part, self.machine = self.shop.part(cost="2.50"), self.shop.asset()
        self.shelf = [0, 0]
        self.unrecorded_us = [0, 0]
        self.seen: dict[str, tuple[int, int]] = {}
        self.taken: dict[str, int] = {}
        self.carried: list[tuple[int, int, int]] = []
        self.pocket: list[Happened] = []
        self.applied: list[Happened] = []
        self.wrong: list[Happened] = []
        self.voided: set[str] = set()

    @rule(bin_=BINS, quantity=SOME, late=st.booleans(), slip=st.integers(0, 2))
    def receive(self, bin_: int, quantity: int, late: bool, slip: int) -> None:
        self.shelf[bin_] += quantity
        self._say("receive", late, quantity, slip, location=self.bins[bin_], unit_cost="3.10")

    @rule(bin_=BINS, quantity=SOME, late=st.booleans(), slip=st.integers(0, 2))
    def install(self, bin_: int, quantity: int, late: bool, slip: int) -> None:
        quantity = min(quantity, self.shelf[bin_])
        if quantity:
            self.shelf[bin_] -= quantity
            self._say("install", late, quantity, slip, location=self.bins[bin_], asset=self.machine)

    @rule(bin_=BINS, quantity=SOME, late=st.booleans())
    def transfer(self, bin_: int, quantity: int, late: bool) -> None:
        quantity = min(quantity, self.shelf[bin_])
        if quantity:
            self.shelf[bin_] -= quantity
            self.shelf[1 - bin_] += quantity
            self._say(
                "transfer",
                late,
                quantity,
                0,
                from_location=self.bins[bin_],
                to_location=self.bins[1 - bin_],
            )

    @rule(bin_=BINS, quantity=SOME)
    def take(self, bin_: int, quantity: int) -> None:
        """Take a part off the shelf and carry it, unscanned."""
        self.shop.wait()
        quantity = min(quantity, self.shelf[bin_])
        if quantity:
            self.shelf[bin_] -= quantity
            self.carried.append((bin_, quantity, self.shop.now_us))

    @precondition(lambda self: self.carried)
    @rule(late=st.booleans())
    def scan_at_the_machine(self, late: bool) -> None:
        """Scan the part that was taken first, whatever was counted meanwhile."""
        bin_, quantity, taken_us = self.carried.pop(0)
        self.shop.wait(30)
        self._say(
            "install",
            late,
            quantity,
            0,
            location=self.bins[bin_],
            asset=self.machine,
            carry_min=60,
            taken_us=taken_us,
        )

    @rule(bin_=BINS, quantity=SOME)
    def vanish(self, bin_: int, quantity: int) -> None:
        self.shop.wait()
        self.shelf[bin_] = max(0, self.shelf[bin_] - quantity)
        self.unrecorded_us[bin_] = self.shop.now_us

    @rule(bin_=BINS, late=st.booleans(), dither=st.integers(0, 20))
    def count(self, bin_: int, late: bool, dither: int) -> None:
        """Look at the shelf, then submit after some seconds; the window covers them."""
        self.shop.wait()
        looked_us = self.shop.now_us
        raw = {
            "location": self.bins[bin_],
            "quantity": self.shelf[bin_],
            "window_ms": dither * 1000,
        }
        self.shop.wait(dither)
        said = self._event("count", raw, looked_us)
        self.seen[said.raw["id"]] = (bin_, looked_us)
        self._keep_or_send(said, late)

    @precondition(lambda self: self.pocket)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        self.shop.wait()
        self._send(self.pocket.pop(data.draw(st.integers(0, len(self.pocket) - 1))))

    @precondition(lambda self: self.applied)
    @rule(data=st.data())
    def deliver_again(self, data: st.DataObject) -> None:
        self.shop.wait()
        again = self.applied[data.draw(st.integers(0, len(self.applied) - 1))]
        outcome = operations.apply(self.shop.context(), {**again.raw, "age_ms": 5})
        assert outcome.status == "duplicate"

    @precondition(lambda self: self.wrong)
    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        self._correct(self.wrong.pop(data.draw(st.integers(0, len(self.wrong) - 1))))

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        sent = sorted(self.seen.keys() & {event.raw["id"] for event in self.applied})
        if sent:
            chosen = sent[data.draw(st.integers(0, len(sent) - 1))]
            if chosen not in self.voided:
                self.voided.add(chosen)
                self.shop.ok("reverse", operation=chosen)

    @rule()
    def approve(self) -> None:
        self._answer_all()
        for count_id in self.seen:
            if any(event.raw["id"] == count_id for event in self.applied):
                self.shop.approve(count_id)

    def teardown(self) -> None:
        while self.carried:
            self.scan_at_the_machine(late=False)
        while self.pocket:
            self.shop.wait()
            self._send(self.pocket.pop())
        while self.wrong:
            self._correct(self.wrong.pop())
        self.approve()
        self.approve()
        for bin_, code in enumerate(self.bins):
            recounted = [
                looked
                for count_id, (counted_bin, looked) in self.seen.items()
                if counted_bin == bin_ and count_id not in self.voided
            ]
            if (
                self.unrecorded_us[bin_] <= max(recounted, default=0)
                or not (self.unrecorded_us[bin_])
            ):
                assert self.shop.on_hand(self.part, code) == self.shelf[bin_]
        assert checking.check(self.shop.context()) == []

    def _say(
        self,
        kind: str,
        late: bool,
        quantity: int,
        slip: int,
        taken_us: int | None = None,
        **values: Any,
    ) -> None:
        self.shop.wait()
        said = self._event(
            kind, {**values, "quantity": quantity + slip}, taken_us or self.shop.now_us
        )
        said.right = quantity if slip else None
        self._keep_or_send(said, late)

    def _event(self, kind: str, values: dict[str, Any], at_us: int) -> Happened:
        raw = {"id": str(uuid.uuid4()), "kind": kind, "part": self.part, **values}
        return Happened(at_us, self.shop.now_us, raw)

    def _keep_or_send(self, event: Happened, late: bool) -> None:
        self.taken[event.raw["id"]] = event.at_us
        if late:
            self.pocket.append(event)
        else:
            self._send(event)

    def _send(self, event: Happened) -> None:
        age = (self.shop.now_us - event.said_at_us) // 1000
        outcome = operations.apply(self.shop.context(), {**event.raw, "age_ms": age})
        assert outcome.status == "applied", outcome
        self.applied.append(event)
        if event.right is not None:
            self.wrong.append(event)
        self._answer_all()

    def _correct(self, event: Happened) -> None:
        """ "I recorded it wrong": take it back and say what was true, in its place."""
        self.shop.ok("reverse", operation=event.raw["id"])
        raw = {
            **event.raw,
            "id": str(uuid.uuid4()),
            "quantity": event.right,
            "corrects": event.raw["id"],
        }
        self.shop.wait()
        assert operations.apply(self.shop.context(), raw).status == "applied"
        self._answer_all()

    def _answer_all(self) -> None:
        """Answer every open question truly: people know when they looked and when they took."""
        for _ in range(20):
            with reading() as connection:
                rows = connection.execute(
                    select(CountQuestion.origin_id, CountQuestion.line_id, CountLine.operation_id)
                    .join(CountLine, CountLine.id == CountQuestion.line_id)
                    .where(CountQuestion.answer.is_(None))
                ).all()
            open_ = [row for row in rows if row.operation_id in self.seen]
            if not open_:
                return
            for row in open_:
                _, looked_us = self.seen[row.operation_id]
                side = "before" if self.taken[row.origin_id] <= looked_us else "after"
                self.shop.ok("retime", operation=row.origin_id, **{f"{side}_count": row.line_id})
        raise AssertionError("the questions never end")


@pytest.mark.slow
def test_books_equal_the_shelf(app: Flask, examples: Callable[[], int]) -> None:
    with app.app_context():
        cast = hire(app)
        run_state_machine_as_test(
            lambda: Machine(cast),
            settings=settings(
                max_examples=examples(),
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                print_blob=True,
            ),
        )


@pytest.fixture
def examples(request: pytest.FixtureRequest) -> Callable[[], int]:
    """How many histories to play: `--histories N`, few by default."""
    return lambda: int(request.config.getoption("--histories"))
