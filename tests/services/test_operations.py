"""The one door for writes: what becomes of an operation, and that it is applied exactly once."""

from typing import Any

import pytest
from flask import Flask

from stockscan.domain.errors import TooLarge
from stockscan.domain.operations import KINDS, parse_op
from stockscan.services import operations, stock
from stockscan.services.operations import Outcome
from stockscan.services.work import reading, unit_of_work
from stockscan.store import operations as store
from stockscan.store import settings
from tests.cast import Player
from tests.crowd import at_once, new_id, operation
from tests.shop import SECOND, Shop


def send(shop: Shop, raw: object, by: Player | None = None) -> Outcome:
    """Apply one raw operation a second later."""
    shop.wait()
    return operations.apply(shop.context(by), raw)


def test_first_is_applied_and_repetitions_get_its_result(shop: Shop) -> None:
    part, bin_ = shop.part(), shop.bin()
    raw = operation("receive", part=part, location=bin_, quantity=2)
    first = send(shop, raw)
    again = send(shop, {**raw, "age_ms": 60_000, "queued": True, "device": "other", "capture": 9})
    assert (first.status, again.status) == ("applied", "duplicate")
    assert again.result == first.result
    assert shop.on_hand(part, bin_) == 2


@pytest.mark.parametrize("same", [2, 2.0, "2", "2.0", " 2.000 ", "2,0"])
def test_numbers_are_equal_however_written(shop: Shop, same: object) -> None:
    part, bin_ = shop.part(), shop.bin()
    raw = operation("receive", part=part, location=bin_, quantity=2)
    send(shop, raw)
    assert send(shop, {**raw, "quantity": same}).status == "duplicate"


@pytest.mark.parametrize(
    "other",
    [{"quantity": 3}, {"note": "more"}, {"unit_cost": "1"}, {"kind": "issue", "reason": "x"}],
)
def test_same_id_with_other_content_is_refused(shop: Shop, other: dict[str, Any]) -> None:
    part, bin_ = shop.part(), shop.bin()
    raw = operation("receive", part=part, location=bin_, quantity=2)
    send(shop, raw)
    for queued in (False, True):
        outcome = send(shop, {**raw, **other, "queued": queued})
        assert (outcome.status, outcome.error and outcome.error["code"]) == (
            "rejected", "id_reused",
        )  # fmt: skip
    assert shop.on_hand(part, bin_) == 2


def test_an_id_is_of_whoever_used_it_first(shop: Shop) -> None:
    raw = operation("receive", part=shop.part(), location=shop.bin(), quantity=2, note="for Dana")
    send(shop, raw)
    for queued in (False, True):
        other = send(shop, {**raw, "queued": queued}, shop.cast.storekeeper)
        assert (other.status, other.result) == ("rejected", None)
        assert other.error is not None
        assert other.error["code"] == "id_reused"


MALFORMED: list[object] = [
    None, 7, "text", [], {}, {"id": "no uuid", "kind": "receive"}, {"id": 5, "kind": "receive"},
    operation("dance"), operation("receive"), {"id": new_id()}, {"kind": "receive"},
    operation("receive", part="x" * 513, location="A1", quantity=1),
    operation("receive", part="P", location="A1", quantity="many"),
    operation("receive", part="P", location="A1", quantity=True),
    operation("receive", part="P", location="A1", quantity=-1),
    operation("receive", part="P", location="A1", quantity=0),
    operation("receive", part="P", location="A1", quantity="1e400"),
    operation("receive", part="P", location="A1", quantity="NaN"),
    operation("receive", part="P", location="A1", quantity=1, unit_cost="-1"),
    operation("receive", part="P", location="A1", quantity=1, age_ms=-1),
    operation("receive", part="P", location="A1", quantity=1, surprise=1),
    operation("receive", part={"a": 1}, location=["A1"], quantity=1),
    operation("receive", part="nul\x00", location="A1", quantity=1),
    operation("check_out", asset="A"),
    operation("check_out", asset="A", to_person="B", to_location="C"),
    operation("reverse", operation="not an id"),
]  # fmt: skip


def test_malformed_ones_are_echoed_and_never_stop_the_others(shop: Shop) -> None:
    part, bin_ = shop.part(), shop.bin()
    good = [operation("receive", part=part, location=bin_, quantity=1) for _ in MALFORMED]
    mixed = [raw for pair in zip(MALFORMED, good, strict=True) for raw in pair]
    shop.wait()
    outcomes = operations.apply_all(shop.context(), mixed)
    assert [outcome.status for outcome in outcomes] == ["rejected", "applied"] * len(good)
    for raw, outcome in zip(mixed, outcomes, strict=True):
        assert outcome.id == (raw.get("id") if isinstance(raw, dict) else None)
        assert outcome.status == "applied" or (outcome.error and outcome.error["message"])
    assert shop.on_hand(part, bin_) == len(good)


def test_unknown_references_are_refused_also_when_queued(shop: Shop) -> None:
    bin_ = shop.bin()
    for queued in (False, True):
        outcome = send(
            shop,
            operation("receive", part="nobody knows", location=bin_, quantity=1, queued=queued),
        )
        assert outcome.status == "rejected"
        assert outcome.error
        assert (outcome.error["code"], outcome.error["field"]) == ("unknown_reference", "part")


def test_at_most_500_at_once(shop: Shop) -> None:
    with pytest.raises(TooLarge):
        operations.apply_all(shop.context(), [{}] * 501)
    assert len(operations.apply_all(shop.context(), [{}] * 500)) == 500


def test_a_refused_id_may_be_used_again(shop: Shop) -> None:
    asset, person = shop.asset(), shop.cast.technician
    shop.ok("check_out", asset=asset, to_person=person.code)
    raw = operation("check_out", asset=asset, to_person=shop.cast.storekeeper.code)
    refused = send(shop, raw)
    assert refused.error
    assert (refused.error["code"], refused.error["holder"]["name"]) == ("already_out", person.name)
    shop.ok("check_in", asset=asset)
    assert send(shop, raw).status == "applied"


def test_role_is_checked_and_nothing_is_stored(shop: Shop) -> None:
    part, bin_ = shop.part(), shop.bin()
    raw = operation("receive", part=part, location=bin_, quantity=1)
    refused = send(shop, {**raw, "queued": True}, by=shop.cast.viewer)
    assert refused.error
    assert (refused.status, refused.error["code"]) == ("rejected", "not_allowed")
    assert send(shop, raw).status == "applied"


def test_a_race_lost_offline_waits_for_a_person(shop: Shop) -> None:
    asset = shop.asset()
    shop.ok("check_out", asset=asset, to_person=shop.cast.storekeeper.code)
    late = operation(
        "check_out", asset=asset, to_person=shop.cast.technician.code, queued=True, age_ms=500
    )
    first, again = send(shop, late), send(shop, late)
    assert (first.status, again.status) == ("attention", "attention")
    assert first.error == again.error
    assert first.error
    assert first.error["code"] == "already_out"
    assert [case.recorded.id for case in operations.waiting(shop.context()).cases] == [late["id"]]
    changed = send(shop, {**late, "note": "other"})
    assert changed.error
    assert (changed.status, changed.error["code"]) == ("rejected", "id_reused")
    assert operations.try_again(shop.context(), late["id"]).status == "attention"
    operations.dismiss(shop.context(), late["id"])
    assert send(shop, late).status == "duplicate"
    assert operations.waiting(shop.context()).cases == []


def test_a_reverse_that_comes_first_waits_for_its_operation(shop: Shop) -> None:
    part, bin_ = shop.part(), shop.bin()
    receive = operation("receive", part=part, location=bin_, quantity=5)
    undo = operation("reverse", operation=receive["id"])
    assert send(shop, undo).status == "attention"
    assert send(shop, receive).status == "applied"
    assert shop.on_hand(part, bin_) == 0
    assert send(shop, undo).status == "duplicate"


def test_a_return_that_comes_first_waits_for_its_install(shop: Shop) -> None:
    part, bin_, asset = shop.part(), shop.bin(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=5)
    goods = {"part": part, "asset": asset, "location": bin_, "quantity": 2}
    # Only what was captured offline has happened; who is told at once is refused, and nothing kept.
    refused = send(shop, operation("return_part", **goods))
    assert (refused.status, (refused.error or {})["code"]) == ("rejected", "not_installed")
    back = operation("return_part", **goods, queued=True)
    early = send(shop, back)
    assert early.error
    assert (early.status, early.error["code"]) == ("attention", "not_installed")
    shop.ok("install", part=part, asset=asset, location=bin_, quantity=1)
    assert send(shop, back).status == "attention"
    shop.ok("install", part=part, asset=asset, location=bin_, quantity=1)
    assert shop.on_hand(part, bin_) == 5
    assert send(shop, back).status == "duplicate"


def test_a_correction_that_comes_first_waits_and_takes_the_old_place(shop: Shop) -> None:
    part, bin_ = shop.part(), shop.bin()
    wrong = operation("receive", part=part, location=bin_, quantity=5)
    right = operation("receive", part=part, location=bin_, quantity=4, corrects=wrong["id"])
    assert send(shop, right).status == "attention"
    shop.wait(100)
    first = send(shop, {**wrong, "age_ms": 50_000})
    shop.ok("reverse", operation=wrong["id"])
    assert shop.on_hand(part, bin_) == 4
    again = send(shop, right)
    assert again.status == "duplicate"
    assert again.result
    assert first.result
    assert again.result["effective_at"] == first.result["effective_at"]


def test_a_reversal_happens_once_and_only_by_those_who_may(shop: Shop) -> None:
    part, bin_ = shop.part(), shop.bin()
    receive = shop.ok("receive", part=part, location=bin_, quantity=5)
    denied = shop.do("reverse", by=shop.cast.technician, operation=receive["operation"])
    assert denied.error
    assert denied.error["code"] == "not_allowed"
    shop.ok("reverse", operation=receive["operation"])
    again = shop.do("reverse", operation=receive["operation"])
    assert again.error
    assert (again.status, again.error["code"]) == ("rejected", "already_reversed")


def test_strict_stock_refuses_online_and_keeps_replays(shop: Shop) -> None:
    part, bin_ = shop.part(), shop.bin()
    with unit_of_work() as session:
        settings.save(session, strict_stock=True)
    online = shop.do("issue", part=part, location=bin_, quantity=1, reason="used")
    assert online.error
    assert (online.status, online.error["code"]) == ("rejected", "no_stock")
    replay = shop.do("issue", part=part, location=bin_, quantity=1, reason="used", queued=True)
    assert replay.status == "attention"
    shop.ok("receive", part=part, location=bin_, quantity=1)
    assert operations.try_again(shop.context(), replay.id).status == "applied"
    assert shop.on_hand(part, bin_) == 0


def test_below_zero_is_booked_with_a_warning(shop: Shop) -> None:
    part, bin_ = shop.part(), shop.bin()
    issued = shop.ok("issue", part=part, location=bin_, quantity=1, reason="used")
    assert [warning["code"] for warning in issued["warnings"]] == ["negative_stock"]
    assert shop.on_hand(part, bin_) == -1


def test_server_time_is_clamped_to_what_the_phone_had_seen(shop: Shop) -> None:
    part, bin_ = shop.part(), shop.bin()
    seen = shop.now_us
    shop.wait(1000)
    raws = [
        operation(
            "receive",
            part=part,
            location=bin_,
            quantity=1,
            age_ms=10**9,
            seen=f"s{seen:x}",
            capture=capture,
        )
        for capture in (2, 1)
    ]
    later, earlier = (send(shop, raw).result for raw in raws)
    assert later
    assert earlier
    assert earlier["effective_at"] < later["effective_at"]
    assert operations.get(shop.context(), raws[0]["id"]).effective_us == seen + 2


def test_the_first_time_stands(shop: Shop) -> None:
    part, bin_ = shop.part(), shop.bin()
    raw = operation("receive", part=part, location=bin_, quantity=1)
    send(shop, raw)
    at = operations.get(shop.context(), raw["id"]).effective_us
    shop.wait(100)
    send(shop, {**raw, "age_ms": 1})
    assert operations.get(shop.context(), raw["id"]).effective_us == at
    assert at == shop.now_us - 101 * SECOND


def test_what_fails_halfway_leaves_nothing(shop: Shop) -> None:
    """A crash after the ledger was written takes the claim on the id back, too."""
    part, bin_ = shop.part(), shop.bin()
    raw = operation("receive", part=part, location=bin_, quantity=1)
    op = parse_op(raw, KINDS).received(shop.now_us)
    with pytest.raises(KeyboardInterrupt), unit_of_work() as session:  # noqa: PT012 - the crash
        store.claim(session, op, shop.cast.admin.id, "{}", status="applied")
        stock.receive(shop.context(), session, op)
        raise KeyboardInterrupt
    assert send(shop, raw).status == "applied"
    assert shop.on_hand(part, bin_) == 1


def test_nested_units_of_work_are_refused(app: Flask) -> None:
    with app.app_context(), unit_of_work(), pytest.raises(RuntimeError), unit_of_work():
        pass


def test_two_apps_answer_alike_for_a_race_of_twins(shop: Shop, app: Flask) -> None:
    part, bin_ = shop.part(), shop.bin()
    raw = operation("receive", part=part, location=bin_, quantity=1)
    outcomes = at_once(app, [lambda: send(shop, raw)] * 6)
    assert sorted(outcome.status for outcome in outcomes) == ["applied"] + ["duplicate"] * 5
    assert len({str(outcome.result) for outcome in outcomes}) == 1


def test_a_slow_network_turns_no_order_of_a_phone_around(shop: Shop) -> None:
    asset, bin_ = shop.asset(), shop.bin()
    phone = {"queued": True, "device": "a phone", "asset": asset}
    shop.wait(60)
    # Captured long before it arrives: the request itself took its time.
    out = shop.do("check_out", to_person=shop.cast.technician.code, capture=1, age_ms=0, **phone)
    back = shop.do("check_in", location=bin_, capture=2, age_ms=20_000, **phone)
    assert (out.status, back.status) == ("applied", "applied")
    assert back.result is not None
    assert back.result["custodian"] is None
    with reading() as connection:
        first, second = (store.recorded(connection, one.id) for one in (out, back))
    assert first is not None
    assert second is not None
    assert first.effective_us < second.effective_us <= second.received_us
