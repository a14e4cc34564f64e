"""What a badge says, what is refused as one, and which PINs others would guess."""

from itertools import cycle

import pytest

from stockscan.domain.badges import ALPHABET, check_pin, is_badge, make_badge, read_badge
from stockscan.domain.codes import read
from stockscan.domain.errors import Invalid
from stockscan.domain.operations import values

SIGNS = cycle(ALPHABET)
BADGE = make_badge(lambda _: next(SIGNS))


def test_a_badge_holds_at_least_128_bits() -> None:
    assert len(ALPHABET) ** len(BADGE.removeprefix("SSB1")) >= 2**128
    assert set(BADGE) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"), "a small QR code"


@pytest.mark.parametrize(
    "raw",
    [BADGE, BADGE.lower(), f"]Q1{BADGE}\r\n", f" {BADGE[:12]} {BADGE[12:]} ", f"~{BADGE}~"]
    + [f"SSB1{sign}{BADGE[4:]}" for sign in "-ß'/)§"],
)
def test_a_badge_is_read_whatever_readers_put_around_it(raw: str) -> None:
    assert read_badge(raw) == BADGE


@pytest.mark.parametrize("raw", ["", "SSB1", BADGE[:-1], "7K3QX9A", "x" * 9999])
def test_anything_else_is_no_badge(raw: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_badge(raw)
    assert not raw or raw not in caught.value.message


@pytest.mark.parametrize(
    "raw",
    [
        *(BADGE, BADGE[:14], f"https://x.test/S/{BADGE}", BADGE.lower()),
        *("SSB1ßEZISAB", "SSB1'EZISAB"),
        *("SSB&)QBCDEFGHIJKL?NOP\"'(", "$Q&SSB&QBCDEFGHIJKL?NOP\"'("),
    ],
)
def test_a_badge_or_a_piece_of_it_is_no_code_and_no_text(raw: str) -> None:
    assert is_badge(raw)
    for parse in (read, lambda text: values.as_text("note", text)):
        with pytest.raises(Invalid) as caught:
            parse(raw)
        assert "SSB1" not in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "SSB1",
        "SSB1-20",
        "SSB-2000 HYDRAULIC CYLINDER",
        "HF-712",
        "7K3QX9A",
        "https://x.test/passbook/item/12345678901234",
    ],
)
def test_part_numbers_are_no_badges(text: str) -> None:
    assert not is_badge(text)


@pytest.mark.parametrize(
    "pin",
    [
        "", "12345", "1234567890123", "12345a", "१२३४५६",  # too short, too long, no digits
        "000000", "111222", "121212", "123123", "123456", "987654", "890123", "123321",
        "101285", "851210", "121085", "241299", "19851210", "10121985", "20260101",
        "147258", "159753", "7305128",
    ],
)  # fmt: skip
def test_pins_that_others_would_try_are_refused(pin: str) -> None:
    with pytest.raises(Invalid):
        check_pin(pin, "7K3QX9A", "dana 7305128")


@pytest.mark.parametrize("pin", ["739462", "904417", "58203374", "947205118362"])
def test_other_pins_will_do(pin: str) -> None:
    assert check_pin(pin, "7K3QX9A", "dana") == pin
