"""What a maker's or supplier's barcode says by itself: part, lot, serial, expiry, quantity, order.

GS1 (element strings, Digital Link addresses, plain EAN and UPC numbers) is taken apart by biip;
the labels of distributors (ISO/IEC 15434 format 06) and the damage that keyboard scanners do to
them are ours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from biip import BiipException
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_element_strings import GS1ElementString
from biip.gs1_messages import GS1Message

GTIN_LENGTHS: Final = (14, 13, 12, 8)

_RS, _GS, _EOT = "\x1e", "\x1d", "\x04"
# How scanners write down the separators that a keyboard cannot type.
_NAMES: Final = {_RS: ("RS", "\N{SYMBOL FOR RECORD SEPARATOR}"),
                 _GS: ("GS", "\N{SYMBOL FOR GROUP SEPARATOR}"),
                 _EOT: ("EOT", "\N{SYMBOL FOR END OF TRANSMISSION}")}  # fmt: skip
_NAMED: Final = {
    sign: re.compile(rf"<{name}>|\{{{name}\}}|\[{name}\]|{picture}", re.IGNORECASE)
    for sign, (name, picture) in _NAMES.items()
}

# What GS1-128, Data Matrix, QR, DataBar and DotCode send first when they carry element strings.
_GS1_PREFIX: Final = re.compile(r"^\](?:C1|d2|Q3|e0|J1)")
_BRACKETED: Final = re.compile(r"(?:\(\d{2,4}\)[^()]+)+")
# Without a prefix or a separator only these are believed; a number may begin like anything.
_BARE_GS1: Final = re.compile(r"0[12]\d{14}|00\d{18}$")
_LINK: Final = re.compile(r"https?://[^\s]+$", re.IGNORECASE)
# GTIN, contained GTIN, the maker's number, ours, returnable and single assets, boxes on the move.
_GS1_KEYS: Final = ("01", "02", "240", "241", "8004", "8003", "00")
_GS1_EXPIRY: Final = ("17", "7003", "15")

_ENVELOPE: Final = re.compile(r"^>?\[\)>[\x1e\x1d\s]*(0[56])[\x1d\s]*")
_FIELD: Final = re.compile(r"(\d{0,2}[A-Z])(.*)", re.DOTALL)
_BETWEEN_WORDS: Final = re.compile(r"\s+(?=(?:30P|1P|P|7Q|Q|1T|S|1K|K|4L|9D|10D|14D|11K)\S)")
_AMOUNT: Final = re.compile(r"0*(\d{1,9}(?:\.\d{1,3})?)[A-Z]{0,3}")
# The maker's number before the supplier's and the customer's: it is the same in every shop.
_MAKER_KEYS: Final = ("1P", "30P", "P")
_WORDS: Final = {"expires_on": "expires"}


class DataKind(StrEnum):
    """Where data comes from: three families of barcodes, or a serial that is on the books."""

    GS1 = "gs1"
    DISTRIBUTOR = "distributor"
    DIGITAL_LINK = "digital_link"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class Data:
    """What a barcode says; "" and None where it is silent.

    `keys` identify the part, the best first: a GTIN in every length that it fits, then maker's,
    supplier's and customer's numbers. `quantity` is a decimal. `text` is the whole barcode in
    visible characters, and is understood again; `shown` is a short line for people.
    """

    kind: DataKind
    keys: tuple[str, ...]
    text: str
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None
    quantity: str = ""
    order: str = ""

    @property
    def shown(self) -> str:
        """The facts in one line: "9506000134352 · lot ABC · expires 2026-12-31"."""
        name = printed(self.keys[0]) if self.keys else ""
        said = [f"{_WORDS.get(name, name)} {value}" for name, value in self.json().items()]
        return " · ".join([name, *said] if name else said)

    def json(self) -> dict[str, str]:
        """The facts that a form can be filled with, those alone that are said."""
        facts = {
            "lot": self.lot,
            "serial": self.serial,
            "expires_on": self.expires_on.isoformat() if self.expires_on else "",
            "quantity": self.quantity,
            "order": self.order,
        }
        return {name: value for name, value in facts.items() if value}


def understand(raw: str) -> Data | None:
    """What `raw` says, None where it is plain text or a barcode that contradicts itself.

    Never raises: a wrong check digit or an impossible date makes it plain text.
    """
    text = _with_separators(raw.strip(" \t\r\n"))
    if envelope := _ENVELOPE.match(text):
        return _distributor(text, envelope)
    if not text.isascii():
        return None
    if _LINK.match(text):
        return _digital_link(text)
    prefixed = _GS1_PREFIX.match(text)
    bare = text[3:] if prefixed else text.strip(_GS)
    if prefixed or _GS in bare or _BRACKETED.fullmatch(bare) or _BARE_GS1.match(bare):
        return _gs1(bare)
    return _number(re.sub(r"^\]E[0-4]", "", text))


def gtin14(text: str) -> str | None:
    """The number as GTIN-14 if it is an EAN, UPC or GTIN with a true check digit, else None."""
    if not (text.isascii() and text.isdecimal() and len(text) in GTIN_LENGTHS):
        return None
    digits = [int(digit) for digit in reversed(text)]
    total = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return text.zfill(14) if total % 10 == 0 and any(digits) else None


def printed(key: str) -> str:
    """A key as people see it on the box: of a GTIN the shortest spelling."""
    return _spellings(key)[-1] if key else ""


def _number(text: str) -> Data | None:
    gtin = gtin14(text)
    return Data(DataKind.GS1, _spellings(gtin), text) if gtin else None


def _gs1(text: str) -> Data | None:
    try:
        bracketed = _BRACKETED.fullmatch(text)
        message = GS1Message.parse_hri(text) if bracketed else GS1Message.parse(text)
        elements = message.element_strings
    except (BiipException, ValueError, LookupError, ArithmeticError):
        return None
    written = "".join(element.as_hri() for element in elements)
    # A value with a bracket in it would read as another field.
    if any(set(element.value) & set("()") for element in elements):
        written = f"]C1{_visible(message.value)}"
    return _from_elements(DataKind.GS1, elements, written)


def _digital_link(text: str) -> Data | None:
    try:
        elements = GS1DigitalLinkURI.parse(text).element_strings
    except (BiipException, ValueError, LookupError, ArithmeticError):
        return None
    return _from_elements(DataKind.DIGITAL_LINK, elements, text)


def _from_elements(kind: DataKind, elements: list[GS1ElementString], text: str) -> Data | None:
    said: dict[str, GS1ElementString] = {}
    for element in elements:
        said.setdefault(element.ai.ai, element)
        if element.gtin_error or element.sscc_error or element.gln_error:
            return None
    if not said:
        return None

    def value(*identifiers: str) -> str:
        return next((said[ai].value.strip() for ai in identifiers if ai in said), "")

    keys = [key for ai in _GS1_KEYS if ai in said for key in _spellings(value(ai))]
    return Data(
        kind,
        tuple(dict.fromkeys(keys)),
        text,
        lot=value("10"),
        serial=value("21"),
        expires_on=next((said[ai].date for ai in _GS1_EXPIRY if ai in said), None),
        quantity=_amount(value("30", "37")),
        order=value("400"),
    )


def _distributor(text: str, envelope: re.Match[str]) -> Data | None:
    body = re.split("[\x1e\x04]", text[envelope.end() :], maxsplit=1)[0]
    if envelope[1] == "05":
        return _gs1(body.strip(_GS))
    whole = _GS in text or _RS in text
    said: dict[str, str] = {}
    for field in body.split(_GS) if whole else _BETWEEN_WORDS.split(body):
        if found := _FIELD.fullmatch(field.strip()):
            said.setdefault(found[1], found[2].strip())
    keys = [said[name] for name in _MAKER_KEYS if said.get(name)]
    # Without any separator the first field would swallow all others.
    if not (keys or said.keys() & {"1T", "S"}) or (not whole and len(said) < 2):
        return None
    return Data(
        DataKind.DISTRIBUTOR,
        tuple(dict.fromkeys(keys)),
        _visible(text),
        lot=said.get("1T", ""),
        serial=said.get("S", ""),
        expires_on=_day(said),
        quantity=_amount(said.get("Q") or said.get("7Q", "")),
        order=said.get("K", ""),
    )


def _spellings(key: str) -> tuple[str, ...]:
    """A GTIN in every length that it fits into, anything else as it is."""
    gtin = gtin14(key)
    if gtin is None:
        return (key,) if key else ()
    return tuple(gtin[-length:] for length in GTIN_LENGTHS if not gtin[:-length].strip("0"))


def _amount(raw: str) -> str:
    found = _AMOUNT.fullmatch(raw)
    amount = found[1] if found else ""
    return amount if amount.strip("0.") else ""


def _day(said: Mapping[str, str]) -> date | None:
    raw = said.get("14D", "")
    try:
        return date.fromisoformat(raw) if re.fullmatch(r"[0-9]{8}", raw) else None
    except ValueError:
        return None


def _with_separators(text: str) -> str:
    for sign, written in _NAMED.items():
        text = written.sub(sign, text)
    return text


def _visible(text: str) -> str:
    for sign, (name, _picture) in _NAMES.items():
        text = text.replace(sign, f"{{{name}}}")
    return text
