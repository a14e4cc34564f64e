"""Unknown codes on their page: kept, linked, claimed, made into things."""

import re
import uuid
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from stockscan.services import unknown
from tests.cast import browser, hire
from tests.shop import Shop, blanks
from tests.web.pages import hidden_fields, text_of

BOX = "(01)09506000134352(10)L77"


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


@pytest.fixture
def storekeeper(app: Flask, shop: Shop) -> FlaskClient:
    return browser(app, shop.cast.storekeeper)


def scan(client: FlaskClient, *texts: str) -> None:
    """Log scans through the API."""
    for text in texts:
        assert client.post("/api/v1/scans", json={"code": text}).status_code == 201


def link(client: FlaskClient, text: str, thing: str) -> TestResponse:
    """Send the form beside a hit."""
    form = {"id": str(uuid.uuid4()), "text": text, "thing": thing}
    return client.post("/unknown/links", data=form)


def test_unknown_codes_are_listed_newest_first(
    app: Flask, shop: Shop, storekeeper: FlaskClient
) -> None:
    shop.part(part_number="HF-1")
    scan(browser(app, shop.cast.technician), "X-1", "X-2", "X-1")
    scan(storekeeper, "HF-1", "X-3")
    page = text_of(storekeeper, "/unknown")
    places = [page.index(text) for text in ("X-3", "X-1 2 times · Dana Reyes", "X-2 once")]
    assert places == sorted(places)
    assert "HF-1" not in page


def test_a_linked_code_leaves_the_list_and_comes_back_by_undo(
    shop: Shop, storekeeper: FlaskClient
) -> None:
    part = shop.part(name="Hydraulic filter")
    scan(storekeeper, BOX, BOX.replace("L77", "L78"), "X-2")
    page = f"/unknown/links?text={quote(BOX)}&q=hydraulic"
    assert "9506000134352 · lot L77" in text_of(storekeeper, page)
    sent = storekeeper.post("/unknown/links", data=form_of(storekeeper, page))
    assert sent.status_code == 303
    shown = text_of(storekeeper, sent.headers["Location"])
    assert f"{BOX} stands for Hydraulic filter now." in shown
    assert "L78" not in shown
    assert "X-2" in shown
    assert storekeeper.get(f"/api/v1/resolve?code={quote(BOX)}").get_json()["code"] == part
    action = re.search(
        r"/operations/[^/]*/reversal", storekeeper.get(sent.headers["Location"]).text
    )
    assert action
    undo = hidden_fields(storekeeper, sent.headers["Location"], action.group())
    assert storekeeper.post(action.group(), data=undo).headers["Location"] == "/unknown"
    assert "L78" in text_of(storekeeper, "/unknown")


def form_of(client: FlaskClient, page: str) -> dict[str, str]:
    """The hidden fields of the first hit on a page of links."""
    body = client.get(page).get_data(as_text=True)
    assert 'method="post" action="/unknown/links"' in body
    pairs = re.findall(
        r'name="(id|text|thing)" value="([^"]*)"', body[body.index('action="/unknown/links">') :]
    )
    return dict(pairs[:3])


def test_what_became_known_by_itself_is_not_listed(shop: Shop, storekeeper: FlaskClient) -> None:
    scan(storekeeper, "FL-07", "X-1")
    shop.asset(tag="FL-07")
    page = text_of(storekeeper, "/unknown")
    assert "X-1" in page
    assert "FL-07" not in page


def test_the_list_goes_on_by_the_page(
    shop: Shop, storekeeper: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unknown, "PAGE", 3)
    scan(storekeeper, *(f"X-{number}" for number in range(8)))
    path, seen = "/unknown", ""
    for _ in range(3):
        page = storekeeper.get(path).get_data(as_text=True)
        seen += page
        following = re.search(r'href="(/unknown\?before=\d+)"', page)
        if following:
            path = following.group(1)
    assert all(f"X-{number}" in seen for number in range(8))
    assert following is None


def test_a_blank_label_is_claimed(shop: Shop, storekeeper: FlaskClient) -> None:
    label = blanks(shop.context(shop.cast.storekeeper))[0]
    asset = shop.asset(name="Forklift", tag="FL-07")
    page = text_of(storekeeper, f"/unknown/links?text={label}&q=fork")
    assert f"{label[:3]} {label[3:]}" in page
    assert "Forklift Asset · FL-07" in page
    assert link(storekeeper, label, asset).status_code == 303
    assert storekeeper.get(f"/S/{label}").headers["Location"] == f"/assets/{asset}"


def test_what_is_not_found_can_be_linked(app: Flask, shop: Shop, storekeeper: FlaskClient) -> None:
    link_to = 'href="/unknown/links?text=X%2B1"'
    assert link_to in storekeeper.get("/find?q=X%2B1").get_data(as_text=True)
    technician = browser(app, shop.cast.technician)
    assert link_to not in technician.get("/find?q=X%2B1").get_data(as_text=True)


def test_a_refused_link_says_why(shop: Shop, storekeeper: FlaskClient) -> None:
    part = shop.part(name="Filter", barcode="X-1")
    sent = link(storekeeper, "X-1", part)
    assert sent.status_code == 303
    assert "stands for Filter already" in text_of(storekeeper, sent.headers["Location"])
    assert link(storekeeper, "", part).status_code == 422
    sent = link(storekeeper, "X-2", "nothing")
    assert "nothing we know" in text_of(storekeeper, sent.headers["Location"])


@pytest.mark.parametrize("kind", ["assets", "parts", "locations"])
def test_the_form_of_a_new_thing_shows_what_will_be_linked(
    shop: Shop, storekeeper: FlaskClient, kind: str
) -> None:
    label = blanks(shop.context(shop.cast.storekeeper))[0]
    page = storekeeper.get(f"/{kind}/new?label={label}&alias=X-100").get_data(as_text=True)
    assert f'value="{label}"' in page
    assert 'value="X-100"' in page
    form = {
        **hidden_fields(storekeeper, f"/{kind}/new", f"/{kind}"),
        "label": label,
        "alias": "X-1",
    }
    more = {
        "name": "New",
        "part_number": "N-1",
        "unit": "pcs",
        "abc_class": "C",
        "kind_of_place": "bin",
    }
    made = storekeeper.post(f"/{kind}", data={**form, **more})
    assert made.headers["Location"] == f"/{kind}/{label}"
    assert storekeeper.get("/find?q=x-1").headers["Location"] == f"/{kind}/{label}"


def test_a_person_takes_a_blank_label(app: Flask, shop: Shop) -> None:
    label = blanks(shop.context(shop.cast.storekeeper))[0]
    admin = browser(app, shop.cast.admin)
    assert f'value="{label}"' in admin.get(f"/people/new?label={label}").get_data(as_text=True)
    form = hidden_fields(admin, "/people/new", "/people")
    made = admin.post("/people", data={**form, "name": "Eve", "role": "viewer", "label": label})
    assert made.headers["Location"] == f"/people/{label}"


def test_a_label_is_no_name(shop: Shop, storekeeper: FlaskClient) -> None:
    label = shop.asset()
    form = hidden_fields(storekeeper, "/assets/new", "/assets")
    answer = storekeeper.post("/assets", data={**form, "name": f"http://stock.test/S/{label}"})
    assert answer.status_code == 422
    assert "That is a label code. Scan it into the label field." in answer.get_data(as_text=True)


def test_checks_permission(app: Flask, shop: Shop, storekeeper: FlaskClient) -> None:
    part, technician = shop.part(), browser(app, shop.cast.technician)
    assert link(technician, "X-1", part).status_code == 403
    assert technician.get("/unknown").status_code == 403
    assert technician.get("/unknown/links?text=X-1").status_code == 403
    assert 'href="/unknown"' not in technician.get("/").get_data(as_text=True)
    assert 'href="/unknown"' in storekeeper.get("/").get_data(as_text=True)


def test_unknown_code(storekeeper: FlaskClient) -> None:
    assert storekeeper.get("/unknown/links").headers["Location"] == "/unknown"
    assert storekeeper.get("/unknown/links?text=X-1&q=nothing").status_code == 200
    assert storekeeper.get("/unknown?before=99999999999999999999&done=x").status_code == 200
