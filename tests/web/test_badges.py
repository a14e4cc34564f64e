"""Badges over HTTP: issued and printed once, and kept and shown nowhere else."""

import logging
import re

import pytest
from flask import Flask
from sqlalchemy import select

from stockscan.services.work import reading
from stockscan.store.codes import ScanEvent
from tests.badges import STOCK, badge_in
from tests.cast import browser, give_csrf_token, hire, new_id
from tests.web.pages import FRAGMENT
from tests.web.test_access import badge, phone, show, who_is_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_badge_is_issued_printed_and_lets_in(app: Flask) -> None:
    cast = hire(app)
    admin, dana = browser(app, cast.admin), cast.technician
    issued = admin.post(f"/people/{dana.code}/badge")
    text = re.search(r'name="badge" value="(\w+)"', issued.get_data(as_text=True))
    assert text is not None
    sheet = {"badge": text[1], "stock": STOCK}
    answer = admin.post(f"/people/{dana.code}/badge/sheet", data=sheet)
    assert answer.mimetype == "application/pdf"
    assert {one.headers["Cache-Control"] for one in (issued, answer)} == {"no-store"}
    secret, client = badge_in(answer.data), phone(app, cast)
    assert show(client, secret, "/assets") == "/assets"
    assert who_is_in(client) == dana.name
    page = admin.get(f"/people/{dana.code}").get_data(as_text=True)
    assert "Badge issued" in page
    assert secret not in page


def test_a_pin_that_is_refused_has_the_focus(app: Flask) -> None:
    cast = hire(app)
    path = f"/people/{cast.technician.code}/pin"
    answer = browser(app, cast.admin).post(path, data={"pin": "123456"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert re.search(r"<input[^>]* autofocus[^>]* id=\"pin\"", page)
    assert page.count(" autofocus") == 1


def test_a_device_that_can_not_be_is_not_found(app: Flask) -> None:
    client = browser(app, hire(app).supervisor)
    for verb in ("loss", "withdrawal"):
        assert client.post(f"/devices/{10**22}/{verb}").status_code == 404


def test_a_badge_that_comes_as_a_scan_is_kept_and_shown_nowhere(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    cast = hire(app)
    client, secret = browser(app, cast.supervisor), badge(app, cast.technician)
    caplog.set_level(logging.DEBUG)
    scan = {"id": new_id(), "raw": secret}
    answers = [
        client.post("/scans", data=scan),
        client.post("/scans", data=scan, headers=FRAGMENT),
        client.get("/find", query_string={"q": secret}),
        client.get("/scan/matches", query_string={"raw": secret}, headers=FRAGMENT),
        client.get("/assets", query_string={"q": secret}),
        client.get("/people/new", query_string={"name": secret}),
        client.get("/api/v1/resolve", query_string={"code": secret}),
        client.post("/api/v1/scans", json={"id": new_id(), "code": secret}),
        client.post("/api/v1/operations", json={"operations": [
            {"id": new_id(), "kind": "link", "text": secret, "code": cast.technician.code}]}),
    ]  # fmt: skip
    answers += [
        client.post("/device/sharing", data={"name": secret, "idle": "5"}),
        app.test_client().get("/sign-in", query_string={"next": f"/find?q={secret}"}),
    ]
    stranger = app.test_client()
    give_csrf_token(stranger)
    answers += [stranger.post("/sign-in", data={"username": secret, "password": "x"})]
    for answer in answers:
        assert secret not in answer.get_data(as_text=True), answer.request.path
    with app.app_context(), reading() as connection:
        assert connection.execute(select(ScanEvent.raw)).all() == []
    assert secret not in caplog.text
