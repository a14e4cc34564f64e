"""Stocks and layouts of the company: beside the shipped ones, saved whole, told when broken."""

from dataclasses import asdict, replace
from pathlib import Path

import pytest
from flask import Flask

from stockscan import paths
from stockscan.domain.access import Role
from stockscan.domain.errors import Invalid, NotAllowed, NotFound
from stockscan.services import labels
from stockscan.services.labels import (
    AUTO_LAYOUT,
    LabelSetup,
    layout_editing,
    own_files,
    stock_editing,
)
from stockscan.services.labels.papers import own_layouts, own_stocks, shipped_layouts
from tests.crowd import at_once
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SHEET = {
    "name": "Our pallet labels",
    "kind": "sheet",
    "page_width_mm": "210",
    "page_height_mm": "297",
    "columns": "2",
    "rows": "4",
    "label_width_mm": "3 15/16 in",
    "label_height_mm": "70",
}
USUAL = labels.USUAL_STOCK
ROLL = {"name": "卷筒标签", "kind": "roll", "label_width_mm": "30", "label_height_mm": "80"}


@pytest.fixture
def setup(tmp_path: Path) -> LabelSetup:
    return LabelSetup("https://stock.example.com", tmp_path / "labels")


def put(setup: LabelSetup, name: str, text: str, folder: str = "stock") -> None:
    """A file that somebody lays into the company's folder."""
    (setup.folder / folder).mkdir(parents=True, exist_ok=True)
    (setup.folder / folder / name).write_text(text, "utf-8")


def shipped(name: str, folder: str = "stock") -> str:
    return (paths.LABELS / folder / f"{name}.toml").read_text("utf-8")


def test_a_file_is_seen_at_once_and_takes_the_place_of_a_shipped_one(setup: LabelSetup) -> None:
    assert labels.stocks(setup) == labels.shipped_stocks()
    put(setup, "mine.toml", shipped("zebra-2x1"))
    assert labels.stock_of(setup, "mine").label_width_mm == 50.8
    put(setup, "mine.toml", shipped("zebra-4x2"))
    assert labels.stock_of(setup, "mine").label_width_mm == 101.6
    put(setup, "avery-l7160.toml", shipped("avery-l7160").replace("left_mm = 7.2", "left_mm = 7.0"))
    assert labels.stock_of(setup, "avery-l7160").left_mm == 7.0
    (setup.folder / "stock" / "avery-l7160.toml").unlink()
    (setup.folder / "stock" / "mine.toml").unlink()
    assert labels.stocks(setup) == labels.shipped_stocks()
    with pytest.raises(NotFound, match="no label stock 'mine'"):
        labels.stock_of(setup, "mine")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("odd.toml", "colour = 1", "odd.toml: unknown key 'colour'"),
        ("odd.toml", "columns = = 3", "odd.toml: this is not TOML"),
        ("My Stock.toml", shipped("zebra-2x1"), "a-z, 0-9"),
    ],
)
def test_a_broken_file_is_told_and_stops_nothing(
    setup: LabelSetup, name: str, text: str, told: str
) -> None:
    put(setup, name, text)
    put(setup, "fine.toml", shipped("zebra-2x1"))
    (setup.folder / "stock" / "folder.toml").mkdir()
    (setup.folder / "stock" / "gone.toml").symlink_to(setup.folder / "nowhere.toml")
    own = own_stocks(setup)
    assert set(own.found) == {"fine"}
    assert told in own.faults[name]
    assert own.faults["folder.toml"] == "folder.toml: it can't be read (Is a directory)"
    assert "No such file" in own.faults["gone.toml"]
    assert labels.stock_of(setup, USUAL).slots == 21


def test_each_kind_has_the_layout_that_was_made_for_it(setup: LabelSetup) -> None:
    standard = shipped("standard", "layouts")
    put(setup, "gate.toml", 'kinds = ["gate"]\n' + standard, "layouts")
    put(setup, "odd.toml", "colour = 1", "layouts")
    assert set(own_layouts(setup).faults) == {"odd.toml"}
    assert labels.layout_for(setup, AUTO_LAYOUT, "gate").slug == "gate"
    assert labels.layout_for(setup, AUTO_LAYOUT, "nothing-known").slug == "standard"
    assert labels.layout_for(setup, "shelf", "gate").slug == "shelf"
    put(setup, "place.toml", 'kinds = ["location"]\n' + standard, "layouts")
    assert labels.layout_for(setup, AUTO_LAYOUT, "location").slug == "place", "ours goes first"
    with pytest.raises(NotFound, match="no label layout 'no'"):
        labels.layout_for(setup, "no", "asset")


@on_sqlite
def test_a_stock_is_saved_once_changed_and_removed(shop: Shop, setup: LabelSetup) -> None:
    ctx = shop.context()
    saved = stock_editing.save_stock(ctx, setup, SHEET)
    assert stock_editing.save_stock(ctx, setup, SHEET) == saved, "a retry is no second"
    stock = labels.stock_of(setup, "our-pallet-labels")
    assert (stock.label_width_mm, stock.left_mm, stock.top_mm) == (100.0125, 4.9875, 8.5)
    assert (stock.confidence, stock.source) == ("own", "Entered here")
    with pytest.raises(Invalid, match="called Our pallet labels already"):
        stock_editing.save_stock(ctx, setup, {**SHEET, "rows": "3"})
    stock_editing.save_stock(ctx, setup, {**SHEET, "rows": "3"}, stock.slug)
    assert labels.stock_of(setup, stock.slug).rows == 3
    listed = stock_editing.stock_list(ctx, setup).stocks
    assert [each.stock.slug for each in listed if each.is_own] == [stock.slug]
    stock_editing.remove_stock(ctx, setup, stock.slug)
    stock_editing.remove_stock(ctx, setup, stock.slug)
    assert labels.stocks(setup) == labels.shipped_stocks()


@on_sqlite
def test_a_copy_may_take_the_place_of_the_shipped_one(shop: Shop, setup: LabelSetup) -> None:
    ctx, texts = shop.context(), {**SHEET, "name": "Measured here"}
    stock_editing.save_stock(ctx, setup, texts, "avery-l7160")
    page = stock_editing.stock_page(ctx, setup, "avery-l7160")
    assert (page.stock.name, page.is_own, page.is_shipped) == ("Measured here", True, True)
    stock_editing.remove_stock(ctx, setup, "avery-l7160")
    assert labels.stock_of(setup, "avery-l7160") == labels.shipped_stocks()["avery-l7160"]


@on_sqlite
@pytest.mark.parametrize("kind", ["endless", "roll"])
def test_a_roll_needs_the_size_of_its_label_only(shop: Shop, setup: LabelSetup, kind: str) -> None:
    texts = {**ROLL, "kind": kind, "turned": "yes", "rows": "junk of a hidden field"}
    stock = stock_editing.save_stock(shop.context(), setup, texts).stock
    assert stock.slug.startswith("own-"), "a name without Latin letters makes a file all the same"
    assert (stock.kind, stock.slots, stock.endless, stock.turned) == (
        "roll", 1, kind == "endless", True,
    )  # fmt: skip
    assert (stock.page_width_mm, stock.page_height_mm) == (30, 80)


@on_sqlite
@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"columns": "two", "label_width_mm": "wide", "name": ""},
         {"columns", "label_width_mm", "name"}),
        ({"rows": "5", "pitch_x_mm": "90", "margin_x_mm": "60"},
         {"top_mm", "pitch_x_mm", "margin_x_mm"}),
        ({"name": "line\nbreak"}, {"name"}),
        ({"name": "a" * 121}, {"name"}),
        ({"label_height_mm": "0"}, {"label_height_mm"}),
        ({"columns": "201"}, {"columns"}),
        ({"kind": "endless", "label_height_mm": "2"}, {"label_height_mm"}),
        ({"page_height_mm": "99999"}, {"page_height_mm"}),
    ],
)  # fmt: skip
def test_all_that_is_wrong_is_told_and_nothing_is_saved(
    shop: Shop, setup: LabelSetup, change: dict[str, str], faults: set[str]
) -> None:
    with pytest.raises(Invalid) as error:
        stock_editing.save_stock(shop.context(), setup, {**SHEET, **change})
    assert set(error.value.details["faults"]) == faults
    assert labels.stocks(setup) == labels.shipped_stocks()


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Avery L7160 / J8160", "avery-l7160-j8160"),
        ("Štítky č. 3", "stitky-c-3"),
        ("New", "own-new"),
        ("标签", "own-eaabd222"),
        ("x" * 99, "x" * 60),
    ],
)
def test_a_name_makes_the_same_file_name_each_time(name: str, slug: str) -> None:
    assert own_files.slug_of(name) == slug


@on_sqlite
@pytest.mark.parametrize("slug", ["../secrets", "..", "", "a/b", "A", "a" * 61])
def test_no_name_leads_out_of_the_folder(shop: Shop, setup: LabelSetup, slug: str) -> None:
    with pytest.raises(NotFound):
        stock_editing.remove_stock(shop.context(), setup, slug)
    with pytest.raises(NotFound):
        stock_editing.stock_page(shop.context(), setup, slug)
    with pytest.raises(NotFound):
        own_files.write(setup.folder, slug, "")


@on_sqlite
def test_every_shipped_layout_can_be_copied_and_saved(shop: Shop, setup: LabelSetup) -> None:
    ctx = shop.context()
    for slug, layout in shipped_layouts().items():
        lines = [{**asdict(line), "size": f"{line.size * 100:g}"} for line in layout.lines]
        texts = {**asdict(layout), "qr_share": f"{layout.qr_share * 100:g}", "lines": lines}
        saved = layout_editing.save_layout(ctx, setup, {**texts, "name": f"Own {slug}"}).layout
        kinds = tuple(kind for kind in layout.kinds if kind in layout_editing.KINDS)
        assert saved == replace(layout, slug=saved.slug, name=f"Own {slug}", kinds=kinds)
        assert labels.layout_of(setup, saved.slug) == saved


@on_sqlite
@pytest.mark.parametrize("role", [Role.VIEWER, Role.TECHNICIAN, Role.STOREKEEPER, Role.SUPERVISOR])
def test_who_prints_looks_at_stocks_and_admins_change_them(
    shop: Shop, setup: LabelSetup, role: Role
) -> None:
    ctx = shop.context(shop.cast.of(role))
    looks = (
        lambda: stock_editing.stock_list(ctx, setup),
        lambda: stock_editing.stock_page(ctx, setup, USUAL),
    )
    if role in {Role.STOREKEEPER, Role.SUPERVISOR}:
        assert all(look() for look in looks)
        looks = ()
    for verb in (
        *looks,
        lambda: stock_editing.check_stock(ctx, SHEET),
        lambda: stock_editing.save_stock(ctx, setup, SHEET),
        lambda: stock_editing.remove_stock(ctx, setup, USUAL),
    ):
        with pytest.raises(NotAllowed):
            verb()


@on_sqlite
def test_who_reads_while_another_saves_never_sees_half_a_file(
    app: Flask, shop: Shop, setup: LabelSetup
) -> None:
    ctx, slug = shop.context(), "our-pallet-labels"
    stock_editing.save_stock(ctx, setup, SHEET)
    sources = [{**SHEET, "source": letter * 120} for letter in "ab"]

    def save(texts: dict[str, str]) -> str:
        for _ in range(20):
            stock_editing.save_stock(ctx, setup, texts, slug)
        return ""

    def read() -> str:
        return "".join(labels.stock_of(setup, slug).source[:1] for _ in range(200))

    first, second, seen = at_once(app, [lambda: save(sources[0]), lambda: save(sources[1]), read])
    assert first == second == ""
    assert set(seen) <= set("Eab")
    assert own_stocks(setup).faults == {}
    assert [path.name for path in (setup.folder / "stock").iterdir()] == [f"{slug}.toml"]
