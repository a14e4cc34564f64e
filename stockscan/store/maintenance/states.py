"""Where each plan stands on each of its assets: what its due days follow from."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
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
from stockscan.store.maintenance.standing import Query, alike, one_by_one, pairs_in_use

_EPOCH: Final = date(1970, 1, 1)


class State(NamedTuple):
    """Where a plan stands on an asset, or on `assets` of them alike (`asset_id` is 0 then).

    `pending` is the job that is made already and not done.
    """

    plan_id: int
    asset_id: int
    last: Last
    pending: Due | None
    facts: Facts
    assets: int = 1


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
) -> Iterator[State]:
    """Each plan in use on each of its assets at work; of some plans or one asset if given."""
    pairs = pairs_in_use().c
    chosen: list[ColumnElement[bool]] = []
    chosen += [] if plan_ids is None else [pairs.plan_id.in_(plan_ids)]
    chosen += [] if asset_id is None else [pairs.asset_id == asset_id]
    rows = connection.execute(one_by_one().where(*chosen))
    meters = planned_meters(connection, today, plan_ids, asset_id)
    return (_state((*row, 1), meters) for row in rows)


def states_alike(connection: Connection | Session, today: date) -> Iterator[State]:
    """The same, with assets on which a plan stands alike as one; for sums over very many."""
    rows = connection.execute(alike())
    meters = planned_meters(connection, today)
    return (_state(row, meters) for row in rows)


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
    """A row of `standing` with the number of assets behind it."""
    # Read by its place: there may be hundreds of thousands of rows.
    (
        plan_id, asset_id, _, meter, bought_on, done_on, done_milli, was_due_on, was_due_milli,
        pending, pending_on, pending_milli, installed, assets,
    ) = row  # fmt: skip
    installed_on = None if installed is None else _EPOCH + timedelta(days=installed)
    return State(
        plan_id,
        asset_id,
        Last(done_on, done_milli, was_due_on, was_due_milli),
        Due(pending_on or date.min, pending_milli) if pending else None,
        Facts(bought_on, installed_on, meters.get((asset_id, meter)) if meter else None),
        assets,
    )


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
