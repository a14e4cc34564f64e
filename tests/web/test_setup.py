"""From a fresh database to the first page, without JavaScript; and what is asked at first."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.domain.access import Role
from stockscan.services import setup
from tests.cast import PASSWORD, browser, hire
from tests.web.pages import hidden_fields, text_of, words

TYPED = {"company": "Nordkai", "currency": "eur", "asset_threshold_minor": "750", "name": "Pat",
         "username": "pat", "password": PASSWORD}  # fmt: skip


def test_a_fresh_database_leads_to_the_first_page_in_one_form(
    app: Flask, client: FlaskClient
) -> None:
    assert client.get("/").location == "/sign-in?next=%2F"
    assert client.get("/sign-in").location == "/setup"
    with app.app_context():
        code = setup.setup_code()
    hidden = hidden_fields(client, f"/setup?code={code}", "/setup")
    assert hidden["code"] == code
    assert client.post("/setup", data={**hidden, **TYPED}).location == "/"
    page = text_of(client, "/")
    assert "From here to the first scan 0 of 5 done" in page
    assert client.get("/setup").location == "/sign-in"
    assert app.test_client().post("/setup", data={**hidden, **TYPED}).status_code in {303, 403}


def test_setup_says_what_is_wrong_and_asks_for_the_code(client: FlaskClient) -> None:
    hidden = hidden_fields(client, "/setup", "/setup")
    answer = client.post("/setup", data={**hidden, **TYPED, "code": "AAAA"})
    assert answer.status_code == 422
    assert "This is not the code." in words(answer.get_data(as_text=True))


def test_the_steps_hide_in_this_browser(app: Flask) -> None:
    client = browser(app, hire(app).admin)
    assert "first scan" in text_of(client, "/")
    client.post("/setup/steps/dismissal")
    assert "From here to the first scan" not in text_of(client, "/")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_steps_are_for_admins(app: Flask, role: Role) -> None:
    client = browser(app, hire(app).of(role))
    assert "From here to the first scan" not in text_of(client, "/")
    assert client.post("/setup/examples").status_code == 403


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("", "What does one cost?"),
        ("?used_up=yes&cost=9000", "It is sold or used up"),
        ("?lasts=yes&cost=900", "costs more than EUR 500.00."),
        ("?cost=cheap", "Without a price"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_it(app: Flask, asked: str, says: str) -> None:
    client = browser(app, hire(app).storekeeper)
    assert says in text_of(client, f"/new{asked}")
    page = client.get("/new?name=A+%26+B&cost=9").get_data(as_text=True)
    assert 'href="/assets/new?name=A+%26+B&amp;purchase_cost=9"' in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_it_checks_permission(app: Flask) -> None:
    assert browser(app, hire(app).technician).get("/new").status_code == 403
