"""Where each plan stands on each of its assets: what its due days follow from."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import cache
from itertools import chain, takewhile
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, select
from sqlalchemy.orm import Session

from stockscan.domain.maintenance import Basis
from stockscan.domain.maintenance.cycles import Cycle, Unit
from stockscan.domain.maintenance.due import Due, Facts, Last, Rule, dues
from stockscan.store.maintenance.readings import Meters, planned_meters
from stockscan.store.maintenance.rows import MaintenancePlan
from stockscan.store.maintenance.standing import (
    Query,
    alike,
    alike_with_jobs,
    by_meter,
    made_jobs,
    one_by_one,
    pairs_in_use,
)

_EPOCH: Final = date(1970, 1, 1)
_EPOCH_DAY: Final = _EPOCH.toordinal()
# As many rows as are read at once.
_AT_ONCE: Final = 1_000


class State(NamedTuple):
    """Where a plan stands on an asset, or on `assets` of them alike, of which it is one.

    `pending` is the job that is made already and not done; `kind` the model and the category of
    their own that they have in common.
    """

    plan_id: int
    asset_id: int
    last: Last
    pending: Due | None
    facts: Facts
    assets: int = 1
    kind: tuple[int | None, str] = (None, "")


def rules(connection: Connection | Session) -> dict[int, Rule]:
    """What makes each plan due that is in use."""
    rows = connection.execute(_rules())
    return {
        row.id: Rule(
            basis=Basis(row.basis),
            cycle=Cycle(row.every, Unit(row.unit or Unit.MONTH)) if row.every else None,
            starts_on=row.starts_on,
            every_milli=row.every_milli,
            starts_milli=row.starts_milli,
            from_done=row.counts_from == "done",
        )
        for row in rows
    }


def states(
    connection: Connection | Session,
    today: date,
    *,
    plan_ids: Collection[int] | None = None,
    asset_id: int | None = None,
    without_jobs: bool = False,
) -> Iterator[State]:
    """Each plan in use on each of its assets at work; of some plans or one asset if given.

    Or those alone that have no open job there.
    """
    pairs = pairs_in_use().c
    chosen: list[ColumnElement[bool]] = []
    chosen += [] if plan_ids is None else [pairs.plan_id.in_(plan_ids)]
    chosen += [] if asset_id is None else [pairs.asset_id == asset_id]
    chosen += [made_jobs().c.plan_id.is_(None)] if without_jobs else []
    rows = connection.execute(one_by_one().where(*chosen))
    meters = planned_meters(connection, today, plan_ids, asset_id)
    return (_state(row, meters) for row in _read(rows))


def states_alike(connection: Connection | Session, today: date, until: date) -> Iterator[State]:
    """The same, with assets on which a plan stands alike as one; for sums over very many.

    Left out is what will not be due up to `until`, as far as the database can tell, and what goes
    by a meter that was never read.
    """
    without_jobs = connection.execute(alike(), {"until": (until - _EPOCH).days})
    for plan_id, model_id, category, begun, settled, asset_id, assets in _read(without_jobs):
        # What it began with and what is settled stand for all that was done.
        last, kind = Last(_day(begun), was_due_on=_day(settled)), (model_id, category)
        yield State(plan_id, asset_id, last, None, Facts(), assets, kind)
    with_jobs = connection.execute(alike_with_jobs())
    for plan_id, model_id, category, pending_on, asset_id, assets in _read(with_jobs):
        pending, kind = Due(pending_on or date.min), (model_id, category)
        yield State(plan_id, asset_id, Last(), pending, Facts(), assets, kind)
    meters = planned_meters(connection, today)
    for row in _read(connection.execute(by_meter())):
        plan_id, asset_id, model_id, category, name, *done, is_pending, on, milli = row
        meter = meters.get((asset_id, name))
        if meter is not None:
            made = Due(on or date.min, milli) if is_pending else None
            facts, kind = Facts(meter=meter), (model_id, category)
            yield State(plan_id, asset_id, Last(*done), made, facts, 1, kind)


def _read(rows: Any) -> Iterator[Any]:
    """The rows one by one, but fetched many at once."""
    return chain.from_iterable(rows.partitions(_AT_ONCE))


class Outlook:
    """The due days of plans up to a day; what many assets have in common is worked out once."""

    def __init__(self, known: dict[int, Rule], today: date, until: date) -> None:
        self._rules = known
        self._today = today
        self._until = until
        self._tails: dict[tuple[int, date], tuple[Due, ...]] = {}

    def dues(self, state: State) -> Iterator[Due]:
        """When a plan is due, the job that is made already left out; the first may be past."""
        rule = self._rules[state.plan_id]
        coming = dues(rule, state.last, state.facts, self._today, state.pending)
        if rule.basis == Basis.METER:
            return takewhile(self._is_near, coming)
        first = state.pending or next(coming, None)
        if first is None or first.day > self._until:
            return iter(())
        tail = self._tail(state.plan_id, rule, first)
        return iter(tail) if state.pending else chain((first,), tail)

    def _is_near(self, due: Due) -> bool:
        return due.day <= self._until

    def _tail(self, plan_id: int, rule: Rule, first: Due) -> tuple[Due, ...]:
        """What follows a due day by the calendar: the same on each asset."""
        key = (plan_id, first.day)
        if key not in self._tails:
            coming = dues(rule, Last(), Facts(), self._today, first)
            self._tails[key] = tuple(takewhile(self._is_near, coming))
        return self._tails[key]


def _state(row: Iterable[Any], meters: Meters) -> State:
    """A row of `one_by_one`."""
    # Read by its place: there may be hundreds of thousands of rows.
    (
        plan_id, asset_id, _, meter, bought_on, done_on, done_milli, was_due_on, was_due_milli,
        pending, pending_on, pending_milli, installed,
    ) = row  # fmt: skip
    return State(
        plan_id,
        asset_id,
        Last(done_on, done_milli, was_due_on, was_due_milli),
        Due(pending_on or date.min, pending_milli) if pending else None,
        Facts(bought_on, _day(installed), meters.get((asset_id, meter)) if meter else None),
    )


def _day(number: int | None) -> date | None:
    return None if number is None else date.fromordinal(_EPOCH_DAY + number)


@cache
def _rules() -> Query:
    return select(
        MaintenancePlan.id,
        MaintenancePlan.basis,
        MaintenancePlan.every,
        MaintenancePlan.unit,
        MaintenancePlan.starts_on,
        MaintenancePlan.every_milli,
        MaintenancePlan.starts_milli,
        MaintenancePlan.counts_from,
    ).where(MaintenancePlan.active.is_(True))
