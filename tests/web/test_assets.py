"""Pages of assets and models: lists, one, a new one, a usual part with one tap."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from stockscan.services import assets
from stockscan.services.work import unit_of_work
from stockscan.store.assets import AssetModel, ModelPart
from stockscan.store.parts import Part
from stockscan.web.drawing import gauge
from tests.cast import browser, hire
from tests.shop import Shop
from tests.web.pages import FRAGMENT, hidden_fields, text_of


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


@pytest.fixture
def storekeeper(app: Flask, shop: Shop) -> FlaskClient:
    return browser(app, shop.cast.storekeeper)


def usual_part(shop: Shop) -> tuple[str, str]:
    """An asset whose model has one usual part, with ten of it in its bin."""
    shop.make("model", name="Linde H25D")
    part = shop.part(name="Brake pad", location=shop.bin("B-1"))
    shop.ok("receive", part=part, location="B-1", quantity=10, unit_cost="64")
    with unit_of_work() as session:
        model_id = session.scalars(select(AssetModel.id)).one()
        part_id = session.scalars(select(Part.id)).one()
        session.add(ModelPart(model_id=model_id, part_id=part_id, quantity_milli=2000))
    return shop.asset(model="Linde H25D", tag="FL-07"), part


def test_list_works(shop: Shop, storekeeper: FlaskClient) -> None:
    shop.asset(tag="FL-07")
    out = shop.asset(tag="T-1", name="Tablet")
    shop.ok("check_out", asset=out, to_person=shop.cast.viewer.code)
    assert "FL-07 Forklift Available" in text_of(storekeeper, "/assets")
    shown = text_of(storekeeper, "/assets?show=out")
    assert "T-1 Tablet Out Vera Lind" in shown
    assert "FL-07" not in shown
    assert "Tablet" not in text_of(storekeeper, "/assets?q=fork")
    assert "No asset fits that." in text_of(storekeeper, "/assets?q=nothing")


def test_list_goes_on(shop: Shop, storekeeper: FlaskClient) -> None:
    tags = [assets.asset_page(shop.context(), shop.asset()).asset.tag for _ in range(51)]
    first = storekeeper.get("/assets").get_data(as_text=True)
    assert tags[-1] not in first
    following = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert tags[-1] in text_of(storekeeper, following)


def test_list_as_a_fragment(shop: Shop, storekeeper: FlaskClient) -> None:
    shop.asset(tag="FL-07")
    fragment = storekeeper.get("/assets", headers=FRAGMENT).get_data(as_text=True)
    assert "FL-07" in fragment
    assert "<html" not in fragment


def test_page_works(shop: Shop, storekeeper: FlaskClient) -> None:
    asset, part = usual_part(shop)
    shop.ok("install", asset=asset, part=part, quantity=2, by=shop.cast.technician)
    shop.ok("check_out", asset=asset, to_person=shop.cast.viewer.code, note="for the fair")
    shown = text_of(storekeeper, f"/assets/{asset}")
    assert "With Vera Lind since" in shown
    assert "€128.00 so far." in shown
    assert "Brake pad × 2 8 in B-1" in shown
    assert "Brake pad, 2 pcs installed" in shown
    assert "Handed to Vera Lind" in shown
    assert "“for the fair”" in shown
    assert "Bring back" in shown


def test_page_shows_parts_against_value(shop: Shop, storekeeper: FlaskClient) -> None:
    asset = shop.asset(purchase_date="2010-01-01", purchase_cost="900", life_months=12)
    shop.ok("receive", part=shop.part(part_number="P"), location=shop.bin("B"), quantity=1,
            unit_cost="10")  # fmt: skip
    shop.ok("install", asset=asset, part="P", location="B", quantity=1)
    shown = text_of(storekeeper, f"/assets/{asset}")
    assert "You have put €10.00 of parts into a machine worth €0.00 ." in shown
    assert "Over value" in shown


def test_undo_works_without_javascript(shop: Shop, storekeeper: FlaskClient) -> None:
    asset, part = usual_part(shop)
    done = shop.ok("install", asset=asset, part=part, quantity=1, by=shop.cast.storekeeper)
    page, action = f"/assets/{asset}", f"/operations/{done['operation']}/reversal"
    answer = storekeeper.post(action, data=hidden_fields(storekeeper, page, action))
    assert (answer.status_code, answer.location) == (303, page)
    assert shop.on_hand(part, "B-1") == 10


def test_new_works_without_javascript(shop: Shop, storekeeper: FlaskClient) -> None:
    fields = hidden_fields(storekeeper, "/assets/new", "/assets")
    answer = storekeeper.post("/assets", data={**fields, "name": "Forklift", "tag": "FL-07"})
    assert answer.status_code == 303
    assert "Forklift FL-07" in text_of(storekeeper, answer.location)
    again = storekeeper.post("/assets", data={**fields, "name": "Forklift", "tag": "FL-07"})
    assert again.location == answer.location


def test_new_says_what_is_wrong(shop: Shop, storekeeper: FlaskClient) -> None:
    shop.asset(tag="FL-07")
    fields = hidden_fields(storekeeper, "/assets/new", "/assets")
    values = {**fields, "name": "Forklift", "tag": "FL-07", "serial": "S1"}
    answer = storekeeper.post("/assets", data=values)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "is on another asset" in page
    assert 'value="S1"' in page
    empty = storekeeper.post("/assets", data={**fields, "name": ""})
    assert (empty.status_code, "Enter name." in empty.get_data(as_text=True)) == (422, True)


def test_models_work(shop: Shop, storekeeper: FlaskClient) -> None:
    usual_part(shop)
    assert "Linde H25D" in text_of(storekeeper, "/models")
    shown = text_of(storekeeper, "/models/Linde%20H25D")
    assert "Brake pad" in shown
    assert "FL-07 Forklift" in shown
    fields = hidden_fields(storekeeper, "/models/new", "/models")
    answer = storekeeper.post("/models", data={**fields, "name": "EFG 216/k"})
    assert answer.status_code == 303
    assert "EFG 216/k" in text_of(storekeeper, answer.location)


def test_new_checks_permission(app: Flask, shop: Shop) -> None:
    client = browser(app, shop.cast.technician)
    for path in ("/assets", "/models"):
        assert client.get(f"{path}/new").status_code == 403
        fields = {"id": "11111111-1111-4111-8111-111111111111", "name": "Forklift"}
        assert client.post(path, data=fields).status_code == 403
        assert f'href="{path}/new"' not in client.get(path).get_data(as_text=True)


def test_page_offers_a_viewer_nothing_to_change(app: Flask, shop: Shop) -> None:
    asset, part = usual_part(shop)
    shop.ok("install", asset=asset, part=part, quantity=1)
    page = browser(app, shop.cast.viewer).get(f"/assets/{asset}").get_data(as_text=True)
    assert "/installs" not in page
    assert "/reversal" not in page
    assert "mode=install" not in page


def test_unknown_code(storekeeper: FlaskClient) -> None:
    assert storekeeper.get("/assets/FL-99").status_code == 404
    assert storekeeper.get("/models/Nobody").status_code == 404


def test_words_of_others_are_shown_as_text(shop: Shop, storekeeper: FlaskClient) -> None:
    asset = shop.asset(name="<script>alert(1)</script>", notes='"><img src=x>')
    page = storekeeper.get(f"/assets/{asset}").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


def test_edit_works_without_javascript(shop: Shop, storekeeper: FlaskClient) -> None:
    shop.make("model", name="Linde H25D")
    asset = shop.asset(tag="FL-07", notes="old", purchase_cost="900")
    path = f"/assets/{asset}/edit"
    fields = hidden_fields(storekeeper, path, path)
    typed = {"name": "Forklift", "tag": "FL-08", "model": "Linde H25D", "category": "Trucks",
             "supplier": "Kees BV", "order_number": "PO 7", "purchase_cost": "1000.50",
             "warranty_until": "2030-01-01", "notes": ""}  # fmt: skip
    answer = storekeeper.post(path, data={**fields, **typed})
    assert answer.status_code == 303, answer.text
    shown = text_of(storekeeper, answer.location)
    assert "From Kees BV order PO 7" in shown
    assert "Tag: FL-07 › to FL-08" in shown
    assert "Notes: old › to nothing" in shown
    row = assets.asset_row(shop.context(), asset)
    assert (row.category, row.purchase_cost_minor, row.notes) == ("Trucks", 100_050, "")


def test_edit_says_who_changed_the_same_meanwhile(shop: Shop, storekeeper: FlaskClient) -> None:
    asset = shop.asset(tag="FL-07")
    path = f"/assets/{asset}/edit"
    fields = hidden_fields(storekeeper, path, path)
    other = hidden_fields(storekeeper, path, path)
    typed = {"name": "Forklift", "tag": "FL-07"}
    assert storekeeper.post(path, data={**other, **typed, "serial": "S1"}).status_code == 303
    late = storekeeper.post(path, data={**fields, **typed, "serial": "S2"})
    assert late.status_code == 422
    assert "Marco Silva changed this meanwhile, to S1." in late.text
    assert 'value="S2"' in late.text
    fields = {**fields, "id": shop.context().new_id()}
    assert storekeeper.post(path, data={**fields, **typed, "notes": "x"}).status_code == 303


def test_history_goes_on(shop: Shop, storekeeper: FlaskClient) -> None:
    asset = shop.asset()
    for number in range(35):
        shop.ok("note", asset=asset, note=f"note {number}")
    page = storekeeper.get(f"/assets/{asset}").text
    assert "“note 5”" in page
    assert "“note 4”" not in page
    older = page.partition(f'href="/assets/{asset}/history')[2].partition('"')[0]
    rest = text_of(storekeeper, f"/assets/{asset}/history{older}")
    assert "“note 4”" in rest
    assert "“note 0”" in rest
    assert "“note 5”" not in rest
    assert storekeeper.get(f"/assets/{asset}/history?before=nonsense").status_code == 422


def test_worth_is_shown_by_the_day_and_year(shop: Shop, storekeeper: FlaskClient) -> None:
    asset = shop.asset(
        purchase_date="2022-11-14", purchase_cost="10000", salvage="2000", life_months=60
    )
    shown = text_of(storekeeper, f"/assets/{asset}/worth?on=2024-11-14")
    assert "€6,800.00 On 14 Nov 2024" in shown
    assert "14 Nov 2025 €1,600.00 €5,200.00" in shown
    assert storekeeper.get(f"/assets/{asset}/worth?on=tomorrow").status_code == 422
    assert "Give it a price" in text_of(storekeeper, f"/assets/{shop.asset()}/worth")


@pytest.mark.parametrize(
    ("amount", "mark", "scale", "over"),
    [
        (1240, 900, 1500, True),
        (410, 900, 1500, False),
        (0, 0, 1.5, False),
        (96, 7200, 10000, False),
    ],
)
def test_gauge_ends_at_a_round_number(amount: int, mark: int, scale: float, over: bool) -> None:
    drawn = gauge(amount * 10_000, mark * 10_000)
    assert drawn.scale_e4 == scale * 10_000
    assert (drawn.over_width > 0) == over
    assert 0 <= drawn.fill_width + drawn.over_width <= 324
