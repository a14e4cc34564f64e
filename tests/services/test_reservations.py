"""What is reserved for jobs: taken by others, let go, reserved again, asked for when short."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from stockscan.domain.maintenance import Readiness
from stockscan.services import purchasing, scanning, settings
from stockscan.services.maintenance import job_pages
from stockscan.services.scanning.working import job_scene
from stockscan.services.work import Context
from tests.cast import new_id
from tests.crowd import at_once
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def a_job(shop: Shop, part: str, many: int, **values: Any) -> tuple[str, str]:
    """A job that needs so many of a part, and its asset."""
    asset = shop.asset(tag=new_id())
    job = shop.make("job", asset=asset, title="Service", **values)
    shop.ok("set_job_part", job=job, part=part, quantity=many)
    return job, asset


def reserved(shop: Shop, job: str) -> int:
    """How many pieces of its only part are reserved for a job."""
    [row] = job_pages.job_page(shop.context(), job).kit.rows
    return row.line.amounts.reserved_milli // 1000


def doubts(told: dict[str, Any]) -> list[str]:
    return [one["message"] for one in told["warnings"] if one["code"] == "reserved"]


@on_sqlite
def test_who_takes_what_is_reserved_is_told_for_whom(shop: Shop) -> None:
    shelf, other = shop.bin("A-1"), shop.bin("A-2")
    part = shop.part(location=shelf)
    shop.ok("receive", part=part, location=shelf, quantity=3)
    shop.ok("receive", part=part, location=other, quantity=2)
    job, asset = a_job(shop, part, 4)
    shop.ok("reserve_kit", job=job)
    fit = {"asset": asset, "part": part}
    # One is free, however many lie in this bin.
    assert doubts(shop.ok("install", **fit, location=other, quantity=1)) == []
    taken = shop.ok("install", **fit, location=shelf, quantity=2)
    assert doubts(taken) == [f"2 of these were kept for {job}."]
    shop.ok("reverse", operation=taken["operation"])
    issued = shop.ok("issue", part=part, location=shelf, quantity=1, reason="used")
    assert doubts(issued) == [f"1 of these was kept for {job}."]
    shop.ok("reverse", operation=issued["operation"])
    assert doubts(shop.ok("install", **fit, quantity=2, work=job)) == []
    assert doubts(shop.ok("install", **fit, quantity=1)) == [f"1 of these was kept for {job}."]
    settings.change(shop.context(), kit_place=shop.bin("Cart"))
    late, _ = a_job(shop, part, 1)
    told = shop.ok("pick", work=late, part=part, location=other, quantity=1)
    assert doubts(told) == [f"1 of these was kept for {job}."]
    shop.ok("finish_job", job=job)
    assert doubts(shop.ok("install", **fit, quantity=1)) == []


@on_sqlite
def test_who_counts_the_part_blind_is_not_told(shop: Shop) -> None:
    shelf, other, dana = shop.bin("A-1"), shop.bin("A-2"), shop.cast.technician
    part = shop.part(location=shelf)
    shop.ok("receive", part=part, location=shelf, quantity=2)
    job, asset = a_job(shop, part, 2)
    shop.ok("reserve_kit", job=job)
    shop.ok("receive", part=part, location=other, quantity=1)
    shop.plan(other, counters=(dana,))
    told = shop.ok("install", by=dana, asset=asset, part=part, location=shelf, quantity=2)
    assert (doubts(told), told["after"]) == ([], "0")


@on_sqlite
@pytest.mark.parametrize("there", [0, 2])
def test_on_the_scan_screen_a_blind_counter_reads_the_parts_own_bin(shop: Shop, there: int) -> None:
    shelf, dana = shop.bin("A-1"), shop.cast.technician
    part = shop.part(location=shelf)
    if there:
        shop.ok("receive", part=part, location=shelf, quantity=there)
    else:
        shop.counted(part=part, location=shelf, quantity=0)
    job, asset = a_job(shop, part, 2)
    shop.plan(shelf, counters=(dana,))
    thing = scanning.thing(shop.context(dana), asset)
    scene = job_scene(shop.context(dana), job, thing)
    assert scene is not None
    assert [one.place for one in scene.left] == ["A-1"]


@on_sqlite
def test_opened_again_a_job_gets_what_nobody_else_reserved_meanwhile(shop: Shop) -> None:
    shelf = shop.bin()
    part = shop.part(location=shelf)
    shop.ok("receive", part=part, location=shelf, quantity=3)
    first, asset = a_job(shop, part, 3)
    second, _ = a_job(shop, part, 2)
    shop.ok("reserve_kit", job=first)
    shop.ok("install", asset=asset, part=part, quantity=1, work=first)
    ended = shop.ok("finish_job", job=first)
    shop.ok("reserve_kit", job=second, part=part, quantity=1)
    shop.ok("reverse", operation=ended["operation"])
    assert (reserved(shop, first), reserved(shop, second)) == (1, 1)


@on_sqlite
def test_what_is_needed_no_longer_is_not_reserved_either(shop: Shop) -> None:
    shelf = shop.bin()
    part = shop.part(location=shelf)
    shop.ok("receive", part=part, location=shelf, quantity=4)
    first, _ = a_job(shop, part, 4)
    second, _ = a_job(shop, part, 2)
    shop.ok("reserve_kit", job=first)
    shop.ok("set_job_part", job=first, part=part, quantity=2)
    shop.ok("reserve_kit", job=second)
    shop.ok("set_job_part", job=first, part=part, quantity=4)
    assert (reserved(shop, first), reserved(shop, second)) == (2, 2)


@on_sqlite
def test_what_expires_before_the_day_of_the_job_is_no_use_to_it(shop: Shop) -> None:
    shelf, today = shop.bin("A-1"), shop.context().today
    part = shop.part(tracking="lot", location=shelf)

    def day(ahead: int) -> str:
        return (today + timedelta(days=ahead)).isoformat()

    shop.ok("receive", part=part, location=shelf, quantity=2, lot="SOON", expires_on=day(5))
    at_once_, _ = a_job(shop, part, 1)
    later, _ = a_job(shop, part, 1, due_on=day(6))
    assert state(shop, at_once_) is Readiness.READY
    assert state(shop, later) is Readiness.SHORT
    shop.ok("reserve_kit", job=later)
    assert reserved(shop, later) == 0
    assert job_pages.job_page(shop.context(), later).kit.way == ()
    shop.ok("receive", part=part, location=shelf, quantity=1, lot="LATE", expires_on=day(6))
    shop.ok("reserve_kit", job=later)
    [stop] = job_pages.job_page(shop.context(), later).kit.way
    assert ([take.lot for _, take in stop.takes], reserved(shop, later)) == (["LATE"], 1)
    assert date.fromisoformat(day(6)) == stop.takes[0][1].expires_on


def state(shop: Shop, job: str) -> Readiness | None:
    found = job_pages.job_page(shop.context(), job).ready
    return found.state if found else None


@on_sqlite
def test_the_jobs_that_are_short_are_a_list_of_pages(shop: Shop) -> None:
    part, day = shop.part(), shop.context().today
    short = [a_job(shop, part, 1, due_on=day.isoformat())[0] for _ in range(3)]
    shop.make("job", asset=shop.asset(), title="Needs nothing", due_on=day.isoformat())
    first = job_pages.job_list(shop.context(), "short", limit=2)
    assert [row.name for row in first.rows] == short[:2]
    rest = job_pages.job_list(shop.context(), "short", after=first.next, limit=2)
    assert ([row.name for row in rest.rows], rest.next) == (short[2:], "")


def test_many_who_ask_for_what_is_missing_ask_once(app: Flask, shop: Shop) -> None:
    part = shop.part()
    job, _ = a_job(shop, part, 4)
    ctx = Context(shop.cast.storekeeper.actor, shop.now_us, new_id)
    asking = [partial(purchasing.ask_for_missing, ctx, new_id(), job) for _ in range(3)]
    assert sorted(map(len, at_once(app, asking))) == [0, 0, 1]
    [row] = job_pages.job_page(shop.context(), job).kit.rows
    assert (row.asked_milli, row.unasked_milli) == (4000, 0)
