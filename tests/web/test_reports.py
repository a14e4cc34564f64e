"""The pages of reports: each is found, says its numbers, leads to its rows and leaves as a file."""

import csv
import io
import re
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.domain.reports.months import month_of, month_text
from stockscan.services.settings import settings_in_force
from stockscan.web.reports.door import REPORTS
from tests.cast import browser
from tests.shop import Shop
from tests.web.pages import hidden_fields, text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = 86_400
MINE = ("abc", "audit", "carrying", "consumption", "expiry", "ledger", "slow", "stockouts",
        "turnover")  # fmt: skip


@pytest.fixture
def used(app: Flask, shop: Shop) -> dict[str, str]:
    """Three belts on a saw and one given out, this month; the codes of what there is."""
    shop.now_us = time.time_ns() // 1000 - 3600 * 1_000_000
    shelf = shop.bin("A-1")
    shop.make("model", name="Saw 3000")
    saw = shop.asset(name="Saw", model="Saw 3000", tag="SAW-1")
    belt = shop.part(name="Belt", part_number="V-1", cost="12.50")
    shop.ok("receive", part=belt, location=shelf, quantity=9)
    shop.ok("install", part=belt, location=shelf, quantity=3, asset=saw)
    shop.ok("issue", part=belt, location=shelf, quantity=1, reason="=cmd()")
    return {"belt": belt, "saw": saw, "month": month_text(month_of(shop.now_us))}


def test_every_report_opens_on_an_empty_house(app: Flask, shop: Shop) -> None:
    for player in (shop.cast.viewer, shop.cast.supervisor):
        client = browser(app, player)
        index = client.get("/reports").get_data(as_text=True)
        for name, entry in sorted(REPORTS.items()):
            may = player.actor.may(entry.needs)
            assert (f'href="/reports/{name}"' in index) is may
            assert client.get(f"/reports/{name}").status_code == (200 if may else 403), name


def test_a_number_leads_to_exactly_its_rows(app: Flask, shop: Shop, used: dict[str, str]) -> None:
    client = browser(app, shop.cast.storekeeper)
    page = client.get("/reports/consumption").get_data(as_text=True)
    assert "Belt leads with 100.0 %" in page
    link = re.search(r'href="(/reports/ledger[^"]*part=[^"]*)">€50.00<', page)
    assert link
    behind = text_of(client, link.group(1).replace("&amp;", "&"))
    assert "2 rows of the ledger, −\u2060€50.00 in all" in behind
    assert "Quantity −4" in behind


def test_every_table_leaves_as_a_file(app: Flask, shop: Shop, used: dict[str, str]) -> None:
    client = browser(app, shop.cast.storekeeper)
    [row] = _csv(client, "/reports/consumption/used.csv?by=part")
    assert (row["part"], row["number"], row["quantity"], row["value"]) == (
        "Belt", "V-1", "4", "50.00"
    )  # fmt: skip
    reasons = [row["reason"] for row in _csv(client, "/reports/ledger/rows.csv")]
    assert "'=cmd()" in reasons
    for name in MINE:
        page = client.get(f"/reports/{name}").get_data(as_text=True)
        for path in re.findall(rf'href="(/reports/{name}/[^"]*\.xlsx[^"]*)"', page):
            assert client.get(path.replace("&amp;", "&")).status_code == 200
    assert client.get("/reports/consumption/nothing.csv").status_code == 404
    assert client.get("/reports/consumption/used.pdf").status_code == 404
    viewer = browser(app, shop.cast.viewer)
    assert viewer.get("/reports/consumption/used.csv").status_code == 403
    assert ".csv" not in viewer.get("/reports/consumption").get_data(as_text=True)


def test_what_cannot_be_asked_is_said(app: Flask, shop: Shop) -> None:
    client = browser(app, shop.cast.supervisor)
    for asked, sentence in (
        ("consumption?from=May", "Write each month like 2026-11."),
        ("consumption?part=nothing-like-it", "'nothing-like-it' is not a part we know."),
        ("turnover?from=2026-05&to=2026-04", "The last month lies before the first."),
        ("slow?days=many", "Write a whole number of days."),
        ("ledger?kind=theft", "There is no such kind of movement."),
    ):
        assert sentence in text_of(client, f"/reports/{asked}", 422)
    assert client.get("/reports/horoscope").status_code == 404
    assert client.get("/reports/ledger?after=rows-x").status_code == 404


def test_a_long_table_goes_on_on_a_next_page(app: Flask, shop: Shop) -> None:
    shop.now_us = time.time_ns() // 1000 - 3600 * 1_000_000
    shelf, bolt = shop.bin(), shop.part(name="Bolt")
    for _ in range(101):
        shop.ok("receive", part=bolt, location=shelf, quantity=1)
    client = browser(app, shop.cast.viewer)
    first = client.get("/reports/ledger").get_data(as_text=True)
    assert "1 to 100 of 101" in first
    following = re.search(r'rel="next" href="([^"#]*)', first)
    assert following
    last = text_of(client, following.group(1).replace("&amp;", "&"))
    assert "101 to 101 of 101" in last


def test_people_are_compared_by_those_who_approve_counts(
    app: Flask, shop: Shop, used: dict[str, str]
) -> None:
    assert "By person" in text_of(browser(app, shop.cast.supervisor), "/reports/audit")
    assert "By person" not in text_of(browser(app, shop.cast.viewer), "/reports/audit")
    path = f"/reports/ledger?person={shop.cast.admin.code}"
    assert browser(app, shop.cast.viewer).get(path).status_code == 403


def test_what_figures_are_reckoned_with(app: Flask, shop: Shop) -> None:
    client = browser(app, shop.cast.admin)
    sent = hidden_fields(client, "/settings/figures", "/settings/figures") | {
        "capital_bp": "6.5", "storage_year_minor": "1200", "insurance_year_minor": "0",
        "slow_days": "120", "peer_ratio_bp": "2.5", "peer_least_minor": "50",
        "anomaly_ratio_bp": "3",
    }  # fmt: skip
    assert client.post("/settings/figures", data=sent).status_code == 303
    with app.app_context():
        now = settings_in_force()
    assert (now.capital_bp, now.storage_year_minor, now.slow_days) == (650, 120_000, 120)
    assert (now.peer_ratio_bp, now.anomaly_ratio_bp) == (25_000, 30_000)
    wrong = client.post("/settings/figures", data=sent | {"slow_days": "", "peer_ratio_bp": "1"})
    assert wrong.status_code == 422
    assert "Enter how many times, above 1" in wrong.get_data(as_text=True)
    assert browser(app, shop.cast.supervisor).get("/settings/figures").status_code == 403


def _csv(client: FlaskClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
