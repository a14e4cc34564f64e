"""Stocks: slots, what is read across, what is cut; and the words of a label."""

from dataclasses import replace

import pytest

from stockscan.labelling.errors import LabelSpecError
from tests.labelling.cast import STOCKS, label


def test_slots_go_row_by_row() -> None:
    stock = STOCKS["avery-l7160"]
    assert stock.slots == 21
    assert stock.cell_mm(0) == pytest.approx((7.2, 15.15))
    assert stock.cell_mm(4) == pytest.approx((73.24, 53.25))


def test_code_is_shown_in_two_groups() -> None:
    assert replace(label(0), code="7K3QX9A").shown_code == "7K3 QX9A"


@pytest.mark.parametrize("slug", ["dymo-30252", "zebra-2x1"])
def test_a_turned_label_is_read_across(slug: str) -> None:
    stock = STOCKS[slug]
    fed = (stock.label_width_mm, stock.label_height_mm, stock.margin_x_mm, stock.margin_y_mm)
    area = stock.area
    read = (area.width_mm, area.height_mm, area.margin_x_mm, area.margin_y_mm)
    assert read == ((fed[1], fed[0], fed[3], fed[2]) if stock.turned else fed)
    assert area.width_mm > area.height_mm


def test_an_endless_roll_is_cut_as_long_as_somebody_wants() -> None:
    roll = STOCKS["brother-dk-22205"]
    cut = roll.cut(55.5)
    assert (cut.page_height_mm, cut.label_height_mm, cut.slots) == (55.5, 55.5, 1)
    assert roll.cut(0) is roll
    for length_mm in (roll.shortest_mm - 0.1, 1000.1, -5, float("nan")):
        with pytest.raises(LabelSpecError, match=r"choose a length between them"):
            roll.cut(length_mm)
    with pytest.raises(LabelSpecError, match="labels of one length"):
        STOCKS["zebra-2x1"].cut(40)


def test_serial_numbers_say_what_they_are_once() -> None:
    for serial, shown in (("4711", "SN 4711"), ("SN-12", "SN-12"), ("s/n 3", "s/n 3"), ("", "")):
        assert replace(label(0), serial=serial).text("serial") == shown
