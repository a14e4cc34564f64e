"""What waits for a person: a hand-over settles it once, its order is kept, it says which thing."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from stockscan.domain.errors import Conflict, NotFound, RuleBroken
from stockscan.services import operations, people, scanning
from stockscan.services.operations import Outcome
from stockscan.services.work import reading
from stockscan.store import operations as store
from tests.cast import Player
from tests.crowd import at_once, new_id, operation
from tests.shop import Shop


def lose_a_race(shop: Shop, asset: str, winner: Player, loser: Player) -> str:
    """Two take an asset offline; the id of the check-out that waits, until a day."""
    shop.ok("check_out", asset=asset, to_person=winner.code)
    taken = {"asset": asset, "to_person": loser.code, "due_on": "2023-12-24"}
    late = shop.do("check_out", by=loser, queued=True, **taken)
    assert late.status == "attention"
    return str(late.id)


def hand_over(shop: Shop, waiting: str, action: str, shown: str) -> list[Outcome]:
    """Settle it a second later, as the supervisor who saw `shown` as the holder."""
    shop.wait()
    return operations.hand_over(shop.context(shop.cast.supervisor), waiting, action, shown)


def holder(shop: Shop, asset: str) -> str:
    """Who has the asset by the books."""
    told = shop.ok("condition", asset=asset, value=4)["custodian"]
    return str(told["name"]) if told else ""


def test_a_hand_over_settles_what_waits_once(shop: Shop) -> None:
    cast, asset, action = shop.cast, shop.asset(), new_id()
    waiting = lose_a_race(shop, asset, cast.storekeeper, cast.technician)
    first = hand_over(shop, waiting, action, cast.storekeeper.code)
    again = hand_over(shop, waiting, action, cast.storekeeper.code)
    assert [one.status for one in first] == ["applied", "applied"]
    assert [one.status for one in again] == ["duplicate", "duplicate"]
    assert [one.result for one in again] == [one.result for one in first]
    with pytest.raises(NotFound):
        hand_over(shop, waiting, new_id(), cast.technician.code)
    thing = scanning.thing(shop.context(), asset)
    assert (thing.holder, str(thing.due_on)) == (cast.technician.name, "2023-12-24")
    assert operations.waiting(shop.context()).cases == []


def test_two_who_settle_at_once_settle_it_once(shop: Shop, app: Flask) -> None:
    cast, asset = shop.cast, shop.asset()
    waiting = lose_a_race(shop, asset, cast.storekeeper, cast.technician)

    def settle() -> int:
        try:
            return len(hand_over(shop, waiting, new_id(), cast.storekeeper.code))
        except NotFound:
            return 0

    assert sorted(at_once(app, [settle] * 3)) == [0, 0, 2]


def test_a_hand_over_is_all_or_nothing(shop: Shop) -> None:
    cast, asset = shop.cast, shop.asset()
    waiting = lose_a_race(shop, asset, cast.storekeeper, cast.technician)
    people.set_active(shop.context(), cast.technician.code, active=False)
    with pytest.raises(RuleBroken, match="no longer works here"):
        hand_over(shop, waiting, new_id(), cast.storekeeper.code)
    assert holder(shop, asset) == cast.storekeeper.name
    assert [case.recorded.id for case in operations.waiting(shop.context()).cases] == [waiting]


def test_a_hand_over_from_somebody_else_by_now_does_nothing(shop: Shop) -> None:
    cast, asset = shop.cast, shop.asset()
    waiting = lose_a_race(shop, asset, cast.storekeeper, cast.technician)
    shop.ok("check_in", asset=asset)
    shop.ok("check_out", asset=asset, to_person=cast.viewer.code)
    with pytest.raises(Conflict, match=f"is with {cast.viewer.name} by now"):
        hand_over(shop, waiting, new_id(), cast.storekeeper.code)
    assert holder(shop, asset) == cast.viewer.name
    [case] = operations.waiting(shop.context()).cases
    assert case.holder == (cast.viewer.code, cast.viewer.name)


def test_what_nobody_has_is_only_checked_out(shop: Shop) -> None:
    cast, asset = shop.cast, shop.asset()
    waiting = lose_a_race(shop, asset, cast.storekeeper, cast.technician)
    shop.ok("check_in", asset=asset)
    [only] = hand_over(shop, waiting, new_id(), cast.storekeeper.code)
    assert only.status == "applied"
    assert holder(shop, asset) == cast.technician.name


def test_only_a_lost_check_out_is_handed_over(shop: Shop) -> None:
    waits = shop.do("reverse", operation=new_id())
    with pytest.raises(NotFound):
        hand_over(shop, str(waits.id), new_id(), "")


def test_what_waits_keeps_the_order_of_its_phone(shop: Shop) -> None:
    cast, asset = shop.cast, shop.asset()
    shop.ok("check_out", asset=asset, to_person=cast.storekeeper.code)
    phone = {"queued": True, "device": "a phone"}
    shop.wait(60)
    # Captured long before it arrives: the request itself took its time.
    graded = shop.do("condition", asset=asset, value=3, capture=1, age_ms=0, **phone)
    taken = {"asset": asset, "to_person": cast.technician.code}
    late = shop.do("check_out", capture=2, age_ms=20_000, **phone, **taken)
    assert late.status == "attention"
    before, kept = recorded(graded), recorded(late)
    assert before.effective_us < kept.effective_us <= kept.received_us


def test_what_waited_is_applied_after_what_its_phone_captured_before(shop: Shop) -> None:
    cast, asset = shop.cast, shop.asset()
    winner = shop.ok("check_out", asset=asset, to_person=cast.storekeeper.code)
    phone = {"queued": True, "device": "a phone"}
    shop.wait(60)
    taken = {"asset": asset, "to_person": cast.technician.code}
    late = shop.do("check_out", capture=2, age_ms=20_000, **phone, **taken)
    graded = shop.do("condition", asset=asset, value=3, capture=1, age_ms=5_000, **phone)
    shop.ok("reverse", operation=winner["operation"])
    assert operations.try_again(shop.context(), str(late.id)).status == "applied"
    assert recorded(graded).effective_us < recorded(late).effective_us <= recorded(late).received_us


def recorded(outcome: Outcome) -> store.Recorded:
    with reading() as connection:
        found = store.recorded(connection, outcome.id)
    assert found is not None
    return found


def test_it_says_which_thing_in_a_few_queries(shop: Shop, app: Flask) -> None:
    cast = shop.cast
    asked: list[str] = []
    engine = app.extensions["stockscan.read_engine"]
    event.listen(
        engine, "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement)
    )
    counted = []
    for more in (1, 9):
        for _ in range(more):
            asset = shop.asset(name="Hammer drill")
            lose_a_race(shop, asset, cast.storekeeper, cast.technician)
        asked.clear()
        cases = operations.waiting(shop.context()).cases
        counted.append(len(asked))
    assert len(cases) == 10
    assert counted == [10, 10]
    [(field, title), _] = cases[0].about
    assert (field, title.startswith("Hammer drill A-")) == ("asset", True)
    assert cases[0].recorded.answer["error"]["message"].startswith(f"{title} is already out with")


def test_the_oldest_are_shown_and_the_others_counted(shop: Shop) -> None:
    for _ in range(52):
        shop.do("reverse", operation=new_id())
    shown = operations.waiting(shop.context())
    assert (len(shown.cases), shown.more) == (50, 2)


def test_a_replayed_return_moves_what_was_in_already(shop: Shop) -> None:
    asset, bin_ = shop.asset(name="Drill", tag="D-1"), shop.bin("Shelf 7")
    moved = shop.ok("check_in", asset=asset, location=bin_, condition=2, queued=True)
    assert moved["location"] == bin_
    assert [one["code"] for one in moved["warnings"]] == ["was_in"]
    # Who took it in between, and is heard of later, does not have it any more.
    late = {"asset": asset, "to_person": shop.cast.viewer.code, "queued": True}
    shop.wait(60)
    assert shop.ok("check_out", age_ms=61_500, **late)["custodian"] is None
    shop.ok("reverse", operation=moved["operation"])
    assert holder(shop, asset) == shop.cast.viewer.name


@pytest.mark.parametrize("how", [{"queued": True}, {"location": "Shelf 7"}])
def test_a_return_of_what_is_in_says_so(shop: Shop, how: dict[str, Any]) -> None:
    shop.bin("Shelf 7")
    outcome = shop.do("check_in", asset=shop.asset(name="Drill", tag="D-1"), **how)
    assert outcome.status == ("attention" if "queued" in how else "rejected")
    assert outcome.error
    assert outcome.error["message"].startswith("Drill D-1 is not checked out")


def test_moving_what_is_out_says_that_it_still_is(shop: Shop) -> None:
    asset, bin_ = shop.asset(), shop.bin()
    assert "warnings" not in shop.ok("move_asset", asset=asset, location=bin_)
    shop.ok("check_out", asset=asset, to_person=shop.cast.technician.code)
    moved = shop.ok("move_asset", asset=asset, location=bin_)
    message = "It is still out with Dana Reyes. Return it, if it came back."
    assert moved["warnings"] == [{"code": "still_out", "message": message}]
    assert moved["custodian"]["name"] == "Dana Reyes"
    shop.ok("check_in", asset=asset)
    old = shop.ok("move_asset", asset=asset, location=bin_, queued=True, age_ms=1500)
    assert "warnings" not in old


def test_operations_of_one_action_are_taken_back_together(shop: Shop) -> None:
    action = new_id()
    drills = [shop.asset(name=f"Drill {number}") for number in (1, 2)]
    taken = [
        operation("check_out", asset=drill, to_person=shop.cast.viewer.code, action=action)
        for drill in drills
    ]
    shop.wait()
    done = operations.apply_all(shop.context(), [{**one, "queued": True} for one in taken])
    newest_first = [str(done[1].id), str(done[0].id)]
    for limit in (1, 2, 3):  # the last action is never cut in two
        of_action = [
            row for row in operations.recent(shop.context(), limit) if row.action_id == action
        ]
        assert [row.id for row in of_action] == newest_first
    assert operations.undoable(shop.context(), action) == newest_first
    # Which action it belongs to is no part of what it says.
    again = operations.apply(shop.context(), {**taken[0], "action": new_id()})
    assert again.status == "duplicate"
