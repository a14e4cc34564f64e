"""Calibrating a printer: what is read changes it once, and only as its page was made for it."""

from typing import Any
from uuid import uuid4

import pytest

from stockscan.domain.access import Role
from stockscan.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from stockscan.services import labels
from stockscan.services.labels import LabelSetup, calibrating
from stockscan.store.once import Once
from stockscan.store.printers import PrinterRow
from tests.shop import Shop

READ = {"A": -0.8, "B": 0.5, "C": -0.8, "D": 0.5}


@pytest.fixture
def setup(tmp_path: Any) -> LabelSetup:
    return LabelSetup("https://stock.example.com", tmp_path)


@pytest.fixture
def printer(shop: Shop) -> int:
    body = {"name": "Office", "dpi": "300", "host": "", "port": "9100", "active": True}
    exact = {"offset_x": "0", "offset_y": "0", "scale_x": "100", "scale_y": "100"}
    return labels.save_printer(shop.context(), Once(str(uuid4()), {**body, **exact}))


def calibrate(
    shop: Shop, setup: LabelSetup, number: int, readings_mm: dict[str, float], **given: str
) -> PrinterRow:
    body = {"stock": "avery-l7160", "was": "0 0 100000 100000", **given}
    once = Once(body.pop("id", str(uuid4())), body)
    return calibrating.calibrate(shop.context(), setup, number, readings_mm, once)


def test_a_printer_is_set_once_by_what_was_read(
    shop: Shop, setup: LabelSetup, printer: int
) -> None:
    uid = str(uuid4())
    row = calibrate(shop, setup, printer, READ, id=uid)
    assert (row.offset_x_um, row.offset_y_um) == (-800, 500)
    assert (row.scale_x_e5, row.scale_y_e5) == (100_000, 100_000)
    assert calibrate(shop, setup, printer, READ, id=uid) == row, "a retry moves nothing"
    with pytest.raises(Conflict, match="used for something else"):
        calibrate(shop, setup, printer, {**READ, "A": 0.0}, id=uid)
    with pytest.raises(Conflict, match="Office was changed since this page was printed"):
        calibrate(shop, setup, printer, READ)
    was = calibrating.adjustment(row)
    assert calibrate(shop, setup, printer, dict.fromkeys(READ, 0.0), was=was) == row
    roll = {"A": 9.5, "B": 10.0}
    moved = calibrate(shop, setup, printer, roll, was=was, stock="dymo-30252")
    assert (moved.offset_x_um, moved.offset_y_um) == (-1300, 500)


def test_what_no_printer_does_names_the_letter(shop: Shop, setup: LabelSetup, printer: int) -> None:
    with pytest.raises(Invalid, match="100 %") as error:
        calibrate(shop, setup, printer, {**READ, "D": 7.0})
    assert error.value.field == "D"
    assert labels.printer_of(printer).offset_x_um == 0
    with pytest.raises(NotFound):
        calibrate(shop, setup, 99, READ)
    with pytest.raises(NotFound):
        calibrate(shop, setup, printer, READ, stock="no-such")


def test_the_page_is_a_pdf_of_the_size_of_the_stock(
    shop: Shop, setup: LabelSetup, printer: int
) -> None:
    page = calibrating.calibration_page(shop.context(), setup, "brother-dk-11204", printer)
    assert (page.media_type, page.data[:5]) == ("application/pdf", b"%PDF-")
    test_page = calibrating.test_page(shop.context(), setup, "brother-dk-11204")
    assert test_page.data.startswith(b"%PDF-")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", [Role.VIEWER, Role.TECHNICIAN])
def test_checks_permission(shop: Shop, setup: LabelSetup, printer: int, role: Role) -> None:
    ctx = shop.context(shop.cast.of(role))
    once = Once(str(uuid4()), {"stock": "avery-l7160", "was": "0 0 100000 100000"})
    for verb in (
        lambda: calibrating.calibrate(ctx, setup, printer, READ, once),
        lambda: calibrating.calibration_page(ctx, setup, "avery-l7160", printer),
        lambda: calibrating.test_page(ctx, setup, "avery-l7160"),
        lambda: calibrating.reading_points(ctx, setup, "avery-l7160"),
    ):
        with pytest.raises(NotAllowed):
            verb()
