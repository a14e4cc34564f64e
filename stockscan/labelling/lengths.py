"""Lengths as people type them, in mm or in inches with fractions, and back."""

import re
import unicodedata
from fractions import Fraction
from typing import Final

from stockscan.labelling.errors import LabelSpecError

_LENGTH: Final = re.compile(
    r"(?:(?P<whole>\d{1,4})[ -](?=\d+/))?"
    r"(?P<number>\d{1,6}(?:/(?P<of>\d{1,4})|[.,]\d{1,9})?) ?(?P<unit>\D*)"
)
_INCH_MM: Final = Fraction(254, 10)
_UNITS_MM: Final = {
    "": Fraction(1),
    "mm": Fraction(1),
    "cm": Fraction(10),
    **dict.fromkeys(("in", "inch", "inches", '"', "''"), _INCH_MM),
}


def read_length_mm(text: str) -> float:
    """The length in mm: `66.7`, `66,7 mm`, `2 5/8 in`, `2⅝"`; never below 0.

    Raises LabelSpecError.
    """
    found = _LENGTH.fullmatch(_plain(text))
    if found is None or found["unit"] not in _UNITS_MM or int(found["of"] or 1) == 0:
        raise LabelSpecError("Enter a length such as 66.7 or 2 5/8 in.")
    number = Fraction(found["whole"] or 0) + Fraction(found["number"].replace(",", "."))
    return float(round(number * _UNITS_MM[found["unit"]], 4))


def shown_mm(length_mm: float) -> str:
    """The length as it is typed again: `66.675`, `210`."""
    return f"{length_mm:.4f}".rstrip("0").rstrip(".")


def _plain(text: str) -> str:
    """Lower case, fractions of one character taken apart, each kind of inch mark the plain one."""
    apart = re.sub("([¼-¾⅐-⅞])", r" \1", re.sub("[″”“]", '"', text.lower()))
    return " ".join(unicodedata.normalize("NFKC", apart).replace("\u2044", "/").split())
