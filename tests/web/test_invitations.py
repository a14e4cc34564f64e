"""Invitations and one's own page, as browsers without JavaScript use them."""

import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from stockscan.services import people
from tests.cast import PASSWORD, browser, context, give_csrf_token, hire, new_id
from tests.web.pages import hidden_fields, text_of, words


def link_of(page: str) -> str:
    """The path of the link that an invitation page shows."""
    found = re.search(r'value="http://stock.test(/invitations/[^"]+)"', page)
    assert found, page
    return unescape(found[1])


def test_a_new_person_gets_a_link_and_signs_in_by_it(app: Flask, client: FlaskClient) -> None:
    admin = browser(app, hire(app).admin)
    form = hidden_fields(admin, "/people/new", "/people")
    values = {"name": "Priya Nair", "role": "technician", "email": "priya@x.org", "invite": "y"}
    page = admin.post("/people", data={**form, **values}).get_data(as_text=True)
    assert "mailto:priya@x.org?subject=" in page
    link = link_of(page)
    assert "Welcome, Priya Nair" in text_of(client, link)
    form = {**hidden_fields(client, link, link), "username": "priya", "password": PASSWORD}
    assert client.post(link, data=form).location == "/"
    assert "Priya Nair" in text_of(client, "/")
    assert "not valid any more" in text_of(app.test_client(), link, 404)


def test_a_wrong_password_or_name_is_explained_and_the_link_stays(
    app: Flask, client: FlaskClient
) -> None:
    cast = hire(app)
    admin = browser(app, cast.admin)
    page = admin.post(f"/people/{cast.viewer.code}/invitation").get_data(as_text=True)
    link = link_of(page)
    form = hidden_fields(client, link, link)
    for wrong in ({"username": "dana", "password": PASSWORD}, {"username": "v", "password": "x"}):
        assert client.post(link, data={**form, **wrong}).status_code == 422
    admin.post(f"/people/{cast.viewer.code}/invitation/withdrawal")
    assert client.get(link).status_code == 404


def test_admins_edit_a_person_without_javascript(app: Flask) -> None:
    cast = hire(app)
    client, path = browser(app, cast.admin), f"/people/{cast.viewer.code}/edit"
    form = {**hidden_fields(client, path, path), "name": "Vera L.", "role": "storekeeper"}
    assert client.post(path, data=form).status_code == 303
    assert "Vera L. Storekeeper" in text_of(client, f"/people/{cast.viewer.code}")
    wrong = {**hidden_fields(client, path, path), "name": "Vera", "role": "viewer", "email": "x"}
    answer = client.post(path, data=wrong)
    assert answer.status_code == 422
    assert "Enter an e-mail address" in words(answer.get_data(as_text=True))
    other = browser(app, cast.supervisor)
    assert other.get(path).status_code == 403
    assert other.post(path, data={**form, "id": new_id()}).status_code == 403


def test_ones_own_page(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        people.grant_sign_in(context(), cast.viewer.code, username="vera", password=PASSWORD)
    client = browser(app, cast.viewer)
    assert "You sign in as vera" in text_of(client, "/profile")
    form = {**hidden_fields(client, "/profile", "/profile"), "name": "Vera L.", "email": "v@x.org"}
    assert client.post("/profile", data=form).location == "/profile"
    assert "Vera L." in text_of(client, "/")
    wrong = {"old": "not this one", "new": "another long one"}
    assert client.post("/profile/password", data=wrong).status_code == 422
    right = {"old": PASSWORD, "new": "another long one"}
    assert client.post("/profile/password", data=right).location == "/profile"
    give_csrf_token(client)  # the new session has another one, as any page shows
    pin = {"pin": "739164", "own_password": "another long one"}
    assert client.post("/profile/pin", data=pin).location == "/profile"
    assert "PIN Set" in text_of(client, "/profile")
    assert client.post("/profile/sign-out").location == "/sign-in"
    assert client.get("/profile").status_code == 303
