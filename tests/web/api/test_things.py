"""The API for things: reading, lists, creating, the feed, labels, and its own description."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.web.api.openapi import openapi
from tests.cast import browser, hire, new_id
from tests.shop import Shop

API = "/api/v1"
COLLECTIONS = {
    "assets": {"name": "Forklift", "tag": "FL-07"},
    "parts": {"name": "Filter", "part_number": "HF-1"},
    "locations": {"name": "B-12-3", "kind": "bin"},
    "models": {"name": "Linde H25D"},
    "people": {"name": "Pat Doe", "role": "viewer"},
}


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


@pytest.fixture
def admin(app: Flask, shop: Shop) -> FlaskClient:
    return browser(app, shop.cast.admin)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_made_things_are_found_again(admin: FlaskClient, collection: str) -> None:
    made = admin.post(f"{API}/{collection}", json={"id": new_id(), **COLLECTIONS[collection]})
    assert made.status_code == 201
    code = made.json["code"]
    one = admin.get(f"{API}/{collection}/{code}")
    assert one.status_code == 200
    assert one.json.items() >= made.json.items()
    rows = admin.get(f"{API}/{collection}").json[collection]
    assert code in {row["code"] for row in rows}


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_create_is_idempotent(admin: FlaskClient, collection: str) -> None:
    body = {"id": new_id(), **COLLECTIONS[collection]}
    first, again = (admin.post(f"{API}/{collection}", json=body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    other = admin.post(f"{API}/{collection}", json={**body, "name": "Another"})
    assert other.status_code == 409
    assert other.json["error"]["code"] == "id_reused"


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_create_checks_permission(app: Flask, shop: Shop, collection: str) -> None:
    client = browser(app, shop.cast.viewer)
    body = {"id": new_id(), **COLLECTIONS[collection]}
    assert client.post(f"{API}/{collection}", json=body).status_code == 403


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_unknown_code(admin: FlaskClient, collection: str) -> None:
    answer = admin.get(f"{API}/{collection}/NO-SUCH")
    assert answer.status_code == 404
    assert answer.json["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("collection", "body", "status", "field"),
    [
        ("assets", {"id": "no-uuid", "name": "F"}, 400, "id"),
        ("assets", {"id": "new"}, 400, "name"),
        ("assets", {"id": "new", "name": "F", "colour": "red"}, 400, "colour"),
        ("assets", {"id": "new", "name": "F", "purchase_cost": "much"}, 422, "purchase_cost"),
        ("assets", {"id": "new", "name": "F", "model": "Nobody's"}, 404, "model"),
        ("locations", {"id": "new", "name": "F", "kind": "drawer"}, 422, "kind_of_place"),
    ],
)
def test_refusals_name_the_field(
    admin: FlaskClient, collection: str, body: dict[str, Any], status: int, field: str
) -> None:
    if body.get("id") == "new":
        body = {**body, "id": new_id()}
    answer = admin.post(f"{API}/{collection}", json=body)
    assert answer.status_code == status, answer.json
    assert answer.json["error"]["field"] == field


@pytest.mark.parametrize("body", [b"[]", b"nonsense", b"", b'"text"'])
def test_a_body_must_be_an_object(admin: FlaskClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = admin.post(f"{API}/assets", data=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "malformed"


def test_a_client_without_an_id_of_its_own_makes_another_thing(admin: FlaskClient) -> None:
    made = [admin.post(f"{API}/assets", json={"name": "Forklift"}) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json["code"] != made[1].json["code"]


def test_a_taken_tag_conflicts(admin: FlaskClient) -> None:
    for status in (201, 409):
        body = {"id": new_id(), "name": "Forklift", "tag": "FL-07"}
        assert admin.post(f"{API}/assets", json=body).status_code == status


def test_lists_are_paged_by_cursor(admin: FlaskClient, shop: Shop) -> None:
    codes = [shop.asset() for _ in range(3)]
    first = admin.get(f"{API}/assets?limit=2").json
    rest = admin.get(f"{API}/assets?limit=2&after={first['next']}").json
    assert [row["code"] for row in first["assets"] + rest["assets"]] == codes
    assert rest["next"] is None
    assert admin.get(f"{API}/assets?limit=0").status_code == 400


def test_the_feed_is_ascending_and_complete(admin: FlaskClient, shop: Shop) -> None:
    bin_, part, asset = shop.bin(), shop.part(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=5, unit_cost="2")
    install = shop.ok("install", part=part, location=bin_, asset=asset, quantity=1)
    shop.ok("reverse", operation=install["operation"])
    seen: list[dict[str, Any]] = []
    after = 0
    while True:
        page = admin.get(f"{API}/movements?after={after}&limit=2").json
        if not page["movements"]:
            break
        seen += page["movements"]
        after = page["next"]
    assert [row["kind"] for row in seen] == ["receive", "install", "reversal"]
    assert [row["quantity"] for row in seen] == ["5", "-1", "1"]
    assert [row["asset"] for row in seen] == [None, asset, asset]
    assert {(row["part"], row["location"]) for row in seen} == {(part, bin_)}
    assert seen[2]["reverses"] == seen[1]["seq"]
    assert seen[1]["operation"] == install["operation"]
    assert (seen[0]["unit_cost"], seen[0]["value"]) == ("2.00", "10.00")


def test_labels_come_as_a_file(admin: FlaskClient, shop: Shop) -> None:
    body: dict[str, Any] = {"items": [shop.asset(), shop.part()], "stock": "avery-l7160"}
    answer = admin.post(f"{API}/labels", json=body)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    zpl = admin.post(f"{API}/labels", json={**body, "stock": "zebra-2x1", "format": "zpl"})
    assert zpl.data.startswith(b"^XA")
    slugs = {row["stock"] for row in admin.get(f"{API}/labels/stocks").json["stocks"]}
    assert {"avery-l7160", "avery-5160", "zebra-2x1"} <= slugs


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"items": ["NO-SUCH"]}, 404),
        ({"items": "text"}, 422),
        ({"items": []}, 422),
        ({"stock": "no-such"}, 404),
        ({"format": "gif"}, 422),
        ({"start": "first"}, 422),
        ({"start": 22}, 422),
    ],
)
def test_what_cannot_be_printed(
    admin: FlaskClient, shop: Shop, change: dict[str, Any], status: int
) -> None:
    body = {"items": [shop.asset()], "stock": "avery-l7160", **change}
    assert admin.post(f"{API}/labels", json=body).status_code == status


def test_missing_letters_are_told_in_a_header(admin: FlaskClient, shop: Shop) -> None:
    body = {"items": [shop.asset(tag="\U00012000")], "stock": "avery-l7160"}
    answer = admin.post(f"{API}/labels", json=body)
    assert answer.status_code == 200
    assert answer.headers["X-Label-Warnings"]


def test_openapi_describes_every_address(app: Flask, admin: FlaskClient) -> None:
    described = {
        (method.upper(), path) for path, methods in openapi()["paths"].items() for method in methods
    }
    routes = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(API)))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(f"{API}/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routes
    assert admin.get(f"{API}/openapi.json").json["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    "odd", ["%00", "a%00b", "%F0%9F%94%A7", "'", "%25", "%5C", "_" * 600, "%ED%A0%80"]
)
def test_odd_questions_are_answered(admin: FlaskClient, odd: str) -> None:
    for collection in COLLECTIONS:
        assert admin.get(f"{API}/{collection}/{odd}").status_code in {400, 404, 422}
        for name in ("q", "after", "model", "kind", "show", "low"):
            assert admin.get(f"{API}/{collection}?{name}={odd}").status_code < 500
    for page in ("assets", "parts", "locations"):
        assert admin.get(f"/{page}?q={odd}&show={odd}&kind={odd}&model=").status_code == (
            400 if "%00" in odd else 200
        )
    assert admin.get(f"/find?q={odd}").status_code < 500
    assert admin.get(f"/labels?codes={odd}&q={odd}&start={odd}").status_code < 500


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "\u202e", "x" * 3000, 10**40, -1, True, [], {}])
def test_odd_values_are_refused_or_taken(admin: FlaskClient, odd: Any) -> None:
    for collection, body in COLLECTIONS.items():
        for name in (*body, "model", "parent", "supplier", "barcode", "id"):
            answer = admin.post(f"{API}/{collection}", json={"id": new_id(), **body, name: odd})
            assert answer.status_code < 500, (collection, name)
    body = {"items": [odd], "stock": odd, "layout": odd, "start": odd, "format": odd}
    assert admin.post(f"{API}/labels", json=body).status_code < 500
    for name, value in body.items():
        whole = {"items": ["7K3QX9A"], name: value}
        assert admin.post(f"{API}/labels", json=whole).status_code < 500, name
