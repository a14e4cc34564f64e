"""Counting on paper: what the sheets say, and that typing them in is like having scanned."""

from datetime import timedelta
from typing import Any

import pytest

from stockscan.domain.counts.scope import Scope
from stockscan.domain.errors import NotAllowed, NotFound, RuleBroken
from stockscan.domain.figures import from_us
from stockscan.services import counts, operations
from stockscan.services.counts import papers, typing_in
from stockscan.services.counts.typing_in import Typed, Written
from stockscan.services.work import reading
from stockscan.store.counts import papers as store
from tests.cast import Player, new_id
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MINUTES = 60


def opened(shop: Shop, *bins: str, by: Player | None = None, **plan: Any) -> str:
    """A count of these bins, for whoever comes unless someone is named."""
    ids = tuple(shop.key(shop.part(), each).location_id for each in bins)
    people = (by.id,) if by else ()
    wanted = counts.Plan("Small parts", Scope(locations=ids), counters=people, **plan)
    return counts.open_count(shop.context(), new_id(), wanted).id


def clock(shop: Shop, minutes_ago: int = 0) -> str:
    """What the clock on the wall showed."""
    then = from_us(shop.now_us).astimezone() - timedelta(minutes=minutes_ago)
    return f"{then:%H:%M}"


def typed(
    shop: Shop,
    count: str,
    numbers: dict[str, str],
    times: dict[str, str],
    by: Player | None = None,
    who: Player | None = None,
    form: str = "",
) -> Typed:
    """Type in what stands on the sheet, by part number; nothing is recorded yet."""
    page = written(shop, count, numbers, times, by, who)
    return typing_in.type_in(shop.context(by), form or new_id(), count, page)


def written(
    shop: Shop,
    count: str,
    numbers: dict[str, str],
    times: dict[str, str],
    by: Player | None = None,
    who: Player | None = None,
) -> Written:
    with reading() as connection:
        rows = store.sheets_of(connection, count)
        lines = [
            line
            for row in rows
            for line in store.open_lines(connection, count, row.person_id, limit=99)
        ]
    said = {line.id: numbers.get(line.part_number, "") for line in lines}
    day = from_us(shop.now_us).astimezone().date()
    return Written((who or by or shop.cast.admin).code, day, times, said)


def record(shop: Shop, page: Typed, by: Player | None = None) -> list[dict[str, Any]]:
    """Record what was typed in; the answers."""
    assert not page.is_wrong
    outcomes = [operations.apply(shop.context(by), raw) for raw in page.raws.values()]
    assert all(outcome.done for outcome in outcomes), outcomes
    return [outcome.result or {} for outcome in outcomes]


def test_moves_between_counting_and_typing_stay_right(shop: Shop) -> None:
    """10 are booked, 9 lie there and are written down; 2 are taken; typed in an hour later: 7."""
    bin_, part = shop.bin(), shop.part(part_number="P-1")
    shop.ok("receive", part=part, location=bin_, quantity=10)
    shop.wait(MINUTES)
    count = opened(shop, bin_, max_attempts=1)
    shop.wait(20 * MINUTES)
    shop.ok("issue", part=part, location=bin_, quantity=2, reason="used")
    shop.wait(40 * MINUTES)
    page = typed(
        shop, count, {"P-1": "9"}, {bin_: clock(shop, 50)}, by=shop.cast.storekeeper,
        who=shop.cast.technician,
    )  # fmt: skip
    record(shop, page, by=shop.cast.storekeeper)
    counts.submit(shop.context(), count)
    counts.post(shop.context(shop.cast.supervisor), count, approve=True)
    assert shop.on_hand(part, bin_) == 7


@on_sqlite
def test_typed_twice_is_counted_once(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part(part_number="P-1")
    shop.ok("receive", part=part, location=bin_, quantity=10)
    count = opened(shop, bin_)
    shop.wait(9 * MINUTES)
    page = written(shop, count, {"P-1": "10"}, {bin_: clock(shop)})
    form = new_id()
    first = typing_in.type_in(shop.context(), form, count, page)
    record(shop, first)
    record(shop, first)
    again = typing_in.type_in(shop.context(), form, count, page)
    other = typing_in.type_in(shop.context(), new_id(), count, page)
    assert [(each.raws, each.before) for each in (again, other)] == [({}, 1), ({}, 1)]


@on_sqlite
@pytest.mark.parametrize(
    ("minutes_ago", "words"), [(-3, "has not come yet"), (30, "was opened at"), (None, "Type the")]
)
def test_an_impossible_time_says_what_to_do(
    shop: Shop, minutes_ago: int | None, words: str
) -> None:
    bin_, part = shop.bin(), shop.part(part_number="P-1")
    shop.ok("receive", part=part, location=bin_, quantity=10)
    shop.wait(60 * MINUTES)
    count = opened(shop, bin_)
    shop.wait(5 * MINUTES)
    times = {} if minutes_ago is None else {bin_: clock(shop, minutes_ago)}
    page = typed(shop, count, {"P-1": "10"}, times)
    assert words in page.wrong[bin_]
    assert page.raws == {}


@on_sqlite
def test_a_bin_without_a_time_has_that_of_the_bin_above(shop: Shop) -> None:
    bins = [shop.bin(name) for name in ("A-2", "A-10")]
    for number, at in zip(("P-1", "P-2"), bins, strict=True):
        part = shop.part(part_number=number)
        shop.ok("receive", part=part, location=at, quantity=4)
    count = opened(shop, *bins)
    shop.wait(20 * MINUTES)
    page = typed(shop, count, {"P-1": "4", "P-2": "4"}, {bins[0]: clock(shop, 10)})
    assert len({raw["age_ms"] for raw in page.raws.values()}) == 1
    left = typed(shop, count, {"P-2": "4"}, {bins[0]: clock(shop, 10)})
    assert left.wrong == {bins[1]: "Type the time that stands at this bin."}


@on_sqlite
def test_what_moved_in_the_minutes_around_it_is_asked_about(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part(part_number="P-1")
    shop.ok("receive", part=part, location=bin_, quantity=10)
    shop.wait(30 * MINUTES)
    count = opened(shop, bin_)
    shop.wait(10 * MINUTES)
    shop.ok("issue", part=part, location=bin_, quantity=2, reason="used")
    shop.wait(2 * MINUTES)
    answers = record(shop, typed(shop, count, {"P-1": "8"}, {bin_: clock(shop)}))
    assert [each["state"] for each in answers] == ["MOVED_DURING_COUNT"]


@on_sqlite
def test_lots_have_a_line_each_and_serials_are_a_list(shop: Shop) -> None:
    bin_ = shop.bin()
    oil = shop.part(part_number="OIL", tracking="lot")
    pump = shop.part(part_number="PUMP", tracking="serial")
    for lot in ("L1", "L2"):
        shop.ok("receive", part=oil, location=bin_, quantity=3, lot=lot)
    shop.ok("receive", part=pump, location=bin_, quantity=2, serials=["S1", "S2"])
    shop.wait(30 * MINUTES)
    count = opened(shop, bin_)
    shop.wait(9 * MINUTES)
    sheet = papers.paper(shop.context(), count).sheets[0]
    lines = sheet.pages[0].bins[0].lines
    assert [(line.part_number, line.lot) for line in lines] == [
        ("OIL", "L1"), ("OIL", "L2"), ("PUMP", ""),
    ]  # fmt: skip
    numbers = {"OIL": "3", "PUMP": "S1, S2"}
    answers = record(shop, typed(shop, count, numbers, {bin_: clock(shop)}))
    assert [each["state"] for each in answers] == ["COUNTED"] * 3
    assert counts.submit(shop.context(), count)["state"] == "SUBMITTED"
    counts.post(shop.context(), count)
    assert shop.on_hand(oil, bin_, "L1") == 3


@on_sqlite
def test_each_counter_has_a_sheet_in_walking_order(shop: Shop) -> None:
    bins = [shop.bin(name) for name in ("A-10", "A-2", "A-1")]
    for at in bins:
        part = shop.part()
        shop.ok("receive", part=part, location=at, quantity=4)
    mine = opened(shop, *bins, by=shop.cast.technician)
    sheet = papers.paper(shop.context(), mine).sheets[0]
    assert sheet.row.name == shop.cast.technician.name
    names = [bin_.name for page in sheet.pages for bin_ in page.bins]
    assert names == ["A-1", "A-2", "A-10"]
    begun = typing_in.to_type(shop.context(), mine, bin_=bins[1])
    assert begun.page is not None
    assert [bin_.name for bin_ in begun.page.bins] == ["A-2", "A-10"]


@on_sqlite
def test_nobody_types_for_another_without_planning_counts(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part(part_number="P-1")
    shop.ok("receive", part=part, location=bin_, quantity=4)
    count = opened(shop, bin_)
    shop.wait(9 * MINUTES)
    technician, times = shop.cast.technician, {bin_: clock(shop)}
    with pytest.raises(NotAllowed):
        typed(shop, count, {"P-1": "4"}, times, by=technician, who=shop.cast.storekeeper)
    with pytest.raises(NotFound):
        typed(shop, count, {"P-1": "4"}, times, who=shop.cast.viewer)
    assert len(typed(shop, count, {"P-1": "4"}, times, by=technician).raws) == 1


@on_sqlite
def test_a_count_that_is_over_is_neither_printed_nor_typed(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part()
    shop.ok("receive", part=part, location=bin_, quantity=4)
    count = opened(shop, bin_)
    counts.cancel(shop.context(), count)
    for look in (papers.paper, typing_in.to_type):
        with pytest.raises(RuleBroken, match="over"):
            look(shop.context(), count)
        with pytest.raises(NotFound):
            look(shop.context(), new_id())
