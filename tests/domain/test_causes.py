"""What the facts around a difference point to, and what they do not."""

import pytest

from stockscan.domain.counts.causes import (
    NEAR_US,
    TWICE_US,
    Cause,
    Clue,
    Facts,
    Hint,
    Moved,
    Other,
    Record,
    likely_causes,
    usual_cause,
)

AT_US = 1_700_000_000_000_000
SHORT = Record(14_000, 18_000, AT_US)
OVER = Record(22_000, 18_000, AT_US)


def other(variance_milli: int = 4_000, bins_apart: int | None = 1, **marks: bool) -> Other:
    """Another record of the part, over by as many as `SHORT` lacks, in the next bin."""
    same = {"same_parent": True, "same_mark": True, **marks}
    return Other(7, variance_milli, bins_apart, same["same_parent"], same["same_mark"])


def moved(quantity_milli: int, later_us: int, **state: bool) -> Moved:
    """Goods that were booked so long after the count."""
    return Moved("op", quantity_milli, AT_US + later_us, **state)


def hints(record: Record, facts: Facts) -> list[Hint]:
    """What is pointed to, in order."""
    return [clue.hint for clue in likely_causes(record, facts)]


def test_what_lacks_here_and_is_too_much_next_door_was_put_on_the_wrong_shelf() -> None:
    assert likely_causes(SHORT, Facts(others=[other()])) == (Clue(Hint.NEXT_DOOR, line_id=7),)
    assert usual_cause(SHORT, likely_causes(SHORT, Facts(others=[other()]))) is Cause.MISPLACED


@pytest.mark.parametrize(
    ("neighbour", "expected"),
    [
        (other(bins_apart=2), [Hint.NEXT_DOOR]),
        (other(bins_apart=3), [Hint.OTHER_BIN]),
        (other(bins_apart=None), [Hint.NEXT_DOOR]),
        (other(bins_apart=None, same_parent=False), [Hint.OTHER_BIN]),
        (other(3_000), []),
        (other(-4_000), []),
        (other(same_mark=False), []),
        (other(bins_apart=0, same_mark=False), [Hint.SWAPPED]),
    ],
)
def test_only_the_opposite_of_the_same_goods_counts_as_misplaced(
    neighbour: Other, expected: list[Hint]
) -> None:
    assert hints(SHORT, Facts(others=[neighbour])) == expected


def test_the_nearest_of_several_bins_comes_first() -> None:
    far, near = other(bins_apart=2), Other(8, 4_000, 1, same_parent=True, same_mark=True)
    assert [clue.line_id for clue in likely_causes(SHORT, Facts(others=[far, near]))] == [8, 7]


def test_a_serial_that_is_counted_or_booked_somewhere_else_has_moved() -> None:
    gone, come = Record(0, 1_000, AT_US, serial="S1"), Record(1_000, 0, AT_US, serial="S1")
    assert hints(gone, Facts(others=[other(1_000, None, same_parent=False)])) == [
        Hint.SERIAL_ELSEWHERE
    ]
    assert hints(come, Facts(booked_elsewhere=True)) == [Hint.SERIAL_ELSEWHERE]
    assert hints(gone, Facts(booked_elsewhere=True)) == []


@pytest.mark.parametrize(
    ("record", "near", "expected"),
    [
        (SHORT, moved(-4_000, 900_000_000), [Hint.MOVED_ABOUT_THEN]),
        (SHORT, moved(-4_000, NEAR_US + 1), []),
        (SHORT, moved(-3_000, 900_000_000), []),
        (SHORT, moved(-4_000, -900_000_000), []),
        (SHORT, moved(4_000, -900_000_000), [Hint.MOVED_ABOUT_THEN]),
        (OVER, moved(-4_000, -900_000_000), [Hint.MOVED_ABOUT_THEN]),
        (OVER, moved(4_000, 900_000_000), [Hint.MOVED_ABOUT_THEN]),
        (SHORT, moved(-1_000, 900_000_000, asked=True), [Hint.ASKED]),
        (SHORT, moved(-4_000, 9 * NEAR_US, waiting=True), [Hint.WAITING]),
        (SHORT, moved(-1_000, 1, waiting=True), []),
    ],
)
def test_goods_booked_on_the_other_side_of_the_count_explain_exactly_as_many(
    record: Record, near: Moved, expected: list[Hint]
) -> None:
    assert hints(record, Facts(moved=[near])) == expected


def test_goods_booked_twice_before_the_count_leave_too_many_on_the_shelf() -> None:
    first, second = moved(-4_000, -4 * NEAR_US), moved(-4_000, -4 * NEAR_US + TWICE_US)
    late = moved(-4_000, -4 * NEAR_US + TWICE_US + 1)
    assert hints(OVER, Facts(moved=[second, first])) == [Hint.RECORDED_TWICE]
    assert hints(OVER, Facts(moved=[first, late])) == []
    assert hints(SHORT, Facts(moved=[first, second])) == []


@pytest.mark.parametrize(
    ("counted", "book", "packs", "expected"),
    [
        (3, 75, (25_000,), [Hint.PACKS]),
        (75, 3, (25_000,), [Hint.PACKS]),
        (3, 75, (), []),
        (2, 24, (), [Hint.PACKS]),
        (2, 2_000, (), [Hint.PACKS]),
        (2, 4, (1_000,), []),
        (12, 21, (), [Hint.TYPING]),
        (1_253, 1_523, (), [Hint.TYPING]),
        (13, 31, (), [Hint.TYPING]),
        (13, 32, (), []),
        (12, 112, (), [Hint.TYPING]),
        (120, 12, (), [Hint.TYPING]),
        (0, 10, (10_000,), []),
    ],
)
def test_packs_and_slips_of_the_finger_are_seen_in_the_two_numbers(
    counted: int, book: int, packs: tuple[int, ...], expected: list[Hint]
) -> None:
    record = Record(counted * 1000, book * 1000, AT_US)
    assert hints(record, Facts(packs_milli=packs)) == expected
    agreed = Record(counted * 1000, book * 1000, AT_US, agreed=True)
    assert hints(agreed, Facts(packs_milli=packs)) == []


def test_the_likeliest_comes_first_and_gives_the_reason() -> None:
    facts = Facts(
        others=[other(bins_apart=9)],
        moved=[moved(-4_000, 60_000_000), moved(-1_000, 1, asked=True)],
    )
    assert hints(SHORT, facts) == [Hint.ASKED, Hint.MOVED_ABOUT_THEN, Hint.OTHER_BIN]
    assert usual_cause(SHORT, likely_causes(SHORT, facts)) is Cause.NOT_RECORDED_OUT
    came = Facts(moved=[moved(4_000, 60_000_000)])
    assert usual_cause(OVER, likely_causes(OVER, came)) is Cause.NOT_RECORDED_IN


def test_without_a_clue_goods_are_missing_or_found() -> None:
    assert (usual_cause(SHORT, ()), usual_cause(OVER, ())) == (Cause.MISSING, Cause.FOUND)


def test_a_count_that_matches_has_no_cause() -> None:
    matching = Record(5_000, 5_000, AT_US)
    assert likely_causes(matching, Facts(others=[other(0)], moved=[moved(0, 1)])) == ()
