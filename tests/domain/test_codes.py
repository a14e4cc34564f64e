"""Label codes: what is read as one, and which slips the check character catches."""

import random
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stockscan.domain.codes import (
    ALPHABET,
    CODE_LENGTH,
    as_code,
    check_character,
    label_address,
    make_code,
    read,
    shown,
)
from stockscan.domain.errors import Invalid

CODES = st.text(ALPHABET, min_size=6, max_size=6).map(lambda body: body + check_character(body))


def test_made_codes_are_codes() -> None:
    chance = random.Random(1)
    made = {make_code(chance.choice) for _ in range(500)}
    assert len(made) == 500
    assert all(as_code(code) == code and len(code) == CODE_LENGTH for code in made)


@given(CODES, st.integers(0, 6), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_caught(code: str, place: int, other: str) -> None:
    assume(code[place] != other)
    assert as_code(code[:place] + other + code[place + 1 :]) is None


@given(CODES, st.integers(0, 5))
def test_swapped_neighbours_are_caught(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assume(swapped != code)
    assert as_code(swapped) is None


@given(CODES)
def test_read_in_every_dress(code: str) -> None:
    dresses = [
        code.lower(), shown(code), f" {code}\r\n", f"{code[:3]}-{code[3:]}", f"]Q1{code}",
        f"https://stock.example/S/{code}", f"http://10.0.0.7:8000/s/{code.lower()}",
        f"HTTP://OTHER.HOST/S/{code}/", f"http://host/S/{code}?x=1", f"\x02{code}\x03",
        code.replace("0", "O").replace("1", "I"), code.replace("1", "l"),
    ]  # fmt: skip
    assert {read(dress).code for dress in dresses} == {code}


@given(CODES)
def test_printed_address_is_read_again(code: str) -> None:
    address = label_address("https://stock.example:8443", code)
    assert address == f"https://STOCK.EXAMPLE:8443/S/{code}"
    assert read(address).code == code


@pytest.mark.parametrize("raw", ["", "   ", "\x00\x07", "x" * 513])
def test_refuses_nothing_and_too_much(raw: str) -> None:
    with pytest.raises(Invalid):
        read(raw)


@pytest.mark.parametrize(
    "raw", ["4006381333931", "AB", "http://host/S/", "http://host/X/0000000", "javascript:alert(1)"]
)
def test_other_texts_are_no_codes(raw: str) -> None:
    assert read(raw).code is None


@given(st.text(max_size=512))
def test_reading_anything_never_fails_otherwise(raw: str) -> None:
    try:
        scanned = read(raw)
    except Invalid:
        return
    assert scanned.text
    assert scanned.code is None or as_code(scanned.code) == scanned.code


def test_no_vowels_and_no_look_alikes() -> None:
    assert len(ALPHABET) == 29
    assert not set(ALPHABET) & set("AEIOULY")
    assert set(ALPHABET) < set(string.digits + string.ascii_uppercase)
