"""From a file to a proposal: its kind, a field for each column, how dates and numbers are written.

What can't be known is a question; nothing is guessed where a guess could be wrong.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any, Final

from stockscan.domain.fields import Field
from stockscan.domain.importing.dates import orders_of
from stockscan.domain.importing.formats import Recognised, recognise
from stockscan.domain.importing.numbers import styles_of
from stockscan.domain.importing.ours import refusal
from stockscan.domain.importing.records import CUSTOM, Column, Reader, columns_of, custom_target
from stockscan.domain.importing.synonyms import plain
from stockscan.domain.importing.targets import NEEDED, TARGETS, Style, Target
from stockscan.services.importing.deciding import UPDATE
from stockscan.services.importing.reading import Seen, Way, look, rows

# So many rows tell how a column writes its dates and numbers.
PROBED: Final = 2000
SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Choices:
    """How a file is imported; `styles` are by the number of the column, as text."""

    kind: str = ""
    way: Way = field(default_factory=Way)
    mapping: tuple[str, ...] = ()
    styles: Mapping[str, str] = field(default_factory=dict)
    existing: str = UPDATE
    create: bool = True
    only_good: bool = False

    def encoded(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self))

    @staticmethod
    def decoded(text: str) -> "Choices":
        """From JSON."""
        raw = json.loads(text)
        way = Way(**raw.pop("way", {}))
        return Choices(**{**raw, "way": way, "mapping": tuple(raw.get("mapping", ()))})


@dataclass(frozen=True, slots=True)
class Question:
    """A column whose dates (or numbers) can be read in two ways; `examples` are some of them."""

    at: int
    header: str
    is_date: bool
    examples: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the mapping page shows; `refused` is why nothing can be made of this list, else ""."""

    refused: str
    seen: Seen
    recognised: Recognised
    choices: Choices
    targets: tuple[Target, ...]
    questions: tuple[Question, ...]
    missing: tuple[str, ...]
    examples: tuple[tuple[str, ...], ...]
    preview: tuple[dict[str, Any], ...]

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to be said before the rows can be checked."""
        open_ends = any(not question.answer for question in self.questions)
        return bool(self.choices.kind) and not (self.refused or self.missing or open_ends)


def propose(data: bytes, choices: Choices, fields: Sequence[Field]) -> Proposal:
    """Fill in what the choices leave open. Raises `Invalid` or `TooLarge` for what is no table."""
    seen = look(data, choices.way)
    headers = seen.headers
    recognised = recognise(headers, choices.kind)
    kind = choices.kind or recognised.kind
    targets = _targets(kind, fields)
    is_new = len(choices.mapping) != len(headers)
    mapping = _with_custom(recognised, headers, targets) if is_new else choices.mapping
    probe = [row for _, row in islice(rows(data, seen.way), PROBED)]
    columns = columns_of(kind, headers, mapping, {}, targets)
    styles, questions = _styles(columns, probe, choices.styles, recognised.dates)
    unasked = {question.at for question in questions if not question.answer}
    chosen = replace(choices, kind=kind, way=seen.way, mapping=mapping, styles=styles)
    return Proposal(
        refused=refusal(headers),
        seen=seen,
        recognised=recognised,
        choices=chosen,
        targets=targets,
        questions=tuple(questions),
        missing=_missing(kind, mapping),
        examples=tuple(_examples(probe, at) for at in range(len(headers))),
        preview=tuple(
            _preview(columns_of(kind, headers, mapping, styles, targets), probe, unasked)
        ),
    )


def reader_of(choices: Choices, headers: Sequence[str], fields: Sequence[Field]) -> Reader:
    """What turns the file's rows into records."""
    targets = _targets(choices.kind, fields)
    return Reader(columns_of(choices.kind, headers, choices.mapping, choices.styles, targets))


def headers_of(choices: Choices, headers: Sequence[str]) -> dict[str, str]:
    """What the file calls each field that it fills."""
    return {to: header for header, to in zip(headers, choices.mapping, strict=False) if to}


def _targets(kind: str, fields: Sequence[Field]) -> tuple[Target, ...]:
    own = [custom_target(each) for each in fields if each.thing == kind and each.active]
    return (*TARGETS.get(kind, {}).values(), *own)


def _with_custom(
    recognised: Recognised, headers: Sequence[str], targets: Sequence[Target]
) -> tuple[str, ...]:
    """The recognised mapping; columns that are called like a field of the company's own fill it."""
    own = {plain(target.label): target.name for target in targets if ":" in target.name}
    return tuple(
        to or own.get(plain(header).removeprefix(CUSTOM).strip(), "")
        for to, header in zip(recognised.mapping, headers, strict=True)
    )


def _styles(
    columns: Sequence[Column],
    probe: Sequence[Sequence[str]],
    chosen: Mapping[str, str],
    usual_dates: str,
) -> tuple[dict[str, str], list[Question]]:
    """The style of each column of dates and numbers, and the columns to ask about."""
    styles: dict[str, str] = {}
    questions: list[Question] = []
    for column in columns:
        is_date = column.target.style is Style.DAY
        if not is_date and column.target.style is not Style.NUMBER:
            continue
        texts = [row[column.at] for row in probe if column.at < len(row) and row[column.at]]
        fits = orders_of(texts) if is_date else styles_of(texts)
        style = fits[0] if len(fits) == 1 else ""
        if len(fits) > 1:
            style = chosen.get(str(column.at), "") or (usual_dates if is_date else "")
            examples = tuple(dict.fromkeys(texts))[:3]
            questions.append(Question(column.at, column.header, is_date, examples, style))
        if style:
            styles[str(column.at)] = style
    return styles, questions


def _missing(kind: str, mapping: Sequence[str]) -> tuple[str, ...]:
    """The labels of the fields without which no row can be imported."""
    if not kind:
        return ()
    return tuple(
        " or ".join(TARGETS[kind][name].label for name in needed.split("|"))
        for needed in NEEDED[kind]
        if not set(needed.split("|")) & set(mapping)
    )


def _examples(probe: Sequence[Sequence[str]], at: int) -> tuple[str, ...]:
    filled = (str(row[at])[:60] for row in probe if at < len(row) and row[at])
    return tuple(dict.fromkeys(islice(filled, 50)))[:3]


def _preview(
    columns: Sequence[Column], probe: Sequence[Sequence[str]], unasked: Collection[int]
) -> list[dict[str, Any]]:
    """The first rows as they would be; as the file has it, what `unasked` columns leave open."""
    reader = Reader(columns)
    found = []
    for row in probe[:SHOWN]:
        record = reader.record(0, row)
        wrong = {fault.column: fault.message for fault in record.faults}
        cells = []
        for column in columns:
            text = row[column.at] if column.at < len(row) else ""
            value = _value(record.fields, column.target.name) if column.at not in unasked else text
            cells.append((_shown(value, text), wrong.get(column.header, "") if text else ""))
        found.append({"cells": cells})
    return found


def _value(fields: Mapping[str, Any], name: str) -> Any:
    if ":" in name:
        return fields.get("custom", {}).get(name.partition(":")[2])
    return fields.get(name)


def _shown(value: Any, text: str) -> str:
    """A day in its one spelling, words in ours; figures as the file has them."""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else str(text)
