"""Printing labels: what is chosen, what is refused, what is remembered."""

from collections.abc import Iterator
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from sqlalchemy import select

from stockscan.domain.errors import Invalid, NotAllowed, NotFound, RuleBroken
from stockscan.labelling.printing import Printed
from stockscan.services import labels
from stockscan.services.labels import Paper
from stockscan.services.work import reading
from stockscan.store.labels import LabelPrint, LabelPrinted
from tests.cast import hire
from tests.shop import Shop

ADDRESS = "https://stock.example.com"
L7160 = Paper("avery-l7160", "standard")


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


def printed(shop: Shop, *items: str, paper: Paper = L7160, place: str = "") -> Printed:
    return labels.print_labels(
        shop.context(), items, paper, form="pdf", public_url=ADDRESS, place=place
    )


def codes_on(pdf: bytes) -> list[list[str]]:
    """What a reader sees on each page."""
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    pages = [page.render(scale=4).to_pil() for page in document]
    return [sorted(found.text for found in zxingcpp.read_barcodes(page)) for page in pages]


def test_a_print_carries_the_address_and_is_remembered(shop: Shop) -> None:
    asset, part, bin_ = shop.asset(), shop.part(), shop.bin()
    result = printed(shop, asset, part, bin_, paper=Paper("avery-l7160", "standard", 5))
    found = codes_on(result.data)
    assert found == [sorted(f"https://STOCK.EXAMPLE.COM/S/{code}" for code in (asset, part, bin_))]
    with reading() as connection:
        entry = connection.execute(select(LabelPrint.__table__)).one()
        places = connection.execute(
            select(LabelPrinted.place, LabelPrinted.code).order_by(LabelPrinted.place)
        ).all()
    assert (entry.stock, entry.start, entry.format) == ("avery-l7160", 5, "pdf")
    assert entry.public_url == ADDRESS
    assert [tuple(row) for row in places] == [(1, asset), (2, part), (3, bin_)]


def test_without_an_address_it_says_what_to_set(shop: Shop) -> None:
    with pytest.raises(RuleBroken, match="STOCKSCAN_PUBLIC_URL"):
        labels.print_labels(shop.context(), [shop.asset()], L7160, form="pdf", public_url="")
    with reading() as connection:
        assert connection.execute(select(LabelPrint.id)).all() == []


def test_things_may_be_named_by_any_reference(shop: Shop) -> None:
    asset, part = shop.asset(tag="FL-07"), shop.part(part_number="HF-6177")
    shop.bin("B-12-3")
    chosen = labels.chosen_labels(shop.context(), ["fl-07", part, "FL-07", "b-12-3"])
    assert [text.code for text in chosen[:3]] == [asset, part, asset]
    assert [text.title for text in chosen] == ["FL-07", "Filter", "FL-07", "B-12-3"]
    assert chosen[1].subtitle == "HF-6177"


def test_a_place_brings_everything_in_it(shop: Shop) -> None:
    site = shop.make("location", name="Hall", kind_of_place="site")
    area = shop.make("location", name="Spares", kind_of_place="area", parent=site)
    bin_ = shop.make("location", name="B-1", kind_of_place="bin", parent=area)
    asset = shop.asset(location=area)
    shop.bin("Elsewhere")
    chosen = labels.chosen_labels(shop.context(), [], place=site)
    assert [text.code for text in chosen] == [bin_, site, area, asset]


def test_unknown_code(shop: Shop) -> None:
    with pytest.raises(NotFound, match="'FL-99'"):
        printed(shop, "FL-99")
    with pytest.raises(NotFound):
        printed(shop, shop.asset(), paper=Paper("no-such-paper", "standard"))
    with pytest.raises(NotFound):
        printed(shop, shop.asset(), paper=Paper("avery-l7160", "no-such-layout"))


@pytest.mark.parametrize("start", [0, 22])
def test_the_first_slot_is_one_of_the_sheet(shop: Shop, start: int) -> None:
    with pytest.raises(Invalid, match="1 to 21"):
        printed(shop, shop.asset(), paper=Paper("avery-l7160", "standard", start))


def test_nothing_chosen_is_not_printed(shop: Shop) -> None:
    with pytest.raises(Invalid):
        printed(shop)


def test_missing_letters_warn_and_print_all_the_same(shop: Shop) -> None:
    result = printed(shop, shop.asset(tag="\U00012000 stone"))
    assert result.warnings
    assert result.data.startswith(b"%PDF")


def test_print_checks_permission(shop: Shop) -> None:
    technician, asset = shop.context(shop.cast.technician), shop.asset()
    with pytest.raises(NotAllowed):
        labels.print_labels(technician, [asset], L7160, form="pdf", public_url=ADDRESS)
