"""The company's own fields as inputs of a form: named custom-<number>, filled and read here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from flask import request

from stockscan.domain.fields import Field, FieldType
from stockscan.services import fields
from stockscan.web.security import current_context

PREFIX: Final = "custom-"


@dataclass(frozen=True, slots=True)
class Input:
    """One input: `options` are the value and the words of each, for a field that has some."""

    name: str
    label: str
    type: FieldType
    options: tuple[tuple[str, str], ...]
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """The inputs of one category ("" for all), and whether the thing is of that category."""

    category: str
    fits: bool
    inputs: tuple[Input, ...]


def groups(thing: str, category: str, texts: Mapping[str, str]) -> list[Group]:
    """The fields of "asset" or "part" things as typed, else filled with `texts`; for all first.

    `texts` holds a text by the name of the input, or by the name of the field.
    """
    known = {**texts, **{PREFIX + number: text for number, text in typed().items()}}
    found = sorted(fields.definitions(current_context(), thing), key=_category)
    return [
        Group(
            category=members[0].category,
            fits=members[0].is_for(category),
            inputs=tuple(_input(field, known) for field in members),
        )
        for members in (list(group) for _, group in groupby(found, key=_category))
    ]


def typed() -> dict[str, str]:
    """What was typed into such inputs: number of the field to its text."""
    return {
        name.removeprefix(PREFIX): text.replace("\r\n", "\n").strip()
        for name, text in request.form.items()
        if name.startswith(PREFIX)
    }


def filled_with(raw: str | None) -> dict[str, str]:
    """What a form was filled with, as its field `was` says; nothing for what is no such thing."""
    try:
        found = json.loads(raw or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _category(field: Field) -> str:
    return field.category.casefold()


def _input(field: Field, known: Mapping[str, str]) -> Input:
    name = f"{PREFIX}{field.id}"
    text = known.get(name, known.get(field.name, ""))
    return Input(name, field.name, field.type, _options(field, text), text)


def _options(field: Field, text: str) -> tuple[tuple[str, str], ...]:
    """Also what was chosen when it could still be chosen."""
    match field.type:
        case FieldType.YES_NO:
            return ("", "Not said"), ("yes", "Yes"), ("no", "No")
        case FieldType.CHOICE:
            choices = dict.fromkeys((*field.choices, text))
            return ("", "Not said"), *((choice, choice) for choice in choices if choice)
        case _:
            return ()
