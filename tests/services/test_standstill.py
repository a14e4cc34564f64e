"""Standstill: what is told late, twice or over and over is counted once, and never lost."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import pytest
from flask import Flask

from stockscan.services import operations
from stockscan.services.maintenance import job_pages
from stockscan.store.maintenance.job import JobRow
from tests.crowd import at_once, operation, say
from tests.shop import SECOND, Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR = 3600
HOUR_MS = HOUR * 1000


def job(shop: Shop, name: str) -> JobRow:
    return job_pages.job_page(shop.context(), name).job


def fault(shop: Shop, asset: str, ago_h: float = 0) -> str:
    """It stands still, told so many hours later from a phone without a network; the job's name."""
    told = {"asset": asset, "what": "Leaks", "stands": True}
    age = {"age_ms": int(ago_h * HOUR_MS), "queued": True} if ago_h else {}
    return str(shop.ok("report_fault", **told, **age)["job"])


def hours(shop: Shop, *names: str) -> list[float]:
    """How long the asset stood still for each job, after a proof that no hour counts twice."""
    rows = [job(shop, name) for name in names]
    stretches = sorted((row.down_from_us or 0, row.down_until_us or 0) for row in rows)
    assert all(end <= start for (_, end), (start, _) in pairwise(stretches))
    return [
        round(((row.down_until_us or 0) - (row.down_from_us or 0)) / (HOUR * SECOND), 1)
        for row in rows
    ]


@on_sqlite
def test_told_late_the_same_hours_are_not_counted_twice(shop: Shop) -> None:
    asset = shop.asset()
    first = fault(shop, asset)
    shop.wait(4 * HOUR)
    shop.ok("finish_job", job=first)
    shop.wait(HOUR)
    within, before = fault(shop, asset, ago_h=3), fault(shop, asset, ago_h=7)
    for name in (within, before):
        shop.ok("finish_job", job=name)
    assert hours(shop, first, within, before) == [4, 0, 2]


@on_sqlite
def test_signed_off_while_it_stands_the_next_job_counts_on(shop: Shop) -> None:
    asset = shop.asset()
    first = fault(shop, asset)
    shop.wait(2 * HOUR)
    shop.ok("finish_job", job=first, runs=False)
    shop.wait(3 * HOUR)
    second = fault(shop, asset)
    shop.wait(HOUR)
    shop.ok("finish_job", job=second)
    assert hours(shop, first, second) == [2, 4]
    # It ran meanwhile, so that the next time begins anew.
    shop.wait(9 * HOUR)
    third = fault(shop, asset)
    shop.wait(HOUR)
    shop.ok("cancel_job", job=third)
    assert hours(shop, first, second, third) == [2, 4, 1]


@on_sqlite
def test_a_standstill_that_nobody_ended_does_not_hide_the_next(shop: Shop) -> None:
    """Put back in service on its own page, it stood still again before the first job was over."""
    asset = shop.asset()
    first = fault(shop, asset)
    shop.wait(HOUR)
    shop.ok("set_status", asset=asset, status="in_service")
    assert job_pages.job_page(shop.context(), first).stands_us is None
    shop.wait(HOUR)
    second = fault(shop, asset)
    shop.wait(2 * HOUR)
    shop.ok("finish_job", job=second)
    shop.ok("finish_job", job=first)
    assert hours(shop, first, second) == [1, 2]


@on_sqlite
def test_taken_back_and_told_again_it_ends_where_the_next_begins(shop: Shop) -> None:
    asset = shop.asset()
    first = fault(shop, asset)
    shop.wait(HOUR)
    ended = shop.ok("finish_job", job=first)
    second = fault(shop, asset)
    shop.ok("reverse", operation=ended["operation"])
    shop.wait(2 * HOUR)
    for name in (first, second):
        shop.ok("finish_job", job=name)
    assert hours(shop, first, second) == [1, 2]


def test_of_two_who_say_it_at_once_one_counts(app: Flask, shop: Shop) -> None:
    asset, dana = shop.asset(), shop.cast.technician.actor
    jobs = [shop.make("job", asset=asset, title="Repair") for _ in range(3)]
    saying: list[Callable[[], operations.Outcome]] = [
        partial(say, dana, operation("set_running", job=name, runs=False)) for name in jobs
    ]
    assert sorted(outcome.status for outcome in at_once(app, saying)) == [
        "applied", "rejected", "rejected"
    ]  # fmt: skip
