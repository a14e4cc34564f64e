"""What the picture of a counted record shows of what went before."""

from stockscan.store.counts.stories import Attempt
from stockscan.web.counts.drawing import worth_drawing

FOURTEEN = Attempt(1, "NEEDS_REVIEW", 1, "Marco Silva", 300, 14_000, 18_000, None)


def test_what_was_far_from_the_differences_is_left_out() -> None:
    steps = [(0, 0), (100, 22_000), (200, 18_000), (400, 16_000)]
    assert worth_drawing(steps, [FOURTEEN]) == steps[1:]


def test_all_is_shown_where_the_differences_stay_visible() -> None:
    steps = [(0, 20_000), (100, 22_000), (200, 18_000)]
    assert worth_drawing(steps, [FOURTEEN]) == steps


def test_what_followed_is_always_shown() -> None:
    steps = [(0, 18_000), (400, 1_000_000)]
    assert worth_drawing(steps, [FOURTEEN]) == steps
