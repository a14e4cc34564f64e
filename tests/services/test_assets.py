"""New assets and models, and the page of an asset: tags, costs, worth, history."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from stockscan.domain.errors import NotAllowed, NotFound
from stockscan.services import assets, models, operations
from stockscan.services.operations import Outcome
from stockscan.store.catalogue.history import Changed
from tests.cast import Player, hire, new_id
from tests.shop import Shop


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


def refused(shop: Shop, kind: str, *, by: Player | None = None, **values: Any) -> dict[str, Any]:
    """The error of a creation that must not succeed."""
    outcome = operations.create(shop.context(by), kind, {"id": new_id(), **values})
    assert outcome.status == "rejected", outcome
    assert outcome.error is not None
    return outcome.error


def test_tags_are_drawn_one_after_the_other(shop: Shop) -> None:
    tags = [assets.asset_page(shop.context(), shop.asset()).asset.tag for _ in range(3)]
    assert tags == ["A-0001", "A-0002", "A-0003"]


def test_a_drawn_tag_passes_over_those_in_use(shop: Shop) -> None:
    shop.asset(tag="a-0002")
    assert assets.asset_page(shop.context(), shop.asset()).asset.tag == "A-0003"


def test_a_tag_is_on_one_asset_only(shop: Shop) -> None:
    shop.asset(tag="FL-07")
    error = refused(shop, "create_asset", name="Forklift", tag="fl-07")
    assert (error["code"], error["field"]) == ("taken", "tag")
    assert "fl-07" in error["message"]


@pytest.mark.parametrize(("field", "value"), [("model", "Linde"), ("location", "Hall 9")])
def test_unknown_references_name_their_field(shop: Shop, field: str, value: str) -> None:
    error = refused(shop, "create_asset", name="Forklift", **{field: value})
    assert (error["code"], error["field"]) == ("unknown_reference", field)


def test_salvage_is_not_above_the_price(shop: Shop) -> None:
    error = refused(shop, "create_asset", name="Forklift", purchase_cost="10", salvage="11")
    assert error["field"] == "salvage"


def test_create_is_idempotent(shop: Shop) -> None:
    values = {"id": new_id(), "name": "Forklift", "tag": "FL-07"}
    first, again = (operations.create(shop.context(), "create_asset", values) for _ in range(2))
    assert (first.status, again.status) == ("applied", "duplicate")
    assert first.result == again.result
    other = operations.create(shop.context(), "create_asset", {**values, "name": "Other"})
    assert (other.error or {})["code"] == "id_reused"


def test_create_checks_permission(shop: Shop) -> None:
    technician = shop.cast.technician
    error = refused(shop, "create_asset", by=technician, name="Forklift")
    assert error["code"] == "not_allowed"
    error = refused(shop, "create_model", by=technician, name="Linde H25D")
    assert error["code"] == "not_allowed"


def edit(shop: Shop, asset: str, **values: Any) -> Outcome:
    shop.wait()
    ctx = shop.context(values.pop("by", None))
    return operations.edit(ctx, "edit_asset", {"id": new_id(), "asset": asset, **values})


def test_an_edit_changes_what_it_says_and_no_more(shop: Shop) -> None:
    shop.make("model", name="Linde H25D", life_months=96)
    asset = shop.asset(tag="FL-07", serial="S1", notes="old", purchase_cost="900", category="A")
    done = edit(shop, asset, model="Linde H25D", notes="", supplier="Kees BV", salvage="90.50")
    assert done.result is not None
    texts = assets.editable(shop.context(), asset).texts
    assert {name: text for name, text in texts.items() if text} == {
        "name": "Forklift", "tag": "FL-07", "serial": "S1", "category": "A",
        "model": "Linde H25D", "supplier": "Kees BV", "purchase_cost": "900.00",
        "salvage": "90.50",
    }  # fmt: skip
    assert edit(shop, asset, supplier="kees bv").done
    assert edit(shop, asset, model="", salvage="", purchase_cost="").done
    assert assets.editable(shop.context(), asset).texts["model"] == ""
    entries = [line.row for line in assets.asset_page(shop.context(), asset).timeline]
    assert [sorted(row.changes) for row in entries if isinstance(row, Changed)] == [
        ["model", "purchase_cost", "salvage"],
        ["model", "notes", "salvage", "supplier"],
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"salvage": "901"}, "salvage"),
        ({"purchase_cost": ""}, "salvage"),
        ({"tag": "t-1"}, "tag"),
        ({"tag": ""}, "tag"),
        ({"name": ""}, "name"),
        ({"model": "Nobody"}, "model"),
        ({"life_months": "0"}, "life_months"),
        ({"custom": {"1": "blue"}}, "custom"),
    ],
)
def test_an_edit_that_cannot_be_says_which_field(
    shop: Shop, values: dict[str, Any], field: str
) -> None:
    shop.asset(tag="T-1")
    asset = shop.asset(purchase_cost="900", salvage="90")
    outcome = edit(shop, asset, **values)
    assert (outcome.status, (outcome.error or {})["field"]) == ("rejected", field)
    assert edit(shop, asset, notes="x", by=shop.cast.technician).error is not None


def test_one_edit_does_not_undo_another(shop: Shop) -> None:
    asset = shop.asset()
    version = assets.editable(shop.context(), asset).version
    assert edit(shop, asset, serial="S1", based_on=version).done
    late = edit(shop, asset, serial="S2", based_on=version)
    assert (late.error or {})["code"] == "edited_since"
    assert edit(shop, asset, notes="seen", based_on=version).done


def test_models_are_found_by_name_or_number(shop: Shop) -> None:
    shop.make("model", name="Linde H25D", model_number="H25D", life_months=96)
    for reference in ("linde h25d", "h25d"):
        page = assets.asset_page(shop.context(), shop.asset(model=reference))
        assert (page.asset.model, page.asset.life_months) == ("Linde H25D", 96)
    found = models.model_page(shop.context(), "LINDE H25D")
    assert found.model.assets == len(found.assets) == 2
    assert refused(shop, "create_model", name="Linde H25D")["field"] == "name"


@pytest.mark.parametrize("spelling", ["fl-07", "sn 1", "code"])
def test_an_asset_is_found_by_every_reference(shop: Shop, spelling: str) -> None:
    code = shop.asset(tag="FL-07", serial="SN 1")
    reference = f"{code[:3]} {code[3:]}".lower() if spelling == "code" else spelling
    assert assets.asset_page(shop.context(), reference).asset.code == code


def test_unknown_code(shop: Shop) -> None:
    with pytest.raises(NotFound):
        assets.asset_page(shop.context(), "FL-99")
    part = shop.part()
    with pytest.raises(NotFound):
        assets.asset_page(shop.context(), part)


def test_reading_needs_a_person(shop: Shop) -> None:
    nobody = shop.context().__class__(None, shop.now_us, new_id)
    with pytest.raises(NotAllowed):
        assets.asset_list(nobody)


def test_parts_are_charged_to_the_asset(shop: Shop) -> None:
    bin_, part, asset = shop.bin(), shop.part(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=10, unit_cost="12.50")
    shop.ok("install", part=part, asset=asset, location=bin_, quantity=2)
    wrong = shop.ok("install", part=part, asset=asset, location=bin_, quantity=3)
    shop.ok("reverse", operation=wrong["operation"])
    shown = assets.asset_json(assets.asset_page(shop.context(), asset))
    assert shown["costs"]["parts_total"] == "25.00"
    assert [(entry["kind"], entry["cost"]) for entry in shown["timeline"]] == [
        ("reversal", "-37.50"),
        ("install", "37.50"),
        ("install", "25.00"),
    ]
    assert [entry["undone"] for entry in shown["timeline"]] == [False, True, False]


def test_the_page_knows_the_custodian(shop: Shop) -> None:
    asset, dana = shop.asset(), shop.cast.technician
    shop.ok("check_out", asset=asset, to_person=dana.code)
    shown = assets.asset_json(assets.asset_page(shop.context(), asset))
    assert shown["custodian"]["kind"] == "person"
    assert (shown["custodian"]["code"], shown["custodian"]["name"]) == (dana.code, dana.name)
    assert shown["custodian"]["since"].endswith("Z")
    shop.ok("check_in", asset=asset)
    assert assets.asset_json(assets.asset_page(shop.context(), asset))["custodian"] is None


def test_book_value_falls_month_by_month(shop: Shop) -> None:
    # The shop's clock stands at 14 November 2023.
    asset = shop.asset(
        purchase_date="2022-11-14", purchase_cost="10000", salvage="2000", life_months=60
    )
    shown = assets.asset_json(assets.asset_page(shop.context(), asset))
    assert shown["costs"]["book_value"] == "8400.00"
    assert assets.asset_page(shop.context(), shop.asset()).book_value_e4 is None


def test_undo_is_shown_to_those_who_may(shop: Shop) -> None:
    asset, cast = shop.asset(), shop.cast
    shop.ok("check_out", asset=asset, to_person=cast.viewer.code, by=cast.technician)
    may = {
        player.name: assets.asset_page(shop.context(player), asset).timeline[0].undoable
        for player in (cast.viewer, cast.technician, cast.storekeeper, cast.supervisor)
    }
    assert list(may.values()) == [False, True, False, True]


def test_the_first_place_came_with_the_making_and_stays(shop: Shop) -> None:
    hall, yard = shop.bin("Hall 1"), shop.bin("Yard")
    asset = shop.asset(location=hall)
    shop.ok("move_asset", asset=asset, location=yard)
    lines = assets.asset_page(shop.context(), asset).timeline
    assert [(line.row.kind, line.undoable) for line in lines] == [("move", True), ("move", False)]


def test_the_list_is_paged_filtered_and_searched(shop: Shop) -> None:
    codes = [shop.asset(tag=f"T-{number}") for number in range(5)]
    shop.ok("check_out", asset=codes[1], to_person=shop.cast.viewer.code)
    first = assets.asset_list(shop.context(), limit=3)
    rest = assets.asset_list(shop.context(), limit=3, after=first.next)
    assert [row.code for row in first.rows + rest.rows] == codes
    assert rest.next == ""
    shown = {name: first.counts[name] for name in ("all", "out", "in", "retired")}
    assert shown == {"all": 5, "out": 1, "in": 4, "retired": 0}
    out = assets.asset_list(shop.context(), show="out")
    assert [row.code for row in out.rows] == [codes[1]]
    for text in ("t-3", codes[3]):
        assert [row.code for row in assets.asset_list(shop.context(), text=text).rows] == [codes[3]]
    assert assets.asset_list(shop.context(), text="%").rows == []
