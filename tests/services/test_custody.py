"""Status, due dates, notes and meters of an asset: what its events come to, and undoing them."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from flask import Flask

from stockscan.services import assets, checking
from stockscan.services.assets import AssetPage
from stockscan.services.operations import Outcome
from tests.cast import Player, hire
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


def page(shop: Shop, asset: str) -> AssetPage:
    return assets.asset_page(shop.context(), asset)


def code_of(outcome: Outcome) -> str:
    assert outcome.status == "rejected", outcome
    return str((outcome.error or {})["code"])


def test_status_goes_there_and_back(shop: Shop) -> None:
    asset = shop.asset()
    shop.ok("set_status", asset=asset, status="down", reason="no oil", by=shop.cast.technician)
    assert page(shop, asset).asset.status == "down"
    assert code_of(shop.do("set_status", asset=asset, status="down")) == "same_status"
    back = shop.ok("set_status", asset=asset, status="in_service", by=shop.cast.technician)
    assert (back["from"], back["status"]) == ("down", "in_service")
    shop.ok("reverse", operation=back["operation"])
    assert page(shop, asset).asset.status == "down"
    assert checking.check(shop.context()) == []


@on_sqlite
def test_who_hands_out_what_is_stopped_is_told(shop: Shop) -> None:
    asset, to = shop.asset(), shop.cast.viewer.code
    shop.ok("set_status", asset=asset, status="down", reason="no oil")
    told = shop.ok("check_out", asset=asset, to_person=to)
    assert [warning["code"] for warning in told["warnings"]] == ["is_stopped"]
    sound = shop.ok("check_out", asset=shop.asset(), to_person=to)
    assert "warnings" not in sound


def test_only_supervisors_end_a_life_or_begin_it_again(shop: Shop) -> None:
    asset, cast = shop.asset(), shop.cast

    def may(status: str, who: Player) -> bool:
        return shop.do("set_status", asset=asset, status=status, by=who).done

    assert not may("down", cast.viewer)
    assert not may("retired", cast.storekeeper)
    assert may("retired", cast.supervisor)
    assert not may("down", cast.technician)
    assert not may("in_service", cast.storekeeper)
    assert may("in_service", cast.supervisor)


def test_who_has_it_is_settled_before_it_is_retired(shop: Shop) -> None:
    asset, vera = shop.asset(tag="FL-07"), shop.cast.viewer
    shop.ok("check_out", asset=asset, to_person=vera.code)
    outcome = shop.do("set_status", asset=asset, status="retired")
    assert code_of(outcome) == "still_out"
    message = "Forklift FL-07 is out with Vera Lind. Bring it back, then retire it."
    assert (outcome.error or {})["message"] == message
    shop.ok("check_in", asset=asset)
    retired = shop.ok("set_status", asset=asset, status="retired")
    assert code_of(shop.do("check_out", asset=asset, to_person=vera.code)) == "asset_retired"
    # Nor does taking anything back leave it out and retired.
    shop.ok("set_status", asset=asset, status="in_service")
    again = shop.outcomes[-1]
    shop.ok("check_out", asset=asset, to_person=vera.code)
    assert code_of(shop.do("reverse", operation=again.id)) == "asset_retired"
    assert shop.do("reverse", operation=retired["operation"]).done
    assert checking.check(shop.context()) == []


def test_what_is_on_it_comes_off_before_it_is_disposed_of(shop: Shop) -> None:
    truck, fork = shop.asset(tag="FL-07"), shop.asset(tag="FK-1", name="Fork")
    shop.ok("check_out", asset=fork, to_asset=truck)
    assert [thing.title for thing in page(shop, truck).on_it] == ["Fork FK-1"]
    assert code_of(shop.do("set_status", asset=truck, status="disposed")) == "has_on_it"
    shop.ok("check_in", asset=fork)
    shop.ok("set_status", asset=truck, status="disposed")
    assert code_of(shop.do("check_out", asset=fork, to_asset=truck)) == "asset_retired"


def test_a_disposal_knows_its_gain(shop: Shop) -> None:
    # The shop's clock stands at 14 November 2023: 8,400 are left on the books.
    bought: dict[str, Any] = {
        "purchase_date": "2022-11-14", "purchase_cost": "10000", "salvage": "2000",
        "life_months": 60,
    }  # fmt: skip
    asset = shop.asset(**bought)
    said = {"status": "disposed", "reason": "sold", "proceeds": "9000.50"}
    shop.ok("set_status", asset=asset, **said)
    shown = page(shop, asset)
    assert shown.ended is not None
    assert (shown.ended.reason, shown.ended.amount_minor) == ("sold", 900_050)
    assert (shown.gain_e4, shown.book_value_e4) == (600_50_00, None)
    other = shop.do("set_status", asset=shop.asset(), status="retired", proceeds="1")
    assert (other.error or {})["field"] == "proceeds"


def test_the_due_date_is_the_one_said_last(shop: Shop) -> None:
    asset, vera = shop.asset(), shop.cast.viewer.code

    def due() -> str:
        day = page(shop, asset).asset.due_on
        return "" if day is None else day.isoformat()

    assert code_of(shop.do("set_due", asset=asset, due_on="2023-12-01")) == "not_out"
    shop.ok("check_out", asset=asset, to_person=vera, due_on="2023-11-20")
    moved = shop.ok("set_due", asset=asset, due_on="2023-12-01")
    shop.ok("note", asset=asset, note="still needed")
    assert due() == "2023-12-01"
    shop.ok("reverse", operation=moved["operation"])
    assert due() == "2023-11-20"
    shop.ok("set_due", asset=asset, due_on="2023-12-24")
    shop.ok("check_in", asset=asset)
    assert due() == ""
    shop.ok("check_out", asset=asset, to_person=vera)
    assert due() == ""


def test_a_meter_goes_up_unless_it_was_replaced(shop: Shop) -> None:
    asset = shop.asset()

    def read(value: str, **more: Any) -> Outcome:
        return shop.do("read_meter", asset=asset, meter="Hours", value=value, **more)

    assert read("100", unit="h").done
    first = shop.outcomes[-1]
    assert code_of(read("99.5")) == "meter_back"
    assert read("120").done
    # A reading from between, which arrives late, fits in between.
    assert read("110", age_ms=1500).done
    assert code_of(read("130", age_ms=2500)) == "meter_ahead"
    assert read("3", replaced=True).done
    meter = page(shop, asset).meters[0]
    assert (meter.name, meter.unit, meter.value_milli) == ("Hours", "h", 3000)
    outcome = read("4", unit="km")
    assert (outcome.error or {})["field"] == "unit"
    assert [row.value_milli for row in page(shop, asset).readings] == [3000, 120_000, 110_000,
                                                                      100_000]  # fmt: skip
    for done in (shop.outcomes[-2], first):
        shop.ok("reverse", operation=done.id)
    assert page(shop, asset).meters[0].value_milli == 120_000
    assert code_of(shop.do("reverse", operation=first.id)) == "already_reversed"
    assert checking.check(shop.context()) == []


def test_a_meter_is_read_once_however_often_it_is_sent(shop: Shop) -> None:
    values = {"asset": shop.asset(), "meter": "Hours", "value": "5",
              "id": "11111111-1111-4111-8111-111111111111"}  # fmt: skip
    assert [shop.do("read_meter", **values).status for _ in range(2)] == ["applied", "duplicate"]


KINDS = ("check_out", "check_in", "set_due", "set_status", "note", "read_meter", "condition",
         "reverse")  # fmt: skip


@on_sqlite
@pytest.mark.parametrize("seed", range(3))
def test_the_row_is_what_its_events_say_whatever_happens(shop: Shop, seed: int) -> None:
    """The last of each kind that was not taken back holds."""
    random, asset, vera = Random(seed), shop.asset(), shop.cast.viewer.code
    live: list[tuple[str, str, dict[str, Any]]] = []
    for _ in range(60):
        kind = random.choice(KINDS)
        values: dict[str, Any] = {
            "check_out": {"asset": asset, "to_person": vera, "due_on": "2024-01-01"},
            "set_due": {"asset": asset, "due_on": f"2024-02-{random.randint(1, 28):02}"},
            "set_status": {"asset": asset, "status": random.choice(["down", "in_service"])},
            "note": {"asset": asset, "note": "seen"},
            "read_meter": {"asset": asset, "meter": "h", "value": 7, "replaced": True},
            "condition": {"asset": asset, "value": random.randint(1, 5)},
            "reverse": {"operation": random.choice(live)[0] if live else shop.cast.viewer.code},
        }.get(kind, {"asset": asset})
        outcome = shop.do(kind, **values)
        if outcome.done and kind == "reverse":
            live = [one for one in live if one[0] != values["operation"]]
        elif outcome.done:
            live.append((str(outcome.id), kind, values))
    row = page(shop, asset).asset
    last = {kind: values for _, kind, values in live}
    out = next((kind for _, kind, _ in reversed(live) if kind.startswith("check_")), "") == (
        "check_out"
    )
    since = [values for _, kind, values in live[_after_check_out(live) :] if kind == "set_due"]
    expected = (since[-1]["due_on"] if since else "2024-01-01") if out else None
    assert row.is_out == out
    assert (row.due_on.isoformat() if row.due_on else None) == expected
    assert row.status == last.get("set_status", {"status": "in_service"})["status"]
    assert row.condition == last.get("condition", {"value": None})["value"]
    assert checking.check(shop.context()) == []


def _after_check_out(live: list[tuple[str, str, dict[str, Any]]]) -> int:
    outs = [index for index, (_, kind, _) in enumerate(live) if kind == "check_out"]
    return outs[-1] if outs else 0
