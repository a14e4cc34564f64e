"""Audits on their pages and on the scan screen, without JavaScript: walked, decided, taken back."""

import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.auditing import Halls
from tests.cast import browser, hire
from tests.shop import Shop
from tests.web.pages import FRAGMENT, hidden_fields, text_of, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def halls(app: Flask) -> Iterator[Halls]:
    with app.app_context():
        yield Halls(Shop(hire(app)))


@pytest.fixture
def supervisor(app: Flask, halls: Halls) -> FlaskClient:
    return browser(app, halls.shop.cast.supervisor)


@pytest.fixture
def technician(app: Flask, halls: Halls) -> FlaskClient:
    return browser(app, halls.shop.cast.technician)


def scan(client: FlaskClient, page: str, raw: str) -> str:
    """Scan on a page of the scan screen; the address of what it then shows."""
    fields = dict(part.split("=") for part in urlsplit(page).query.split("&"))
    sent = client.post("/scans", data={**fields, "id": str(uuid.uuid4()), "raw": raw})
    assert sent.status_code in {303, 422}, sent.text
    return sent.headers.get("Location", "") or words(sent.text)


def post(client: FlaskClient, path: str, **form: Any) -> str:
    """Send a form that must be taken; where it leads."""
    sent = client.post(path, data=form)
    assert sent.status_code == 303, sent.text
    return sent.headers["Location"]


def test_an_audit_is_opened_once(halls: Halls, supervisor: FlaskClient) -> None:
    form = hidden_fields(supervisor, f"/audits/new?place={halls.shelf}", "/audits")
    page = supervisor.get(f"/audits/new?place={halls.shelf}").text
    assert f'value="{halls.shelf}" checked' in page, "a bin is on offer where it was asked for"
    said = {**form, "places": [halls.hall1, halls.shelf], "due_on": "2030-05-01"}
    first = post(supervisor, "/audits", **said)
    assert post(supervisor, "/audits", **said) == first
    shown = text_of(supervisor, first)
    assert "Hall 1, A-2" in shown
    assert "0 of 3 seen" in shown
    assert "Hall 1, A-2 CC-1 · Running" in text_of(supervisor, "/audits")


def test_an_audit_of_nothing_says_what_to_do(halls: Halls, supervisor: FlaskClient) -> None:
    refused = supervisor.post("/audits", data={"id": str(uuid.uuid4())})
    assert refused.status_code == 422
    assert "Tick at least one place." in words(refused.text)


def test_walking_without_javascript(halls: Halls, technician: FlaskClient) -> None:
    audit = halls.open()
    page = f"/scan?mode=count&count={audit}"
    assert "Scan the room first" in text_of(technician, page)
    assert "Scan the room first, then Truck" in scan(technician, page, halls.truck)
    page = scan(technician, page, halls.hall1)
    assert "Not seen here yet 2" in text_of(technician, page)
    page = scan(technician, page, halls.truck)
    shown = text_of(technician, page)
    assert "Found here" in shown
    assert "1 of 2 seen here" in shown
    page = scan(technician, page, halls.truck)
    assert "Already seen" in text_of(technician, page)
    stray = scan(technician, page, halls.pump)
    shown = text_of(technician, stray)
    assert "Not expected in this audit" in shown
    assert "Belongs in Shed" in shown
    assert "is no asset" in scan(technician, page, halls.shop.part())
    room = post(technician, f"/audits/{audit}/rooms/{halls.hall1}/finish")
    shown = text_of(technician, room)
    assert "1 not seen here. It may still turn up elsewhere." in shown
    assert "Missing here 1 Drill" in shown
    assert "Next: A-2" in shown


def test_what_stands_elsewhere_is_relocated_by_a_tap_and_that_is_taken_back(
    halls: Halls, technician: FlaskClient
) -> None:
    audit = halls.open()
    page = scan(technician, f"/scan?mode=count&count={audit}&on={halls.hall1}", halls.lamp)
    assert "Belongs in A-2" in text_of(technician, page)
    action = f"/audits/{audit}/settlements"
    tapped = {**hidden_fields(technician, page, action), "way": "relocated"}
    moved = post(technician, action, **tapped)
    assert "Moved" in text_of(technician, moved)
    assert halls.states(audit)["Lamp"] == ("MOVED", "relocated")
    assert "Moved to Hall 1" in text_of(technician, f"/assets/{halls.lamp}")
    assert post(technician, action, **tapped).startswith("/scan?"), "once, however often it is sent"
    assert text_of(technician, f"/assets/{halls.lamp}").count("Moved to Hall 1") == 1
    done = moved.rsplit("done=", maxsplit=1)[1]
    post(technician, f"/operations/{done}/reversal", id=str(uuid.uuid4()), mode="count")
    assert halls.states(audit)["Lamp"] == ("MOVED", ""), "it waits for a decision again"


def test_what_came_back_is_checked_in_as_of_when_it_was_seen(
    halls: Halls, supervisor: FlaskClient
) -> None:
    halls.shop.ok("check_out", asset=halls.drill, to_person=halls.shop.cast.technician.code)
    audit = halls.open(halls.hall1)
    line = halls.see(halls.drill, halls.hall1, audit)["line"]
    form = {"id": str(uuid.uuid4()), "lines": [line], "way": "relocated"}
    post(supervisor, f"/audits/{audit}/settlements", **form)
    shown = text_of(supervisor, f"/assets/{halls.drill}")
    assert "Back in Hall 1" in shown
    assert "in Hall 1 by Ada Admin, audit CC-1" in shown
    assert halls.states(audit)["Drill"] == ("MOVED", "relocated")


def test_several_are_decided_at_once(halls: Halls, supervisor: FlaskClient) -> None:
    audit = halls.open(halls.hall1)
    halls.see(halls.pump, halls.hall1, audit)
    assert "To decide" in text_of(supervisor, post(supervisor, f"/audits/{audit}/submission"))
    action = f"/audits/{audit}/settlements"
    assert "Tick the assets first." in text_of(supervisor, post(supervisor, action, way="left"))
    missing = [halls.line(audit, asset) for asset in (halls.truck, halls.drill)]
    form = {"id": str(uuid.uuid4()), "way": "missing", "shown": missing, "all": "y"}
    post(supervisor, action, **form)
    post(supervisor, action, **form)
    assert text_of(supervisor, f"/assets/{halls.truck}").count("Not found in an audit.") == 1
    left = {"id": str(uuid.uuid4()), "way": "left", "lines": [halls.line(audit, halls.pump)]}
    post(supervisor, action, **left)
    assert halls.state(audit) == "POSTED"
    shown = text_of(supervisor, f"/audits/{audit}")
    assert "Everything is settled." in shown
    assert "Of 2 looked for, 0 were where the books say: 0.0 %." in shown
    assert "Marked missing" in shown


def test_one_group_alone_and_as_a_fragment(halls: Halls, supervisor: FlaskClient) -> None:
    audit = halls.open(halls.hall1)
    halls.see(halls.truck, halls.hall1, audit)
    assert "Where they belong 1" in text_of(supervisor, f"/audits/{audit}?state=FOUND")
    for path in (
        "/audits",
        "/audits/new",
        f"/audits/{audit}",
        f"/audits/{audit}/rooms/{halls.hall1}",
    ):
        part = supervisor.get(path, headers=FRAGMENT)
        assert part.status_code == 200
        assert "<html" not in part.text


def test_unknown_codes_are_kept_with_the_room(halls: Halls, supervisor: FlaskClient) -> None:
    audit = halls.open()
    scan(supervisor, f"/scan?mode=count&count={audit}&on={halls.hall1}", "OLD-STICKER-9")
    assert "in Hall 1" in text_of(supervisor, "/unknown")


def test_unknown_audits_and_rooms(halls: Halls, supervisor: FlaskClient) -> None:
    audit = halls.open(halls.hall1)
    for path in ("/audits/1", f"/audits/{uuid.uuid4()}", f"/audits/{audit}/rooms/{halls.shed}"):
        assert supervisor.get(path).status_code == 404


def test_an_audit_that_is_cancelled_says_so(halls: Halls, supervisor: FlaskClient) -> None:
    audit = halls.open()
    shown = text_of(supervisor, post(supervisor, f"/audits/{audit}/cancellation"))
    assert "Cancelled. Nothing was changed by it." in shown


def test_checks_permission(app: Flask, halls: Halls, technician: FlaskClient) -> None:
    audit = halls.open()
    assert technician.get("/audits/new").status_code == 403
    assert technician.post(f"/audits/{audit}/cancellation").status_code == 403
    viewer = browser(app, halls.shop.cast.viewer)
    assert viewer.get(f"/audits/{audit}").status_code == 200
    assert viewer.post(f"/audits/{audit}/submission").status_code == 403
    assert viewer.post(f"/audits/{audit}/rooms/{halls.hall1}/finish").status_code == 403
