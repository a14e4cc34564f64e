"""Jobs: a fault reported, work timed and ticked, parts charged, signed off, and all taken back."""

from typing import Any

import pytest
from sqlalchemy import select

from stockscan.domain.maintenance import Readiness
from stockscan.domain.maintenance.kits import JobReadiness, Missing
from stockscan.services import assets, operations, settings
from stockscan.services.maintenance import job_pages, make_jobs
from stockscan.services.maintenance.job_pages import JobPage
from stockscan.services.work import unit_of_work
from stockscan.store.assets import Asset
from stockscan.store.maintenance import JobPart
from tests.cast import new_id
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MINUTE = 60


def made(shop: Shop, asset: str, **values: Any) -> str:
    """A repair that somebody planned; its name."""
    return shop.make("job", asset=asset, **{"title": "Change the filter", **values})


def page(shop: Shop, job: str) -> JobPage:
    return job_pages.job_page(shop.context(), job)


def status_of(shop: Shop, asset: str) -> str:
    return assets.asset_page(shop.context(), asset).asset.status


def refusal(shop: Shop, kind: str, **values: Any) -> str:
    outcome = shop.do(kind, **values)
    assert outcome.status == "rejected", outcome
    return str((outcome.error or {})["code"])


def an_hour_costs(asset: str, minor: int) -> None:
    with unit_of_work() as session:
        row = session.scalars(select(Asset).where(Asset.code == asset)).one()
        row.down_hour_minor = minor


def test_a_fault_from_the_report_to_the_signature(shop: Shop) -> None:
    dana, vera, bin_ = shop.cast.technician, shop.cast.viewer, shop.bin()
    asset, part = shop.asset(tag="FL-07"), shop.part(location=bin_)
    an_hour_costs(asset, 6_000)
    settings.change(shop.context(), labour_hour_minor=4_500)
    shop.ok("receive", part=part, location=bin_, quantity="5", unit_cost="12.50")
    told = shop.ok("report_fault", by=vera, asset=asset, what="Leaks", stands=True)
    job = told["job"]
    assert (job, told["state"], status_of(shop, asset)) == ("J-1", "open", "down")
    shop.wait(29 * MINUTE)
    shop.ok("start_job", by=dana, job=job)
    fitted = shop.ok("install", by=dana, asset=asset, part=part, quantity="2", work=job)
    assert fitted["work"] == job
    shop.wait(10 * MINUTE)
    shop.ok("pause_job", by=dana, job=job)
    shop.wait(60 * MINUTE)
    shop.ok("start_job", by=dana, job="1")
    shop.wait(9 * MINUTE)
    done = shop.ok("finish_job", by=dana, job=job, cause="Wear: the seal", notes="New seal")
    assert (done["state"], done["minutes"]) == ("done", 21)
    # 21 minutes at 45.00; it stood still for 108 minutes and 5 seconds at 60.00.
    assert (done["labour"], done["downtime"]) == ("15.75", "108.08")
    shown = page(shop, job)
    assert (shown.costs.parts_e4, shown.costs.total_e4) == (25_0000, 148_8300)
    assert [(row.part_code, row.quantity_milli) for row in shown.installed] == [(part, 2000)]
    assert (shown.job.cause, shown.job.assigned, shown.job.finisher) == (
        "Wear: the seal", "Dana Reyes", "Dana Reyes"
    )  # fmt: skip
    assert status_of(shop, asset) == "in_service"
    notes = [line.row.note for line in assets.asset_page(shop.context(), asset).timeline]
    assert notes[0] == "J-1: signed off, Leaks"
    assert notes[-1] == "Fault: Leaks (J-1)"


def test_signing_off_is_taken_back_as_if_it_had_never_been(shop: Shop) -> None:
    asset, part = shop.asset(), shop.part(location=shop.bin())
    job = shop.ok("report_fault", asset=asset, what="Noise", stands=True)["job"]
    job_id, part_id = page(shop, job).job.id, shop.key(part, shop.bin()).part_id
    with unit_of_work() as session:
        kept = {"quantity_milli": 2000, "reserved_milli": 1000}
        session.add(JobPart(job_id=job_id, part_id=part_id, **kept))
    shop.ok("start_job", job=job)
    shop.ok("receive", part=part, location=shop.bin("Shelf"), quantity=1)
    before = page(shop, job).job
    done = shop.ok("finish_job", job=job, minutes="30")
    with unit_of_work() as session:
        assert session.scalars(select(JobPart.reserved_milli)).one() == 0
    assert refusal(shop, "start_job", job=job) == "job_closed"
    shop.ok("reverse", operation=done["operation"])
    assert page(shop, job).job == before
    assert status_of(shop, asset) == "down"
    with unit_of_work() as session:
        assert session.scalars(select(JobPart.reserved_milli)).one() == 1000
    assert refusal(shop, "reverse", operation=done["operation"]) == "already_reversed"
    again = shop.ok("finish_job", job=job)
    assert (again["state"], status_of(shop, asset)) == ("done", "in_service")


@on_sqlite
def test_what_was_built_upon_is_not_taken_back(shop: Shop) -> None:
    told = shop.ok("report_fault", asset=shop.asset(), what="Noise", stands=True)
    shop.ok("start_job", job=told["job"])
    assert refusal(shop, "reverse", operation=told["operation"]) == "changed_since"
    other = shop.ok("report_fault", asset=shop.asset(), what="Noise", stands=True)
    shop.ok("reverse", operation=other["operation"])
    assert page(shop, other["job"]).job.state == "cancelled"
    assert status_of(shop, other["asset"]) == "in_service"


@on_sqlite
def test_a_fault_taken_back_leaves_no_standstill_behind(shop: Shop) -> None:
    asset = shop.asset()
    told = shop.ok("report_fault", asset=asset, what="Noise", stands=True)
    shop.ok("reverse", operation=told["operation"])
    assert page(shop, told["job"]).stands_us is None
    second = shop.ok("report_fault", asset=asset, what="Leaks", stands=True)
    assert page(shop, second["job"]).stands_us == shop.now_us
    shop.ok("set_running", job=second["job"], runs=True)
    assert refusal(shop, "reverse", operation=second["operation"]) == "changed_since"


@on_sqlite
def test_the_standstill_is_counted_once_and_ends_when_it_ran_again(shop: Shop) -> None:
    asset = shop.asset()
    first = shop.ok("report_fault", asset=asset, what="Leaks", stands=True)["job"]
    second = shop.ok("report_fault", asset=asset, what="Noise", stands=True)["job"]
    assert page(shop, second).stands_us is None
    assert refusal(shop, "set_running", job=second, runs=False) == "stands_already"
    began = page(shop, first).stands_us
    shop.wait(60 * MINUTE)
    # Somebody says so on the machine's own page; the job is signed off the next day.
    shop.ok("set_status", asset=asset, status="in_service")
    ran_us = shop.now_us
    shop.wait(24 * 60 * MINUTE)
    shop.ok("finish_job", job=first)
    job = page(shop, first).job
    assert (job.down_from_us, job.down_until_us, job.down_minor) == (began, ran_us, None)
    shop.ok("set_running", job=second, runs=False)
    assert status_of(shop, asset) == "down"
    back = shop.ok("set_running", job=second, runs=True)
    assert status_of(shop, asset) == "in_service"
    shop.ok("reverse", operation=back["operation"])
    assert (status_of(shop, asset), page(shop, second).job.down_until_us) == ("down", None)


@on_sqlite
def test_a_checklist_is_ticked_and_unticked(shop: Shop) -> None:
    job = made(shop, shop.asset(), checklist="Lock it out\nChange the oil\n\n")
    shop.ok("tick_job", by=shop.cast.technician, job=job, line=1)
    shown = page(shop, job)
    assert [(tick.text, tick.by) for tick in shown.ticks] == [
        ("Lock it out", ""), ("Change the oil", "Dana Reyes")
    ]  # fmt: skip
    shop.ok("tick_job", job=job, line=1, done=False)
    assert page(shop, job).ticked == 0
    assert refusal(shop, "tick_job", job=job, line=2) == "invalid"


@on_sqlite
def test_a_part_is_charged_to_a_job_on_its_own_machine(shop: Shop) -> None:
    bin_, asset = shop.bin(), shop.asset()
    part = shop.part(location=bin_, cost="3.00")
    shop.ok("receive", part=part, location=bin_, quantity="9")
    job = made(shop, asset)
    fit = {"asset": asset, "part": part, "quantity": "1"}
    assert refusal(shop, "install", **fit, work="J-99") == "unknown_work"
    late = shop.do("install", **fit, work="J-99", queued=True)
    assert (late.status, (late.error or {})["code"]) == ("attention", "unknown_work")
    assert refusal(shop, "install", **{**fit, "asset": shop.asset()}, work=job) == "work_elsewhere"
    wrong = shop.ok("install", **fit, work=job)
    right = shop.ok("install", **fit, work=page(shop, job).job.uid)
    shop.ok("reverse", operation=wrong["operation"])
    assert [row.operation_id for row in page(shop, job).installed] == [right["operation"]]
    # What comes back is credited to the job that paid for it.
    shop.ok("return_part", **fit, location=bin_)
    shown = page(shop, job)
    assert (shown.installed, shown.costs.parts_e4, shop.on_hand(part, bin_)) == ([], 0, 9)
    shop.ok("cancel_job", job=job)
    late_one = shop.ok("install", **fit, work=job)
    assert [one["code"] for one in late_one["warnings"]] == ["work_closed"]


@on_sqlite
def test_a_job_is_not_moved_to_the_day_of_another_of_its_plan(shop: Shop) -> None:
    rule = {"basis": "calendar", "every": "1", "unit": "week", "starts_on": "2023-11-14"}
    raw = {"id": new_id(), "name": "Oil", "asset": shop.asset(), "counts_from": "planned", **rule}
    assert operations.create(shop.context(), "create_plan", raw).done
    assert make_jobs(shop.context()) == 1
    shop.ok("finish_job", job="J-1")
    assert make_jobs(shop.context()) == 1
    moved = {"job": "J-2", "due_on": page(shop, "J-1").job.due_on.isoformat()}
    outcome = operations.edit(shop.context(), "edit_job", {"id": new_id(), **moved})
    assert (outcome.error or {})["code"] == "day_taken"
    moved["due_on"] = page(shop, "J-2").job.due_on.isoformat()
    assert operations.edit(shop.context(), "edit_job", {"id": new_id(), **moved}).done


@on_sqlite
def test_who_may_do_what(shop: Shop) -> None:
    cast, asset = shop.cast, shop.asset()
    assert shop.do("report_fault", by=cast.viewer, asset=asset, what="Leaks").done
    assert refusal(shop, "start_job", by=cast.viewer, job="J-1") == "not_allowed"
    assert refusal(shop, "cancel_job", by=cast.technician, job="J-1") == "not_allowed"
    raw = {"id": new_id(), "asset": asset, "title": "Check the brake"}
    outcome = operations.create(shop.context(cast.technician), "create_job", raw)
    assert (outcome.error or {})["code"] == "not_allowed"
    shop.ok("cancel_job", by=cast.storekeeper, job="J-1", reason="It was the floor.")
    assert page(shop, "J-1").job.notes == "It was the floor."


@on_sqlite
def test_who_reported_a_fault_takes_it_back_until_somebody_begins(shop: Shop) -> None:
    vera, dana, asset = shop.cast.viewer, shop.cast.technician, shop.asset()
    told = shop.ok("report_fault", by=vera, asset=asset, what="Leaks", stands=True)

    def undoes(job: str, by: Any) -> str:
        return job_pages.job_page(shop.context(by), job).undoes

    assert undoes(told["job"], vera) == told["operation"]
    assert (undoes(told["job"], dana), undoes(made(shop, asset), vera)) == ("", "")
    shop.ok("reverse", by=vera, operation=told["operation"])
    assert (page(shop, told["job"]).job.state, status_of(shop, asset)) == (
        "cancelled", "in_service"
    )  # fmt: skip
    begun = shop.ok("report_fault", by=vera, asset=asset, what="Noise")
    assert refusal(shop, "reverse", by=dana, operation=begun["operation"]) == "not_allowed"
    shop.ok("start_job", by=dana, job=begun["job"])
    assert undoes(begun["job"], vera) == ""
    assert refusal(shop, "reverse", by=vera, operation=begun["operation"]) == "changed_since"


@on_sqlite
def test_a_machine_that_is_gone_needs_nothing_any_more(shop: Shop) -> None:
    bin_, asset = shop.bin(), shop.asset()
    part = shop.part(location=bin_)
    shop.ok("receive", part=part, location=bin_, quantity=1)
    job, other = made(shop, asset), made(shop, shop.asset())
    for each in (job, other):
        shop.ok("set_job_part", job=each, part=part, quantity=1)
    shop.ok("reserve_kit", job=job)
    assert page(shop, other).ready == JobReadiness(
        Readiness.SHORT, (Missing(shop.key(part, bin_).part_id, 1000, None),)
    )
    told = shop.ok("set_status", asset=asset, status="retired")
    assert [one["code"] for one in told["warnings"]] == ["open_jobs"]
    assert page(shop, other).ready == JobReadiness(Readiness.READY)
    for kind in ("reserve_kit", "start_job"):
        assert refusal(shop, kind, job=job) == "asset_retired"
    shop.ok("cancel_job", job=job)


@on_sqlite
def test_an_edited_job_and_the_lists(shop: Shop) -> None:
    cast, asset = shop.cast, shop.asset(tag="FL-07")
    first = made(shop, asset, due_on="2023-12-01", assigned=cast.technician.code)
    later, whenever = made(shop, asset, due_on="2023-12-24"), made(shop, asset)
    changed = {"id": new_id(), "job": later, "due_on": "2023-11-20", "urgent": True}
    assert operations.edit(shop.context(), "edit_job", changed).done
    # Who filled a form before that is told, where it is about the same.
    stale = {"id": new_id(), "job": later, "based_on": 0, "title": "Both filters"}
    assert operations.edit(shop.context(), "edit_job", stale).done
    outcome = operations.edit(shop.context(), "edit_job", {**stale, "id": new_id(), "title": "No"})
    assert (outcome.error or {})["code"] == "edited_since"

    def listed(show: str, by: Any = None, **asked: Any) -> list[str]:
        return [row.name for row in job_pages.job_list(shop.context(by), show, **asked).rows]

    assert listed("open") == [later, first, whenever]
    assert listed("open", after=str(page(shop, later).job.number)) == [first, whenever]
    assert listed("mine", cast.technician) == [first]
    assert listed("open", text="fl-07", limit=1) == [later]
    shop.ok("finish_job", job=first)
    assert (listed("done"), listed("open")) == ([first], [later, whenever])
    shown = job_pages.fault_page(shop.context(), asset)
    assert [row.name for row in shown.open_jobs] == [later, whenever]
