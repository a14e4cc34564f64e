"""The pages of a count sheet: every line once, in order, and no page too long."""

from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.counts.paper import Stretch, cut

BINS = st.lists(st.lists(st.integers(1, 6), min_size=1, max_size=40), max_size=20)


@given(BINS, st.integers(8, 30), st.integers(1, 2))
def test_every_line_stands_on_one_page_in_order(
    bins: list[list[int]], room: int, frame: int
) -> None:
    pages = cut(bins, room, frame)
    told = [
        (part.bin, line) for page in pages for part in page for line in range(part.first, part.end)
    ]
    assert told == [
        (number, line) for number, lines in enumerate(bins) for line in range(len(lines))
    ]
    for page in pages:
        assert page
        assert sum(frame + sum(bins[part.bin][part.first : part.end]) for part in page) <= room


@given(BINS, st.integers(8, 30))
def test_a_bin_that_fits_on_a_page_is_not_torn_apart(bins: list[list[int]], room: int) -> None:
    parts = [part.bin for page in cut(bins, room, 2) for part in page]
    assert all(parts.count(at) == 1 for at, lines in enumerate(bins) if 2 + sum(lines) <= room)


def test_a_long_bin_goes_on_with_its_name() -> None:
    assert cut([[1], [1] * 7], room=6, frame=2) == [
        [Stretch(0, 0, 1)],
        [Stretch(1, 0, 4)],
        [Stretch(1, 4, 7)],
    ]
