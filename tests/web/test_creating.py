"""Forms for new things say everything that is wrong at once, in the words of the form."""

from flask import Flask

from stockscan.services.operations import Outcome
from stockscan.web.creating import why_not
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


def test_what_is_not_recorded_says_what_to_do() -> None:
    waits = Outcome("1", "attention", result={"attention": "The count is over."})
    said = Outcome("1", "attention", error={"message": "Only 2 pcs are recorded."})
    assert why_not(waits) == "The count is over. It waits under Needs attention."
    assert why_not(said) == "Only 2 pcs are recorded. It waits under Needs attention."
    assert why_not(Outcome("1", "rejected", error={"message": "No such bin."})) == "No such bin."
    assert why_not(Outcome("1", "rejected")).endswith("Load the page again, then repeat it.")
