"""Random histories against physical truth: the books must equal the shelf, whatever the order.

Two players of the same world: Hypothesis, which shrinks what it breaks, and plain seeded dice,
which play longer histories (without lots: in test_counts_machine.py, with planned counts too).
`--histories N` sets how many of each.
"""

from random import Random

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from stockscan.services import checking
from tests.cast import Cast, hire
from tests.shop import Shop
from tests.world import HABITS, World

EVENTS = 40


class Machine(RuleBasedStateMachine):
    """Hypothesis chooses what happens, and the dice with which it happens."""

    def __init__(self, cast: Cast) -> None:
        super().__init__()
        self.world = World(cast)

    @rule(
        habits=st.lists(st.sampled_from(sorted(HABITS)), min_size=3, max_size=12),
        random=st.randoms(use_true_random=False),
    )
    def some_things_happen(self, habits: list[str], random: Random) -> None:
        for habit in habits:
            getattr(self.world, habit)(random)

    def teardown(self) -> None:
        self.world.finish()


@pytest.fixture
def histories(request: pytest.FixtureRequest) -> int:
    """How many histories to play."""
    return int(request.config.getoption("--histories"))


def test_books_equal_the_shelf(app: Flask, histories: int) -> None:
    with app.app_context():
        cast = hire(app)
        run_state_machine_as_test(
            lambda: Machine(cast),
            settings=settings(
                max_examples=histories,
                stateful_step_count=6,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                print_blob=True,
            ),
        )


def test_books_equal_the_shelf_of_each_lot(app: Flask, histories: int) -> None:
    with app.app_context():
        cast = hire(app)
        for seed in range(histories // 2):
            World(cast, lots=("A", "B")).play(Random(seed), EVENTS, check=False)
        assert checking.check(Shop(cast).context()) == []
