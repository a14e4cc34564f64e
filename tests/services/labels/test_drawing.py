"""Drawing labels: the file with its address, the first slot, what is refused, what is warned of."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from sqlalchemy import select

from stockscan.domain.errors import Invalid, NotAllowed, NotFound, RuleBroken
from stockscan.labelling.printing import Printed
from stockscan.services import labels
from stockscan.services.labels import LabelSetup, Paper, Wanted
from stockscan.services.work import reading
from stockscan.store.labels import LabelPrint, LabelPrinted
from tests.cast import hire, new_id
from tests.shop import Shop

SETUP = LabelSetup("https://stock.example.com", Path("no-folder-of-the-company"))
NAMELESS = replace(SETUP, public_url="")
L7160 = Paper("avery-l7160", "standard")


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


def printed(shop: Shop, *items: str, paper: Paper = L7160, place: str = "") -> Printed:
    wanted = Wanted(items, place)
    ordered = labels.order_print(shop.context(), SETUP, wanted, paper, "pdf", new_id())
    assert ordered.file
    return ordered.file


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
    assert entry.public_url == SETUP.public_url
    assert [tuple(row) for row in places] == [(1, asset), (2, part), (3, bin_)]


def test_without_an_address_it_says_what_to_set(shop: Shop) -> None:
    wanted = Wanted([shop.asset()])
    with pytest.raises(RuleBroken, match="STOCKSCAN_PUBLIC_URL"):
        labels.order_print(shop.context(), NAMELESS, wanted, L7160, "pdf", new_id())
    with reading() as connection:
        assert connection.execute(select(LabelPrint.id)).all() == []


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
        labels.order_print(technician, SETUP, Wanted([asset]), L7160, "pdf", new_id())
