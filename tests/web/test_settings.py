"""The company's settings page."""

import pytest
from flask import Flask

from stockscan.domain.access import Role
from stockscan.services.settings import settings_in_force
from tests.cast import browser, hire
from tests.web.pages import FRAGMENT, text_of, words

VALUES = {
    "company": " ACME ", "currency": "usd", "found_contact": "555 0100\r\nDesk", "carry_min": "30",
    "strict_stock": "y", "asset_threshold_minor": "750",
}  # fmt: skip


def test_settings_work(app: Flask) -> None:
    client = browser(app, hire(app).admin)
    assert client.post("/settings", data=VALUES).headers["Location"] == "/settings"
    with app.app_context():
        now = settings_in_force()
    assert (now.company, now.currency, now.found_contact) == ("ACME", "USD", "555 0100\nDesk")
    assert (now.carry_min, now.strict_stock) == (30, True)
    assert now.asset_threshold_minor == 75_000
    assert "Saved." in text_of(client, "/settings")


def test_settings_say_everything_that_is_wrong_and_change_nothing(app: Flask) -> None:
    client = browser(app, hire(app).admin)
    wrong = {"company": "", "currency": "Euro", "found_contact": "x" * 201, "carry_min": "soon",
             "asset_threshold_minor": "much"}  # fmt: skip
    answer = client.post("/settings", data=wrong)
    assert answer.status_code == 422
    page = words(answer.get_data(as_text=True))
    assert "5 things to put right" in page
    for sentence in ("Enter the company's name", "three letters", "200 characters", "whole minut"):
        assert sentence in page
    with app.app_context():
        assert settings_in_force().company == "StockScan"


def test_settings_as_a_fragment(app: Flask) -> None:
    client = browser(app, hire(app).admin)
    assert "<html" not in client.get("/settings", headers=FRAGMENT).get_data(as_text=True)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_settings_check_permission(app: Flask, role: Role) -> None:
    client = browser(app, hire(app).of(role))
    assert client.get("/settings").status_code == 403
    assert client.post("/settings", data=VALUES).status_code == 403
    assert 'href="/settings"' not in client.get("/").get_data(as_text=True)
