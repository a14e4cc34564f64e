"""Pages about purchasing: from asking to the last delivery, without JavaScript."""

import re
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.domain.access import Role
from stockscan.services import purchasing
from stockscan.services.purchasing import Placed
from tests.cast import Cast, browser, new_id
from tests.shop import Shop
from tests.web.pages import FRAGMENT, text_of, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def supervisor(app: Flask, cast: Cast) -> FlaskClient:
    """The browser of somebody who may approve and order."""
    return browser(app, cast.supervisor)


def ask(shop: Shop, part: str, quantity: int = 8) -> int:
    """A requisition for so many of a part; its number."""
    shop.wait()
    return purchasing.ask_for(shop.context(), new_id(), part, quantity * 1000, None)[0]


def test_from_asking_to_the_last_delivery(shop: Shop, supervisor: FlaskClient) -> None:
    bin_ = shop.bin("B-12-3")
    part = shop.part(name="Hose", supplier="Nord", cost="4", location=bin_, lead_time_days=5)
    next_month = date.today() + timedelta(days=30)  # noqa: DTZ011 - as the server sees it
    said = {"id": new_id(), "part": part, "quantity": "8", "need_by": next_month.isoformat()}
    asked = supervisor.post("/requisitions", data=said)
    assert asked.location == "/requisitions/1"
    assert supervisor.post("/requisitions", data=said).location == "/requisitions/1"
    assert "To approve" in text_of(supervisor, "/requisitions/1")
    supervisor.post("/requisitions/1/approval")
    assert "Order it" in text_of(supervisor, "/requisitions/1")
    wrong = supervisor.post("/requisitions/1/ordering", data={"expected_on": "2001-01-01"})
    assert wrong.status_code == 422
    assert "today or later" in wrong.get_data(as_text=True)
    supervisor.post("/requisitions/1/ordering", data={"reference": "AB-1"})
    page = text_of(supervisor, "/requisitions/1")
    assert "0 of 8 here" in page
    assert "AB-1" in page
    form = text_of(supervisor, f"/parts/{part}/stock/receipt?requisition=R-1&quantity=8")
    assert "R-1, 8" in form
    values = {"at": bin_, "quantity": "3", "requisition": "R-1", "unit_cost": "5", "id": new_id()}
    got = supervisor.post(f"/parts/{part}/stock/receipt", data=values)
    assert got.status_code == 303, words(got.get_data(as_text=True))
    page = text_of(supervisor, "/requisitions/1")
    assert "3 of 8 here" in page
    assert "€3.00 dearer" in page
    closing = re.search(r"/requisitions/1/lines/\d+/closing",
                        supervisor.get("/requisitions/1").get_data(as_text=True))  # fmt: skip
    assert closing
    supervisor.post(closing.group())
    page = text_of(supervisor, "/requisitions/1")
    assert "Closed, 3 of 8 came" in page
    assert "Received" in page
    assert "R-1" not in text_of(supervisor, "/requisitions")
    assert "R-1" in text_of(supervisor, "/requisitions?show=received&q=hose")


def test_the_scan_screen_takes_it_for_the_order_that_waits(
    shop: Shop, supervisor: FlaskClient
) -> None:
    bin_ = shop.bin("B-12-3")
    part = shop.part(name="Hose", supplier="Nord", cost="4", location=bin_)
    number = ask(shop, part)
    purchasing.order(shop.context(), number, Placed())
    entry = supervisor.get(f"/scan?mode=receive&on={bin_}&part={part}&act=receive")
    assert "R-1, waits for 8" in words(entry.get_data(as_text=True))
    sent = {"id": new_id(), "act": "receive", "on": bin_, "part": part, "quantity": "8",
            "requisition": "R-1"}  # fmt: skip
    answer = supervisor.post("/entries", data=sent, headers=FRAGMENT)
    assert "R-1, all here" in words(answer.get_data(as_text=True))
    assert purchasing.requisition_page(shop.context(), number).row.state == "received"


def test_a_refusal_says_what_to_do(shop: Shop, app: Flask) -> None:
    keeper = browser(app, shop.cast.storekeeper)
    number = ask(shop, shop.part(supplier="Nord"))
    refused = keeper.post(f"/requisitions/{number}/ordering", follow_redirects=True)
    assert refused.status_code == 422
    assert "Ask a supervisor" in refused.get_data(as_text=True)
    assert keeper.post(f"/requisitions/{number}/approval").status_code == 403
    assert keeper.get("/requisitions/99").status_code == 404
    assert keeper.get("/requisitions/soon").status_code == 404
    bad = {"id": new_id(), "part": "nothing like this", "quantity": "none", "need_by": "soon"}
    assert keeper.post("/requisitions", data=bad).status_code == 422
    viewer = browser(app, shop.cast.viewer)
    assert viewer.get("/requisitions/new").status_code == 403
    assert viewer.post("/reorder", data={"id": new_id(), "part": "1"}).status_code in {403, 422}


def test_lines_are_changed_and_the_order_leaves_the_house(
    shop: Shop, supervisor: FlaskClient
) -> None:
    part = shop.part(name="=Hose", supplier="Nord", cost="4")
    number = ask(shop, part)
    [line] = purchasing.requisition_page(shop.context(), number).lines
    path = f"/requisitions/{number}"
    typed = {f"quantity-{line.id}": "12", f"price-{line.id}": "3,50", f"need-{line.id}": ""}
    assert supervisor.post(f"{path}/lines", data=typed).status_code == 303
    assert "€42.00" in text_of(supervisor, path)
    wrong = supervisor.post(f"{path}/lines", data={**typed, f"price-{line.id}": "dear"})
    assert wrong.status_code == 422
    assert 'value="dear" aria-invalid' in wrong.get_data(as_text=True)
    supervisor.post(f"{path}/email", data={"email": "orders@nord.example"})
    supervisor.post(f"{path}/note", data={"note": "Ring at the gate"})
    sheet = supervisor.get(f"{path}/order").get_data(as_text=True)
    assert "Ring at the gate" in sheet
    mail = re.search(r'href="(mailto:[^"]*)"', sheet)
    assert mail
    assert "orders@nord.example" in mail.group()
    assert "12 pcs  =Hose" in unquote(mail.group())
    table = supervisor.get(f"{path}/order.csv")
    assert table.mimetype == "text/csv"
    assert ",12,pcs,3.50," in table.get_data(as_text=True)
    assert ",=Hose" not in table.get_data(as_text=True)


def test_what_is_ticked_is_reordered(shop: Shop, supervisor: FlaskClient) -> None:
    bin_ = shop.bin()
    part = shop.part(name="Belt", supplier="Nord", location=bin_, reorder_point="4",
                     reorder_quantity="10")  # fmt: skip
    shop.ok("receive", part=part, location=bin_, quantity="2")
    page = supervisor.get("/reorder").get_data(as_text=True)
    assert "2 here, reorder at 4" in words(page)
    number = re.search(r'name="part" value="(\d+)"', page)
    assert number
    none = supervisor.post("/reorder", data={"id": new_id()})
    assert none.status_code == 422
    ticked = {"id": new_id(), "part": number[1], f"quantity-{number[1]}": "15"}
    assert supervisor.post("/reorder", data=ticked).status_code == 303
    assert "Enough is left" in text_of(supervisor, "/reorder")
    page = text_of(supervisor, "/requisitions/1")
    assert "2 here, reorder at 4" in page
    assert "15 pcs" in page


def test_the_api_tells_requisitions(shop: Shop, supervisor: FlaskClient) -> None:
    part = shop.part(name="Hose", supplier="Nord", cost="4")
    numbers = [ask(shop, part, many) for many in (8, 9)]
    purchasing.order(shop.context(), numbers[0], Placed())
    page = supervisor.get("/api/v1/requisitions?limit=1").get_json()
    assert [row["number"] for row in page["requisitions"]] == ["R-2"]
    rest = supervisor.get(f"/api/v1/requisitions?after={page['next']}").get_json()
    assert [row["state"] for row in rest["requisitions"]] == ["ordered"]
    assert rest["next"] is None
    one = supervisor.get("/api/v1/requisitions/R-1").get_json()
    assert (one["total"], one["lines"][0]["part"]) == ("32.00", part)
    assert (one["lines"][0]["quantity"], one["lines"][0]["received"]) == ("8", "0")
    assert supervisor.get("/api/v1/requisitions/R-9").status_code == 404
    assert supervisor.get("/api/v1/requisitions?state=lost").status_code == 422


def test_settings_of_purchasing(app: Flask, cast: Cast, supervisor: FlaskClient) -> None:
    admin, path = browser(app, cast.admin), "/settings/purchasing"
    good = {"plan_ahead_days": "120", "order_buffer_days": "0", "order_review_days": "7",
            "lead_days": "21", "service_level_bp": "97.5", "order_cost_minor": "40"}  # fmt: skip
    assert admin.post(path, data=good).status_code == 303
    assert 'value="97.5"' in admin.get(path).get_data(as_text=True)
    bad = admin.post(path, data={**good, "service_level_bp": "100"})
    assert bad.status_code == 422
    assert "from 50 to 99.99" in bad.get_data(as_text=True)
    assert supervisor.get(path).status_code == 403


def test_where_orders_go_stands_with_the_supplier(shop: Shop, supervisor: FlaskClient) -> None:
    part = shop.part(name="Hose", supplier="Nord / Süd", cost="4")
    path = "/suppliers/Nord%20/%20S%C3%BCd"
    assert f'href="{path}"' in supervisor.get(f"/parts/{part}").get_data(as_text=True)
    wrong = supervisor.post(path, data={"email": "nowhere"})
    assert wrong.status_code == 422
    assert 'value="nowhere"' in wrong.get_data(as_text=True)
    kept = supervisor.post(path, data={"email": "orders@nord.example"})
    assert kept.location == path
    number = ask(shop, part)
    page = supervisor.get(f"/requisitions/{number}").get_data(as_text=True)
    assert "orders@nord.example" in page
    assert f'href="{path}"' in page
    assert "1 waiting" in text_of(supervisor, path)
    assert supervisor.get("/suppliers/Nobody").status_code == 404


@pytest.mark.parametrize("role", sorted(Role))
def test_who_may_change_where_orders_go(app: Flask, shop: Shop, role: Role) -> None:
    shop.part(name="Hose", supplier="Nord", cost="4")
    client = browser(app, shop.cast.of(role))
    may = role in {Role.ADMIN, Role.SUPERVISOR, Role.STOREKEEPER}
    answer = client.post("/suppliers/Nord", data={"email": "a@b.example"})
    assert answer.status_code == (303 if may else 403)
    assert client.get("/suppliers/Nord").status_code == 200
