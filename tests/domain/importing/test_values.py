"""Foreign dates, numbers, words and headers: read where they are clear, asked where not."""

import pytest

from stockscan.domain.errors import Invalid
from stockscan.domain.importing.dates import as_iso, orders_of
from stockscan.domain.importing.formats import FORMATS, recognise
from stockscan.domain.importing.numbers import as_plain, styles_of
from stockscan.domain.importing.synonyms import SYNONYMS, guess_kind, suggest
from stockscan.domain.importing.targets import TARGETS
from stockscan.domain.importing.words import as_flag_word, as_our_word


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2024-03-25", "dmy", "2024-03-25"),
        ("2024-03-25T10:15:00Z", "dmy", "2024-03-25"),
        ("25.3.2024", "mdy", "2024-03-25"),
        ("3/4/2024", "dmy", "2024-04-03"),
        ("3/4/24", "mdy", "2024-03-04"),
        ("25 Mar 2024", "dmy", "2024-03-25"),
        ("March 5, 2024", "dmy", "2024-03-05"),
        ("45000", "dmy", "2023-03-15"),
    ],
)
def test_dates(text: str, order: str, day: str) -> None:
    assert as_iso(text, order) == day


@pytest.mark.parametrize("text", ["31.2.2024", "yesterday", "13/13/2024", "0/1/2024", "12"])
def test_no_dates(text: str) -> None:
    with pytest.raises(Invalid):
        as_iso(text, "dmy")


def test_the_order_of_dates_is_told_by_a_column_or_asked() -> None:
    assert orders_of(["3/4/2024", "25/4/2024"]) == ("dmy",)
    assert orders_of(["3/4/2024", "4/25/2024"]) == ("mdy",)
    assert orders_of(["3/4/2024"]) == orders_of(["25/4/2024", "4/25/2024"]) == ("dmy", "mdy")
    assert orders_of(["2024-03-04", "3.4.2024"]) == ()


def test_the_style_of_numbers_is_told_by_a_column_or_asked() -> None:
    assert styles_of(["12", "400"]) == ()
    assert styles_of(["1.234"]) == styles_of(["1,234"]) == ("point", "comma")
    assert styles_of(["1.234", "0,5"]) == ("comma",)
    assert styles_of(["1,234.50"]) == styles_of(["0.125"]) == styles_of(["12.5"]) == ("point",)


@pytest.mark.parametrize(
    ("text", "style", "plain"),
    [
        ("$1,234.50", "point", "1234.5"),
        ("1.234,50 €", "comma", "1234.5"),
        ("1 234,5 EUR", "comma", "1234.5"),
        ("1'234.00", "point", "1234"),
        ("(12.50)", "point", "-12.5"),
        ("36 months", "point", "36"),
        (".5", "point", "0.5"),
    ],
)
def test_numbers(text: str, style: str, plain: str) -> None:
    assert as_plain(text, style) == plain


@pytest.mark.parametrize(
    ("text", "style"), [("many", "point"), ("1.2.3", "point"), ("1,5", "point")]
)
def test_no_numbers(text: str, style: str) -> None:
    with pytest.raises(Invalid):
        as_plain(text, style)


def test_words_of_others_in_ours() -> None:
    assert as_our_word("status", "Ready to Deploy") == "in_service"
    assert as_our_word("status", "Archived") == "retired"
    assert as_our_word("tracking", "By Unique Serial Number") == "serial"
    assert as_flag_word("Ja") is True
    assert as_flag_word("0") is False
    with pytest.raises(Invalid):
        as_flag_word("perhaps")


def test_every_synonym_and_format_leads_to_a_field() -> None:
    for kind, fields in SYNONYMS.items():
        assert fields.keys() <= TARGETS[kind].keys()
    for known in FORMATS:
        assert set(known.becomes.values()) <= TARGETS[known.kind].keys(), known.name
        assert recognise(known.signs).name == known.name


def test_headers_in_any_case_with_blanks_and_marks() -> None:
    assert suggest("part", ["\ufeffPART #", " Storage_Location ", "Qty:", "Colour"]) == [
        "part_number", "location", "quantity", "",
    ]  # fmt: skip
    assert guess_kind(["Asset tag", "Name"]) == "asset"
    assert guess_kind(["Colour", "Size"]) == ""
