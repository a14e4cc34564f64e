"""Lengths as people type them: millimetres, inches, fractions; anything else is told."""

import pytest

from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.lengths import read_length_mm, shown_mm


@pytest.mark.parametrize(
    ("typed", "length_mm"),
    [
        ("66.7", 66.7),
        (" 66,7 mm", 66.7),
        ("6.67 cm", 66.7),
        ("2 5/8 in", 66.675),
        ("2-5/8 Inch", 66.675),
        ('2⅝"', 66.675),
        ("1.5″", 38.1),
        ("1/2in", 12.7),
        ("0", 0.0),
    ],
)
def test_a_length_is_read(typed: str, length_mm: float) -> None:
    assert read_length_mm(typed) == length_mm
    assert read_length_mm(shown_mm(length_mm)) == length_mm


@pytest.mark.parametrize(
    "typed", ["", "in", "-3", "2 5", "1e5", "5/", "1/0 in", "1/00", "1/٠", "nan", "1.2.3", "3 ft"]
)
def test_what_is_no_length_is_told(typed: str) -> None:
    with pytest.raises(LabelSpecError, match="such as 66"):
        read_length_mm(typed)
