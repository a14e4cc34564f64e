"""The door: nobody passes without signing in, nothing from another site, and out means out."""

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.domain.access import Role
from stockscan.services import access, people
from stockscan.services.access import HOUR_US, IDLE_US, LONGEST_SESSION_US
from stockscan.web.headers import SECURITY_HEADERS
from stockscan.web.security import PUBLIC_ENDPOINTS, local_path
from tests.cast import browser, context, give_csrf_token, hire, sign_in

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


def token_of(app: Flask, username: str) -> dict[str, str]:
    """The header of a program that acts as this person."""
    with app.app_context():
        return {"Authorization": f"Bearer {access.issue_token(context(), username, 'test')}"}


def test_every_endpoint_is_public_by_name_or_asks_to_sign_in(
    app: Flask, client: FlaskClient
) -> None:
    give_csrf_token(client)
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC_ENDPOINTS:
            continue
        path = rule.build(dict.fromkeys(rule.arguments, 1))
        assert path is not None, rule
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        answer = client.open(path[1], method=method)
        assert answer.status_code in {303, 401}, rule


def test_public_endpoints_exist(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= PUBLIC_ENDPOINTS


def test_a_page_asks_to_sign_in_and_remembers_the_way(client: FlaskClient) -> None:
    answer = client.get("/people?after=XYZ")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=%2Fpeople%3Fafter%3DXYZ"


def test_a_fragment_opens_the_sign_in_page(client: FlaskClient) -> None:
    headers = {**FRAGMENT, "HX-Current-URL": "http://localhost/parts?q=oil"}
    answer = client.get("/people", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=%2Fparts%3Fq%3Doil"


def test_an_unknown_token_is_answered_in_json(client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code in {401, 404}
    assert answer.is_json


def test_a_token_does_not_open_pages(app: Flask, client: FlaskClient) -> None:
    hire(app)
    assert client.get("/", headers=token_of(app, "dana")).status_code == 303


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ("/people?after=1", "/people?after=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("people", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_only_local_paths_are_followed(raw: str | None, path: str) -> None:
    assert local_path(raw) == path


def test_a_write_needs_the_csrf_token(app: Flask) -> None:
    client = browser(app, hire(app).admin)
    del client.environ_base["HTTP_X_CSRFTOKEN"]
    answer = client.post("/sign-out")
    assert answer.status_code == 403
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_write_from_another_site_is_refused(app: Flask, headers: dict[str, str]) -> None:
    client = browser(app, hire(app).admin)
    assert client.post("/sign-out", headers=headers).status_code == 403
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://behind.a.proxy"},
        {"Origin": "http://localhost"},
        {"Origin": "http://stock.test"},
        {},
    ],
)
def test_our_own_pages_may_write(app: Flask, headers: dict[str, str]) -> None:
    client = browser(app, hire(app).admin)
    assert client.post("/sign-out", headers=headers).location == "/sign-in"


def test_a_signed_out_cookie_is_dead_everywhere(app: Flask) -> None:
    cast = hire(app)
    client, thief = browser(app, cast.technician), app.test_client()
    stolen = client.get_cookie("stockscan")
    assert stolen is not None
    client.post("/sign-out")
    thief.set_cookie("stockscan", stolen.value)
    assert thief.get("/").status_code == 303


def test_a_deactivated_person_is_out_at_the_next_request(app: Flask) -> None:
    cast = hire(app)
    client, headers = browser(app, cast.technician), token_of(app, "dana")
    assert client.get("/").status_code == 200
    with app.app_context():
        people.set_active(context(cast.admin), cast.technician.code, active=False)
    assert client.get("/").status_code == 303
    with app.app_context():
        assert access.token_bearer(headers["Authorization"].split()[1]) is None


def test_the_role_is_read_on_each_request(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        now_us = context().now_us
        admin = people.add_user(
            context(), username="second", role=Role.ADMIN, password="long enough"
        )
        token = access.sign_in(context(), "second", "long enough", "device")
        found = access.signed_in(token, now_us)
        assert found is not None
        assert found.actor.role is Role.ADMIN
        people.add_user(context(), username="ada", role=Role.ADMIN, password="long enough")
        people.set_active(context(cast.admin), admin.code, active=True)
        people.add_user(context(), username="second", role=Role.VIEWER, password="long enough")
        assert access.signed_in(token, now_us) is None, "a new password ends the sessions"
        token = access.sign_in(context(), "second", "long enough", "device")
        found = access.signed_in(token, now_us)
        assert found is not None
        assert found.actor.role is Role.VIEWER


def test_a_session_ends_when_idle_and_after_a_week(app: Flask) -> None:
    cast = hire(app)
    client = browser(app, cast.technician)
    cookie = client.get_cookie("stockscan")
    assert cookie is not None
    start_us = time.time_ns() // 1000
    with app.app_context():
        assert access.signed_in(cookie.value, start_us + IDLE_US + HOUR_US) is None
        for hours in range(11, 7 * 24, 11):
            assert access.signed_in(cookie.value, start_us + hours * HOUR_US) is not None
        assert access.signed_in(cookie.value, start_us + LONGEST_SESSION_US) is None


def test_cookies_are_bound_to_the_host_where_there_is_https(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        people.grant_sign_in(
            context(), cast.technician.code, username="dana", password="a long password"
        )
    client = app.test_client()
    give_csrf_token(client)
    form = {"username": "dana", "password": "a long password"}
    plain = client.post("/sign-in", data=form)
    cookies = [line for line in plain.headers.getlist("Set-Cookie") if "stockscan=" in line]
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]
    assert "Secure" not in cookies[0]
    page = client.get("/sign-in", base_url="https://localhost")
    assert all(
        line.startswith("__Host-") and "Secure" in line and "HttpOnly" in line
        for line in page.headers.getlist("Set-Cookie")
    )


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "STOCK.test"])
def test_our_own_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "stock.test.evil.example", "localhost.", "@"])
def test_other_names_are_not(client: FlaskClient, host: str) -> None:
    for path in ("/healthz", "/sign-in", "/nothing"):
        assert client.get(path, headers={"Host": host}).status_code == 400


def test_every_answer_has_the_security_headers(app: Flask, client: FlaskClient) -> None:
    sheet = app.extensions["stockscan.asset"]("css/base.css")
    for path in ("/sign-in", "/", "/healthz", "/nothing", "/api/v1/nothing", sheet):
        with client.get(path) as answer:
            for name, value in SECURITY_HEADERS.items():
                assert answer.headers.getlist(name) == [value], (path, name)


def test_pages_of_people_are_not_kept_and_static_files_are(app: Flask) -> None:
    client = browser(app, hire(app).viewer)
    page = client.get("/")
    assert page.headers["Cache-Control"] == "no-store"
    assert "HX-Request-Type" in page.headers["Vary"]
    with client.get(app.extensions["stockscan.asset"]("css/base.css")) as sheet:
        assert "immutable" in sheet.headers["Cache-Control"]


def test_signing_in_again_makes_a_new_session(app: Flask) -> None:
    cast = hire(app)
    client = browser(app, cast.technician)
    first = client.get_cookie("stockscan")
    sign_in(client, cast.technician)
    second = client.get_cookie("stockscan")
    assert first is not None
    assert second is not None
    assert first.value != second.value
