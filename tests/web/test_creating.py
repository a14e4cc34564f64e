"""Forms for new things say everything that is wrong at once, in the words of the form."""

from flask import Flask

from tests.cast import browser, hire
from tests.web.pages import words


def test_all_that_is_wrong_is_said_at_once(app: Flask) -> None:
    client = browser(app, hire(app).storekeeper)
    wrong = {
        "name": "",
        "purchase_date": "yesterday",
        "purchase_cost": "a lot",
        "life_months": "-1",
        "notes": "x" * 2001,
    }
    answer = client.post("/assets", data=wrong)
    page = words(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "5 things to put right" in page
    for sentence in (
        "Enter name.",
        "Bought on must be a date like 2026-11-22.",
        "Life in months must be a whole number from 1 to 1200.",
        "Notes is longer than 2000 characters.",
    ):
        assert sentence in page
    assert "purchase_" not in page


def test_a_choice_that_is_none_is_said_in_words(app: Flask) -> None:
    client = browser(app, hire(app).storekeeper)
    answer = client.post("/locations", data={"name": "B-1", "kind_of_place": "moon"})
    assert answer.status_code == 422
    assert "kind_of_place" not in words(answer.get_data(as_text=True))
