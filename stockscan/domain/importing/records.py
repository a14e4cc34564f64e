"""One row of a file as fields of ours: each value read in the style of its column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from stockscan.domain.errors import Invalid
from stockscan.domain.fields import Field, FieldType, spelled
from stockscan.domain.importing.cells import Broken
from stockscan.domain.importing.dates import as_iso
from stockscan.domain.importing.numbers import POINT, as_plain
from stockscan.domain.importing.targets import TARGETS, Style, Target
from stockscan.domain.importing.words import as_flag_word, as_our_word

# Texts that stand again and again (models, bins, dates) are read once; bounded, files are not.
_REMEMBERED: Final = 2000
CUSTOM: Final = "custom:"
_YES_NO: Final = {True: "yes", False: "no"}
_STYLES: Final = {
    FieldType.NUMBER: Style.NUMBER,
    FieldType.DATE: Style.DAY,
    FieldType.YES_NO: Style.FLAG,
}


class Fault(NamedTuple):
    """What is wrong in one column of a row ("" for the whole row), and what to do."""

    column: str
    message: str


@dataclass(slots=True)
class Record:
    """A row of the file with its line, the fields that could be read, and what could not."""

    line: int
    cells: Sequence[str]
    fields: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Column:
    """One column that is taken in: where it stands, what it fills, and how it is written."""

    at: int
    header: str
    target: Target
    style: str = ""


Read = Callable[[str], Any]


class Reader:
    """Turns rows into records. Raises nothing: what can't be read is a fault of its row."""

    def __init__(self, columns: Sequence[Column]) -> None:
        known: list[dict[str, Any]] = [{} for _ in columns]
        self._columns = [
            (column, _reading(column), texts) for column, texts in zip(columns, known, strict=True)
        ]

    def record(self, line: int, cells: Sequence[str]) -> Record:
        """The record of one row."""
        record = Record(line, cells, {})
        width = len(cells)
        for column, read, known in self._columns:
            text = cells[column.at] if column.at < width else ""
            if not text:
                continue
            is_plain = type(text) is str
            value = known.get(text) if is_plain else None
            if value is None:
                value = _value(column, read, text)
                if is_plain and len(known) < _REMEMBERED:
                    known[text] = value
            if isinstance(value, Fault):
                record.faults.append(value)
            elif value != "":
                _keep(record.fields, column.target.name, value)
        return record


def custom_target(field: Field) -> Target:
    """The target of one of the company's own fields."""

    def parse(_name: str, raw: Any) -> str:
        return spelled(field, _YES_NO[raw] if isinstance(raw, bool) else raw)

    return Target(f"{CUSTOM}{field.id}", field.name, parse, _STYLES.get(field.type, Style.TEXT))


def columns_of(
    kind: str,
    headers: Sequence[str],
    mapping: Sequence[str],
    styles: Mapping[str, str],
    custom: Sequence[Target] = (),
) -> list[Column]:
    """The columns that are taken in; `styles` is by the number of the column, as text."""
    known = {**TARGETS.get(kind, {}), **{target.name: target for target in custom}}
    return [
        Column(at, header, known[to], styles.get(str(at), ""))
        for at, (header, to) in enumerate(zip(headers, mapping, strict=False))
        if to in known
    ]


def _keep(fields: dict[str, Any], name: str, value: Any) -> None:
    if name.startswith(CUSTOM):
        fields.setdefault("custom", {})[name.removeprefix(CUSTOM)] = value
    else:
        fields[name] = value


def _value(column: Column, read: Read, text: str) -> Any:
    if isinstance(text, Broken):
        return Fault(column.header, str(text))
    try:
        return read(text)
    except Invalid as error:
        return Fault(column.header, _in_words(error.message, column))


def _in_words(message: str, column: Column) -> str:
    """The sentence with what people call the column in place of the field's name."""
    name, space, rest = message.partition(" ")
    name, rest = name.removesuffix(":"), rest.replace("_", " ")
    return f"{column.target.label}{space}{rest}" if name == column.target.name else message


def _reading(column: Column) -> Read:
    """From the text of a cell to the value that the rules compute with."""
    target, style = column.target, column.style
    name, parse = target.name, target.parse
    if target.style is Style.DAY:
        return lambda text: parse(name, as_iso(text, style))
    if target.style is Style.NUMBER:
        return lambda text: parse(name, as_plain(text, style or POINT))
    if target.style is Style.FLAG:
        return lambda text: parse(name, as_flag_word(text))
    if target.style is Style.WORD:
        return lambda text: parse(name, as_our_word(name, text.strip()))
    return lambda text: parse(name, str(text).strip())
