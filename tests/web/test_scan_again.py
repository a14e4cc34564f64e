"""Scans and taps that are sent twice, come late, or meet what changed meanwhile."""

import uuid

import pytest

from stockscan.domain.cards import CARDS, Command
from stockscan.services import operations, people
from tests.web.screen import Screen, screen, state

__all__ = ["screen"]

TIMES_5 = next(code for code, card in CARDS.items() if card.times == 5)
TIMES_2 = next(code for code, card in CARDS.items() if card.times == 2)
UNDO = next(code for code, card in CARDS.items() if card.command is Command.UNDO)
DAMAGED = next(code for code, card in CARDS.items() if card.command is Command.DAMAGED)


@pytest.fixture
def three(screen: Screen) -> list[str]:
    return [screen.shop.asset(name=f"Drill {number}") for number in (1, 2, 3)]


def waiting(screen: Screen) -> int:
    """How many operations need attention."""
    return len(operations.waiting(screen.shop.context(screen.shop.cast.supervisor)).cases)


def test_part_that_is_not_on_a_machine_can_not_come_off_it(screen: Screen) -> None:
    answer = screen.scan(screen.part, "return", on=screen.asset)
    assert "Forklift FL-07 carries 0 pcs" in answer.get_data(as_text=True)
    assert waiting(screen) == 0


def test_what_waits_is_shown_and_can_be_left_out(screen: Screen) -> None:
    fields = {"asset": screen.asset, "part": screen.part, "location": screen.bin, "quantity": "1"}
    dana = screen.shop.cast.technician
    early = screen.shop.do("return_part", by=dana, **fields, queued=True)
    assert early.status == "attention"
    page = screen.client.get(f"/scan?done={early.id}").get_data(as_text=True)
    assert "Waits for a person" in page
    screen.scan(TIMES_5, "return", on=screen.asset, done=early.id)
    screen.post(f"/operations/{early.id}/reversal")
    assert "Left out" in screen.client.get(f"/scan?done={early.id}").get_data(as_text=True)
    assert waiting(screen) == 0


def test_a_reading_is_in_the_log_of_who_took_it(screen: Screen) -> None:
    dana, meter = screen.shop.cast.technician, {"asset": screen.asset, "meter": "Hours"}
    for value, shown in (("12", ">12 <"), ("15.5", ">12<")):
        read = screen.shop.do("read_meter", by=dana, value=value, **meter)
        answer = screen.client.get(f"/scan?done={read.id}")
        assert answer.status_code == 200
        page = " ".join(answer.get_data(as_text=True).split()).replace("> ", ">")
        assert "Reading noted" in page
        assert shown in page
    assert "15.5 <" in page


def test_a_list_goes_out_as_a_whole_or_not_at_all(screen: Screen, three: list[str]) -> None:
    many = ".".join(three)
    out = state(
        screen.post("/batches", many=many, act="check_out", to=screen.shop.cast.viewer.code)
    )
    assert {screen.custodian(drill) for drill in three} == {"Vera Lind"}
    screen.post(f"/operations/{out['done']}/reversal")
    assert {screen.custodian(drill) for drill in three} == {""}


def test_a_page_names_what_its_undo_takes_back(screen: Screen, three: list[str]) -> None:
    marco = screen.shop.cast.storekeeper.code
    out = state(screen.post("/batches", many=".".join(three), act="check_out", to=marco))
    ids = operations.undoable(screen.shop.context(screen.shop.cast.technician), out["done"])
    assert len(ids) == 3
    for page in (f"/scan?done={out['done']}", "/scan"):  # the button, and the row below
        shown = screen.client.get(page).get_data(as_text=True)
        assert f'data-operations="{" ".join(ids)}"' in shown
    screen.post(f"/operations/{ids[0]}/reversal")
    assert f'data-operations="{" ".join(ids[1:])}"' in screen.client.get("/scan").text


def test_undo_of_a_list_leaves_alone_what_was_taken_back_before(
    screen: Screen, three: list[str]
) -> None:
    marco = screen.shop.cast.storekeeper.code
    out = state(screen.post("/batches", many=".".join(three), act="check_out", to=marco))
    [first, *_] = operations.undoable(screen.shop.context(screen.shop.cast.technician), out["done"])
    screen.post(f"/operations/{first}/reversal")
    assert "Taken back" in screen.shows(screen.post(f"/operations/{out['done']}/reversal"))
    assert {screen.custodian(drill) for drill in three} == {""}
    assert waiting(screen) == 0


def test_undo_of_a_repeated_list_makes_nothing_up(screen: Screen, three: list[str]) -> None:
    form = {"id": str(uuid.uuid4()), "many": ".".join(three), "act": "check_out"}
    form["to"] = screen.shop.cast.storekeeper.code
    for _ in range(2):
        done = state(screen.client.post("/batches", data=form))["done"]
    screen.shows(screen.scan(UNDO, done=done))
    assert {screen.custodian(drill) for drill in three} == {""}
    assert waiting(screen) == 0


UNKNOWN = ["2b1c7b5e-0000-4000-8000-000000000000", "*999", "x" * 5000, "%00"]


@pytest.mark.parametrize("token", UNKNOWN)
def test_undo_of_unknown_actions_writes_nothing(screen: Screen, token: str) -> None:
    assert screen.post(f"/operations/{token}/reversal").status_code == 422
    assert screen.client.get(f"/scan?done={token}").status_code == 200
    assert waiting(screen) == 0


def test_nobody_inactive_gets_a_list_and_nobody_loses_it(screen: Screen, three: list[str]) -> None:
    cast = screen.shop.cast
    screen.scan(cast.storekeeper.code, on=three[0])
    people.set_active(screen.shop.context(), cast.viewer.code, active=False)
    form = {"many": ".".join(three), "act": "check_out", "to": cast.viewer.code, "resolve": "1"}
    assert "no longer works here" in screen.post("/batches", **form).get_data(as_text=True)
    assert [screen.custodian(drill) for drill in three] == ["Marco Silva", "", ""]


def test_quantity_card_that_is_sent_twice_is_undone_whole(screen: Screen) -> None:
    first = state(screen.scan(screen.part, on=screen.asset))["done"]
    again = {"id": str(uuid.uuid4()), "raw": TIMES_5, "on": screen.asset, "done": first}
    for _ in range(2):
        done = state(screen.client.post("/scans", data=again))["done"]
    assert screen.shop.on_hand(screen.part, screen.bin) == 7
    screen.post(f"/operations/{done}/reversal")
    assert screen.shop.on_hand(screen.part, screen.bin) == 12


def test_scan_that_is_sent_twice_leads_to_the_same_state(screen: Screen) -> None:
    badge = {"id": str(uuid.uuid4()), "raw": screen.shop.cast.viewer.code, "on": screen.asset}
    answers = [state(screen.client.post("/scans", data=badge)) for _ in range(2)]
    assert answers[0] == answers[1]


def test_used_page_with_another_scan_is_another_scan(screen: Screen) -> None:
    page = str(uuid.uuid4())
    for raw in (screen.part, screen.shop.cast.viewer.code):
        screen.client.post("/scans", data={"page": page, "raw": raw, "on": screen.asset})
    assert screen.shop.on_hand(screen.part, screen.bin) == 11
    assert screen.custodian(screen.asset) == "Vera Lind"


def test_second_quantity_card_is_for_the_next_part(screen: Screen) -> None:
    done = state(screen.scan(screen.part, on=screen.asset))["done"]
    two = state(screen.scan(TIMES_2, on=screen.asset, done=done))
    again = state(screen.scan(TIMES_5, on=screen.asset, done=two["done"]))
    assert screen.shop.on_hand(screen.part, screen.bin) == 10
    assert again["times"] == "5"


def test_quantity_card_stays_until_a_part_uses_it(screen: Screen) -> None:
    armed = state(screen.scan(TIMES_5, "install"))
    part = state(screen.scan(screen.part, "install", times=armed["times"]))
    screen.scan(screen.asset, "install", on=part["on"], times=part["times"])
    assert screen.shop.on_hand(screen.part, screen.bin) == 7


def test_quantity_card_fills_an_entry(screen: Screen) -> None:
    screen.become(screen.shop.cast.storekeeper)
    entry = state(screen.scan(screen.part, "receive", on=screen.bin))
    page = screen.shows(screen.scan(TIMES_5, **entry))
    assert "How many came in?" in page
    assert 'value="5"' in page


@pytest.mark.parametrize("act", ["", "other", "check_out"])
def test_list_without_a_clear_wish_stays(screen: Screen, three: list[str], act: str) -> None:
    screen.scan(screen.shop.cast.storekeeper.code, on=three[0])
    answer = screen.post("/batches", many=".".join(three), act=act, mode="collect")
    assert answer.status_code == 422
    assert "3 on the list" in answer.get_data(as_text=True)
    assert screen.custodian(three[0]) == "Marco Silva"


def test_hand_over_takes_from_nobody_who_was_not_shown(screen: Screen) -> None:
    cast = screen.shop.cast
    screen.scan(cast.supervisor.code, on=screen.asset)
    late = screen.post("/handovers", asset=screen.asset, **{"from": cast.storekeeper.code})
    assert "Already out" in late.get_data(as_text=True)
    assert screen.custodian(screen.asset) == cast.supervisor.name


def test_damaged_after_a_return_into_a_chosen_bin(screen: Screen) -> None:
    screen.scan(screen.shop.cast.viewer.code, on=screen.asset)
    back = state(screen.scan(screen.asset, "return", on=screen.bin))
    screen.scan(DAMAGED, "return", on=back["on"], done=back["done"])
    assert screen.client.get(f"/api/v1/assets/{screen.asset}").get_json()["condition"] == 2


def test_a_tap_changes_no_mode(screen: Screen) -> None:
    screen.scan(screen.shop.cast.viewer.code, on=screen.asset)
    after = state(screen.scan(screen.asset, via="return"))
    assert screen.custodian(screen.asset) == ""
    assert after["mode"] == "look_up"


ODD = (
    "part={asset}&on={bin}&act=count",
    "part={part}&on={asset}&act=count",
    "part={part}&act=receive",
    "on={bin}&act=count",
    "times=99999999",
    "many=....",
    "mode=nonsense",
    "done=*",
)


@pytest.mark.parametrize("address", ODD)
def test_odd_addresses_show_the_screen(screen: Screen, address: str) -> None:
    asked = address.format(asset=screen.asset, bin=screen.bin, part=screen.part)
    assert screen.client.get(f"/scan?{asked}").status_code == 200


def test_used_entry_with_another_number_is_refused(screen: Screen) -> None:
    screen.become(screen.shop.cast.storekeeper)
    page = {"id": str(uuid.uuid4()), "act": "receive", "on": screen.bin, "part": screen.part}
    assert "Received" in screen.shows(
        screen.client.post("/entries", data={**page, "quantity": "5"})
    )
    again = screen.client.post("/entries", data={**page, "quantity": "7"})
    assert "used already" in again.get_data(as_text=True)
    assert "Received" in screen.shows(
        screen.client.post("/entries", data={**page, "quantity": "5"})
    )
    assert screen.shop.on_hand(screen.part, screen.bin) == 17


def test_refused_count_still_began_when_it_was_opened(screen: Screen) -> None:
    page = {"id": str(uuid.uuid4()), "act": "count", "on": screen.bin, "part": screen.part}
    answer = screen.client.post("/entries", data={**page, "quantity": "x", "opened": "s5f5e100"})
    assert 'name="opened" value="s5f5e100"' in answer.get_data(as_text=True)


def test_typed_words_that_only_one_thing_has_mean_that_thing(screen: Screen) -> None:
    assert "Hydraulic filter" in screen.shows(screen.scan("hydraul", way="typed"))
    assert screen.scan("hydraul", way="camera").status_code == 422


def test_list_survives_an_unknown_code_and_another_mode(screen: Screen, three: list[str]) -> None:
    screen.become(screen.shop.cast.storekeeper)
    many = ".".join(three)
    linked = screen.scan(screen.part, "collect", many=many, link="MAKER-1")
    assert state(linked)["many"] == many
    page = screen.client.get(f"/scan?mode=return&many={many}").get_data(as_text=True)
    assert "3 still on the list" in page
    assert "Take all" not in page


def test_mode_card_without_the_right_is_refused_at_once(screen: Screen) -> None:
    receive = next(code for code, card in CARDS.items() if card.mode == "receive")
    assert "Not allowed" in screen.scan(receive).get_data(as_text=True)


def test_rows_are_actions_and_are_taken_back_whole(screen: Screen) -> None:
    done = state(screen.scan(screen.part, on=screen.asset))["done"]
    screen.scan(TIMES_5, on=screen.asset, done=done)
    page = screen.client.get(f"/scan?on={screen.asset}").get_data(as_text=True)
    assert page.count("/reversal") // 2 == 1  # an action and an htmx attribute for one row
    screen.post(f"/operations/{done}/reversal")
    assert screen.shop.on_hand(screen.part, screen.bin) == 12
