"""Audits of assets: what is found, moved, unexpected and missing; nothing moves by itself."""

import uuid
from dataclasses import replace
from typing import Any

import pytest

from stockscan.domain.access import Actor
from stockscan.domain.errors import Conflict, NotAllowed, NotFound, RuleBroken
from stockscan.services import assets, counts
from stockscan.services.counts.plans import Plan
from tests.auditing import Halls
from tests.shop import Shop


@pytest.fixture
def halls(shop: Shop) -> Halls:
    """The halls, with what stands in them."""
    return Halls(shop)


def test_an_audit_expects_what_the_books_have_in_its_places(halls: Halls) -> None:
    halls.shop.ok("set_status", asset=halls.drill, status="retired")
    opened = halls.opened(halls.hall1, halls.hall2)
    assert halls.states(opened.id) == {"Truck": ("PENDING", ""), "Lamp": ("PENDING", "")}
    assert (opened.state, opened.lines, opened.places) == ("OPEN", 2, 3)
    assert opened.called.startswith("CC-")


def test_the_same_id_opens_one_audit(halls: Halls) -> None:
    audit = halls.open()
    again = counts.open_audit(halls.shop.context(), audit, Plan())
    assert (again.id, again.lines) == (audit, 3)
    counted = halls.shop.ok("count", part=halls.shop.part(), location=halls.shelf, quantity=0)
    with pytest.raises(Conflict):
        counts.open_audit(halls.shop.context(), counted["count"], Plan())


def test_a_place_without_assets_is_not_audited(halls: Halls) -> None:
    with pytest.raises(RuleBroken, match="no asset there"):
        halls.open(halls.shop.bin())


def test_found_moved_and_unexpected(halls: Halls) -> None:
    audit = halls.open()
    found = halls.see(halls.truck, halls.hall1, audit)
    assert (found["state"], found["seen"], found["expected"]) == ("FOUND", 1, 2)
    moved = halls.see(halls.lamp, halls.hall1, audit)
    assert (moved["state"], moved["belongs_name"]) == ("MOVED", "A-2")
    stranger = halls.see(halls.pump, halls.hall1, audit)
    assert (stranger["state"], stranger["belongs_name"]) == ("UNEXPECTED", "Shed")
    where = assets.asset_page(halls.shop.context(), halls.lamp).asset.location
    assert where == "A-2", "nothing is moved silently"


def test_seen_again_is_said_and_changes_nothing(halls: Halls) -> None:
    audit = halls.open()
    halls.see(halls.truck, halls.hall1, audit, by=halls.shop.cast.technician)
    again = halls.see(halls.truck, halls.hall1, audit)
    assert again["again"]["by"] == "Dana Reyes"
    assert (again["state"], again["seen"]) == ("FOUND", 1)


def test_the_hall_around_a_shelf_is_another_place(halls: Halls) -> None:
    audit = halls.open()
    assert halls.see(halls.lamp, halls.hall2, audit)["state"] == "MOVED"


def test_what_was_moved_on_record_meanwhile_is_found_there(halls: Halls) -> None:
    audit = halls.open()
    halls.shop.ok("move_asset", asset=halls.truck, location=halls.hall2)
    assert halls.see(halls.truck, halls.hall2, audit)["state"] == "FOUND"


def test_a_move_that_is_recorded_late_puts_the_sighting_right(halls: Halls) -> None:
    audit = halls.open()
    halls.shop.wait(60)
    halls.see(halls.truck, halls.hall2, audit)
    halls.shop.ok("move_asset", asset=halls.truck, location=halls.hall2, age_ms=30_000)
    halls.submit(audit)
    assert halls.states(audit)["Truck"] == ("FOUND", "")


def test_missing_only_where_somebody_looked(halls: Halls) -> None:
    audit = halls.open()
    halls.see(halls.truck, halls.hall1, audit)
    halls.submit(audit)
    assert halls.states(audit)["Drill"] == ("MISSING", "")
    assert halls.states(audit)["Lamp"] == ("NOT_COUNTED", ""), "nobody was at its shelf"
    assert halls.state(audit) == "SUBMITTED"


def test_a_finished_room_was_visited_though_nothing_was_seen(halls: Halls) -> None:
    audit = halls.open()
    counts.finish_room(halls.shop.context(), audit, halls.shelf)
    counts.finish_room(halls.shop.context(), audit, halls.shelf)
    halls.submit(audit)
    assert halls.states(audit)["Lamp"] == ("MISSING", "")
    with pytest.raises(NotFound):
        counts.finish_room(halls.shop.context(), audit, halls.shed)


def test_what_somebody_has_is_not_missing(halls: Halls) -> None:
    technician = halls.shop.cast.technician
    halls.shop.ok("check_out", asset=halls.drill, to_person=technician.code)
    audit = halls.open(halls.hall1)
    halls.see(halls.truck, halls.hall1, audit)
    halls.submit(audit)
    assert halls.states(audit)["Drill"] == ("NOT_COUNTED", "")
    assert halls.state(audit) == "POSTED", "nothing is left to decide"


def test_what_somebody_has_and_stands_here_waits_for_a_decision(halls: Halls) -> None:
    halls.shop.ok("check_out", asset=halls.drill, to_person=halls.shop.cast.technician.code)
    audit = halls.open(halls.hall1)
    seen = halls.see(halls.drill, halls.hall1, audit)
    assert (seen["state"], seen["holder"]) == ("MOVED", "Dana Reyes")


def test_what_is_part_of_a_machine_stands_with_it(halls: Halls) -> None:
    halls.shop.ok("check_out", asset=halls.lamp, to_asset=halls.truck)
    audit = halls.open(halls.hall1)
    assert halls.see(halls.lamp, halls.hall1, audit)["state"] == "FOUND"


def test_found_after_submission_is_not_missing(halls: Halls) -> None:
    audit = halls.open(halls.hall1)
    halls.see(halls.truck, halls.hall1, audit)
    halls.submit(audit)
    assert halls.see(halls.drill, halls.shed, audit)["state"] == "MOVED"
    assert counts.settle_audit(
        halls.shop.context(), audit, {halls.line(audit, halls.drill): None}, "left"
    )
    assert halls.states(audit)["Drill"] == ("MOVED", "left")
    assert halls.state(audit) == "POSTED"


def test_settling_twice_or_in_a_way_that_does_not_fit_changes_nothing(halls: Halls) -> None:
    audit = halls.open(halls.hall1)
    halls.see(halls.truck, halls.hall1, audit)
    halls.submit(audit)
    context, line = halls.shop.context(), halls.line(audit, halls.drill)
    assert counts.settle_audit(context, audit, {line: None}, "relocated") == 0
    assert counts.settle_audit(context, audit, {line: None}, "missing") == 1
    assert counts.settle_audit(context, audit, {line: None}, "left") == 0
    assert halls.states(audit)["Drill"] == ("MISSING", "missing")


def test_seeing_it_elsewhere_opens_what_was_settled_again(halls: Halls) -> None:
    audit = halls.open()
    halls.see(halls.lamp, halls.hall1, audit)
    counts.settle_audit(halls.shop.context(), audit, {halls.line(audit, halls.lamp): None}, "left")
    halls.see(halls.lamp, halls.hall1, audit)
    assert halls.states(audit)["Lamp"] == ("MOVED", "left")
    halls.see(halls.lamp, halls.shelf, audit)
    assert halls.states(audit)["Lamp"] == ("FOUND", "")


def test_a_sighting_that_is_taken_back_never_was(halls: Halls) -> None:
    audit = halls.open(halls.hall1)
    stranger = halls.see(halls.pump, halls.hall1, audit, condition=2)
    seen = halls.see(halls.truck, halls.hall1, audit)
    for one in (stranger, seen):
        halls.shop.ok("reverse", operation=one["operation"])
        again = halls.shop.do("reverse", operation=one["operation"])
        assert (again.error or {})["code"] == "already_reversed"
    assert halls.states(audit) == {"Truck": ("PENDING", ""), "Drill": ("PENDING", "")}
    page = assets.asset_page(halls.shop.context(), halls.pump)
    assert page.asset.condition is None


def test_an_earlier_sighting_holds_when_the_later_is_taken_back(halls: Halls) -> None:
    audit = halls.open()
    halls.see(halls.truck, halls.hall1, audit)
    later = halls.see(halls.truck, halls.hall2, audit)
    assert later["state"] == "MOVED"
    halls.shop.ok("reverse", operation=later["operation"])
    assert halls.states(audit)["Truck"] == ("FOUND", "")


@pytest.mark.parametrize("audit", ["", "over", "unknown"])
def test_a_sighting_is_always_kept(halls: Halls, audit: str) -> None:
    named = {"": "", "unknown": str(uuid.uuid4())}.get(audit) or halls.open()
    if audit == "over":
        counts.cancel_audit(halls.shop.context(), named)
    said: dict[str, Any] = {"count": named} if audit else {}
    done = halls.shop.do("audit", asset=halls.truck, location=halls.hall2, **said)
    assert done.status == ("attention" if audit else "applied")
    assert (done.result or {})["state"] == "MOVED"
    assert (done.result or {})["count"] == done.id
    assert halls.state(done.id) == "SUBMITTED"
    assert halls.see(halls.truck, halls.hall1)["state"] == "FOUND"


def test_a_cancelled_audit_settles_nothing(halls: Halls) -> None:
    audit = halls.open()
    halls.see(halls.truck, halls.hall2, audit)
    counts.cancel_audit(halls.shop.context(), audit)
    counts.cancel_audit(halls.shop.context(), audit)
    assert halls.state(audit) == "CANCELLED"
    assert halls.states(audit)["Drill"] == ("NOT_COUNTED", "")


def test_several_people_share_the_way(halls: Halls) -> None:
    cast = halls.shop.cast
    audit = halls.open(counters=(cast.technician.id, cast.storekeeper.id))
    rooms = counts.audit_page(halls.shop.context(), audit).rooms
    assert [(room.name, room.counter) for room in rooms] == [
        ("Works", "Dana Reyes"),
        ("Hall 1", "Dana Reyes"),
        ("A-2", "Marco Silva"),
    ]


def test_who_may_what(halls: Halls) -> None:
    shop, cast = halls.shop, halls.shop.cast
    audit = halls.open(by=cast.storekeeper)
    with pytest.raises(NotAllowed):
        halls.open(by=cast.technician)
    refused = shop.do("audit", by=cast.viewer, asset=halls.truck, location=halls.hall1)
    assert (refused.error or {})["code"] == "not_allowed"
    with pytest.raises(NotAllowed):
        counts.settle_audit(shop.context(cast.technician), audit, {1: None}, "missing")
    limited = Actor(cast.technician.id, "Dana", cast.technician.role, limited=True)
    with pytest.raises(NotAllowed):
        counts.finish_room(replace(shop.context(), actor=limited), audit, halls.hall1)


def test_whoever_is_limited_to_some_rooms_ends_and_settles_nothing_in_others(halls: Halls) -> None:
    shop, cast = halls.shop, halls.shop.cast
    audit = halls.open()
    halls.see(halls.truck, halls.hall2, audit)
    limited = Actor(cast.technician.id, "Dana", cast.technician.role, limited=True)
    theirs = replace(shop.context(), actor=limited)
    with pytest.raises(NotAllowed, match="not one of your places"):
        counts.submit_audit(theirs, audit)
    with pytest.raises(NotAllowed, match="not one of your places"):
        counts.settle_audit(theirs, audit, {halls.line(audit, halls.truck): None}, "left")
    assert halls.state(audit) == "OPEN"
