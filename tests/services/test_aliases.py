"""Foreign barcodes and blank labels: linked to things, found by them, taken back."""

import uuid
from typing import Any

import pytest

from stockscan.domain.barcodes import DataKind
from stockscan.domain.cards import CARDS
from stockscan.domain.codes import Kind, read
from stockscan.domain.errors import Invalid
from stockscan.services import operations
from stockscan.services.operations import Outcome
from stockscan.services.work import reading
from stockscan.store.scanning import Found, resolve
from tests.shop import Shop, blanks

GTIN = "9506000134352"
BOX = f"01{GTIN.zfill(14)}17291231\x1d10L77"
DISTRIBUTOR = "[)>\x1e06\x1d1PHF-6553\x1dPX-9\x1dQ25\x1d1TL77\x1e\x04"


def found(raw: str, *kinds: Kind) -> Found | None:
    """What a scan stands for."""
    with reading() as connection:
        return resolve(connection, read(raw), kinds or tuple(Kind))


def code_of(raw: str) -> str | None:
    """The code of what a scan stands for."""
    thing = found(raw)
    return thing.code if thing else None


def blank(shop: Shop) -> str:
    """A new blank label."""
    return blanks(shop.context(shop.cast.storekeeper))[0]


def create(shop: Shop, kind: str, **values: Any) -> Outcome:
    """Try to make a thing."""
    shop.wait()
    return operations.create(shop.context(), f"create_{kind}", {"id": str(uuid.uuid4()), **values})


def refused(outcome: Outcome) -> str:
    """Why an operation was not done."""
    assert outcome.status == "rejected", outcome
    return str((outcome.error or {})["code"])


@pytest.mark.parametrize(
    ("text", "scans"),
    [
        ("X-100 blue", ["x-100 BLUE", " X-100 blue\r\n", "*X-100 blue*", "~X-100 blue;"]),
        ("036000291452", ["0036000291452", "]E00036000291452", "(01)00036000291452(10)Z"]),
        ("Größe 7", ["größe 7"]),
        ("https://maker.example/p/7", ["HTTPS://MAKER.EXAMPLE/p/7"]),
    ],
)  # fmt: skip
def test_a_linked_text_is_found_however_it_is_read(shop: Shop, text: str, scans: list[str]) -> None:
    part = shop.part()
    shop.ok("link", text=text, thing=part, by=shop.cast.storekeeper)
    assert {code_of(scan) for scan in [text, *scans]} == {part}
    assert found(text, Kind.ASSET) is None


def test_a_box_linked_to_a_part_makes_the_next_lot_known(shop: Shop) -> None:
    part = shop.part()
    shop.ok("link", text=BOX, thing=part)
    other_lot = found(BOX.replace("L77", "L78"))
    assert other_lot is not None
    assert other_lot.code == part
    assert other_lot.data is not None
    assert other_lot.data.json() == {"lot": "L78", "expires_on": "2029-12-31"}
    assert code_of(GTIN) == part


def test_a_name_plate_linked_to_an_asset_is_that_asset_alone(shop: Shop) -> None:
    asset, part = shop.asset(), shop.part()
    plate = f"(01){GTIN.zfill(14)}(21)SN-1"
    shop.ok("link", text=plate, thing=asset)
    assert code_of(plate) == asset
    assert code_of(plate.replace("SN-1", "SN-2")) is None
    shop.ok("link", text=GTIN, thing=part)
    assert (code_of(plate), code_of(plate.replace("SN-1", "SN-2"))) == (asset, part)


def test_link_is_idempotent_and_taken_back(shop: Shop) -> None:
    part, other = shop.part(), shop.part()
    done = shop.ok("link", text="X-100", thing=part)
    assert (done["text"], done["thing"]) == ("X-100", part)
    shop.ok("reverse", operation=done["operation"])
    assert found("X-100") is None
    assert refused(shop.do("reverse", operation=done["operation"])) == "already_reversed"
    shop.ok("link", text="x-100", thing=other)
    assert refused(shop.do("reverse", operation=done["operation"])) == "already_reversed"
    assert code_of("X-100") == other


def test_a_text_that_stands_for_something_is_not_linked(shop: Shop) -> None:
    asset = shop.asset(tag="FL-07", serial="SN-9")
    part = shop.part(part_number="HF-6553", barcode=GTIN)
    shop.bin("B-12-3")
    for text in ("fl-07", "sn-9", "hf-6553", GTIN, BOX, "b-12-3", "dana", asset, part):
        outcome = shop.do("link", text=text, thing=part)
        assert refused(outcome) == "taken", text
        assert "stands for" in (outcome.error or {})["message"]
    for text in (blank(shop), f"http://stock.test/S/{blank(shop)}"):
        assert refused(shop.do("link", text=text, thing=part)) == "blank_label"
    assert refused(shop.do("link", text=next(iter(CARDS)), thing=part)) == "taken"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "malformed"), (" ", "invalid"), ("x" * 513, "invalid"), ("\u200b", "invalid"),
     ("a\x00b", "invalid"), ("\ud800", "invalid")],
)  # fmt: skip
def test_what_is_no_text_is_not_linked(shop: Shop, text: str, code: str) -> None:
    assert refused(shop.do("link", text=text, thing=shop.part())) == code


def test_unknown_code(shop: Shop) -> None:
    assert refused(shop.do("link", text="X", thing="no such thing")) == "unknown_reference"
    assert refused(shop.do("claim", label="X", thing=shop.part())) == "unknown_reference"
    assert refused(shop.do("claim", label="0000000", thing=shop.part())) == "unknown_reference"


def test_checks_permission(shop: Shop) -> None:
    part, label = shop.part(), blank(shop)
    for player in (shop.cast.viewer, shop.cast.technician):
        assert refused(shop.do("link", text="X", thing=part, by=player)) == "not_allowed"
        assert refused(shop.do("claim", label=label, thing=part, by=player)) == "not_allowed"


def test_a_claimed_label_stands_for_the_thing_until_taken_back(shop: Shop) -> None:
    label, asset = blank(shop), shop.asset()
    assert found(label) == Found(Kind.BLANK, None, label)
    done = shop.ok("claim", label=f"http://stock.test/S/{label}", thing=asset)
    assert done["label"] == label
    assert (code_of(label), code_of(label.lower())) == (asset, asset)
    assert found(label, Kind.PART) is None
    assert refused(shop.do("claim", label=label, thing=shop.part())) == "taken"
    assert refused(shop.do("claim", label=asset, thing=shop.part())) == "taken"
    shop.ok("reverse", operation=done["operation"])
    assert found(label) == Found(Kind.BLANK, None, label)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("asset", {"name": "Drill"}),
        ("part", {"name": "Filter", "part_number": "P-1"}),
        ("location", {"name": "B-1", "kind_of_place": "bin"}),
        ("person", {"name": "Eve", "role": "viewer"}),
    ],
)
def test_a_new_thing_takes_a_blank_label_and_its_barcode(
    shop: Shop, kind: str, values: dict[str, str]
) -> None:
    label = blank(shop)
    made = create(shop, kind, label=label, alias="X-100", **values)
    assert made.done, made
    assert (made.result or {})["code"] == label
    assert (code_of(label), code_of("x-100")) == (label, label)
    assert (found(label) or Found(Kind.BLANK, None, "")).kind is Kind(kind)
    again = create(
        shop, kind, label=label, **{**values, "part_number": "P-2"} if kind == "part" else values
    )
    assert refused(again) == "taken"  # fmt: skip


def test_a_refused_barcode_leaves_nothing_behind(shop: Shop) -> None:
    label, part = blank(shop), shop.part(barcode="X-100")
    made = create(shop, "asset", name="Drill", tag="D-1", label=label, alias="x-100")
    assert (refused(made), (made.error or {})["field"]) == ("taken", "alias")
    assert (found("D-1"), code_of("X-100")) == (None, part)
    assert (found(label) or Found(Kind.PART, None, "")).kind is Kind.BLANK


def test_the_serial_that_led_to_an_asset_needs_no_link(shop: Shop) -> None:
    made = create(shop, "asset", name="Drill", serial="SN-1", alias="sn-1")
    assert (made.result or {})["code"] == code_of("SN-1")


@pytest.mark.parametrize("field", ["name", "tag"])
def test_a_label_is_no_name(shop: Shop, field: str) -> None:
    label = blank(shop)
    for text in (label, label.lower(), f"https://other.example/S/{label}", next(iter(CARDS))):
        made = create(shop, "asset", **{"name": "Drill", field: text})
        assert (refused(made), (made.error or {})["field"]) == ("label_code", field)
    assert create(shop, "part", name="Filter", part_number="0000000").done


@pytest.mark.parametrize("name", ["\u200b", "\u202e\u2066", "~;~"])
def test_a_name_can_be_seen(shop: Shop, name: str) -> None:
    made = create(shop, "asset", name=name)
    assert (refused(made), (made.error or {})["field"]) == ("invalid", "name")


def test_a_label_from_elsewhere_can_be_linked_in_every_form(shop: Shop) -> None:
    part = shop.part()
    shop.ok("link", text="https://old.example/S/0000000", thing=part)
    assert {code_of(text) for text in ("0000000", "000 0000", "http://x/s/OOOOOOO")} == {part}


def test_a_distributors_label_finds_the_part_by_its_numbers(shop: Shop) -> None:
    maker = shop.part(manufacturer_part_number="hf-6553")
    thing = found(DISTRIBUTOR)
    assert thing is not None
    assert thing.code == maker
    assert thing.data is not None
    assert thing.data.json() == {"lot": "L77", "quantity": "25"}
    # The maker's number means two parts now; the customer's number tells them apart.
    ours = shop.part(part_number="X-9", manufacturer_part_number="HF-6553")
    assert code_of(DISTRIBUTOR) == ours
    with pytest.raises(Invalid, match="several"):
        found("HF-6553")


def test_a_suppliers_number_is_read_as_plain_text_too(shop: Shop) -> None:
    part = shop.part(supplier_part_number="S-77/1")
    assert code_of("s-77/1") == part
    assert found("s-77/1", Kind.ASSET) is None


def test_the_serial_in_a_barcode_finds_the_asset(shop: Shop) -> None:
    asset = shop.asset(serial="SN-44")
    assert code_of(f"(01){GTIN.zfill(14)}(21)sn-44") == asset


def test_the_serial_of_a_piece_in_stock_finds_its_part(shop: Shop) -> None:
    part, bin_ = shop.part(tracking="serial"), shop.bin()
    shop.ok("receive", part=part, location=bin_, quantity=1, serial="Bat-17")
    thing = found("BAT-17")
    assert thing is not None
    assert thing.code == part
    assert thing.data is not None
    assert (thing.data.kind, thing.data.serial) == (DataKind.SERIAL, "Bat-17")


def test_cards_are_commands_and_no_label_is_one(shop: Shop) -> None:
    for code, card in CARDS.items():
        assert found(code) == Found(Kind.COMMAND, None, code, card.title)
        assert refused(shop.do("claim", label=code, thing=shop.part())) == "unknown_reference"
