"""The check page and the page of old addresses, as plain forms and as fragments."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from stockscan.labelling import symbols
from tests.cast import Cast, hire, new_id, sign_in
from tests.services.labels.paper import OLD, print_of
from tests.shop import Shop
from tests.web.pages import FRAGMENT, hidden_fields, text_of, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HERE = "http://stock.test"


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


@pytest.fixture
def client(client: FlaskClient, shop: Shop) -> FlaskClient:
    sign_in(client, shop.cast.storekeeper)
    return client


def scanned(client: FlaskClient, print_id: int, raw: str, **form: str) -> str:
    """The page after one scan by a plain form."""
    path = f"/labels/prints/{print_id}/check"
    fields = hidden_fields(client, path, f"{path}s") | {"raw": raw} | form
    answer = client.post(f"{path}s", data=fields, follow_redirects=True)
    assert answer.status_code == 200
    return words(answer.get_data(as_text=True))


def test_the_page_asks_answers_and_ends(client: FlaskClient, shop: Shop) -> None:
    first, second = shop.asset(name="Forklift"), shop.asset(name="Drill")
    print_id = print_of(shop, first, second, address=HERE)
    page = text_of(client, f"/labels/prints/{print_id}/check")
    assert "Scan 2 labels." in page
    assert "Forklift" in page
    page = scanned(client, print_id, f"{HERE}/S/{first}")
    assert "It reads" in page
    assert "1 of 2 read, 2 on the print" in page
    page = scanned(client, print_id, second)
    assert "That is enough." in page


def test_after_a_sample_the_print_offers_the_bad_ones_and_not_all_that_were_not_scanned(
    client: FlaskClient, shop: Shop
) -> None:
    codes = [shop.asset(name=f"Drill {number}") for number in range(4)]
    print_id = print_of(shop, *codes, address=HERE)
    scanned(client, print_id, f"{OLD}/S/{codes[0]}")
    page = text_of(client, f"/labels/prints/{print_id}")
    assert "The one that is bad" in page
    assert "not read back" not in page
    for code in codes[1:]:
        scanned(client, print_id, code)
    assert "The 1 not read back" in text_of(client, f"/labels/prints/{print_id}")


def test_an_old_address_and_an_unreadable_label_are_printed_again(
    client: FlaskClient, shop: Shop
) -> None:
    first, second = shop.asset(name="Forklift"), shop.asset(name="Drill")
    print_id = print_of(shop, first, second, address=HERE)
    page = scanned(client, print_id, f"{OLD.upper()}/S/{first}")
    assert f"It carries {OLD}." in page
    form = {"id": new_id(), "code": second}
    for _ in range(2):
        answer = client.post(f"/labels/prints/{print_id}/unreadable", data=form)
        assert answer.status_code == 303
    page = text_of(client, f"/labels/prints/{print_id}/check")
    assert "1 does not read." in page
    again = hidden_fields(client, f"/labels/prints/{print_id}/check", "/labels")
    assert again["codes"] == f"{first} {second}"
    assert again["stock"] == "avery-l7160"
    assert client.post("/labels", data=again).status_code == 200


def test_a_photo_is_a_scan_too(client: FlaskClient, shop: Shop) -> None:
    asset = shop.asset(name="Forklift")
    print_id = print_of(shop, asset, address=HERE)
    matrix = symbols.qr(f"{HERE.upper()}/S/{asset}")
    rows = b"".join(bytes(255 * (1 - cell) for cell in row) for row in matrix.rows)
    photo = Image.new("L", (matrix.width + 8, matrix.height + 8), 255)
    photo.paste(Image.frombytes("L", (matrix.width, matrix.height), rows), (4, 4))
    file = BytesIO()
    photo.resize((photo.width * 8, photo.height * 8)).save(file, "PNG")
    path = f"/labels/prints/{print_id}/checks/photo"
    for content, answer in ((file.getvalue(), "It reads"), (b"no photo", "no photo that can be")):
        form = {"page": new_id(), "photo": (BytesIO(content), "photo.png")}
        sent = client.post(path, data=form, headers=FRAGMENT, follow_redirects=True)
        assert answer in words(sent.get_data(as_text=True))


def test_what_is_no_scan_is_refused_in_words(client: FlaskClient, shop: Shop) -> None:
    print_id = print_of(shop, shop.asset(), address=HERE)
    assert "Nothing was scanned" in scanned(client, print_id, "  ")
    assert "must be a UUID" in scanned(client, print_id, "x", page="no id")
    assert client.get("/labels/prints/99/check").status_code == 404
    assert client.get(f"/labels/prints/{print_id}/check?seen=nothing").status_code == 200
    cast: Cast = shop.cast
    sign_in(client, cast.technician)
    assert client.get(f"/labels/prints/{print_id}/check").status_code == 403
    assert client.get("/labels/old-addresses").status_code == 403


def test_old_addresses_are_listed_and_lead_to_the_dialog(client: FlaskClient, shop: Shop) -> None:
    assert "the address of today" in text_of(client, "/labels/old-addresses")
    asset = shop.asset(name="Forklift")
    print_of(shop, asset, address=OLD)
    page = client.get("/labels/old-addresses").get_data(as_text=True)
    assert "1 label, last printed" in words(page)
    assert 'href="/labels?from=needs&amp;why=old"' in page
    assert "Forklift" in text_of(client, "/labels?from=needs&why=old")
