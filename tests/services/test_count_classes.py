"""Classes by what was used: set-based as the rule says, by hand where somebody said so."""

import random

import pytest
from sqlalchemy import select

from stockscan.domain.counts.classes import classes
from stockscan.domain.errors import NotAllowed
from stockscan.services import counts, operations
from stockscan.services.work import reading
from stockscan.store.counts.classes import usage
from stockscan.store.parts import Part
from tests.cast import new_id
from tests.shop import SECOND, Shop

DAY = 86_400


def classes_now() -> dict[str, str]:
    """The class of each part number."""
    with reading() as connection:
        return {row.part_number: row.abc_class for row in connection.execute(
            select(Part.part_number, Part.abc_class))}  # fmt: skip


def test_usage_is_what_went_into_machines_or_was_issued(shop: Shop) -> None:
    part, shelf, asset = shop.part(cost="10"), shop.bin(), shop.asset()
    shop.ok("receive", part=part, location=shelf, quantity=100, unit_cost="10")
    shop.ok("install", part=part, location=shelf, asset=asset, quantity=7)
    shop.ok("return_part", part=part, location=shelf, asset=asset, quantity=2)
    shop.ok("issue", part=part, location=shelf, quantity=3, reason="used")
    wrong = shop.ok("issue", part=part, location=shelf, quantity=50, reason="typed wrong")
    shop.ok("reverse", operation=wrong["operation"])
    shop.ok("scrap", part=part, location=shelf, quantity=4, reason="broken")
    shop.counted(part=part, location=shelf, quantity=80)
    with reading() as connection:
        row = connection.execute(select(usage(shop.now_us - DAY * SECOND))).one()
        assert row.value_e4 == (7 - 2 + 3) * 10 * 10_000
        assert connection.execute(select(usage(shop.now_us))).first() is None


def test_classes_are_as_the_rule_says(shop: Shop) -> None:
    shelf, dice = shop.bin(), random.Random(7)
    used = {f"P-{number:02}": dice.choice((0, 1, 2, 5, 20, 80, 300)) for number in range(25)}
    for number, quantity in used.items():
        part = shop.part(part_number=number)
        shop.ok("receive", part=part, location=shelf, quantity=1_000, unit_cost="1.25")
        if quantity:
            shop.ok("issue", part=part, location=shelf, quantity=quantity, reason="used")
    changed = counts.classify(shop.context())
    wanted = classes(used)
    assert classes_now() == wanted
    assert changed == sum(letter != "C" for letter in wanted.values())
    assert counts.classify(shop.context()) == 0


def test_classes_by_hand_stay(shop: Shop) -> None:
    shelf, part = shop.bin(), shop.part(part_number="dear", abc_class="C")
    shop.part(part_number="idle", abc_class="B")
    shop.ok("receive", part=part, location=shelf, quantity=10, unit_cost="9")
    shop.ok("issue", part=part, location=shelf, quantity=10, reason="used")
    counts.classify(shop.context())
    assert classes_now() == {"dear": "C", "idle": "B"}
    values = {"id": new_id(), "part": part, "abc_class": ""}
    assert operations.edit(shop.context(), "edit_part", values).done
    counts.classify(shop.context())
    assert classes_now() == {"dear": "A", "idle": "B"}


def test_reading_the_calendar_classes_nothing(shop: Shop) -> None:
    """Only the nightly work does, and whoever asks for it."""
    shelf, part = shop.bin(), shop.part(part_number="dear")
    shop.ok("receive", part=part, location=shelf, quantity=10, unit_cost="9")
    shop.ok("issue", part=part, location=shelf, quantity=10, reason="used")
    counts.calendar(shop.context())
    assert classes_now() == {"dear": "C"}
    assert counts.classify(shop.context()) == 1
    assert counts.classes(shop.context()).computed_us == shop.now_us


def test_it_asks_for_permission(shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        counts.classify(shop.context(shop.cast.technician))
