"""The catalogue over JSON: who gets it, in what form, and how a phone notices another database."""

import gzip
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.services import access
from tests.cast import browser, new_id
from tests.shop import Shop

CATALOGUE = "/api/v1/catalogue"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def viewer(app: Flask, shop: Shop) -> FlaskClient:
    return browser(app, shop.cast.viewer)


def test_works(shop: Shop, viewer: FlaskClient) -> None:
    asset = shop.asset()
    answer = viewer.get(f"{CATALOGUE}?limit=2")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    page = answer.json
    assert len(page["things"]) == 2
    assert page.keys() == {"epoch", "seen", "cursor", "more", "whole", "things", "gone"}
    while page["more"]:
        page = viewer.get(CATALOGUE, query_string={"since": page["cursor"]}).json
    shop.ok("check_out", asset=asset, to_person=shop.cast.viewer.code)
    page = viewer.get(CATALOGUE, query_string={"since": page["cursor"]}).json
    assert [(thing["code"], thing["holder"]) for thing in page["things"]] == [(asset, "Vera Lind")]


def test_a_token_opens_it_and_nothing_else_does(shop: Shop, client: FlaskClient) -> None:
    token = access.issue_token(shop.context(), shop.cast.viewer.username, "tests")
    assert client.get(CATALOGUE, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert client.get(CATALOGUE).status_code == 401


def test_large_pages_come_zipped_to_who_takes_them(shop: Shop, viewer: FlaskClient) -> None:
    for _ in range(10):
        shop.part()
    plain = viewer.get(CATALOGUE)
    zipped = viewer.get(CATALOGUE, headers={"Accept-Encoding": "br, gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(zipped.data))["things"] == plain.json["things"]
    assert "Accept-Encoding" in zipped.headers["Vary"]
    assert "Content-Encoding" not in viewer.get(f"{CATALOGUE}?limit=1").headers


def test_it_says_whether_an_operation_is_recorded(shop: Shop, viewer: FlaskClient) -> None:
    known = shop.ok("move_asset", asset=shop.asset(), location=shop.bin())["operation"]
    assert viewer.get(f"{CATALOGUE}?last={known}").json["knows"] is True
    assert viewer.get(f"{CATALOGUE}?last={new_id()}").json["knows"] is False


def test_operations_answer_with_the_epoch_too(viewer: FlaskClient) -> None:
    answer = viewer.post("/api/v1/operations", json={"operations": []})
    assert answer.json["epoch"] == viewer.get(CATALOGUE).json["epoch"]


def test_odd_questions_are_refused(viewer: FlaskClient) -> None:
    for query in ("since=x", "last=x", "limit=0", "limit=501", "limit=x"):
        answer = viewer.get(f"{CATALOGUE}?{query}")
        assert answer.status_code == 400
        assert answer.json["error"]["field"] == query.partition("=")[0]
