"""Sending photos by a plain form, and what browsers are told about the bytes that they get."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import browser, new_id
from tests.services.test_files import MANUAL, photo
from tests.shop import Shop
from tests.web.pages import hidden_fields, text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def send(client: FlaskClient, code: str, *sent: tuple[str, bytes], id_: str = "") -> str:
    """Send files as the form on an asset's page does; the sentence that the next page shows."""
    files = [(BytesIO(data), name) for name, data in sent]
    form = {"id": id_ or new_id(), "kind": "asset", "code": code, "file": files}
    answer = client.post("/files", data=form)
    assert answer.location == f"/assets/{code}"
    return text_of(client, answer.location)


def test_a_photo_comes_in_by_a_form_and_shows_on_the_page(app: Flask, shop: Shop) -> None:
    code = shop.asset()
    client = browser(app, shop.cast.technician)
    form = hidden_fields(client, f"/assets/{code}", "/files")
    sent = photo()
    for _ in range(2):
        file = {"file": (BytesIO(sent.data), sent.name)}
        answer = client.post("/files", data={**form, **file})
        assert answer.location == f"/assets/{code}"
    page = client.get(f"/assets/{code}").get_data(as_text=True)
    assert "/files/1/thumbnail" in page
    assert "/files/2" not in page, "a retry adds nothing"
    assert "Remove it" not in client.get("/files/1").get_data(as_text=True)
    assert client.post("/files/1/removal").status_code == 403


def test_what_is_refused_says_why_on_the_page_of_the_thing(app: Flask, shop: Shop) -> None:
    code, client = shop.asset(), browser(app, shop.cast.storekeeper)
    heic = b"\x00\x00\x00\x18ftypheic" + bytes(40)
    assert "Most Compatible" in send(client, code, ("IMG_1.HEIC", heic))
    assert "Choose a photo or a document first." in send(client, code, ("", b""))
    assert "is not what its name says" in send(client, code, ("a.pdf", b"<script>"))
    assert client.get("/files/1").status_code == 404


def test_bytes_are_private_inert_and_asked_about_again(app: Flask, shop: Shop) -> None:
    code, client = shop.asset(), browser(app, shop.cast.storekeeper)
    page = send(client, code, ("a.jpg", photo().data), ("M.pdf", MANUAL.data), ("n.txt", b"<b>"))
    assert "M.pdf" in page
    for path, kind, way in (
        ("/files/1/thumbnail", "image/jpeg", "inline; filename=a.jpg"),
        ("/files/1/a.jpg", "image/jpeg", "inline; filename=a.jpg"),
        ("/files/1/a.jpg?save", "image/jpeg", "attachment; filename=a.jpg"),
        ("/files/2/M.pdf", "application/pdf", "inline; filename=M.pdf"),
        ("/files/3/n.txt", "text/plain; charset=utf-8", "attachment; filename=n.txt"),
    ):
        answer = client.get(path)
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Disposition"] == way
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert ("sandbox" in policy) == (kind != "application/pdf")
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert app.test_client().get("/files/1/thumbnail").status_code == 303


def test_a_photo_can_be_made_the_main_one_and_removed(app: Flask, shop: Shop) -> None:
    code, client = shop.asset(), browser(app, shop.cast.storekeeper)
    send(client, code, ("a.jpg", photo("red").data), ("b.jpg", photo("blue").data))
    assert "Main photo" in text_of(client, "/files/1")
    assert "stands for Forklift" in text_of(client, client.post("/files/2/main").location)
    assert "Main photo" in text_of(client, "/files/2")
    assert "is removed" in text_of(client, client.post("/files/2/removal").location)
    assert client.get("/files/2").status_code == 404
    assert "Main photo" in text_of(client, "/files/1")
    assert client.post("/files/2/removal").status_code == 404
