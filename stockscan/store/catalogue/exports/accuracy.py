"""Accuracy as it is exported: of all, and of each class, month, place, part and person."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.counts.accuracy import Measured
from stockscan.domain.counts.spans import months
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import day_of, midnight_us
from stockscan.domain.tables import Column, Holds
from stockscan.store.catalogue.exports.tables import Asked, Row, Table
from stockscan.store.counts import figures
from stockscan.store.counts.asking import Asked as Question
from stockscan.store.counts.asking import wanted_of
from stockscan.store.counts.figures import Group
from stockscan.store.counts.measured import Wanted

# As many parts, places or people as are compared.
MOST: Final = 10_000

_COLUMNS: Final = (
    Column("by"),
    Column("name"),
    Column("code"),
    Column("records", Holds.WHOLE),
    Column("right", Holds.WHOLE),
    Column("in_tolerance", Holds.WHOLE),
    # Basis points are hundredths of a percent.
    Column("records_right_percent", Holds.MINOR),
    Column("in_tolerance_percent", Holds.MINOR),
    Column("units_right_percent", Holds.MINOR),
    Column("value_right_percent", Holds.MINOR),
    Column("over", Holds.E4),
    Column("short", Holds.E4),
    Column("shrink", Holds.E4),
)


def accuracy(connection: Connection, asked: Asked) -> Table:
    """How right the books were, of what the page shows; raises as `wanted_of` does.

    People are compared only for those who may know about people.
    """
    question = _question(asked)
    if question.person and not asked.with_people:
        raise Invalid("People are compared on the page of accuracy alone.", field="person")
    wanted, _ = wanted_of(connection, question, asked.blind)
    return Table(_COLUMNS, _rows(connection, wanted, question, asked))


def _question(asked: Asked) -> Question:
    said = asked.filters.get
    return Question(
        from_on=_day(said("from", "")),
        to_on=_day(said("to", "")),
        place=said("place", ""),
        part=said("part", ""),
        person=said("person", ""),
        abc_class=said("class", ""),
        count=said("count", ""),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("Write each day like 2026-11-22.", field="from") from None


def _rows(
    connection: Connection, wanted: Wanted, question: Question, asked: Asked
) -> Iterator[Row]:
    inside_id = wanted.location_id or figures.only_root(connection)
    groups = {
        "all": [Group("", "", figures.total(connection, wanted))],
        "class": figures.by_class(connection, wanted),
        "month": _by_month(connection, wanted, question, asked.today),
        "place": figures.by_place(connection, wanted, inside_id, MOST),
        "part": figures.by_part(connection, wanted, MOST),
        "person": figures.by_person(connection, wanted, MOST) if asked.with_people else [],
    }
    for name, found in groups.items():
        for group in found:
            yield _row(name, group, group.measured)


def _by_month(
    connection: Connection, wanted: Wanted, question: Question, today: date
) -> list[Group]:
    first_us = figures.first_us(connection)
    if first_us is None:
        return []
    first_on = question.from_on or day_of(first_us)
    cut = months(first_on, question.to_on or today)
    starts_us = [midnight_us(span.first) for span in cut]
    found = figures.by_span(connection, wanted, starts_us) if cut else {}
    return [Group(f"{cut[at].first:%Y-%m}", cut[at].name, found[at]) for at in sorted(found)]


def _row(by: str, group: Group, measured: Measured) -> Row:
    return (
        by,
        group.name,
        group.code,
        measured.records,
        measured.exact,
        measured.within,
        measured.records_bp,
        measured.within_bp,
        measured.units_bp,
        measured.value_bp,
        measured.over_e4,
        measured.short_e4,
        measured.shrink_e4,
    )
