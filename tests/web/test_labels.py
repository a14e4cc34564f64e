"""The page for printing labels: choosing, the sheet, the picture, the file."""

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from stockscan.domain.cards import CARDS
from stockscan.services.work import reading
from stockscan.store.labels import LabelPrint
from tests.cast import browser, hire
from tests.shop import Shop
from tests.web.pages import FRAGMENT, hidden_fields, text_of, words


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


@pytest.fixture
def storekeeper(app: Flask, shop: Shop) -> FlaskClient:
    return browser(app, shop.cast.storekeeper)


def test_choosing_starts_with_search(shop: Shop, storekeeper: FlaskClient) -> None:
    code = shop.asset(tag="FL-07", name="Forklift")
    page = storekeeper.get("/labels?q=fork").get_data(as_text=True)
    assert "Forklift Asset · FL-07" in words(page)
    assert f'value="{code}"' in page


def test_the_sheet_shows_what_goes_where(shop: Shop, storekeeper: FlaskClient) -> None:
    codes = [shop.asset(tag=f"FL-{number}") for number in range(20)]
    query = "&".join(f"code={code}" for code in codes)
    shown = text_of(storekeeper, f"/labels?{query}&start=5")
    assert "Print 20 labels" in shown
    assert "Sheet 1 of 2" in shown
    assert "Start at label 5 FL-0 Forklift Start at label 6 FL-1" in shown
    assert "Free on the last 18" in shown


def test_a_start_beyond_another_paper_falls_back(shop: Shop, storekeeper: FlaskClient) -> None:
    shown = text_of(storekeeper, f"/labels?codes={shop.asset()}&start=20&stock=avery-l7163")
    assert "Starts at label 1" in shown


def test_print_works_without_javascript(shop: Shop, storekeeper: FlaskClient) -> None:
    page = f"/labels?codes={shop.asset()} {shop.part()}"
    fields = hidden_fields(storekeeper, page, "/labels/files")
    paper = {"stock": "avery-l7160", "layout": "standard", "start": "3"}
    shown = storekeeper.post("/labels", data={**fields, **paper})
    assert "Starts at label 3" in words(shown.get_data(as_text=True))
    file = storekeeper.post("/labels/files", data={**fields, **paper, "format": "pdf"})
    assert (file.status_code, file.mimetype) == (200, "application/pdf")
    assert "labels.pdf" in file.headers["Content-Disposition"]


def test_paper_as_a_fragment(shop: Shop, storekeeper: FlaskClient) -> None:
    body = {"codes": shop.asset(), "stock": "zebra-2x1"}
    fragment = storekeeper.post("/labels", data=body, headers=FRAGMENT).get_data(as_text=True)
    assert 'id="print"' in fragment
    assert "A roll" in fragment
    assert "<html" not in fragment


@pytest.mark.parametrize(("kind", "mimetype"), [("svg", "image/svg+xml"), ("png", "image/png")])
def test_picture_works(shop: Shop, storekeeper: FlaskClient, kind: str, mimetype: str) -> None:
    answer = storekeeper.get(f"/labels/pictures/{shop.asset()}.{kind}?layout=shelf")
    assert (answer.status_code, answer.mimetype) == (200, mimetype)


def test_blank_labels_are_made_and_chosen(shop: Shop, storekeeper: FlaskClient) -> None:
    made = storekeeper.post("/labels/blanks", data={"number": "3"})
    assert made.status_code == 303
    page = made.headers["Location"]
    shown = text_of(storekeeper, page)
    assert "Print 3 labels" in shown
    assert shown.count("Blank") >= 3
    fields = hidden_fields(storekeeper, page, "/labels/files")
    codes = fields["codes"].split()
    assert len(codes) == 3
    file = storekeeper.post("/labels/files", data={**fields, "stock": "zebra-2x1", "format": "pdf"})
    assert (file.status_code, file.mimetype) == (200, "application/pdf")
    # One that is on a thing by now prints as that thing.
    asset = shop.asset(tag="FL-07")
    shop.ok("claim", label=codes[0], thing=asset)
    assert "Print 2 labels" in text_of(storekeeper, page)
    assert "FL-07" in text_of(storekeeper, f"/labels?codes={codes[0]}")


@pytest.mark.parametrize("number", ["0", "501", "-1", "many", ""])
def test_blank_labels_have_a_limit(storekeeper: FlaskClient, number: str) -> None:
    assert storekeeper.post("/labels/blanks", data={"number": number}).status_code == 422


def test_cards_are_printed_as_often_as_wanted(storekeeper: FlaskClient) -> None:
    shown = text_of(storekeeper, "/labels?cards=1")
    assert "Done Scan it on the scan screen" in shown
    for _ in range(2):
        fields = hidden_fields(storekeeper, "/labels?cards=1", "/labels/files")
        assert len(fields["codes"].split()) == len(CARDS)
        paper = {"stock": "avery-l7160", "format": "pdf"}
        assert storekeeper.post("/labels/files", data={**fields, **paper}).status_code == 200
    done = next(iter(CARDS))
    answer = storekeeper.get(f"/api/v1/resolve?code={done}").get_json()
    assert (answer["kind"], answer["code"], answer["title"]) == ("command", done, "Done")


def test_a_repeated_request_for_a_file_is_idempotent(shop: Shop, storekeeper: FlaskClient) -> None:
    body = {"id": str(uuid.uuid4()), "items": [shop.asset()], "format": "pdf"}
    for _ in range(2):
        assert storekeeper.post("/api/v1/labels", json=body).status_code == 200
    with reading() as connection:
        assert connection.scalar(select(func.count()).select_from(LabelPrint)) == 1
    other = storekeeper.post("/api/v1/labels", json={**body, "format": "zpl"})
    assert (other.status_code, other.get_json()["error"]["code"]) == (409, "id_reused")
    assert storekeeper.post("/api/v1/labels", json={**body, "id": "7"}).status_code == 400


def test_unknown_code(shop: Shop, storekeeper: FlaskClient) -> None:
    code = shop.asset()
    assert storekeeper.get("/labels?codes=NOSUCH").status_code == 404
    assert storekeeper.get(f"/labels?codes={code}&stock=none").status_code == 404
    assert storekeeper.get(f"/labels/pictures/{code}.gif").status_code == 404


def test_checks_permission(app: Flask, shop: Shop) -> None:
    code, client = shop.asset(), browser(app, shop.cast.technician)
    assert client.get("/labels").status_code == 403
    assert client.post("/labels/files", data={"codes": code}).status_code == 403
    assert client.post("/labels/blanks", data={"number": "3"}).status_code == 403
    assert "/labels" not in client.get(f"/assets/{code}").get_data(as_text=True)
