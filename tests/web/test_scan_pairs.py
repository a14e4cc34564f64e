"""Every pair of scans of the product's table, the cards, and acting on many at once."""

import re
import uuid
from io import BytesIO

import pytest
import qrcode

from stockscan.domain.cards import CARDS, Command
from stockscan.domain.scanning import Mode
from tests.web.screen import Screen, screen, state

__all__ = ["screen"]


def card(command: Command, *, times: int = 1, mode: Mode | None = None) -> str:
    """The label code of a printed card."""
    wanted = (command, mode, times)
    return next(code for code, one in CARDS.items() if (one.command, one.mode, one.times) == wanted)


def test_asset_then_badge_checks_out(screen: Screen) -> None:
    marco = screen.shop.cast.storekeeper
    screen.scan(marco.code, on=screen.asset)
    assert screen.custodian(screen.asset) == "Marco Silva"


def test_badge_then_asset_checks_out_too(screen: Screen) -> None:
    marco = screen.shop.cast.storekeeper
    after = state(screen.scan(screen.asset, on=marco.code))
    assert screen.custodian(screen.asset) == "Marco Silva"
    assert after["on"] == marco.code  # the next thing goes to the same person


def test_asset_alone_offers_itself_and_the_last_people(screen: Screen) -> None:
    drill = screen.shop.asset(name="Drill")
    screen.scan(screen.shop.cast.storekeeper.code, on=drill)
    page = screen.shows(screen.scan(screen.asset))
    assert "Take it" in page
    assert re.search(r"Give it to.*Marco Silva", page, re.DOTALL)


def test_accessory_goes_with_its_parent_in_check_out_mode(screen: Screen) -> None:
    charger = screen.shop.asset(name="Charger")
    screen.scan(screen.asset, "check_out", on=charger)
    assert screen.custodian(charger) == "Forklift"


def test_asset_then_asset_in_look_up_is_only_offered(screen: Screen) -> None:
    charger = screen.shop.asset(name="Charger")
    page = screen.shows(screen.scan(charger, on=screen.asset))
    assert "Forklift FL-07 goes with it" in page
    assert screen.custodian(screen.asset) == ""


def test_bin_then_asset_in_return_mode_places_it(screen: Screen) -> None:
    screen.scan(screen.shop.cast.storekeeper.code, on=screen.asset)
    after = state(screen.scan(screen.asset, "return", on=screen.bin))
    assert screen.custodian(screen.asset) == ""
    assert after["on"] == screen.bin  # what is scanned next comes back to the same place
    found = screen.client.get(f"/api/v1/assets/{screen.asset}").get_json()
    assert found["location"] == screen.bin


def test_part_off_a_machine_goes_back_to_its_bin(screen: Screen) -> None:
    screen.scan(screen.part, on=screen.asset)
    page = screen.shows(screen.scan(screen.part, "return", on=screen.asset))
    assert "Put back" in page
    assert screen.shop.on_hand(screen.part, screen.bin) == 12


def test_bin_with_one_part_is_counted_at_once(screen: Screen) -> None:
    page = screen.shows(screen.scan(screen.bin, "count"))
    assert "How many do you see?" in page
    assert "Hydraulic filter" in page


def test_bin_with_several_parts_lists_them_without_quantities(screen: Screen) -> None:
    screen.shop.part(name="Seal kit", location=screen.bin)
    page = screen.shows(screen.scan(screen.bin, "count"))
    assert "Scan a part, or tap it" in page
    assert "Seal kit" in page
    assert "12 pcs" not in page


def test_part_first_in_receive_mode_waits_for_its_bin(screen: Screen) -> None:
    screen.become(screen.shop.cast.storekeeper)
    page = screen.shows(screen.scan(screen.part, "receive"))
    assert "In B-12-3" in page  # one tap puts it where it belongs
    assert "How many came in?" in screen.shows(screen.scan(screen.bin, "receive", screen.part))


def test_quantity_card_before_the_part(screen: Screen) -> None:
    armed = state(screen.scan(card(Command.TIMES, times=5), on=screen.asset))
    assert armed["times"] == "5"
    screen.scan(screen.part, on=screen.asset, times="5")
    assert screen.shop.on_hand(screen.part, screen.bin) == 7


def test_quantity_card_after_the_part_and_one_undo_for_all(screen: Screen) -> None:
    first = state(screen.scan(screen.part, on=screen.asset))
    both = screen.scan(card(Command.TIMES, times=5), on=screen.asset, done=first["done"])
    assert "Installed, 5 in all" in screen.shows(both)
    assert screen.shop.on_hand(screen.part, screen.bin) == 7
    screen.post(f"/operations/{state(both)['done']}/reversal")
    assert screen.shop.on_hand(screen.part, screen.bin) == 12


def test_undo_card_takes_back_what_the_screen_shows(screen: Screen) -> None:
    done = state(screen.scan(screen.part, on=screen.asset))["done"]
    undo = screen.scan(card(Command.UNDO), on=screen.asset, done=done)
    assert "Taken back" in screen.shows(undo)
    assert screen.shop.on_hand(screen.part, screen.bin) == 12


def test_undo_card_with_nothing_to_undo_says_where_to_look(screen: Screen) -> None:
    answer = screen.scan(card(Command.UNDO))
    assert answer.status_code == 422
    assert "history" in answer.get_data(as_text=True)


def test_done_and_mode_cards(screen: Screen) -> None:
    assert "on" not in state(screen.scan(card(Command.DONE), on=screen.asset))
    after = state(screen.scan(card(Command.MODE, mode=Mode.INSTALL), on=screen.asset))
    assert (after["mode"], after["on"]) == ("install", screen.asset)


def test_damaged_card_grades_and_undo_restores(screen: Screen) -> None:
    def condition() -> int | None:
        found: int | None = screen.client.get(f"/api/v1/assets/{screen.asset}").get_json()[
            "condition"
        ]
        return found

    before = condition()
    done = state(screen.scan(card(Command.DAMAGED), on=screen.asset))["done"]
    assert condition() == 2
    screen.post(f"/operations/{done}/reversal")
    assert condition() == before


def test_two_labels_of_one_thing_at_once_count_once(screen: Screen) -> None:
    screen.scan(screen.part, on=screen.asset, way="camera")
    again = screen.scan("HF6553", on=screen.asset, way="camera")
    assert "Already scanned" in again.get_data(as_text=True)
    assert screen.shop.on_hand(screen.part, screen.bin) == 11
    screen.scan(screen.part, on=screen.asset, way="typed")  # this one is meant
    assert screen.shop.on_hand(screen.part, screen.bin) == 10


def test_hand_over_to_the_person_who_was_scanned_and_undo_of_both(screen: Screen) -> None:
    cast = screen.shop.cast
    screen.scan(cast.storekeeper.code, on=screen.asset)
    refused = screen.scan(cast.supervisor.code, on=screen.asset).get_data(as_text=True)
    assert f"It goes to {cast.supervisor.name}" in refused
    form = {"from": cast.storekeeper.code, "to": cast.supervisor.code}
    done = state(screen.post("/handovers", asset=screen.asset, **form))["done"]
    assert screen.custodian(screen.asset) == cast.supervisor.name
    screen.post(f"/operations/{done}/reversal")
    assert screen.custodian(screen.asset) == "Marco Silva"


@pytest.fixture
def three(screen: Screen) -> list[str]:
    return [screen.shop.asset(name=f"Drill {number}") for number in (1, 2, 3)]


def test_collected_things_go_out_with_one_badge(screen: Screen, three: list[str]) -> None:
    many = ""
    for drill in three:
        many = state(screen.scan(drill, "collect", many=many))["many"]
    assert many == ".".join(reversed(three))  # newest on top
    done = screen.scan(screen.shop.cast.storekeeper.code, "collect", many=many)
    assert {screen.custodian(drill) for drill in three} == {"Marco Silva"}
    assert "3 assets" in screen.shows(done)
    screen.post(f"/operations/{state(done)['done']}/reversal")
    assert {screen.custodian(drill) for drill in three} == {""}


def test_thing_on_the_list_is_not_added_twice(screen: Screen, three: list[str]) -> None:
    answer = screen.scan(three[0], "collect", many=".".join(three))
    assert "Already scanned" in answer.get_data(as_text=True)


def test_blockers_are_shown_and_resolved_at_once(screen: Screen, three: list[str]) -> None:
    marco = screen.shop.cast.storekeeper
    screen.scan(marco.code, on=three[0])
    many = ".".join([*three, screen.part])
    dana = screen.shop.cast.technician
    blocked = screen.scan(dana.code, "collect", many=many).get_data(as_text=True)
    assert "2 of 4 can" in blocked
    assert "Marco Silva has it." in blocked
    assert {screen.custodian(drill) for drill in three[1:]} == {""}  # nothing has changed
    form = {"many": many, "mode": "collect", "act": "check_out", "to": dana.code}
    screen.post("/batches", **form, resolve="1")
    assert {screen.custodian(drill) for drill in three} == {"Dana Reyes"}


def test_collected_things_come_back_into_a_bin(screen: Screen, three: list[str]) -> None:
    for drill in three[:2]:
        screen.scan(screen.shop.cast.storekeeper.code, on=drill)
    screen.scan(screen.bin, "collect", many=".".join(three))
    for drill in three:
        found = screen.client.get(f"/api/v1/assets/{drill}").get_json()
        assert (found["custodian"], found["location"]) == (None, screen.bin)


def test_retried_batch_applies_once(screen: Screen, three: list[str]) -> None:
    again = {"id": str(uuid.uuid4()), "many": ".".join(three), "mode": "collect"}
    marco = screen.shop.cast.storekeeper.code
    for _ in range(2):
        answer = screen.client.post("/batches", data={**again, "act": "check_out", "to": marco})
        assert "3 assets" in screen.shows(answer)


def test_unknown_code_is_linked_to_the_next_thing(screen: Screen) -> None:
    screen.become(screen.shop.cast.storekeeper)
    page = screen.scan("MAKER-0815").get_data(as_text=True)
    assert "link=MAKER-0815" in page
    assert "Linked" in screen.shows(screen.scan(screen.part, link="MAKER-0815"))
    assert "Hydraulic filter" in screen.shows(screen.scan("maker-0815"))


def test_technician_is_not_offered_to_link(screen: Screen) -> None:
    page = screen.scan("MAKER-0815").get_data(as_text=True)
    assert "link=MAKER" not in page
    assert "Search for it" in page


def test_matches_while_typing(screen: Screen) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    page = screen.client.get("/scan/matches?raw=filt", headers=headers).get_data(as_text=True)
    assert f'value="{screen.part}"' in page


def photo_of(text: str) -> BytesIO:
    """A picture of a QR code, by an encoder that the application does not use for labels."""
    file = BytesIO()
    qrcode.make(text, box_size=8).get_image().convert("L").save(file, "PNG")
    file.seek(0)
    return file


def test_photo_is_read_by_the_server(screen: Screen) -> None:
    address = f"https://STOCK.EXAMPLE.COM/S/{screen.part}"
    form = {"id": str(uuid.uuid4()), "on": screen.asset, "photo": (photo_of(address), "p.png")}
    page = screen.shows(screen.client.post("/scans/photos", data=form))
    assert "Installed" in page
    assert screen.shop.on_hand(screen.part, screen.bin) == 11


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_file_that_is_no_photo_says_what_to_do(screen: Screen, content: bytes) -> None:
    form = {"id": str(uuid.uuid4()), "photo": (BytesIO(content), "p.png")}
    answer = screen.client.post("/scans/photos", data=form)
    assert answer.status_code == 422
    assert "Send a JPEG or PNG picture" in answer.get_data(as_text=True)
