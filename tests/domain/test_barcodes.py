"""What barcodes say: the examples of the standards, the damage of scanners, and any text at all."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.barcodes import Data, DataKind, gtin14, printed, understand
from stockscan.domain.codes import read, spelling
from stockscan.domain.errors import Invalid

GTIN = "09506000134352"
SPELLED = (GTIN, "9506000134352")

# Every way in which the same GS1 message arrives.
MESSAGE = [
    f"01{GTIN}1720122510ABC123",
    f"]C101{GTIN}1720122510ABC123",
    f"]d201{GTIN}1720122510ABC123",
    f"]Q301{GTIN}1720122510ABC123",
    f"]e001{GTIN}1720122510ABC123",
    f"]J101{GTIN}1720122510ABC123",
    f"\x1d01{GTIN}1720122510ABC123",
    f"01{GTIN}10ABC123\x1d17201225",
    f"01{GTIN}10ABC123<GS>17201225",
    f"01{GTIN}10ABC123{{GS}}17201225",
    f"01{GTIN}10ABC123\N{SYMBOL FOR GROUP SEPARATOR}17201225",
    f"(01){GTIN}(17)201225(10)ABC123",
    f"(01) {GTIN} (17) 201225 (10) ABC123",
    f"  01{GTIN}1720122510ABC123\r\n",
]
# Every way in which the same distributor's label arrives.
LABEL = [
    "[)>\x1e06\x1d1PHF6553\x1dPABC-1\x1dQ25\x1d1TL77\x1dS0042\x1dK4500\x1d14D20271231\x1e\x04",
    "[)>\x1e06\x1dK4500\x1dPABC-1\x1d1PHF6553\x1dQ25\x1d1TL77\x1d14D20271231\x1dS0042\x1e\x04",
    "[)>06\x1d1PHF6553\x1dPABC-1\x1dQ25\x1d1TL77\x1dS0042\x1dK4500\x1d14D20271231\x04",
    ">[)>06\x1d1PHF6553\x1dPABC-1\x1dQ25\x1d1TL77\x1dS0042\x1dK4500\x1d14D20271231",
    "[)><RS>06<GS>1PHF6553<GS>PABC-1<GS>Q25<GS>1TL77<GS>S0042<GS>K4500<GS>14D20271231<RS><EOT>",
    "[)>{RS}06{GS}1PHF6553{GS}PABC-1{GS}Q25{GS}1TL77{GS}S0042{GS}K4500{GS}14D20271231{RS}{EOT}",
    "[)> 06 1PHF6553 PABC-1 Q25 1TL77 S0042 K4500 14D20271231",
    "[)>\x1e06\x1d1PHF6553\x1dPABC-1\x1dQ0025.000PCS\x1d1TL77\x1dS0042\x1dK4500\x1d14D20271231",
    "[)>\x1e06\x1d1PHF6553\x1d4LCZ\x1dPABC-1\x1dQ25\x1d1TL77\x1dS0042\x1dK4500\x1d14D20271231",
]


def said(raw: str) -> Data:
    data = understand(raw)
    assert data is not None, raw
    return data


@pytest.mark.parametrize("raw", MESSAGE)
def test_a_gs1_message_in_every_dress(raw: str) -> None:
    data = said(raw)
    assert (data.kind, data.keys) == (DataKind.GS1, SPELLED)
    assert (data.lot, data.expires_on) == ("ABC123", date(2020, 12, 25))
    assert data.shown == "9506000134352 · lot ABC123 · expires 2020-12-25"


@pytest.mark.parametrize("raw", LABEL)
def test_a_distributors_label_in_every_dress(raw: str) -> None:
    data = said(raw)
    assert (data.kind, data.keys) == (DataKind.DISTRIBUTOR, ("HF6553", "ABC-1"))
    assert (data.lot, data.serial, data.order) == ("L77", "0042", "4500")
    assert data.expires_on == date(2027, 12, 31)
    assert float(data.quantity) == 25


@pytest.mark.parametrize(
    ("raw", "lot", "serial", "quantity", "expires"),
    [
        ("(01)09501101530003(17)140704(10)AB-123", "AB-123", "", "", date(2014, 7, 4)),
        ("(01)09521234543213(15)970331(3103)000189(10)L1", "L1", "", "", date(1997, 3, 31)),
        ("(01)09521234543213(17)290200", "", "", "", date(2029, 2, 28)),
        ("(02)09521234543213(37)24(10)7", "7", "", "24", None),
        ("(01)09521234543213(30)0144(21)S-1", "", "S-1", "144", None),
        ("(10)LOTONLY(17)301231", "LOTONLY", "", "", date(2030, 12, 31)),
        ("https://id.gs1.org/01/09520123456788/10/ABC1/21/12345?17=180426",
         "ABC1", "12345", "", date(2018, 4, 26)),
        ("https://example.com/some/path/01/9520123456788/21/A%2FB", "", "A/B", "", None),
    ],
)  # fmt: skip
def test_examples_of_the_gs1_standards(
    raw: str, lot: str, serial: str, quantity: str, expires: date | None
) -> None:
    data = said(raw)
    assert (data.lot, data.serial, data.quantity) == (lot, serial, quantity)
    assert data.expires_on == expires


@pytest.mark.parametrize(
    ("raw", "keys"),
    [
        ("4006381333931", ("04006381333931", "4006381333931")),
        ("]E04006381333931", ("04006381333931", "4006381333931")),
        ("036000291452", ("00036000291452", "0036000291452", "036000291452")),
        ("96385074", ("00000096385074", "0000096385074", "000096385074", "96385074")),
        ("10614141000415", ("10614141000415",)),
        ("(00)095201234567891235", ("095201234567891235",)),
        ("(8004)9520614141234567890", ("9520614141234567890",)),
        (f"(01){GTIN}(240)MAKER-7(241)OURS-7", (*SPELLED, "MAKER-7", "OURS-7")),
    ],
)
def test_what_a_thing_can_be_looked_up_by(raw: str, keys: tuple[str, ...]) -> None:
    assert said(raw).keys == keys


@pytest.mark.parametrize(
    "raw",
    [
        "4006381333932",  # a wrong check digit
        f"(01){GTIN[:-1]}9(10)A",
        "(00)095201234567891234",
        "(01)09506000134352(17)201325",  # no thirteenth month
        "(01)09506000134352(17)290230",  # no thirtieth of February
        "(9999)1(10)A",  # no such field
        "(01)123",
        "10ABC",  # a number may begin like a field
        "17261231",
        "HF6553",
        "00000000",
        "٤٠٠٦٣٨١٣٣٣٩٣١",  # digits of other scripts
        "[)>\x1e06\x1e\x04",
        "[)>06PABC1TL77Q5",  # nothing left to tell the fields apart
        "[)>\x1e06\x1dQ25\x1e\x04",  # a quantity of nothing
        "[)>\x1e12\x1dQTY25",
        "https://maker.example/products/7",
        "http://[::1/01/09506000134352",
        "]C1",
        "",
    ],
)
def test_broken_or_other_text_is_plain(raw: str) -> None:
    assert understand(raw) is None


def test_an_impossible_day_or_amount_on_a_label_is_left_out() -> None:
    data = said("[)>\x1e06\x1d1PHF6553\x1d14D20271331\x1dQmany\x1e\x04")
    assert (data.keys, data.expires_on, data.quantity) == (("HF6553",), None, "")


def test_one_spelling_for_every_length_and_case() -> None:
    assert spelling("036000291452") == spelling("0036000291452") == "00036000291452"
    assert spelling("hf-6553ä") == spelling("HF-6553Ä")
    assert gtin14("12345") is None
    assert [printed(text) for text in ("00036000291452", "HF-1", "")] == [
        "036000291452",
        "HF-1",
        "",
    ]


def test_reading_keeps_data_in_visible_characters() -> None:
    scanned = read("]d2" + MESSAGE[7])
    assert scanned.text == f"(01){GTIN}(10)ABC123(17)201225"
    assert scanned.data == said(scanned.text)
    assert scanned.spellings == (scanned.text, GTIN)
    assert read(LABEL[0]).text == LABEL[5]


FIELDS = st.sampled_from(
    ["01" + GTIN, "10", "17201225", "21", "3103000189", "99", "(01)", "(10)", "[)>", "06", "1P",
     "Q", "\x1d", "\x1e", "\x04", "{GS}", "]C1", "]d2", "*", "~", "%20", "%25", "https://", "/01/",
     "/S/", "?17=", "7K3QX9A", " ", "\x00", "\u202e", "ß", "9"]
)  # fmt: skip
SCANS = st.one_of(st.text(max_size=60), st.lists(FIELDS, max_size=9).map("".join))


@given(SCANS)
def test_any_text_is_understood_or_plain(raw: str) -> None:
    data = understand(raw)
    if data is not None:
        assert all(data.keys)
        assert understand(data.text) == data


@given(SCANS)
def test_reading_twice_changes_nothing(raw: str) -> None:
    try:
        scanned = read(raw)
    except Invalid:
        return
    assert read(scanned.text) == scanned
    assert not any(sign in scanned.text for sign in "\x00\x1d\x1e\x04\u202e")
    assert all(scanned.spellings)
