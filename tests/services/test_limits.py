"""Work that is limited to some places: each kind of write, inside and outside of them."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from stockscan.domain.access import Actor, Role
from stockscan.domain.errors import NotAllowed
from stockscan.domain.operations import KINDS
from stockscan.services import counts, operations
from stockscan.services.operations import Outcome
from stockscan.services.work import Context
from tests.cast import new_id
from tests.shop import Shop


@dataclass
class Hall:
    """A hall with a bin, stock of a part in it, and two machines: one in, one out; a job on the
    first, with 1 of the part in its kit."""

    area: str
    bin: str
    part: str
    machine: str
    tool: str
    job: str


def build(shop: Shop, name: str) -> Hall:
    area = shop.make("location", name=name, kind_of_place="area")
    bin_ = shop.make("location", name=f"{name}-1", kind_of_place="bin", parent=area)
    part = shop.part(name=f"Filter {name}")
    shop.ok("receive", part=part, location=bin_, quantity=10)
    machine, tool = shop.asset(name="Press", location=area), shop.asset(name="Saw", location=area)
    shop.ok("install", asset=machine, part=part, quantity=2, location=bin_)
    shop.ok("check_out", asset=tool, to_person=shop.cast.viewer.code)
    job = shop.make("job", asset=machine, title="Service", checklist="Lock it out")
    shop.ok("set_job_part", job=job, part=part, quantity=3)
    shop.ok("pick", work=job, part=part, location=bin_, to_location=area, quantity=1)
    shop.ok("start_job", job=job)
    return Hall(area, bin_, part, machine, tool, job)


def limit(shop: Shop, place: str) -> Actor:
    """Let the supervisor work at this place alone."""
    player = shop.cast.supervisor
    raw = {"id": new_id(), "person": player.code, "places": [place]}
    assert operations.edit(shop.context(), "edit_person", raw).done
    return Actor(player.id, player.name, player.role, limited=True)


def attempt(shop: Shop, actor: Actor, kind: str, **values: Any) -> Outcome:
    shop.wait()
    ctx = Context(actor, shop.now_us, new_id)
    return operations.apply(ctx, {"id": new_id(), "kind": kind, **values})


def written(shop: Shop, hall: Hall, other: Hall) -> dict[str, dict[str, Any]]:
    """One write of each kind that names a place, or a thing that stands at one, in `hall`."""
    stock = {"part": hall.part, "location": hall.bin, "quantity": 1}
    return {
        "receive": stock,
        "issue": {**stock, "reason": "sold"},
        "scrap": {**stock, "reason": "broken"},
        "count": {**stock, "quantity": 7},
        "audit": {"asset": hall.machine, "location": hall.bin},
        "transfer": {"part": hall.part, "from_location": hall.bin, "to_location": hall.area,
                     "quantity": 1},
        "install": {"asset": hall.machine, "part": hall.part, "quantity": 1},
        "return_part": {**stock, "asset": hall.machine},
        "move_asset": {"asset": hall.machine, "location": hall.bin},
        "check_in": {"asset": hall.tool, "location": hall.area},
        "check_out": {"asset": hall.machine, "to_person": shop.cast.viewer.code},
        "condition": {"asset": hall.machine, "value": 3},
        "set_status": {"asset": hall.machine, "status": "down"},
        "set_due": {"asset": hall.tool, "due_on": "2026-12-24"},
        "read_meter": {"asset": hall.machine, "meter": "Hours", "value": 12},
        "note": {"asset": hall.machine, "note": "Squeaks"},
        "dispose": {**stock, "how": "sold"},
        "move_part": {"from_asset": hall.machine, "to_asset": hall.tool, "part": hall.part,
                      "quantity": 1},
        "pick": {**stock, "work": hall.job, "to_location": hall.area},
        "put_back": {**stock, "work": hall.job},
        **{kind: {"job": hall.job, **more} for kind, more in _about_jobs(hall.part).items()},
    }  # fmt: skip


def _about_jobs(part: str) -> dict[str, dict[str, Any]]:
    """Each kind of write about a job, and what it says besides."""
    return {
        "start_job": {}, "pause_job": {}, "tick_job": {"line": 0}, "log_work": {"minutes": 5},
        "set_running": {"runs": False}, "finish_job": {}, "cancel_job": {}, "reserve_kit": {},
        "release_kit": {}, "set_job_part": {"part": part, "quantity": 2},
        "remove_job_part": {"part": part},
    }  # fmt: skip


# Kinds that name neither a place nor a thing that stands at one, and a fault, which is a message;
# `reverse` and `retime` have tests of their own.
PLACELESS = {"link", "unlink", "claim", "reverse", "retime", "report_fault"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", sorted(KINDS.keys() - PLACELESS))
def test_a_limited_person_writes_inside_and_not_outside(shop: Shop, kind: str) -> None:
    mine, other = build(shop, "North"), build(shop, "South")
    actor = limit(shop, mine.area)
    outside = attempt(shop, actor, kind, **written(shop, other, mine)[kind])
    assert outside.status == "rejected"
    assert outside.error is not None
    assert outside.error["code"] == "outside_places"
    assert "South" in outside.error["message"]
    inside = attempt(shop, actor, kind, **written(shop, mine, other)[kind])
    assert inside.done, inside


@pytest.mark.parametrize(
    ("kind", "field"),
    [("move_asset", "location"), ("check_out", "to_location"), ("transfer", "to_location")],
)
def test_where_it_goes_counts_as_well(shop: Shop, kind: str, field: str) -> None:
    mine, other = build(shop, "North"), build(shop, "South")
    actor = limit(shop, mine.area)
    values = {"part": mine.part, "from_location": mine.bin, "quantity": 1}
    if kind != "transfer":
        values = {"asset": mine.machine}
    refused = attempt(shop, actor, kind, **values, **{field: other.bin})
    assert refused.error is not None
    assert refused.error["code"] == "outside_places"


def test_a_limited_person_puts_no_place_outermost(shop: Shop) -> None:
    hall = build(shop, "Hall A")
    actor = limit(shop, hall.area)
    ctx = Context(actor, shop.now_us + 1, new_id)
    new = {"id": new_id(), "name": "Yard", "kind_of_place": "site"}
    tries = [
        operations.create(ctx, "create_location", new),
        operations.create(ctx, "create_bins", {"id": new_id(), "pattern": "Z-[1-3]"}),
        operations.edit(ctx, "edit_location", {"id": new_id(), "location": hall.bin, "parent": ""}),
    ]
    assert [one.error and one.error["code"] for one in tries] == ["outside_places"] * 3
    raw = {"id": new_id(), "location": hall.bin, "name": "Shelf"}
    assert operations.edit(ctx, "edit_location", raw).done


def test_taking_back_and_approving_ask_for_the_place(shop: Shop) -> None:
    mine, other = build(shop, "North"), build(shop, "South")
    goods = shop.ok("issue", part=other.part, location=other.bin, quantity=1, reason="sold")
    moved = shop.ok("move_asset", asset=other.machine, location=other.bin)
    count = shop.ok("count", part=other.part, location=other.bin, quantity=1)
    actor = limit(shop, mine.area)
    for done in (goods, moved, count):
        refused = attempt(shop, actor, "reverse", operation=done["operation"])
        assert refused.error is not None
        assert refused.error["code"] == "outside_places"
    ctx = Context(actor, shop.now_us, new_id)
    for decide in (counts.reject_lines, lambda ctx, id_: counts.post(ctx, id_, approve=True)):
        with pytest.raises(NotAllowed):
            decide(ctx, count["count"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_fault_is_reported_everywhere_and_taken_back(shop: Shop) -> None:
    mine, other = build(shop, "North"), build(shop, "South")
    actor = limit(shop, mine.area)
    told = attempt(shop, actor, "report_fault", asset=other.machine, what="Leaks", stands=True)
    assert told.done, told
    assert attempt(shop, actor, "reverse", operation=told.id).done


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_part_moved_between_machines_of_mine_is_taken_back(shop: Shop) -> None:
    """The bin between is not touched, so it may lie anywhere; the machines may not."""
    mine, other = build(shop, "North"), build(shop, "South")
    foreign = {"part": other.part, "quantity": 1}
    shop.ok("install", asset=mine.machine, location=other.bin, **foreign)
    actor = limit(shop, mine.area)
    machines = {"from_asset": mine.machine, "to_asset": mine.tool}
    told = attempt(shop, actor, "move_part", **machines, **foreign)
    assert told.done, told
    assert attempt(shop, actor, "reverse", operation=told.id).done
    away = shop.ok("move_part", from_asset=other.machine, to_asset=mine.machine, **foreign)
    refused = attempt(shop, actor, "reverse", operation=away["operation"])
    assert (refused.error or {})["code"] == "outside_places"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_plan_of_one_machine_asks_for_its_place(shop: Shop) -> None:
    mine, other = build(shop, "North"), build(shop, "South")
    rule = {"name": "Oil", "basis": "calendar", "every": 1, "unit": "week"}
    plan = {**rule, "starts_on": "2026-11-30"}
    theirs = operations.create(
        shop.context(), "create_plan", {**plan, "id": new_id(), "asset": other.machine}
    )
    ctx = Context(limit(shop, mine.area), shop.now_us + 1, new_id)
    made = [
        operations.create(ctx, "create_plan", {**plan, "id": new_id(), "asset": hall.machine})
        for hall in (mine, other)
    ]
    assert made[0].done, made
    assert (made[1].error or {})["code"] == "outside_places"
    edit = {"id": new_id(), "plan": (theirs.result or {})["plan"], "active": False}
    assert (operations.edit(ctx, "edit_plan", edit).error or {})["code"] == "outside_places"


def test_ending_a_whole_count_asks_for_all_of_its_places(shop: Shop) -> None:
    mine, other = build(shop, "North"), build(shop, "South")
    both, inside = shop.plan(mine.bin, other.bin), shop.plan(mine.bin)
    ctx = Context(limit(shop, mine.area), shop.now_us + 1, new_id)
    for end in (counts.submit, counts.close, counts.cancel):
        with pytest.raises(NotAllowed):
            end(ctx, both.id)
    assert counts.submit(ctx, both.id, mine=True)["state"] == "OPEN"
    assert counts.cancel(ctx, inside.id)["state"] == "CANCELLED"


def test_what_was_captured_offline_outside_waits_for_someone(shop: Shop) -> None:
    mine, other = build(shop, "North"), build(shop, "South")
    actor = limit(shop, mine.area)
    values = written(shop, other, mine)["issue"]
    kept = attempt(shop, actor, "issue", **values, queued=True)
    assert kept.status == "attention"
    again = operations.try_again(shop.context(), kept.id)
    assert again.error is not None
    raw = {"id": new_id(), "person": shop.cast.supervisor.code, "places": ""}
    assert operations.edit(shop.context(), "edit_person", raw).done
    assert operations.try_again(shop.context(), kept.id).status == "applied"


def test_a_limited_person_without_any_role_is_refused_offline_too(app: Flask, shop: Shop) -> None:
    mine = build(shop, "North")
    actor = Actor(shop.cast.viewer.id, "Vera", Role.VIEWER)
    raw = written(shop, mine, mine)["issue"]
    assert attempt(shop, actor, "issue", **raw, queued=True).status == "rejected"
