"""Accuracy as the database adds it up: the same as the rules say, on both databases."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert

from stockscan.domain.counts import LineState, Tolerance
from stockscan.domain.counts.accuracy import NOTHING, Measured
from stockscan.domain.figures import times
from stockscan.services.work import reading, unit_of_work
from stockscan.store.counts import CountLine, CountSession, figures
from stockscan.store.counts.measured import Wanted
from tests.cast import new_id
from tests.shop import OPENING, SECOND, Shop

HOUR_US = 3600 * SECOND
TOLERANCES = (
    Tolerance(),
    Tolerance(absolute_milli=2_000),
    Tolerance(basis_points=(("A", 0), ("B", 5_000), ("C", 1_000)), value_e4=40_005),
)
# A book and a variance in thousandths, and a cost in 1/10,000, whose product just fits 64 bits.
LARGE = (10**9, -(10**9), 9 * 10**9)
# The largest that people may type: many times more than fits.
ABSURD = (10**12, 10**12, 10**13)


def test_sums_are_those_of_the_rules(shop: Shop) -> None:
    found = measured_lines(shop, Random(7))
    with reading() as connection:
        assert figures.total(connection, Wanted()) == summed(found)
        classes = {group.code: group.measured for group in figures.by_class(connection, Wanted())}
        assert classes == {
            name: summed([each for each in found if (each["measured_class"] or "") == name])
            for name in ("", "A", "B", "C")
        }
        people = figures.by_person(connection, Wanted(), 10)
        assert sum(group.measured.records for group in people) == len(found)
        rows = figures.record_rows(connection, Wanted(), only_wrong=False, after=0, limit=999)
        assert [row.within for row in reversed(rows)] == [is_within(each) for each in found]
        assert [row.value_e4 for row in reversed(rows)] == [value_of(each) for each in found]


def test_an_absurd_count_does_not_end_the_figures(shop: Shop) -> None:
    key, (book, off, cost) = shop.key(shop.part(), shop.bin()), ABSURD
    lines = [line_of(key, at, book, off, measured_cost_e4=cost) for at in range(3)]
    add_session(shop, TOLERANCES[-1], lines)
    with reading() as connection:
        assert figures.total(connection, Wanted()).over_e4 == pytest.approx(3 * 10**22)


def test_spans_and_filters_take_their_own(shop: Shop) -> None:
    found = measured_lines(shop, Random(8))
    starts = [OPENING, OPENING + 20 * HOUR_US, OPENING + 21 * HOUR_US]
    with reading() as connection:
        spans = figures.by_span(connection, Wanted(), starts)
        assert [spans.get(at, NOTHING).records for at in range(3)] == [20, 1, len(found) - 21]
        wanted = Wanted(from_us=starts[1], until_us=starts[2])
        assert figures.total(connection, wanted) == summed(found[20:21])
        parts = {group.code: group.measured for group in figures.by_part(connection, Wanted(), 9)}
        part_id = found[0]["part_id"]
        mine = summed([each for each in found if each["part_id"] == part_id])
        assert figures.total(connection, Wanted(part_id=part_id)) == mine
        assert mine in parts.values()


def test_places_have_what_lies_inside_them(shop: Shop) -> None:
    site = shop.make("location", name="Works", kind_of_place="site")
    hall = shop.make("location", name="Hall", kind_of_place="area", parent=site)
    deep = shop.make("location", name="A-1", kind_of_place="bin", parent=hall)
    beside = shop.make("location", name="B-1", kind_of_place="bin", parent=site)
    part = shop.part()
    keys = [shop.key(part, at) for at in (deep, deep, beside)]
    hall_id = shop.key(part, hall).location_id
    for at, key in enumerate(keys):
        add_session(shop, Tolerance(), [line_of(key, at, variance_milli=-1000 * (at % 2))])
    with reading() as connection:
        root_id = figures.only_root(connection)
        tops = figures.by_place(connection, Wanted(), root_id, 9)
        assert [(each.name, each.measured.records) for each in tops] == [("Hall", 2), ("B-1", 1)]
        assert figures.total(connection, Wanted(location_id=hall_id)).exact == 1
        top = figures.by_place(connection, Wanted(), None, 9)
        assert [(each.name, each.measured.records) for each in top] == [("Works", 3)]


def test_only_first_blind_counts_are_measured(shop: Shop) -> None:
    key = shop.key(shop.part(), shop.bin())
    first = line_of(key, 1, variance_milli=-1000)
    again = {**line_of(key, 2), "attempt": 2, "measured_us": None}
    add_session(shop, Tolerance(), [first, again])
    add_session(shop, Tolerance(), [line_of(key, 3)], blind=False)
    with reading() as connection:
        assert figures.total(connection, Wanted()) == summed([dict(first, tolerance=Tolerance())])


def measured_lines(shop: Shop, random: Random) -> list[dict[str, Any]]:
    """Random first counts, an hour apart, under several tolerances, in the order of their lines."""
    parts, bins = [shop.part() for _ in range(4)], [shop.bin() for _ in range(3)]
    keys = [shop.key(part, at) for part in parts for at in bins]
    found: list[dict[str, Any]] = []
    for tolerance in TOLERANCES:
        lines = [
            line_of(
                random.choice(keys),
                len(found) + at,
                book_milli=random.choice((0, 0, -2_000, 1_500, 10_000, 200_000)),
                variance_milli=random.choice((0, 0, -2_000, -1_000, 500, 1_000, 9_000)),
                measured_cost_e4=random.choice((0, 7, 12_345, 20_001)),
                measured_class=random.choice((None, "A", "B", "C")),
            )
            for at in range(15)
        ]
        found += [{**line, "tolerance": tolerance} for line in lines]
        add_session(shop, tolerance, lines)
    book, off, cost = LARGE
    large = line_of(keys[0], len(found), book, off, measured_cost_e4=cost)
    add_session(shop, TOLERANCES[-1], [large])
    return [*found, {**large, "tolerance": TOLERANCES[-1]}]


def line_of(
    key: Any, hour: int, book_milli: int = 0, variance_milli: int = 0, **more: Any
) -> dict[str, Any]:
    at_us = OPENING + hour * HOUR_US
    return {
        **key._asdict(),
        "state": LineState.REJECTED,
        "attempt": 1,
        "counted_us": at_us,
        "measured_us": at_us,
        "measured_book_milli": book_milli,
        "measured_variance_milli": variance_milli,
        "measured_cost_e4": 10_000,
        "measured_class": None,
        **more,
    }


def add_session(
    shop: Shop, tolerance: Tolerance, lines: list[dict[str, Any]], *, blind: bool = True
) -> None:
    """A count whose lines were measured so."""
    counter_id, count_id = shop.cast.technician.id, new_id()
    with unit_of_work() as session:
        session.add(
            CountSession(
                id=count_id, method="plan", state="CANCELLED", blind=blind, opened_us=OPENING,
                tolerance=tolerance.to_json(), created_by=counter_id,
            )
        )  # fmt: skip
        session.flush()
        for line in lines:
            session.execute(
                insert(CountLine).values(**line, session_id=count_id, counter_id=counter_id)
            )


def is_within(line: dict[str, Any]) -> bool:
    tolerance: Tolerance = line["tolerance"]
    return not line["measured_variance_milli"] or tolerance.allows(
        variance_milli=line["measured_variance_milli"],
        book_milli=line["measured_book_milli"],
        cost_e4=line["measured_cost_e4"],
        abc_class=line["measured_class"] or "C",
    )


def value_of(line: dict[str, Any]) -> int:
    return times(line["measured_variance_milli"], line["measured_cost_e4"])


def summed(lines: list[dict[str, Any]]) -> Measured:
    """The same sums, line by line in Python."""
    off = [line["measured_variance_milli"] for line in lines]
    books = [line["measured_book_milli"] for line in lines]
    values = [value_of(line) for line in lines]
    return replace(
        NOTHING,
        records=len(lines),
        exact=off.count(0),
        within=sum(map(is_within, lines)),
        off_milli=sum(map(abs, off)),
        book_milli=sum(map(abs, books)),
        over_e4=sum(each for each in values if each > 0),
        short_e4=-sum(each for each in values if each < 0),
        book_e4=sum(
            times(abs(line["measured_book_milli"]), line["measured_cost_e4"]) for line in lines
        ),
    )
