"""The digest's page, who gets which of it by e-mail, and the page of the nightly work."""

import pytest
from flask import Flask

from stockscan.services import nightly
from stockscan.services.settings import settings_in_force
from tests.browser.outbox import wait_until
from tests.cast import browser, context, hire
from tests.shop import Shop
from tests.web.pages import text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_digest_says_what_waits_and_leads_there(app: Flask) -> None:
    cast = hire(app)
    assert "Nothing is low, late, short, due or ending" in text_of(
        browser(app, cast.viewer), "/digest"
    )
    with app.app_context():
        part = Shop(cast).part(name="Hydraulic filter", part_number="HF-1", reorder_point="6")
    page = browser(app, cast.viewer).get("/digest").get_data(as_text=True)
    assert f'href="/parts/{part}"' in page
    assert "0 pcs, reorder at 6" in page


def test_a_person_chooses_their_digests(app: Flask) -> None:
    client = browser(app, hire(app).storekeeper)
    chosen = {"kinds": ["low", "counts"], "every": "week"}
    assert client.post("/profile/digests", data=chosen).status_code == 303
    page = client.get("/profile").get_data(as_text=True)
    assert page.count(" checked") == 2
    assert '<option value="week" selected>' in page
    assert client.post("/profile/digests", data={"kinds": ["news"]}).status_code == 422
    assert client.post("/profile/digests").status_code == 303
    assert " checked" not in client.get("/profile").get_data(as_text=True)


def test_counts_are_offered_to_those_who_plan_them(app: Flask) -> None:
    cast = hire(app)
    for player, offered in ((cast.technician, False), (cast.storekeeper, True)):
        assert ("Counts due" in text_of(browser(app, player), "/profile")) == offered


def test_an_admin_sets_the_hour_and_does_it_now(app: Flask) -> None:
    cast = hire(app)
    client = browser(app, cast.admin)
    assert client.post("/settings/nightly", data={"nightly_at": "25:00"}).status_code == 422
    assert client.post("/settings/nightly", data={"nightly_at": "22:30"}).status_code == 303
    assert client.post("/settings/nightly/run").status_code == 303
    with app.app_context():
        assert settings_in_force().nightly_at == "22:30"
        wait_until(lambda: any(run.ended_us for run in nightly.runs(context(cast.admin))), "it")
    assert "Jobs made ahead" in text_of(client, "/settings/nightly")
    for path in ("/settings/nightly", "/settings/nightly/run"):
        assert browser(app, cast.supervisor).post(path).status_code == 403


def test_the_figures_of_home_are_for_those_who_decide(app: Flask) -> None:
    cast = hire(app)
    assert browser(app, cast.supervisor).get("/figures").status_code == 200
    assert browser(app, cast.technician).get("/figures").status_code == 403
