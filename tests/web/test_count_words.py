"""The words of a count's review."""

import pytest

from stockscan.domain.counts.causes import Cause
from stockscan.web.counts import words


@pytest.mark.parametrize(
    ("variance_milli", "unit", "off", "state"),
    [
        (-4_000, "pcs", "4 fewer", "4 short"),
        (4_000, "ea", "4 more", "4 over"),
        (-2_500, "m", "2.5 m less", "2.5 m short"),
        (0, "pcs", "the same", "as on the books"),
    ],
)
def test_differences_in_words(variance_milli: int, unit: str, off: str, state: str) -> None:
    assert words.off(variance_milli, unit) == off
    assert words.short_or_over(variance_milli, unit) == state


def test_reasons_fit_the_side_of_the_difference() -> None:
    short, over = words.causes_for(-1), words.causes_for(1)
    assert "missing" in short
    assert "missing" not in over
    assert "found" in over
    assert "found" not in short
    assert {*short, *over} == {cause.value for cause in Cause}
