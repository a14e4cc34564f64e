"""Signing in by the form, the people and their pages."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.services import people
from tests.cast import PASSWORD, browser, context, hire, new_id

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


def fill_in(client: FlaskClient, path: str, **fields: str) -> dict[str, str]:
    """The fields of the first form on a page as a browser without JavaScript sends them."""
    page = client.get(path).get_data(as_text=True)
    given = dict(re.findall(r'name="(csrf_token|id|next)"[^>]* value="([^"]*)"', page))
    return {**given, **fields}


def let_in(app: Flask, username: str) -> None:
    """Give someone of the cast the password of the cast."""
    with app.app_context():
        people.grant_sign_in(context(), username, username=username, password=PASSWORD)


def test_sign_in_works_without_javascript(app: Flask, client: FlaskClient) -> None:
    hire(app)
    let_in(app, "dana")
    form = fill_in(client, "/sign-in?next=/people", username=" Dana ", password=PASSWORD)
    answer = client.post("/sign-in", data=form)
    assert answer.status_code == 303
    assert answer.location == "/people"
    assert "Dana Reyes" in client.get("/").get_data(as_text=True)


def test_sign_in_leads_to_no_other_site(app: Flask, client: FlaskClient) -> None:
    hire(app)
    let_in(app, "dana")
    form = fill_in(client, "/sign-in", username="dana", password=PASSWORD)
    answer = client.post("/sign-in", data={**form, "next": "https://evil.example"})
    assert answer.location == "/"


@pytest.mark.parametrize("username", ["dana", "nobody", "vera"])
def test_sign_in_says_the_same_of_every_failure(
    app: Flask, client: FlaskClient, username: str
) -> None:
    hire(app)
    let_in(app, "dana")
    form = fill_in(client, "/sign-in", username=username, password="not this one")
    answer = client.post("/sign-in", data=form)
    assert answer.status_code == 422
    assert "Wrong name or password." in answer.get_data(as_text=True)


def test_sign_in_waits_after_many_failures(app: Flask, client: FlaskClient) -> None:
    hire(app)
    form = fill_in(client, "/sign-in", username="dana", password="not this one")
    tries = [client.post("/sign-in", data=form) for _ in range(6)]
    assert [answer.status_code for answer in tries][:5] == [422] * 5
    assert tries[5].status_code == 429
    assert "Wait 1 s" in tries[5].get_data(as_text=True)


def test_sign_in_is_over_for_those_who_are_in(app: Flask) -> None:
    client = browser(app, hire(app).viewer)
    assert client.get("/sign-in?next=/people").location == "/people"


def test_people_works(app: Flask) -> None:
    cast = hire(app)
    page = browser(app, cast.viewer).get("/people").get_data(as_text=True)
    assert f"/people/{cast.admin.code}" in page
    assert "Add a person" not in page


def test_people_as_a_fragment(app: Flask) -> None:
    client = browser(app, hire(app).viewer)
    fragment = client.get("/people", headers=FRAGMENT).get_data(as_text=True)
    assert 'id="people"' in fragment
    assert 'id="toast"' in fragment
    assert "<html" not in fragment


def test_person_works(app: Flask) -> None:
    cast = hire(app)
    page = browser(app, cast.viewer).get(f"/people/{cast.technician.code}")
    assert "Dana Reyes" in page.get_data(as_text=True)
    assert "New password" not in page.get_data(as_text=True)


def test_person_by_a_spaced_code(app: Flask) -> None:
    cast = hire(app)
    code = cast.technician.code
    assert browser(app, cast.viewer).get(f"/people/{code[:3]} {code[3:]}").status_code == 200


@pytest.mark.parametrize("ref", ["nobody", "7K3QX9A", "%20", "x" * 600])
def test_person_unknown_code(app: Flask, ref: str) -> None:
    assert browser(app, hire(app).viewer).get(f"/people/{ref}").status_code in {404, 422}


def test_adding_a_person_is_idempotent(app: Flask) -> None:
    client = browser(app, hire(app).admin)
    form = fill_in(client, "/people/new", name="Priya Nair", role="technician")
    first, again = (client.post("/people", data=form) for _ in range(2))
    assert first.status_code == 303
    assert again.location == first.location
    assert "Priya Nair" in client.get(first.location).get_data(as_text=True)
    assert client.get("/people").get_data(as_text=True).count("<b>Priya Nair</b>") == 1


def test_adding_a_person_says_what_is_missing(app: Flask) -> None:
    client = browser(app, hire(app).admin)
    answer = client.post("/people", data={"id": new_id(), "name": "", "role": "technician"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)


def test_admins_grant_and_take_away(app: Flask) -> None:
    cast = hire(app)
    let_in(app, "ada")
    client, path = browser(app, cast.admin), f"/people/{cast.viewer.code}"
    form = {"username": "vera.lind", "password": "a long password"}
    assert client.post(f"{path}/sign-in", data=form).location == path
    assert "vera.lind" in client.get(path).get_data(as_text=True)
    assert client.post(f"{path}/deactivation").location == path
    assert "Not active" in client.get(path).get_data(as_text=True)
    assert client.post(f"{path}/activation").location == path


@pytest.mark.parametrize(
    "form",
    [
        {"username": "dana", "password": "a long password"},
        {"username": "vera", "password": "short"},
        {"username": "", "password": "a long password"},
    ],
)
def test_a_sign_in_that_can_not_be_is_explained(app: Flask, form: dict[str, str]) -> None:
    cast = hire(app)
    answer = browser(app, cast.admin).post(f"/people/{cast.viewer.code}/sign-in", data=form)
    assert answer.status_code == 422
    assert 'class="cap is-stop"' in answer.get_data(as_text=True)


def test_the_last_admin_stays(app: Flask) -> None:
    cast = hire(app)
    let_in(app, "ada")
    client = browser(app, cast.admin)
    answer = client.post(f"/people/{cast.admin.code}/deactivation")
    assert answer.status_code == 422
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("role", ["viewer", "technician", "storekeeper", "supervisor"])
def test_people_checks_permission(app: Flask, role: str) -> None:
    cast = hire(app)
    client, path = browser(app, getattr(cast, role)), f"/people/{cast.admin.code}"
    form = {"id": new_id(), "name": "X", "role": "admin"}
    grant = {"username": "x", "password": "a long password"}
    assert client.get("/people/new").status_code == 403
    assert client.post("/people", data=form).status_code == 403
    assert client.post(f"{path}/sign-in", data=grant).status_code == 403
    assert client.post(f"{path}/deactivation").status_code == 403
    assert client.post(f"{path}/activation").status_code == 403
