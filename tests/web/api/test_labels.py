"""Labels for programs: every choice of the dialog, and what is refused."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.services import labels
from stockscan.services.labels import log
from stockscan.web.api import labels as api
from tests.cast import browser
from tests.shop import Shop

API = "/api/v1"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def storekeeper(app: Flask, shop: Shop) -> FlaskClient:
    return browser(app, shop.cast.storekeeper)


def test_every_choice_is_taken_and_remembered(shop: Shop, storekeeper: FlaskClient) -> None:
    look = {"code128": True, "without": ["kind", "company"], "words": "Hall 1", "logo": False}
    body = {"items": [shop.asset()], "stock": "zebra-2x1", "format": "zpl", "copies": 3, **look}
    answer = storekeeper.post(f"{API}/labels", json=body)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    (line,) = log.prints(shop.context(), log.Asked()).lines
    assert (line.print.total, line.print.way, line.print.paper.layout) == (3, "zpl", "standard")
    chosen = line.print.paper.look
    assert (chosen.code128, chosen.words, chosen.logo) == (True, "Hall 1", False)
    assert chosen.without == {"kind", "company"}


def test_a_file_of_hundreds_comes_at_once(shop: Shop, storekeeper: FlaskClient) -> None:
    copies = labels.SMALL + 1
    body = {"items": [shop.bin("B-1")], "stock": "zebra-2x1", "format": "zpl", "copies": copies}
    assert storekeeper.post(f"{API}/labels", json=body).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"code128": 1},
        {"copies": 0},
        {"copies": True},
        {"length_mm": "long"},
        {"length_mm": -1},
        {"logo": "yes"},
        {"printer": "Zebra"},
        {"start": 0},
        {"without": ["colour"]},
        {"without": "kind"},
        {"words": "x" * 200},
        {"words": 7},
    ],
    ids=str,
)
def test_what_is_wrong_names_its_field(
    shop: Shop, storekeeper: FlaskClient, wrong: dict[str, Any]
) -> None:
    answer = storekeeper.post(f"{API}/labels", json={"items": [shop.asset()], **wrong})
    assert answer.status_code == 422
    assert answer.get_json()["error"]["field"] == next(iter(wrong))


def test_too_many_are_told_what_to_do(shop: Shop, storekeeper: FlaskClient) -> None:
    body = {"items": [shop.asset()] * 2, "copies": api.AT_ONCE // 2 + 1}
    answer = storekeeper.post(f"{API}/labels", json=body)
    assert answer.status_code == 413
    assert "in parts" in answer.get_json()["error"]["message"]


def test_every_paper_is_listed(storekeeper: FlaskClient) -> None:
    answer = storekeeper.get(f"{API}/labels/stocks").get_json()
    assert {row["stock"] for row in answer["stocks"]} >= {"avery-l7160", "zebra-2x1"}
    assert {row["layout"] for row in answer["layouts"]} >= {"standard", "shelf"}


def test_an_unknown_printer_is_told(shop: Shop, storekeeper: FlaskClient) -> None:
    answer = storekeeper.post(f"{API}/labels", json={"items": [shop.asset()], "printer": 99})
    assert (answer.status_code, answer.get_json()["error"]["field"]) == (404, "printer")
