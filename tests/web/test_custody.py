"""Forms about one asset, as any browser sends them: who has it, when it is due, how it is."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.services import assets
from stockscan.store.catalogue.assets import AssetRow
from tests.cast import browser, hire
from tests.shop import Shop
from tests.web.pages import FRAGMENT, hidden_fields, text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


@pytest.fixture
def technician(app: Flask, shop: Shop) -> FlaskClient:
    return browser(app, shop.cast.technician)


@pytest.fixture
def supervisor(app: Flask, shop: Shop) -> FlaskClient:
    return browser(app, shop.cast.supervisor)


def row(shop: Shop, asset: str) -> AssetRow:
    return assets.asset_row(shop.context(), asset)


def send(client: FlaskClient, asset: str, page: str, action: str, **typed: str) -> str:
    """Open a form, fill it in and send it; the words of the page that it leads to."""
    path = f"/assets/{asset}/{action}"
    fields = hidden_fields(client, f"/assets/{asset}/{page}".rstrip("/"), path)
    answer = client.post(path, data={**fields, **typed})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert client.post(path, data={**fields, **typed}).location == answer.location
    return text_of(client, answer.location)


def test_hand_over_works_without_javascript(shop: Shop, technician: FlaskClient) -> None:
    asset, vera = shop.asset(tag="FL-07"), shop.cast.viewer
    shown = send(technician, asset, "handover", "handover", to="vera", due="7", note="fair")
    assert "FL-07 is with Vera Lind now." in shown
    assert "With Vera Lind since" in shown
    held = row(shop, asset)
    assert held.due_on is not None
    # Who was handed something lately is one tap away.
    other = shop.asset()
    assert f'value="{vera.code}"' in technician.get(f"/assets/{other}/handover").text
    send(technician, other, "handover", "handover", person=vera.code, due_on="2031-05-01")
    assert str(row(shop, other).due_on) == "2031-05-01"


@pytest.mark.parametrize(
    ("to", "words"),
    [("", "Say who gets it."), ("zorro", "is nobody and nothing we know"), ("a", "Several people")],
)
def test_hand_over_says_what_is_wrong(
    shop: Shop, technician: FlaskClient, to: str, words: str
) -> None:
    asset = shop.asset()
    answer = technician.post(f"/assets/{asset}/handover", data={"to": to, "note": "kept"})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="kept"' in answer.text
    assert not row(shop, asset).is_out


def test_the_form_warns_of_what_is_stopped(shop: Shop, technician: FlaskClient) -> None:
    asset = shop.asset()
    assert "It is stopped" not in text_of(technician, f"/assets/{asset}/handover")
    shop.ok("set_status", asset=asset, status="down")
    assert "It is stopped" in text_of(technician, f"/assets/{asset}/handover")


def test_a_typed_day_counts_before_a_chosen_one(shop: Shop, technician: FlaskClient) -> None:
    asset = shop.asset()
    send(technician, asset, "handover", "handover", to="vera", due="7", due_on="2031-05-01")
    assert str(row(shop, asset).due_on) == "2031-05-01"


def test_hand_over_to_a_place_or_a_machine(shop: Shop, technician: FlaskClient) -> None:
    fork, truck = shop.asset(name="Fork", tag="FK-1"), shop.asset(name="Truck", tag="TR-1")
    send(technician, fork, "handover", "handover", to="TR-1")
    assert "Part of Truck" in text_of(technician, f"/assets/{fork}")
    assert "On it 1 Fork FK-1" in text_of(technician, f"/assets/{truck}")
    shop.bin("Paint shop")
    send(technician, truck, "handover", "handover", to="paint shop")
    assert row(shop, truck).custodian == "Paint shop"


def test_due_and_return_work_without_javascript(shop: Shop, technician: FlaskClient) -> None:
    asset = shop.asset(tag="FL-07", location=shop.bin("Hall 1"))
    shop.ok("check_out", asset=asset, to_person=shop.cast.viewer.code, due_on="2023-11-15")
    assert "late" in text_of(technician, f"/assets/{asset}")
    empty = technician.post(f"/assets/{asset}/due", data={"id": shop.context().new_id()})
    assert (empty.status_code, "Choose a day." in empty.text) == (422, True)
    shown = send(technician, asset, "due", "due", due_on="2031-05-01")
    assert "is due back on 2031-05-01" in shown
    assert "Due date moved" in shown
    shown = send(technician, asset, "return", "return", condition="2", note="dented")
    assert "FL-07 is back." in shown
    assert "Condition 2 of 5" in shown
    assert not row(shop, asset).is_out


def test_status_works_without_javascript(shop: Shop, supervisor: FlaskClient) -> None:
    asset = shop.asset(tag="FL-07")
    assert "FL-07 is stopped." in send(supervisor, asset, "status/down", "status", reason="leak")
    assert "FL-07 is back in service." in send(supervisor, asset, "", "status")
    shown = send(
        supervisor, asset, "status/disposed", "status", reason="sold to Kees", proceeds="1200"
    )
    assert "“sold to Kees”" in shown
    assert "Brought in €1,200.00" in shown
    assert "/handover" not in supervisor.get(f"/assets/{asset}").text


def test_what_is_out_is_not_retired(shop: Shop, supervisor: FlaskClient) -> None:
    asset = shop.asset()
    shop.ok("check_out", asset=asset, to_person=shop.cast.viewer.code)
    data = {"id": shop.context().new_id(), "status": "retired", "reason": "old"}
    answer = supervisor.post(f"/assets/{asset}/status", data=data)
    assert answer.status_code == 422
    assert "Bring it back, then retire it." in answer.text
    assert 'value="old"' in answer.text


def test_notes_and_readings_work_without_javascript(shop: Shop, technician: FlaskClient) -> None:
    asset = shop.asset()
    assert "“squeaks”" in send(technician, asset, "note", "note", note="squeaks")
    typed = {"meter": "Hours", "value": "1180,5", "unit": "h"}
    shown = send(technician, asset, "readings", "readings", **typed)
    assert "Hours is at 1180.5." in shown
    assert "Meters Read Hours read Today" in shown or "Hours read" in shown
    back = technician.post(f"/assets/{asset}/readings", data={**typed, "value": "9",
                           "id": shop.context().new_id()})  # fmt: skip
    assert back.status_code == 422
    assert "say that the meter was replaced" in back.text
    send(technician, asset, "readings", "readings", meter="hours", value="9", replaced="y")


PAGES = ("handover", "return", "due", "note", "readings", "status/down", "status/retired",
         "status/disposed", "edit")  # fmt: skip
MAY = {
    "viewer": set(),
    "technician": {"handover", "return", "due", "note", "readings", "status/down"},
    "storekeeper": {*PAGES} - {"status/retired", "status/disposed"},
    "supervisor": set(PAGES),
}


@pytest.mark.parametrize("role", MAY)
def test_each_role_gets_its_forms(app: Flask, shop: Shop, role: str) -> None:
    asset = shop.asset()
    client = browser(app, getattr(shop.cast, role))
    opened = {page for page in PAGES if client.get(f"/assets/{asset}/{page}").status_code == 200}
    assert opened == MAY[role]
    shown = client.get(f"/assets/{asset}").text
    offered = {page for page in PAGES if f'/assets/{asset}/{page}"' in shown}
    assert offered == MAY[role] - {"return", "due"}


def test_forms_come_as_fragments(shop: Shop, technician: FlaskClient) -> None:
    asset = shop.asset()
    for page in ("handover", "note", "readings", "status/down"):
        fragment = technician.get(f"/assets/{asset}/{page}", headers=FRAGMENT).text
        assert "<form" in fragment
        assert "<html" not in fragment


def test_unknown_code(technician: FlaskClient) -> None:
    for page in ("handover", "return", "due", "note", "readings", "status/down"):
        assert technician.get(f"/assets/FL-99/{page}").status_code == 404
