"""When maintenance is due: by the calendar, by a meter, by the age of a part or an asset.

Formulas of preventive maintenance demand: the due days of a plan on an asset follow each other
strictly, never repeat, and lie behind the day on which it was last done.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from stockscan.domain.maintenance import Basis
from stockscan.domain.maintenance.cycles import Cycle
from stockscan.domain.maintenance.meters import Meter


class Rule(NamedTuple):
    """What makes a plan due: a cycle of days for calendar and age, thousandths for a meter.

    `from_done` counts from when it was done last, otherwise from when it was planned first.
    """

    basis: Basis
    cycle: Cycle | None = None
    starts_on: date | None = None
    every_milli: int | None = None
    starts_milli: int | None = None
    from_done: bool = True


class Last(NamedTuple):
    """When a plan was done last on an asset, and the last due day (and meter) that is settled."""

    done_on: date | None = None
    done_milli: int | None = None
    was_due_on: date | None = None
    was_due_milli: int | None = None


class Facts(NamedTuple):
    """What a rule looks at on an asset: bought, part installed last, the meter; None: not known."""

    bought_on: date | None = None
    installed_on: date | None = None
    meter: Meter | None = None


class Due(NamedTuple):
    """A day on which work is due, and what the meter shows then."""

    day: date
    milli: int | None = None


def dues(
    rule: Rule, last: Last, facts: Facts, today: date, pending: Due | None = None
) -> Iterator[Due]:
    """The days on which a plan is due on an asset, without end; none where too little is known.

    The first may be past. All others lie after today: what is overdue is thought to be done today,
    so that nothing missed comes twice. `pending` is due already and comes first, not told again.
    """
    last = _of_this_meter(last, facts)
    if pending is not None:
        last = _done(pending, last, facts, today)
    while (due := _next(rule, last, facts)) is not None:
        yield due
        if due.milli is not None and due.day > today:
            yield from _steadily(due, rule, facts)
            return
        last = _done(due, last, facts, today)


def _steadily(due: Due, rule: Rule, facts: Facts) -> Iterator[Due]:
    """What follows a meter's value that lies ahead: the next ones, each on a later day."""
    (day, milli), every_milli, meter = due, rule.every_milli, facts.meter
    assert milli is not None
    assert every_milli is not None
    assert meter is not None
    while (following := meter.day_of(milli + every_milli)) is not None:
        milli += every_milli
        day = following if following > day else day + timedelta(days=1)
        yield Due(day, milli)


def _next(rule: Rule, last: Last, facts: Facts) -> Due | None:
    if rule.basis == Basis.METER:
        return _by_meter(rule, last, facts.meter)
    settled = _latest(last.done_on, last.was_due_on)
    if rule.basis == Basis.AGE:
        start = _latest(facts.installed_on or facts.bought_on, last.done_on)
        settled = _latest(start, settled)
    else:
        start = last.done_on if rule.from_done and last.done_on else rule.starts_on
    if start is None or rule.cycle is None:
        return None
    try:
        return Due(start if settled is None else rule.cycle.next(start, settled))
    except (OverflowError, ValueError):
        return None  # behind the end of all calendars


def _by_meter(rule: Rule, last: Last, meter: Meter | None) -> Due | None:
    if meter is None or not rule.every_milli:
        return None
    counted_from_done = rule.from_done and last.done_milli is not None
    start = last.done_milli if counted_from_done else rule.starts_milli
    target = rule.every_milli if start is None else start
    settled = _highest(last.done_milli, last.was_due_milli)
    if settled is not None and settled >= target:
        target += ((settled - target) // rule.every_milli + 1) * rule.every_milli
    day, after = meter.day_of(target), _latest(last.done_on, last.was_due_on)
    if day is not None and after is not None and day <= after:
        day = after + timedelta(days=1)
    return Due(day, target) if day is not None else None


def _done(due: Due, last: Last, facts: Facts, today: date) -> Last:
    """What is true once that is done: on its day, or today where it is overdue."""
    day, milli = max(due.day, today), due.milli
    if facts.meter is not None and milli is not None and due.day < day:
        milli = max(milli, facts.meter.value_on(day))
    return Last(
        _latest(last.done_on, day),
        _highest(last.done_milli, milli),
        _latest(last.was_due_on, due.day),
        _highest(last.was_due_milli, due.milli),
    )


def _of_this_meter(last: Last, facts: Facts) -> Last:
    """Without what an earlier meter showed, where a new one shows less than when it was done."""
    if facts.meter is None or (last.done_milli or 0) <= facts.meter.value_milli:
        return last
    return last._replace(done_milli=None, was_due_milli=None)


def _latest(one: date | None, other: date | None) -> date | None:
    if one is None or (other is not None and other > one):
        return other
    return one


def _highest(one: int | None, other: int | None) -> int | None:
    if one is None or (other is not None and other > one):
        return other
    return one
