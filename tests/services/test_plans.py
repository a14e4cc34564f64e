"""Plans: what they need and when, the jobs that they make once, and changing them."""

import random
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from stockscan.domain.errors import NotAllowed
from stockscan.domain.figures import to_us
from stockscan.services import installs, maintenance, operations
from stockscan.services.work import reading, unit_of_work
from stockscan.store import days
from stockscan.store.maintenance import Job, JobPart, PlanAsset, standing
from stockscan.store.maintenance.demand import Demand, demand
from stockscan.store.maintenance.forecast import Forecast, demand_by_day
from stockscan.store.maintenance.making import make, wanted
from tests.cast import new_id
from tests.crowd import at_once, operation, say
from tests.shop import SECOND, Shop
from tests.works import told, worked_out

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TODAY = date(2026, 11, 22)
DAY = 86_400


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """The workshop at noon of the survey's day."""
    shop.now_us = noon(TODAY)
    return shop


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server in Berlin, where days begin an hour or two earlier than in UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        _turn_clocks()
        yield
    _turn_clocks()


def _turn_clocks() -> None:
    """Let the process read the zone anew, and what was built by it."""
    time.tzset()
    for built in (days.turns, standing.installed, standing.one_by_one, standing.alike):
        built.cache_clear()


def noon(day: date) -> int:
    return to_us(datetime(day.year, day.month, day.day, 12).astimezone())


def planned(shop: Shop, **values: Any) -> str:
    """A new plan; its uid."""
    shop.wait()
    raw = {"id": new_id(), "name": "Service", **values}
    outcome = operations.create(shop.context(), "create_plan", raw)
    assert outcome.result is not None, outcome
    return str(outcome.result["plan"])


def changed(shop: Shop, kind: str, **values: Any) -> operations.Outcome:
    shop.wait()
    return operations.edit(shop.context(), kind, {"id": new_id(), **values})


def in_kit(shop: Shop, plan: str, part: str, quantity: object, probability: str = "100") -> None:
    outcome = changed(
        shop, "set_plan_part", plan=plan, part=part, quantity=quantity, probability=probability
    )
    assert outcome.done, outcome


def model(shop: Shop, name: str) -> str:
    outcome = operations.create(shop.context(), "create_model", {"id": new_id(), "name": name})
    assert outcome.done, outcome
    return name


def needed(shop: Shop, days: int) -> list[Demand]:
    """What maintenance needs, after a proof that its sums and the work behind them are the same."""
    today = shop.context().today
    until = today + timedelta(days=days)
    with reading() as connection:
        found = demand(connection, today, until)
        sums = demand_by_day(connection, today, until)
        forecast = Forecast(connection, today, until)
        for day in (today, today + timedelta(days=days // 4), until):
            works = forecast.works(connection, dict.fromkeys(sums, day))
            assert told(works) == told(worked_out(connection, found, day)), day
    added: dict[int, dict[date, int]] = {}
    for each in found:
        part_days = added.setdefault(each.part_id, {})
        part_days[each.day] = part_days.get(each.day, 0) + each.quantity_milli
    assert added == sums
    return found


def amounts(shop: Shop, days: int) -> dict[int, int]:
    """Days from today to thousandths of all parts."""
    found: dict[int, int] = {}
    for each in needed(shop, days):
        ahead = (each.day - shop.context().today).days
        found[ahead] = found.get(ahead, 0) + each.quantity_milli
    return found


def jobs() -> list[tuple[date | None, str, str]]:
    with reading() as connection:
        rows = connection.execute(select(Job.due_on, Job.title, Job.state).order_by(Job.number))
        return [tuple(row) for row in rows]


def test_batteries_of_laptops_in_the_danger_zone(shop: Shop) -> None:
    """Twelve laptops reach 36 months on 10 December: twelve jobs, made once, with their kits."""
    laptops = model(shop, "ThinkPad")
    bought = ["2023-12-10"] * 12 + ["2025-06-01"] * 2
    assets = [shop.asset(model=laptops, purchase_date=day) for day in bought]
    battery = shop.part(part_number="BAT-1")
    plan = planned(shop, model=laptops, basis="age", every=36, part=battery, horizon_days=30)
    in_kit(shop, plan, battery, 1)
    assert amounts(shop, 30) == {18: 12_000}
    assert maintenance.make_jobs(shop.context()) == 12
    assert maintenance.make_jobs(shop.context()) == 0
    assert jobs() == [(date(2026, 12, 10), "Service", "open")] * 12
    assert amounts(shop, 30) == {18: 12_000}
    with reading() as connection:
        kits = connection.execute(select(JobPart.quantity_milli, JobPart.reserved_milli)).all()
    assert kits == [(1000, 0)] * 12
    bin_ = shop.bin()
    shop.ok("receive", part=battery, location=bin_, quantity=12, unit_cost="40")
    shop.ok("install", asset=assets[0], part=battery, location=bin_, quantity=1, work="J-1")
    assert amounts(shop, 30) == {18: 11_000}
    shop.ok("finish_job", job="J-1")
    shop.ok("set_status", asset=assets[1], status="retired")
    assert amounts(shop, 30) == {18: 10_000}
    page = maintenance.plan_page(shop.context(), plan).upcoming
    assert page.assets == 13
    first = next(line for line in page.lines if line.code == assets[0])
    assert first.ahead.first == date(2029, 11, 22)
    [on_it] = maintenance.asset_plans(shop.context(), assets[2]).plans
    assert (on_it.ahead.job, on_it.ahead.first) == (3, date(2026, 12, 10))
    assert maintenance.make_jobs(shop.context()) == 0


def test_filters_and_meters(shop: Shop) -> None:
    """Three trucks every 30 days: 18; a meter at 6 h a day: 8. What was fitted counts for age."""
    trucks, truck_filter, oil = model(shop, "Truck"), shop.part(), shop.part()
    for _ in range(3):
        shop.asset(model=trucks)
    filters = planned(shop, model=trucks, basis="calendar", every=30, unit="day",
                      starts_on="2026-12-02", counts_from="planned")  # fmt: skip
    in_kit(shop, filters, truck_filter, 2)
    assert amounts(shop, 92) == {10: 6_000, 40: 6_000, 70: 6_000}
    press = shop.asset(name="Press")
    shop.now_us -= 10 * DAY * SECOND
    for hours in ("1120", "1180"):
        shop.ok("read_meter", asset=press, meter="Hours", value=hours, unit="h")
        shop.now_us += 10 * DAY * SECOND
    shop.now_us = noon(TODAY) + 60 * SECOND
    wrong = shop.ok("read_meter", asset=press, meter="hours", value="9000")
    shop.ok("reverse", operation=wrong["operation"])
    service = planned(shop, asset=press, basis="meter", meter="HOURS", every_meter="250",
                      starts_meter="1250")  # fmt: skip
    in_kit(shop, service, oil, 4)
    oil_only = [each for each in needed(shop, 92) if each.quantity_milli == 4_000]
    assert [(each.day - TODAY).days for each in oil_only] == [12, 54]
    changed(shop, "edit_plan", plan=filters, active=False)
    assert sum(amounts(shop, 92).values()) == 8_000


@on_sqlite
def test_the_age_of_a_part_counts_from_when_it_was_fitted(shop: Shop) -> None:
    """Fitted and kept: from that day. Returned, or taken back: from the one before it."""
    seal, bin_ = shop.part(), shop.bin()
    pump = shop.asset(purchase_date="2025-01-10")
    shop.ok("receive", part=seal, location=bin_, quantity=10, unit_cost="1")
    plan = planned(shop, asset=pump, basis="age", every=24, part=seal)

    def due() -> date | None:
        return maintenance.plan_page(shop.context(), plan).upcoming.lines[0].ahead.first

    assert due() == date(2027, 1, 10)
    fitted = shop.ok("install", asset=pump, part=seal, location=bin_, quantity=2)
    assert due() == date(2028, 11, 22)
    half = shop.ok("return_part", asset=pump, part=seal, location=bin_, quantity=1)
    assert due() == date(2028, 11, 22)
    back = shop.ok("return_part", asset=pump, part=seal, location=bin_, quantity=1)
    assert due() == date(2027, 1, 10)
    shop.ok("reverse", operation=back["operation"])
    assert due() == date(2028, 11, 22)
    shop.ok("reverse", operation=half["operation"])
    shop.ok("reverse", operation=fitted["operation"])
    assert due() == date(2027, 1, 10)


@on_sqlite
@pytest.mark.usefixtures("in_berlin")
def test_the_age_of_a_part_is_counted_by_one_clock(shop: Shop) -> None:
    """Fitted a quarter of an hour into a local day, which is the day before in UTC."""
    shop.now_us = to_us(datetime(2026, 7, 1, 0, 15).astimezone())
    part, asset, bin_ = shop.part(), shop.asset(), shop.bin()
    changed(shop, "set_asset_part", asset=asset, part=part, quantity=1, life_months=12)
    planned(shop, asset=asset, basis="age", every=12, part=part)
    shop.ok("receive", part=part, location=bin_, quantity=1)
    shop.ok("install", asset=asset, part=part, location=bin_, quantity=1)
    [line] = installs.asset_parts(shop.context(), asset).listed
    [coming] = maintenance.asset_plans(shop.context(), asset).plans
    assert (line.due.on, coming.ahead.first) == (date(2027, 7, 1), date(2027, 7, 1))


def test_what_is_cancelled_does_not_come_again(shop: Shop) -> None:
    """A cancelled job settles its day; a job that is open stands for all that was missed."""
    asset = shop.asset()
    planned(shop, asset=asset, basis="calendar", every=1, unit="week", starts_on="2026-10-05",
            counts_from="planned")  # fmt: skip
    assert maintenance.make_jobs(shop.context()) == 1
    shop.now_us = noon(date(2026, 12, 1))
    assert maintenance.make_jobs(shop.context()) == 0
    cancelled = shop.ok("cancel_job", job="J-1")
    assert maintenance.make_jobs(shop.context()) == 1
    shop.ok("finish_job", job="J-2")
    assert maintenance.make_jobs(shop.context()) == 1
    assert jobs() == [
        (date(2026, 10, 5), "Service", "cancelled"),
        (date(2026, 10, 12), "Service", "done"),
        (date(2026, 12, 7), "Service", "open"),
    ]
    refused = shop.do("reverse", operation=cancelled["operation"])
    assert (refused.error or {})["code"] == "job_since"
    shop.ok("cancel_job", job="J-3")
    shop.ok("reverse", operation=cancelled["operation"])
    assert maintenance.make_jobs(shop.context()) == 0


def test_two_jobs_of_a_plan_that_end_at_once(app: Flask, shop: Shop) -> None:
    rule = {"basis": "calendar", "every": 1, "unit": "week", "starts_on": TODAY.isoformat()}
    planned(shop, asset=shop.asset(), **rule)
    maintenance.make_jobs(shop.context())
    with unit_of_work() as session:
        first = session.scalars(select(Job)).one()
        values = {"title": "Service", "kind": "planned", "created_us": shop.now_us}
        for number in (2, 3):
            due_on = TODAY + timedelta(days=number)
            of = {"plan_id": first.plan_id, "asset_id": first.asset_id, "due_on": due_on}
            session.add(Job(uid=new_id(), number=number, **of, **values))
    ada = shop.cast.admin.actor
    ends = [partial(say, ada, operation("cancel_job", job=f"J-{n}")) for n in (1, 2, 3)]
    assert {outcome.status for outcome in at_once(app, ends)} == {"applied"}
    with reading() as connection:
        assert connection.scalar(select(PlanAsset.was_due_on)) == TODAY + timedelta(days=3)


def test_two_who_make_the_same_jobs_make_them_once(shop: Shop) -> None:
    """What was wanted is looked at again before it is written down."""
    asset = shop.asset()
    planned(shop, asset=asset, basis="calendar", every=1, unit="month", starts_on="2026-11-30")
    with reading() as connection:
        both = wanted(connection, TODAY)
    assert len(both) == 1
    made = []
    for _ in range(2):
        with unit_of_work() as session:
            made.append(make(session, both, new_id, shop.now_us))
    assert made == [1, 0]


def test_sums_are_the_same_however_plans_stand(shop: Shop) -> None:
    """Done early, late, never, or cancelled ahead; fitted, bought, read: `needed` proves it."""
    dice, belts, bin_ = random.Random(3), model(shop, "Belt"), shop.bin()
    part, worn = shop.part(), shop.part()
    shop.ok("receive", part=worn, location=bin_, quantity=9, unit_cost="1")
    rules: list[dict[str, Any]] = [
        {"basis": "calendar", "every": every, "unit": unit, "starts_on": "2026-10-31",
         "counts_from": since}
        for every, unit in ((9, "day"), (1, "month")) for since in ("done", "planned")
    ]  # fmt: skip
    rules += [{"basis": "age", "every": 2}, {"basis": "age", "every": 3, "part": worn}]
    rules += [{"basis": "meter", "meter": "Hours", "every_meter": "90"}]
    for rule in rules:
        in_kit(shop, planned(shop, model=belts, horizon_days=dice.choice((0, 40)), **rule), part, 1)
    assets = [shop.asset(model=belts, purchase_date=f"2026-0{n}-11") for n in (4, 7, 9)]
    for hours in ("500", "530"):
        shop.wait(5 * DAY)
        shop.ok("read_meter", asset=assets[0], meter="Hours", value=hours)
    assets.append(shop.asset(model=belts, category="Lift", purchase_date="2026-08-01"))
    shop.ok("install", asset=assets[1], part=worn, location=bin_, quantity=1)
    # Their jobs stay open. One asset leaves the model, and one kit changes behind the job.
    weekly = {"basis": "calendar", "every": 1, "unit": "week", "starts_on": "2026-11-25"}
    left_open = [planned(shop, name="Left", **of, **weekly)
                 for of in ({"model": belts}, {"asset": shop.asset(category="Press")})]  # fmt: skip
    for plan in left_open:
        in_kit(shop, plan, worn, 2, "50")
    for _ in range(2):
        maintenance.make_jobs(shop.context())
        for number, (_, title, state) in enumerate(jobs(), 1):
            act = dice.choice(("finish_job", "cancel_job", ""))
            if state == "open" and act and title != "Left":
                shop.ok(act, job=f"J-{number}")
        assert len(needed(shop, 120)) > 10
        assert changed(shop, "edit_asset", asset=assets[3], model=model(shop, new_id())).done
        in_kit(shop, left_open[1], part, 1)
        changed(shop, "remove_plan_part", plan=left_open[1], part=worn)
        shop.wait(dice.randrange(30) * DAY)


@on_sqlite
def test_a_share_of_the_jobs(shop: Shop) -> None:
    """A quarter of three pieces, rounded half to even to a thousandth; overdue is needed today."""
    part, asset = shop.part(), shop.asset()
    plan = planned(shop, asset=asset, basis="calendar", every=1, unit="year",
                   starts_on="2026-11-01", horizon_days=0)  # fmt: skip
    in_kit(shop, plan, part, "3", "12.5")
    assert amounts(shop, 300) == {0: 375}
    in_kit(shop, plan, part, "0.001", "50")
    assert amounts(shop, 300) == {}


@on_sqlite
def test_changing_a_plan(shop: Shop) -> None:
    """Only who may plans; what a basis needs stays; two people do not overwrite each other."""
    shop.asset(tag="FL-1")
    plan = planned(shop, asset="FL-1", basis="calendar", every=1, unit="month",
                   starts_on="2026-12-01", checklist="Look\nListen")  # fmt: skip
    emptied = changed(shop, "edit_plan", plan=plan, starts_on="")
    assert (emptied.status, (emptied.error or {})["field"]) == ("rejected", "starts_on")
    assert changed(shop, "edit_plan", plan=plan, every=2, based_on=0).done
    stale = changed(shop, "edit_plan", plan=plan, every=3, based_on=0)
    assert (stale.error or {})["code"] == "edited_since"
    shown, texts, version = maintenance.editable_plan(shop.context(), plan)
    assert (shown.every, texts["checklist"], version > 0) == (2, "Look\nListen", True)
    raw = {"id": new_id(), "plan": plan, "name": "Mine"}
    by_storekeeper = operations.edit(shop.context(shop.cast.storekeeper), "edit_plan", raw)
    assert (by_storekeeper.error or {})["code"] == "not_allowed"
    with pytest.raises(NotAllowed):
        maintenance.make_jobs(shop.context(shop.cast.technician))
    gone = changed(shop, "remove_plan_part", plan=plan, part=shop.part())
    assert (gone.error or {})["code"] == "not_found"
    nobody = changed(shop, "edit_plan", plan="nothing", name="x")
    assert (nobody.error or {})["field"] == "plan"


@on_sqlite
def test_the_month_and_the_board(shop: Shop) -> None:
    """Jobs and what is only planned, by day; the board by how far they are."""
    belts, asset, part = model(shop, "Belt"), shop.asset(model="Belt"), shop.part()
    shop.asset(model=belts)
    weekly = planned(shop, name="Clean", model=belts, basis="calendar", every=1, unit="week",
                     starts_on="2026-11-20", horizon_days=7)  # fmt: skip
    in_kit(shop, weekly, part, 1)
    maintenance.make_jobs(shop.context())
    shop.ok("report_fault", asset=asset, what="Leaks")
    month = maintenance.month(shop.context(), date(2026, 11, 1))
    days = {each.day: each for week in month.weeks for each in week}
    assert [(same.title, same.jobs) for same in days[date(2026, 11, 20)].jobs] == [("Clean", 2)]
    assert [(one.name, one.assets) for one in days[date(2026, 11, 29)].coming] == [("Clean", 2)]
    assert (min(days), max(days)) == (date(2026, 10, 26), date(2026, 12, 6))
    board = maintenance.job_board(shop.context())
    lanes = [lane.number for lane in (board.lanes.overdue, board.lanes.soon, board.lanes.done)]
    assert lanes == [2, 1, 0]
    late = board.lanes.overdue.jobs[0]
    assert board.ready[late.id].state == "short"
    shop.ok("start_job", job=late.name)
    shop.ok("finish_job", job="J-2")
    board = maintenance.job_board(shop.context())
    lanes = [lane.number for lane in (board.lanes.overdue, board.lanes.in_work, board.lanes.done)]
    assert lanes == [0, 1, 1]
