"""The company's own fields of assets and parts, and the values that things have in them.

A thing keeps its values as JSON in its column `custom`: number of the field to its text.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import CheckConstraint, Connection, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stockscan.domain.errors import Invalid
from stockscan.domain.fields import Field, FieldType, spelled
from stockscan.store.db import Base, Big


class CustomField(Base):
    """One field: `category` is "" for all; `choices` is a JSON list, empty but for a choice."""

    __tablename__ = "custom_field"
    __table_args__ = (
        CheckConstraint("thing IN ('asset', 'part')", name="thing"),
        CheckConstraint("type IN ('text', 'number', 'date', 'choice', 'yes_no')", name="type"),
        Index("uq_custom_field_name_lower", "thing", "category", func.lower("name"), unique=True),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    thing: Mapped[str]
    category: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    type: Mapped[str]
    choices: Mapped[str] = mapped_column(default="[]")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


def check(
    session: Session | Connection,
    thing: str,
    category: str,
    given: Mapping[str, str] | str | None,
    stored: str = "{}",
) -> str:
    """What `custom` holds once `given` (number of the field to its text) is written to `stored`.

    "" empties a field; what is not given stays, in retired fields and in those of other categories
    too; nothing given changes nothing. Raises `Invalid` (field "custom") whose sentence names the
    field: for a value that does not fit, and for a field that things of this category do not have.
    """
    if not isinstance(given, Mapping) or not given:
        return stored
    known = {str(field.id): field for field in every(session, thing)}
    values = _values(stored)
    for number, raw in given.items():
        values[number] = spelled(_open_field(known.get(number), thing, category), raw)
    return json.dumps({number: text for number, text in values.items() if text}, ensure_ascii=False)


def definitions(connection: Connection | Session, thing: str, category: str) -> list[Field]:
    """The fields that "asset" or "part" things of this category have today, in their order."""
    return [field for field in every(connection, thing) if field.active and field.is_for(category)]


def every(connection: Connection | Session, thing: str) -> list[Field]:
    """All fields of "asset" or "part" things, those of each category and the retired ones too."""
    rows = connection.execute(
        _FIELDS.where(CustomField.thing == thing).order_by(CustomField.position, CustomField.id)
    )
    return [_field_of(row) for row in rows]


def find(connection: Connection | Session, number: int) -> Field | None:
    """The field with this number."""
    row = connection.execute(_FIELDS.where(CustomField.id == number)).first()
    return _field_of(row) if row is not None else None


def texts(fields: Iterable[Field], stored: str) -> dict[str, str]:
    """What a thing has in these fields: name of each to its text, "" for nothing.

    Give it what `every` returns for a history (a value outlives its field), and what `definitions`
    returns for a page. Where two categories have a field of one name, the filled one counts.
    """
    values = _values(stored)
    found: dict[str, str] = {}
    for field in fields:
        found[field.name] = found.get(field.name) or values.get(str(field.id), "")
    return found


_FIELDS = select(
    CustomField.id,
    CustomField.thing,
    CustomField.category,
    CustomField.name,
    CustomField.type,
    CustomField.choices,
    CustomField.position,
    CustomField.active,
)


def _field_of(row: Any) -> Field:
    values = row._asdict()
    choices = tuple(json.loads(values.pop("choices")))
    return Field(**{**values, "type": FieldType(row.type)}, choices=choices)


def _open_field(field: Field | None, thing: str, category: str) -> Field:
    """The field, if things of this category have it today."""
    if field is None:
        raise Invalid(f"There is no such field of a{'n' * (thing == 'asset')} {thing}. "
                      "Load the page again.", field="custom", code="unknown_field")  # fmt: skip
    if not field.active:
        message = f"{field.name} is retired. An admin can bring it back."
        raise Invalid(message, field="custom", code="retired_field")
    if not field.is_for(category):
        message = f"{field.name} is for {field.category} alone. Leave it empty."
        raise Invalid(message, field="custom", code="foreign_field")
    return field


def _values(stored: str) -> dict[str, str]:
    values: dict[str, str] = json.loads(stored or "{}")
    return values
