"""A label's address: for us the thing or the ways on, for a stranger whose it is and no more."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.services import settings
from stockscan.services.work import unit_of_work
from stockscan.store.codes import claim_code
from tests.cast import Cast, browser, context
from tests.shop import Shop
from tests.web.pages import text_of

NOT_ISSUED = "0000000"  # reads as a label code, and nothing carries it


def asset(app: Flask, cast: Cast) -> str:
    """The label code of an asset."""
    with app.app_context():
        return Shop(cast).asset(name="Drill")


def blank(app: Flask) -> str:
    """A label of ours that is on nothing."""
    with app.app_context(), unit_of_work() as session:
        return claim_code(session, "blank", 0)


def welcome_finders(app: Flask, cast: Cast) -> None:
    """The company wants its things back."""
    with app.app_context():
        settings.change(context(cast.admin), company="ACME <b>", found_contact="555 0100 <script>")


@pytest.mark.parametrize("stem", ["/S/", "/s/"])
def test_a_label_leads_to_its_thing(app: Flask, cast: Cast, stem: str) -> None:
    code = asset(app, cast)
    answer = browser(app, cast.viewer).get(stem + code.lower())
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/assets/{code}"


def test_a_blank_label_can_be_put_on_something(app: Flask, cast: Cast) -> None:
    code = blank(app)
    page = browser(app, cast.storekeeper).get(f"/S/{code}").get_data(as_text=True)
    assert "This label is on nothing yet." in page
    assert f'href="/assets/new?label={code}"' in page
    assert f'name="raw" value="{code}"' in page
    for_technician = browser(app, cast.technician).get(f"/S/{code}").get_data(as_text=True)
    assert "/assets/new" not in for_technician
    assert 'href="/scan"' in for_technician


@pytest.mark.parametrize("code", [NOT_ISSUED, "what-is-this", "<img src=x>"])
def test_an_unknown_label_is_no_dead_end(app: Flask, cast: Cast, code: str) -> None:
    page = browser(app, cast.viewer).get(f"/S/{code}")
    assert page.status_code == 404
    assert "Search by name" in page.get_data(as_text=True)
    assert "<img" not in page.get_data(as_text=True)


def test_strangers_sign_in_unless_the_company_wants_to_be_called(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    answer = client.get(f"/S/{asset(app, cast)}")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=%2FS%2F")


def test_a_stranger_reads_whose_it_is(app: Flask, cast: Cast, client: FlaskClient) -> None:
    code = asset(app, cast)
    welcome_finders(app, cast)
    page = client.get(f"/S/{code}").get_data(as_text=True)
    assert "<script>" not in page
    assert "Drill" not in page
    read = text_of(client, f"/S/{code}")
    assert "This belongs to ACME <b>. Please call 555 0100 <script>" in read
    assert f'href="/sign-in?next=/S/{code}"' in page


def test_a_stranger_learns_nothing_of_which_codes_exist(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    codes = [asset(app, cast), blank(app), NOT_ISSUED, cast.admin.code]
    welcome_finders(app, cast)
    answers = [client.get(f"/S/{code}") for code in codes]
    pages = {
        answer.get_data(as_text=True).replace(code, "CODE")
        for answer, code in zip(answers, codes, strict=True)
    }
    assert {answer.status_code for answer in answers} == {200}
    assert len(pages) == 1


def test_what_is_no_label_code_asks_a_stranger_to_sign_in(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    welcome_finders(app, cast)
    assert client.get("/S/T-0102").status_code == 303
    assert client.get("/assets").status_code == 303
