"""The company's own fields: what each type takes, and how it is spelled once stored."""

import pytest

from stockscan.domain.errors import Invalid
from stockscan.domain.fields import Field, FieldType, spelled

FUELS = ("Gas", "Diesel", "Électrique")


def field(kind: str) -> Field:
    """A field of this type."""
    choices = FUELS if kind == "choice" else ()
    return Field(1, "asset", "", "Mast height", FieldType(kind), choices)


@pytest.mark.parametrize(
    ("kind", "raw", "stored"),
    [
        ("text", "  as it is ", "as it is"),
        ("text", "", ""),
        ("number", "4.50", "4.5"),
        ("number", "4,5", "4.5"),
        ("number", "-0.000001", "-0.000001"),
        ("number", "100", "100"),
        ("number", "+7", "7"),
        ("number", "0.0", "0"),
        ("date", "2026-11-22", "2026-11-22"),
        ("choice", "diesel", "Diesel"),
        ("choice", "éLECTRIQUE", "Électrique"),
        ("choice", " ", ""),
        ("yes_no", "YES", "yes"),
        ("yes_no", "no", "no"),
    ],
)
def test_each_value_has_one_spelling(kind: str, raw: str, stored: str) -> None:
    assert spelled(field(kind), raw) == stored
    assert spelled(field(kind), stored) == stored


@pytest.mark.parametrize(
    ("kind", "raw", "says"),
    [
        ("text", "x" * 501, "Mast height is longer than 500 characters."),
        ("text", "\ud800", "Mast height has characters that are no text."),
        ("number", "tall", "Mast height must be a number."),
        ("number", "1,000", "Mast height: write it without a thousands separator."),
        ("number", "1e3", "Mast height must be a number."),
        ("number", "NaN", "Mast height must be a number."),
        ("number", "0.0000001", "Mast height has too many decimals."),
        ("number", "10000000000", "Mast height is out of range."),
        ("date", "22.11.2026", "Mast height must be a date like 2026-11-22."),
        ("date", "2026-02-30", "Mast height must be a date like 2026-11-22."),
        ("choice", "Steam", "Mast height must be one of Gas, Diesel, Électrique."),
        ("yes_no", "1", "Mast height must be one of yes, no."),
    ],
)
def test_what_does_not_fit_is_refused_in_words(kind: str, raw: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        spelled(field(kind), raw)
    assert refused.value.message == says
    assert refused.value.field == "custom"


def test_a_field_is_for_all_or_for_one_category_in_any_case() -> None:
    assert field("text").is_for("anything")
    trucks = Field(1, "asset", "Truck", "Mast height", FieldType.NUMBER)
    assert trucks.is_for(" truck ")
    assert not trucks.is_for("")
    assert not trucks.is_for("Trucks")
