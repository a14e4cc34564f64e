"""When a write happened, and which instant of its key it gets."""

from hypothesis import assume, given
from hypothesis import strategies as st

from stockscan.domain.ledger import Position, free_instant, timing

NOW = 1_700_000_000_000_000
AGES = st.integers(0, 10**10)
INSTANTS = st.sets(st.integers(0, 40), max_size=25)


@given(AGES, st.none() | st.integers(0, 2 * NOW), st.integers(0, 2**53))
def test_time_lies_between_what_was_seen_and_now(age: int, seen: int | None, capture: int) -> None:
    said = timing(now_us=NOW, age_ms=age, seen_us=seen, capture=capture)
    assert said.effective_us <= NOW == said.received_us
    if seen is not None:
        assert said.effective_us >= min(seen, NOW)


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_scans_clamped_to_one_seen_keep_their_order(first: int, second: int) -> None:
    assume(first < second)
    earlier, later = (
        timing(now_us=NOW, age_ms=10**9, seen_us=NOW - 10_000_000, capture=capture).effective_us
        for capture in (first, second)
    )
    assert earlier < later


def test_a_carried_part_lies_in_an_interval() -> None:
    said = timing(now_us=NOW, carry_min=60)
    assert (said.effective_us - said.earliest_us, said.certain) == (3_600_000_000, False)
    assert timing(now_us=NOW).certain


@given(st.integers(0, 40), INSTANTS, INSTANTS)
def test_a_free_instant_is_free_and_crosses_no_count(
    wanted: int, movements: set[int], counts: set[int]
) -> None:
    assume(wanted not in counts)
    counts -= movements
    found = free_instant(wanted, movements, counts)
    assert found == wanted or found not in movements | counts
    passed = range(min(found, wanted), max(found, wanted) + 1)
    assert not counts & set(passed)


def test_goods_stand_before_the_count_of_their_instant() -> None:
    assert Position(5, 0, 9) < Position(5, 1, 2) < Position(6, 0, 1)


def test_a_free_instant_is_not_looked_for_behind_a_count_that_shares_its_instant() -> None:
    assert free_instant(99, {99, 100}, {100}) == 98
