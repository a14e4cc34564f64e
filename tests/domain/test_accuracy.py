"""How right the books were: the published examples of the survey, and the promised limits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.counts.accuracy import NOTHING, WHOLE, Measured, wilson


def measured(*records: tuple[int, int], cost_e4: int = 10_000) -> Measured:
    """What these counts of whole pieces found, as (book, counted), each a record."""
    off = [counted - book for book, counted in records]
    return Measured(
        records=len(records),
        exact=sum(each == 0 for each in off),
        within=sum(each == 0 for each in off),
        off_milli=1000 * sum(map(abs, off)),
        book_milli=1000 * sum(abs(book) for book, _ in records),
        over_e4=cost_e4 * sum(each for each in off if each > 0),
        short_e4=-cost_e4 * sum(each for each in off if each < 0),
        book_e4=cost_e4 * sum(abs(book) for book, _ in records),
    )


def test_published_records() -> None:
    """mfgcalcs.com: 485 of 500 records are right: 97 %."""
    assert replace(NOTHING, records=500, exact=485).records_bp == 9_700


def test_one_over_and_one_short_are_two_wrong_records() -> None:
    """supplychainmetric.com: 100 -> 95 and 100 -> 105 is 0 % of the records, not 100 % netted."""
    found = measured((100, 95), (100, 105))
    assert (found.records_bp, found.units_bp, found.value_bp) == (0, 9_500, 9_500)
    assert found.shrink_e4 == 0


def test_published_units() -> None:
    """eswap.global: 480 on the books, 430 there: 89.58 % of the units."""
    found = measured((480, 430))
    assert (found.units_bp, found.shrink_e4) == (8_958, -50 * 10_000)


def test_a_swap_between_two_bins_is_not_netted() -> None:
    """OpenBoxes' own example, 10 -> 15 and 30 -> 25: 0 % of records and 75 % of units."""
    found = measured((10, 15), (30, 25))
    assert (found.records_bp, found.units_bp) == (0, 7_500)


@pytest.mark.parametrize(
    ("record", "units_bp"),
    [((0, 0), WHOLE), ((0, 5), 0), ((-4, 0), 0), ((2, 9), 0), ((5, 0), 0)],
    ids=["rightly nothing", "all unbooked", "below zero", "more than doubled", "all gone"],
)
def test_the_ends_of_the_scale(record: tuple[int, int], units_bp: int) -> None:
    assert measured(record).units_bp == units_bp


def test_nothing_counted_is_no_accuracy() -> None:
    """Neither 0 % nor 100 %: nobody looked."""
    assert (NOTHING.records_bp, NOTHING.units_bp, NOTHING.likely_bp) == (None, None, None)


def test_a_hundred_percent_is_only_said_of_all() -> None:
    assert replace(NOTHING, records=100_000, exact=99_999).records_bp == 9_999


@pytest.mark.parametrize(
    ("hits", "number", "low_bp", "high_bp"),
    [(81, 263, 2_553, 3_662), (15, 148, 624, 1_605), (0, 20, 0, 1_611)],
)
def test_published_interval(hits: int, number: int, low_bp: int, high_bp: int) -> None:
    """Newcombe (Statistics in Medicine 17, 1998), method 3; ours is widened to whole points."""
    low, high = wilson(hits, number)
    assert low_bp - 1 <= low <= low_bp
    assert high_bp <= high <= high_bp + 1


def test_only_few_records_need_an_interval() -> None:
    assert replace(NOTHING, records=49, exact=49).likely_bp == wilson(49, 49)
    assert replace(NOTHING, records=50, exact=50).likely_bp is None


@pytest.mark.parametrize(
    ("exact", "records", "misses"),
    [(965, 1000, True), (970, 1000, False), (19, 20, False), (2, 3, True), (0, 0, False)],
)
def test_few_records_miss_the_target_only_beyond_doubt(
    exact: int, records: int, *, misses: bool
) -> None:
    assert replace(NOTHING, records=records, exact=exact).misses(9_700) is misses


QUANTITIES = st.integers(-1_000_000, 1_000_000)


@given(st.lists(st.tuples(QUANTITIES, st.integers(0, 1_000_000)), min_size=1, max_size=60))
def test_every_accuracy_lies_between_none_and_all(records: list[tuple[int, int]]) -> None:
    found = measured(*records)
    for share in (found.records_bp, found.within_bp, found.units_bp, found.value_bp):
        assert share is not None
        assert 0 <= share <= WHOLE
    assert (found.records_bp == WHOLE) == (found.off_milli == 0)
    low, high = wilson(found.exact, found.records)
    assert 0 <= low <= (found.records_bp or 0) <= high <= WHOLE


@given(QUANTITIES, st.integers(1, 1_000_000), st.integers(-1_000_000, 1_000_000))
def test_moves_before_the_count_change_nothing_that_was_right(
    book: int, counted: int, moved: int
) -> None:
    """What moved rightly between two counts shifts book and count alike: how far off stays."""
    first, second = measured((book, counted)), measured((book + moved, counted + moved))
    assert (first.exact, first.off_milli) == (second.exact, second.off_milli)
    assert first.shrink_e4 == second.shrink_e4
