"""What is chosen for one device: light or dark, and the hand that holds it."""

import re

import pytest
from flask import Flask

from tests.cast import browser, hire
from tests.web.pages import FRAGMENT


def test_choices_hold_on_every_page(app: Flask) -> None:
    client = browser(app, hire(app).viewer)
    assert "data-theme" not in client.get("/").get_data(as_text=True)
    answer = client.post("/device", data={"theme": "dark", "hand": "left"})
    assert answer.headers["Location"] == "/device"
    for path in ("/", "/scan", "/assets"):
        page = client.get(path).get_data(as_text=True)
        assert re.search(r'<html [^>]*data-theme="dark" data-hand="left">', page)
    client.post("/device", data={"theme": "", "hand": ""})
    assert "data-hand" not in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize("value", ["purple", '"><script>', "x" * 5000])
def test_a_made_up_choice_is_the_usual_one(app: Flask, value: str) -> None:
    client = browser(app, hire(app).viewer)
    client.post("/device", data={"theme": value})
    client.set_cookie("stockscan-hand", "purple")
    page = client.get("/").get_data(as_text=True)
    assert re.search(r"<html [^>]*data-(theme|hand)", page) is None


def test_device_as_a_fragment(app: Flask) -> None:
    client = browser(app, hire(app).viewer)
    assert "<html" not in client.get("/device", headers=FRAGMENT).get_data(as_text=True)
