"""When maintenance is due: the survey's figures (4.8), month ends, lateness, what always holds."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import islice, pairwise, takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscan.domain.errors import Invalid
from stockscan.domain.figures import MICRO
from stockscan.domain.maintenance import Basis
from stockscan.domain.maintenance.cycles import Cycle, Unit
from stockscan.domain.maintenance.due import Due, Facts, Last, Rule, dues
from stockscan.domain.maintenance.expected import expected_milli
from stockscan.domain.maintenance.meters import Meter, Reading, daily_milli
from stockscan.domain.maintenance.rules import check_plan

TODAY = date(2026, 11, 22)
DAY_US = 86_400 * MICRO
MONTHLY = Cycle(1, Unit.MONTH)


def days(
    rule: Rule, last: Last, facts: Facts, horizon: int, pending: Due | None = None
) -> list[int]:
    until = TODAY + timedelta(days=horizon)
    found = takewhile(lambda due: due.day <= until, dues(rule, last, facts, TODAY, pending))
    return [(due.day - TODAY).days for due in found]


# --- the survey's 4.8 ---


def test_filters_of_three_trucks() -> None:
    """Every 30 days, next due in 10, 92 days ahead: on the days 10, 40, 70; 3 x 3 x 2 = 18."""
    rule = Rule(Basis.CALENDAR, Cycle(30, Unit.DAY), TODAY - timedelta(days=20))
    found = days(rule, Last(done_on=TODAY - timedelta(days=20)), Facts(), 92)
    assert found == [10, 40, 70]
    assert 3 * len(found) * expected_milli(2000, 10_000) == 18_000


def test_a_meter() -> None:
    """1180 h, due at 1250, every 250, 6 h a day: in 12 and in 54 days; 95 is too far; 2 x 4 = 8."""
    meter = Meter(TODAY, 1_180_000, 6_000)
    rule = Rule(Basis.METER, every_milli=250_000, starts_milli=1_250_000)
    assert days(rule, Last(), Facts(meter=meter), 92) == [12, 54]
    assert days(rule, Last(), Facts(meter=meter), 95) == [12, 54, 95]


def test_the_danger_zone() -> None:
    """Laptops of 2023-12-10 reach the age of their batteries, 36 months, on 2026-12-10."""
    rule = Rule(Basis.AGE, Cycle(36, Unit.MONTH))
    found = dues(rule, Last(), Facts(bought_on=date(2023, 12, 10)), TODAY)
    assert [due.day for due in islice(found, 2)] == [date(2026, 12, 10), date(2029, 12, 10)]


# --- calendars ---


def test_month_ends_come_back() -> None:
    """A month after 31 January is the last of February, and the next one 31 March again."""
    starts_on = date(2027, 1, 31)
    rule = Rule(Basis.CALENDAR, MONTHLY, starts_on, from_done=False)
    found = [due.day for due in islice(dues(rule, Last(), Facts(), TODAY), 4)]
    assert found == [starts_on, date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


@pytest.mark.parametrize(
    ("from_done", "following"), [(True, date(2026, 12, 5)), (False, date(2026, 12, 1))]
)
def test_done_late(from_done: bool, following: date) -> None:
    """Done on the 5th what was due on the 1st: a month later, or on the first again."""
    rule = Rule(Basis.CALENDAR, MONTHLY, date(2026, 1, 1), from_done=from_done)
    last = Last(done_on=date(2026, 11, 5), was_due_on=date(2026, 11, 1))
    assert next(dues(rule, last, Facts(), TODAY)).day == following


@pytest.mark.parametrize("from_done", [False, True])
def test_done_early_does_not_come_twice(from_done: bool) -> None:
    """Done on 25 November what is due on 1 December: 1 December does not come again."""
    rule = Rule(Basis.CALENDAR, Cycle(6, Unit.DAY), date(2026, 12, 1), from_done=from_done)
    last = Last(done_on=date(2026, 11, 25), was_due_on=date(2026, 12, 1))
    assert next(dues(rule, last, Facts(), TODAY)).day == date(2026, 12, 7)


def test_what_was_missed_comes_once() -> None:
    """Years of missed weeks are one overdue job, and then the next week."""
    rule = Rule(Basis.CALENDAR, Cycle(1, Unit.WEEK), date(2020, 1, 6), from_done=False)
    first, second = islice(dues(rule, Last(), Facts(), TODAY), 2)
    assert first.day == date(2020, 1, 6)
    assert second.day == date(2026, 11, 23)


def test_a_pending_job_is_not_told_again() -> None:
    rule = Rule(Basis.CALENDAR, Cycle(30, Unit.DAY), TODAY)
    late = Due(TODAY - timedelta(days=9))
    assert days(rule, Last(), Facts(), 60, pending=late) == [30, 60]


# --- age ---


def test_a_new_battery_begins_anew() -> None:
    rule = Rule(Basis.AGE, Cycle(36, Unit.MONTH))
    facts = Facts(bought_on=date(2020, 1, 15), installed_on=date(2026, 2, 28))
    assert next(dues(rule, Last(), facts, TODAY)).day == date(2029, 2, 28)


def test_nothing_is_due_where_too_little_is_known() -> None:
    assert not list(dues(Rule(Basis.AGE, Cycle(36, Unit.MONTH)), Last(), Facts(), TODAY))
    meter = Rule(Basis.METER, every_milli=250_000)
    assert not list(dues(meter, Last(), Facts(), TODAY))
    unknown_speed = Facts(meter=Meter(TODAY, 100_000, None))
    assert not list(dues(meter, Last(), unknown_speed, TODAY))
    forever = Rule(Basis.CALENDAR, Cycle(3650, Unit.YEAR), TODAY)
    assert len(list(islice(dues(forever, Last(), Facts(), TODAY), 9))) == 3


# --- meters ---


def test_a_meter_that_passed_its_mark_is_overdue_since_it_was_read() -> None:
    """Without a known speed it is due all the same."""
    read_on = TODAY - timedelta(days=4)
    facts = Facts(meter=Meter(read_on, 1_260_000, None))
    rule = Rule(Basis.METER, every_milli=250_000, starts_milli=1_250_000)
    assert [*dues(rule, Last(), facts, TODAY)] == [Due(read_on, 1_250_000)]


def test_done_counts_from_the_meter() -> None:
    """Done at 1300 what was due at 1250: at 1550 from when it was done, at 1500 by the plan."""
    last = Last(TODAY, 1_300_000, TODAY, 1_250_000)
    facts = Facts(meter=Meter(TODAY, 1_300_000, 10_000))
    rule = Rule(Basis.METER, every_milli=250_000, starts_milli=1_250_000)
    assert next(dues(rule, last, facts, TODAY)).milli == 1_550_000
    assert next(dues(rule._replace(from_done=False), last, facts, TODAY)).milli == 1_500_000


def test_a_new_meter_counts_anew() -> None:
    """After the meter was replaced, what the old one showed says nothing."""
    last = Last(TODAY, 5_000_000, TODAY, 5_000_000)
    facts = Facts(meter=Meter(TODAY, 10_000, 24_000))
    rule = Rule(Basis.METER, every_milli=250_000)
    assert next(dues(rule, last, facts, TODAY)) == Due(TODAY + timedelta(days=10), 250_000)


def read(*values: int) -> list[Reading]:
    return [Reading(day * DAY_US, value) for day, value in enumerate(values)]


def test_the_speed_of_a_meter() -> None:
    """The median slope: a reading that was mistyped turns it little."""
    assert daily_milli(read(0, 6_000, 12_000, 18_000)) == 6_000
    assert daily_milli(read(0, 6_000, 12_000, 180_000, 180_000)) < 60_000
    assert daily_milli(read(0, 6_100, 12_000, 17_900, 24_000, 99_000)) in range(5_900, 6_300)


def test_the_speed_of_a_new_meter_a_standing_one_and_an_unknown_one() -> None:
    assert daily_milli(read(900_000, 906_000, 0, 8_000, 16_000)) == 8_000
    assert daily_milli(read(7_000, 7_000, 7_000)) == 1
    assert daily_milli(read(7_000)) is None
    assert daily_milli([Reading(5, 1), Reading(5, 9)]) is None


# --- what always holds ---

some_day = st.dates(date(2018, 1, 1), date(2030, 12, 31))
cycles = st.builds(Cycle, st.integers(1, 60), st.sampled_from(Unit))
milli = st.integers(0, 3_000_000)
lasts = st.builds(
    lambda done, due: Last(*(done or (None, None)), *(due or (None, None))),
    st.none() | st.tuples(some_day, milli),
    st.none() | st.tuples(some_day, milli),
)
rules = st.builds(
    Rule,
    st.sampled_from(Basis),
    cycles,
    some_day,
    st.integers(1, 500_000),
    st.none() | milli,
    st.booleans(),
)
speed = st.none() | st.integers(1, 50_000)
facts_known = st.builds(
    Facts,
    st.none() | some_day,
    st.none() | some_day,
    st.none() | st.builds(Meter, some_day, milli, speed),
)
pending_jobs = st.none() | st.builds(Due, some_day, milli)


@settings(max_examples=200, deadline=None)
@given(rules, lasts, facts_known, pending_jobs)
def test_days_follow_each_other(rule: Rule, last: Last, facts: Facts, pending: Due | None) -> None:
    """Due days never repeat, none but the first is past, none is before what is settled."""
    found = [due.day for due in islice(dues(rule, last, facts, TODAY, pending), 12)]
    assert found == sorted(set(found))
    assert all(day > TODAY for day in found[1:])
    settled = [day for day in (last.done_on, last.was_due_on) if day]
    if pending is not None:
        settled += [pending.day, TODAY]
    assert all(day > max(settled) for day in found if settled)


@settings(max_examples=200, deadline=None)
@given(rules, lasts, facts_known)
def test_each_day_follows_from_the_one_before(rule: Rule, last: Last, facts: Facts) -> None:
    """As if a job had been made for it, whatever shortens the way to the ones behind it."""
    found = list(islice(dues(rule, last, facts, TODAY), 6))
    for due, following in pairwise(found):
        assert next(dues(rule, last, facts, TODAY, pending=due)) == following


@settings(max_examples=200, deadline=None)
@given(cycles, st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.dates(date(2023, 1, 1), TODAY))
def test_the_next_of_a_cycle(cycle: Cycle, start: date, day: date) -> None:
    """The first behind the day, as counting up from the start finds it."""
    found = cycle.next(start, day)
    times = range(5 * 366)
    assert found == next(each for n in times if (each := cycle.after(start, n)) > day)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 10**9), st.integers(1, 10_000))
def test_what_a_job_is_expected_to_need(quantity: int, share: int) -> None:
    """Quantity times probability, rounded half to even: as Python's own round of the fraction."""
    assert expected_milli(quantity, share) == round(Fraction(quantity * share, 10_000))


# --- what a plan must say ---

FULL = {"basis": "calendar", "every": 3, "unit": "month", "starts_on": TODAY, "meter": "Hours",
        "every_milli": 250_000}  # fmt: skip


@pytest.mark.parametrize(
    ("basis", "missing", "field"),
    [
        ("age", "every", "every"),
        ("calendar", "every", "every"),
        ("calendar", "starts_on", "starts_on"),
        ("calendar", "unit", "unit"),
        ("meter", "every_milli", "every_meter"),
        ("meter", "meter", "meter"),
    ],
)
def test_a_plan_says_what_its_basis_needs(basis: str, missing: str, field: str) -> None:
    check_plan({**FULL, "basis": basis})
    with pytest.raises(Invalid) as caught:
        check_plan({**FULL, "basis": basis, missing: None})
    assert caught.value.field == field


def test_a_plan_starts_in_this_age() -> None:
    with pytest.raises(Invalid, match="1990"):
        check_plan({**FULL, "starts_on": date(1066, 10, 14)})
