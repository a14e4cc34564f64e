"""Names of many bins from one pattern."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.errors import Invalid
from stockscan.domain.patterns import MOST_NAMES, names_of


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("B-[A-B]-[09-11]", ["B-A-09", "B-A-10", "B-A-11", "B-B-09", "B-B-10", "B-B-11"]),
        ("R[1-3]", ["R1", "R2", "R3"]),
        (" Shelf ", ["Shelf"]),
        ("[a-c]", ["a", "b", "c"]),
    ],
)
def test_a_pattern_is_its_names(pattern: str, names: list[str]) -> None:
    assert names_of(pattern) == names


@pytest.mark.parametrize(
    "pattern",
    ["", "B-[A-", "B-[12-1]", "B-[]", "B-[1]", "[a-Z]", "B]1", "[0-999999]", "[1-30][1-30]"],
)
def test_what_is_no_pattern_says_what_to_do(pattern: str) -> None:
    with pytest.raises(Invalid) as refused:
        names_of(pattern)
    assert refused.value.field == "pattern"
    assert refused.value.message.endswith(".")


@given(st.text(alphabet="AB[]-019z ", max_size=20))
def test_any_text_makes_few_names_each_once_or_is_refused(pattern: str) -> None:
    try:
        names = names_of(pattern)
    except Invalid:
        return
    assert len(names) <= MOST_NAMES
    assert len(set(names)) == len(names)
