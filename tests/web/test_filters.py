"""How values are shown."""

from datetime import date, datetime, timedelta

import pytest

from stockscan.domain.figures import to_us
from stockscan.web.filters import day, due, initials, money, own_text, qty, when


@pytest.mark.parametrize(
    ("quantity_milli", "shown"),
    [(12_000, "12"), (2_500, "2.5"), (1, "0.001"), (0, "0"), (-1_000, "−1"), (100_000, "100")],
)
def test_qty(quantity_milli: int, shown: str) -> None:
    assert qty(quantity_milli) == shown


@pytest.mark.parametrize(
    ("value_e4", "currency", "shown"),
    [
        (184_000, "EUR", "€18.40"),
        (12_400_000, "USD", "$1,240.00"),
        (-1_536_000, "EUR", "−€153.60"),
        (0, "CHF", "CHF 0.00"),
    ],
)
def test_money(value_e4: int, currency: str, shown: str) -> None:
    assert money(value_e4, currency) == shown


def test_when() -> None:
    now = datetime(2026, 11, 22, 16, 0).astimezone()
    assert when(to_us(now.replace(hour=14, minute=32)), now) == "Today 14:32"
    assert when(to_us(now - timedelta(days=3)), now) == "Thu 19 Nov"
    assert when(to_us(now.replace(year=2025, month=11, day=2)), now) == "2 Nov 2025"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("2019-11-02", "2 Nov 2019"), ("2019-13-02", "2019-13-02"), ("Electric", "Electric")],
)
def test_own_text(text: str, shown: str) -> None:
    assert own_text(text) == shown


def test_day() -> None:
    today = date(2026, 11, 22)
    assert day(date(2026, 11, 23), today) == "Mon 23 Nov"
    assert day(date(2027, 11, 23), today) == "23 Nov 2027"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "no due date"),
        (date(2026, 11, 22), "due Sun 22 Nov"),
        (date(2026, 11, 21), "1 day late"),
        (date(2026, 11, 12), "10 days late"),
    ],
)
def test_due(value: date | None, shown: str) -> None:
    assert due(value, date(2026, 11, 22)) == shown


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Dana Reyes", "DR"), ("Ana de la Cruz", "AC"), ("admin", "A"), ("", "")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters
