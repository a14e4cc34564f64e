"""ABC classes by the published examples."""

from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.counts.classes import classes

# Heizer and Render, Operations Management, example 12.1: total $232,057.
HEIZER = {
    "10286": 90_000, "11526": 77_000, "12760": 26_350, "10867": 15_001, "10500": 12_500,
    "12572": 8_502, "14075": 1_200, "01036": 850, "01307": 504, "10572": 150,
}  # fmt: skip

# Boreki Enterprise: total 1,087,500; what follows E9 is small.
BOREKI = {
    "G2": 450_000, "F3": 250_000, "A2": 150_000, "C7": 67_500, "D1": 60_000, "B8": 48_000,
    "E9": 20_000, "H1": 18_000, "I5": 14_000, "J8": 10_000,
}  # fmt: skip


def letters(usage: dict[str, int]) -> str:
    """The classes from the dearest part to the cheapest."""
    found = classes(usage)
    return "".join(found[number] for number in sorted(usage, key=lambda n: (-usage[n], n)))


def test_the_published_examples() -> None:
    assert sum(HEIZER.values()) == 232_057
    assert letters(HEIZER) == "AAABBCCCCC"
    assert sum(BOREKI.values()) == 1_087_500
    assert letters(BOREKI) == "AAAABBBCCC"


def test_ties_go_by_part_number_and_what_is_unused_is_c() -> None:
    assert classes({"b": 45, "a": 45, "c": 10, "d": 0, "e": -5}) == {
        "a": "A", "b": "A", "c": "B", "d": "C", "e": "C",
    }  # fmt: skip
    assert classes({"only": 1}) == {"only": "A"}
    assert classes({"none": 0}) == {"none": "C"}


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(-10, 1_000), max_size=30))
def test_a_dearer_part_is_never_in_a_lower_class(usage: dict[str, int]) -> None:
    order = letters(usage)
    assert order == "".join(sorted(order))
