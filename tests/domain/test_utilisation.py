"""How much of a period something was out, against counting each instant."""

from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.utilisation import DAY_US, Interval, Use, use

instants = st.integers(0, 40)
intervals = st.lists(
    st.builds(
        lambda start, length: Interval(start, None if length is None else start + length),
        instants,
        st.none() | st.integers(0, 20),
    ),
    max_size=6,
)


@given(intervals, instants, st.integers(0, 40))
def test_what_is_out_is_every_instant_in_an_interval(
    spans: list[Interval], start: int, length: int
) -> None:
    end = start + length
    counted = sum(
        any(span.start_us <= at < (end if span.end_us is None else span.end_us) for span in spans)
        for at in range(start, end)
    )
    assert use(spans, start, end) == Use(counted, length)


def test_days_are_whole_and_add_up() -> None:
    used = Use(out_us=10 * DAY_US + DAY_US // 2, there_us=30 * DAY_US)
    assert (used.days_out, used.days_idle, used.percent) == (11, 19, 35)


def test_what_was_not_there_yet_was_not_used() -> None:
    nothing = use([Interval(0, None)], 5, 5)
    assert (nothing.days_out, nothing.days_idle, nothing.percent) == (0, 0, 0)
