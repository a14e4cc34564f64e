"""The export page and its files: who sees what, how a file arrives, what of a list it holds."""

import gc
import warnings

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast, browser
from tests.shop import Shop
from tests.web.pages import text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def storekeeper(app: Flask, cast: Cast) -> FlaskClient:
    return browser(app, cast.storekeeper)


def test_the_page_offers_what_this_person_may_have(
    app: Flask, cast: Cast, storekeeper: FlaskClient
) -> None:
    page = text_of(storekeeper, "/export")
    assert "Movements" in page
    assert "Roles and labels" not in page
    assert "Roles and labels" in text_of(browser(app, cast.admin), "/export")


def test_every_address_on_the_page_answers_with_a_file(storekeeper: FlaskClient) -> None:
    page = storekeeper.get("/export").get_data(as_text=True)
    addresses = [part.split('"')[0] for part in page.split('href="')[1:]]
    files = [address for address in addresses if address.startswith("/export/")]
    assert len(files) == 3 * 22
    assert {storekeeper.get(address).status_code for address in files} == {200}


def test_a_file_is_told_as_one(storekeeper: FlaskClient) -> None:
    answer = storekeeper.get("/export/parts.csv")
    assert answer.data.startswith(b"\xef\xbb\xbfcode,part_number,name,")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith(
        'attachment; filename="stockscan-parts-'
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_was_ticked_alone(
    app: Flask, cast: Cast, storekeeper: FlaskClient, method: str
) -> None:
    with app.app_context():
        shop = Shop(cast)
        wanted, other = shop.part(), shop.part()
    values = {"codes": wanted}
    how = {"query_string": values} if method == "GET" else {"data": values}
    told = storekeeper.open("/export/parts.json", method=method, **how).get_data(as_text=True)
    assert wanted in told
    assert other not in told


def test_what_the_list_shows_alone(app: Flask, cast: Cast, storekeeper: FlaskClient) -> None:
    with app.app_context():
        shop = Shop(cast)
        drill, saw = shop.asset(name="Drill"), shop.asset(name="Saw")
        shop.ok("check_out", asset=saw, to_person=cast.technician.code)
    for query, wanted, other in (("show=out", saw, drill), ("show=in&q=drill", drill, saw)):
        told = storekeeper.get(f"/export/assets.csv?{query}").get_data(as_text=True)
        assert wanted in told
        assert other not in told
    assert storekeeper.get("/export/assets.csv?show=nowhere").status_code == 422


@pytest.mark.parametrize(
    ("path", "status"),
    [("/export/people.csv", 403), ("/export/passwords.csv", 404), ("/export/parts.exe", 422)],
)
def test_what_is_refused(storekeeper: FlaskClient, path: str, status: int) -> None:
    assert storekeeper.get(path).status_code == status


@pytest.mark.parametrize("path", ["/export", "/export/parts.csv", "/export/everything.zip"])
def test_checks_permission(app: Flask, cast: Cast, path: str) -> None:
    assert browser(app, cast.technician).get(path).status_code == 403


def test_a_workbook_that_fails_half_way_leaves_no_file_open(storekeeper: FlaskClient) -> None:
    with warnings.catch_warnings(record=True) as left_open:
        warnings.simplefilter("always", ResourceWarning)
        assert storekeeper.get("/export/everything.xlsx?from=abc").status_code == 422
        gc.collect()
    assert [str(each.message) for each in left_open] == []
