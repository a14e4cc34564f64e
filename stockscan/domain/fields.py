"""The company's own fields: what their types take, and how a value is spelled once it is stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from stockscan.domain.errors import Invalid
from stockscan.domain.figures import parse_scaled
from stockscan.domain.operations.values import as_day, as_text

# Digits behind the point of a number: fine enough for any measure that people write down.
DECIMALS: Final = 6
LONGEST_VALUE: Final = 500


class FieldType(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the company's own, of assets or parts; `category` is "" for all of them."""

    id: int
    thing: str
    category: str
    name: str
    type: FieldType
    choices: tuple[str, ...] = ()
    position: int = 0
    active: bool = True

    def is_for(self, category: str) -> bool:
        """Whether things of this category have it."""
        return not self.category or self.category.casefold() == category.strip().casefold()


def spelled(field: Field, raw: str) -> str:
    """The one spelling in which a value is stored; "" for none.

    Numbers as plain decimals, dates in ISO, choices as the company wrote them, "yes" or "no".
    Raises `Invalid` (field "custom") with a sentence that names the field by its name.
    """
    try:
        text = as_text(field.name, raw)
        return _SPELLINGS[field.type](field, text) if text else ""
    except Invalid as error:
        raise Invalid(error.message, code=error.code, field="custom") from None


def _text(field: Field, text: str) -> str:
    if len(text) > LONGEST_VALUE:
        raise Invalid(f"{field.name} is longer than {LONGEST_VALUE} characters.")
    return text


def _number(field: Field, text: str) -> str:
    scaled = parse_scaled(text, scale=10**DECIMALS, field=field.name)
    plain = f"{Decimal(scaled) / 10**DECIMALS:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _date(field: Field, text: str) -> str:
    return as_day(field.name, text).isoformat()


def _choice(field: Field, text: str) -> str:
    return _one_of(field, text, {choice.casefold(): choice for choice in field.choices})


def _yes_no(field: Field, text: str) -> str:
    return _one_of(field, text, {"yes": "yes", "no": "no"})


def _one_of(field: Field, text: str, spellings: Mapping[str, str]) -> str:
    found = spellings.get(text.casefold())
    if found is None:
        raise Invalid(f"{field.name} must be one of {', '.join(spellings.values())}.")
    return found


_SPELLINGS: Final[Mapping[FieldType, Callable[[Field, str], str]]] = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.YES_NO: _yes_no,
}
