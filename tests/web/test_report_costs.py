"""The pages of costs: their findings, their numbers down to the rows, and who may see what."""

import csv
import io
import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask

from stockscan.domain.access import Role
from stockscan.domain.reports.months import month_at, month_text
from tests.cast import Player, browser, context, new_id
from tests.shop import Shop
from tests.web.pages import text_of
from tests.workshop import Workshop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REPORTS = ("anomalies", "budget", "costs", "downtime", "equip", "obsolete", "peers", "quarter",
           "technicians")  # fmt: skip


@pytest.fixture
def world(shop: Shop) -> Workshop:
    """A dear truck, a cheap one, a repair that took half an hour and two of standing still."""
    shop.now_us = context().now_us - 40 * 86_400_000_000
    found = Workshop(shop)
    dear, cheap, laptop = found.machines[:3]
    found.list_part("Laptop", found.parts[1], life_months=6, critical=True)
    found.fit(dear, found.parts[0], "100")
    found.fit(cheap, found.parts[0], "10")
    found.repair(laptop, 30, found.parts[2], hours_down=2)
    return found


@on_sqlite
def test_a_number_leads_down_to_its_rows(app: Flask, shop: Shop, world: Workshop) -> None:
    client = browser(app, shop.cast.viewer)
    words = text_of(client, "/reports/costs?by=model")
    assert "The dearest model is Truck" in words
    words = text_of(client, "/reports/costs?by=asset&model=Truck")
    assert words.count("€333.37") >= 1
    words = text_of(client, f"/assets/{world.machines[0]}/costs")
    assert "€333.37 went into it" in words
    assert "10.0 times what the other Truck cost, €33.34" in words
    rows = client.get(f"/assets/{world.machines[2]}/costs/jobs.csv")
    assert rows.status_code == 403
    client = browser(app, shop.cast.storekeeper)
    rows = client.get(f"/assets/{world.machines[2]}/costs/jobs.csv").get_data(as_text=True)
    found = list(csv.DictReader(io.StringIO(rows.removeprefix("\ufeff"))))
    assert [row["minutes"] for row in found] == ["30"]


@on_sqlite
def test_every_link_of_every_report_leads_somewhere(
    app: Flask, shop: Shop, world: Workshop
) -> None:
    client = browser(app, shop.cast.admin)
    world.retire(*world.machines[2:4])
    now = month_text(month_at(shop.context().today))
    quarter = f"?quarter={now[:4]}-Q{(int(now[5:]) + 2) // 3}"
    asked = {"quarter": quarter, "equip": "?model=Laptop&machines=4", "downtime": "?cause=worn",
             "technicians": f"?person={shop.cast.admin.code}"}  # fmt: skip
    paths = [f"/reports/{name}{asked.get(name, '')}" for name in REPORTS]
    paths += [f"/reports/costs?by={by}" for by in ("model", "site", "month")]
    paths += [f"/assets/{world.machines[0]}/{page}" for page in ("costs", "replace")]
    seen = set()
    for path in paths:
        page = client.get(path)
        assert page.status_code == 200, path
        main = page.get_data(as_text=True).partition("<main")[2]
        seen |= {unescape(link) for link in re.findall(r'href="(/[^"#]*)', main)}
    # One of each page and its filters: what their numbers come to is tested beside.
    kinds = {(urlsplit(link).path, *dict(parse_qsl(urlsplit(link).query))): link
             for link in sorted(seen) if not link.startswith("/static/")}  # fmt: skip
    broken = [link for link in kinds.values() if client.get(link).status_code >= 400]
    assert not broken
    assert len(kinds) > 60


@on_sqlite
def test_without_anything_each_says_what_to_do(app: Flask, shop: Shop) -> None:
    client = browser(app, shop.cast.supervisor)
    asset = shop.asset()
    said = {name: text_of(client, f"/reports/{name}") for name in REPORTS}
    assert "Install parts by scan and finish jobs" in said["costs"]
    assert "Make a maintenance plan with a kit" in said["budget"]
    assert "Choose a model" in said["equip"]
    assert "No model has two machines in use yet" in said["peers"]
    assert "So far nothing" not in text_of(client, f"/assets/{asset}/costs")
    assert "Enter what a new one costs" in text_of(client, f"/assets/{asset}/replace")


@on_sqlite
def test_repair_or_replace_shows_both_and_decides_nothing(app: Flask, shop: Shop) -> None:
    client, asset = browser(app, shop.cast.technician), shop.asset()
    typed = (
        "repair_minor=3000&repair_years=2&repair_upkeep_minor=2500&new_minor=20000"
        "&salvage_minor=2000&new_years=8&new_upkeep_minor=800"
    )
    words = text_of(client, f"/assets/{asset}/replace?{typed}")
    for told in ("15.0 %", "€4,000.00", "€3,050.00", "says repair", "says replace",
                 "half 10,000 20,000", "They disagree", "Neither of them decides"):  # fmt: skip
        assert told in words
    wrong = text_of(client, f"/assets/{asset}/replace?new_minor=lots&repair_years=0", 422)
    assert "Enter an amount of money, such as 3000." in wrong
    assert "Enter whole years, from 1 to 50." in wrong


@on_sqlite
def test_people_are_compared_for_those_who_plan_the_work(app: Flask, shop: Shop) -> None:
    for role in Role:
        player: Player = shop.cast.of(role)
        may = role in {Role.SUPERVISOR, Role.ADMIN}
        answer = browser(app, player).get("/reports/technicians")
        assert answer.status_code == (200 if may else 403), role


@on_sqlite
def test_obsolete_stock_is_got_rid_of_by_a_form_once(
    app: Flask, shop: Shop, world: Workshop
) -> None:
    client = browser(app, shop.cast.storekeeper)
    world.retire(*world.machines[2:4])
    part = world.parts[1]
    assert "1 part worth €2,167 is obsolete" in text_of(client, "/reports/obsolete")
    sent = {"id": new_id(), "at": world.bin, "quantity": "500", "how": "sold", "proceeds": "900",
            "recipient": "ACME"}  # fmt: skip
    for _ in range(2):
        answer = client.post(f"/parts/{part}/stock/disposal", data=sent)
        assert answer.status_code == 303
    words = text_of(client, "/reports/obsolete")
    assert "no machine in use needs" not in words
    assert "sold ACME 500 pcs €2,166.85 €900.00 €1,266.85" in words
