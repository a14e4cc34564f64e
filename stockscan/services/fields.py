"""The company's own fields of assets and parts: which there are, made and changed by admins."""

import json
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Conflict, Invalid, NotFound, RuleBroken
from stockscan.domain.fields import Field, FieldType
from stockscan.domain.operations import CREATE_KINDS, Op
from stockscan.services.work import Context, reading
from stockscan.store import edits
from stockscan.store import fields as store
from stockscan.store.fields import CustomField
from stockscan.store.locks import hold_row
from stockscan.store.unique import insert_unique, update_unique

THINGS: Final = ("asset", "part")
# More on one form is a form that nobody fills in.
MOST_FIELDS: Final = 100
# What the pages show of a thing besides what its making asks for.
_SHOWN: Final = {"code", "status", "custodian", "photo", "quantity", "on_hand"}


@dataclass(frozen=True, slots=True)
class FieldPage:
    """One field with the version that a form is filled from."""

    field: Field
    version: int


def definitions(ctx: Context, thing: str) -> list[Field]:
    """The fields in use of "asset" or "part" things, those of each category, in their order."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        return [field for field in store.every(connection, thing) if field.active]


def every(ctx: Context) -> dict[str, list[Field]]:
    """All fields by their thing, in their order; the retired ones too."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        return {thing: store.every(connection, thing) for thing in THINGS}


def field_page(ctx: Context, number: int) -> FieldPage:
    """One field, to be changed. Raises `NotFound`."""
    require(ctx.actor, Permission.SETTINGS_EDIT)
    with reading() as connection:
        found = store.find(connection, number)
        if found is None:
            raise NotFound(_UNKNOWN)
        return FieldPage(found, edits.version(connection, edits.Thing("field", number)))


def create_field(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Add a field behind those that its things have."""
    require(ctx.actor, Permission.SETTINGS_EDIT)
    others = store.every(session, op["thing"])
    if len(others) >= MOST_FIELDS:
        raise RuleBroken(f"There are {MOST_FIELDS} fields already. Bring back or rename one.")
    field = Field(
        id=0,
        thing=op["thing"],
        category=op["category"] or "",
        name=op["name"],
        type=FieldType(op["type"]),
        choices=tuple(op["choices"] or ()),
        position=len(others),
    )
    _refuse_unfit(field, others)
    statement = insert(CustomField).values(
        thing=field.thing, type=field.type, position=field.position, active=True, **_columns(field)
    )
    number = insert_unique(session, statement, taken=_taken(field, field), field="name")
    return field_json(_get(session, number))


def edit_field(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Change a field's name, category, choices or place; retire it, or bring it back.

    What things have in it stays as it is. What kind of value it holds can't be changed.
    """
    actor = require(ctx.actor, Permission.SETTINGS_EDIT)
    hold_row(session, CustomField, _get(session, op["field"]).id)
    before = _get(session, op["field"])
    others = [each for each in store.every(session, before.thing) if each.id != before.id]
    after = _changed(before, op)
    _refuse_unfit(after, others)
    columns = {**_columns(after), "active": after.active}
    taken = _taken(after, after)
    update_unique(session, CustomField, before.id, columns, taken=taken, field="name")
    if op["position"] is not None:
        _put(session, after, others, op["position"])
    thing = edits.Thing("field", before.id)
    edits.record(session, op, thing, actor.person_id, field_texts(before), field_texts(after))
    return field_json(_get(session, before.id))


def field_texts(field: Field) -> dict[str, str]:
    """What admins may edit of a field, as they read it."""
    return {
        "name": field.name,
        "category": field.category,
        "choices": "\n".join(field.choices),
        "active": "yes" if field.active else "no",
    }


def field_json(field: Field) -> dict[str, Any]:
    """A field as the API shows it."""
    return {
        "field": field.id,
        "thing": field.thing,
        "name": field.name,
        "type": field.type,
        "category": field.category,
        "choices": list(field.choices),
        "active": field.active,
    }


_UNKNOWN: Final = "There is no such field. Look at the list of fields."


def _changed(before: Field, op: Op) -> Field:
    """The field as it is to be."""
    given = {name: op.fields[name] for name in ("name", "category", "active") if name in op.fields}
    if "choices" in op.fields:
        given["choices"] = tuple(op["choices"] or ())
    return replace(before, **given)


def _columns(field: Field) -> dict[str, str]:
    choices = json.dumps(field.choices, ensure_ascii=False)
    return {"name": field.name, "category": field.category, "choices": choices}


def _put(session: Session, field: Field, others: list[Field], position: int) -> None:
    """Give the field this place, and each other the next one free."""
    order = [*others[:position], field, *others[position:]]
    for place, each in enumerate(order):
        session.execute(
            update(CustomField)
            .where(CustomField.id == each.id, CustomField.position != place)
            .values(position=place)
            .execution_options(synchronize_session=False)
        )


def _refuse_unfit(field: Field, others: list[Field]) -> None:
    """Raise what is wrong with a field beside the others of its thing."""
    shape = CREATE_KINDS[f"create_{field.thing}"]
    if field.name.casefold().replace(" ", "_") in {*shape.required, *shape.optional, *_SHOWN}:
        message = f"Every {field.thing} has {field.name} already. Choose another name."
        raise Conflict(message, code="taken", field="name")
    if (field.type is FieldType.CHOICE) != bool(field.choices):
        message = (
            "Enter what can be chosen, one a line."
            if field.type is FieldType.CHOICE
            else "Only a choice has choices. Leave them empty."
        )
        raise Invalid(message, field="choices")
    for other in others:
        meet = not field.category or other.is_for(field.category)
        if meet and other.name.casefold() == field.name.casefold():
            raise Conflict(_taken(field, other), code="taken", field="name")


def _taken(field: Field, other: Field) -> str:
    """What to say when a field can't have this name because of another."""
    if not other.active:
        return f"There was a field {field.name}. Bring it back, or choose another name."
    return f"There is a field {field.name} already. Choose another name."


def _get(session: Session, number: int) -> Field:
    found = store.find(session, number)
    if found is None:
        raise NotFound(_UNKNOWN, field="field")
    return found
