"""What will be short, as the danger zone says it."""

from datetime import date

import pytest

from stockscan.domain.maintenance import Basis
from stockscan.domain.purchasing import Lead
from stockscan.domain.purchasing.projecting import Shortage
from stockscan.services.purchasing import Cause, Danger
from stockscan.store.purchasing.coming import Coming
from stockscan.store.purchasing.named import PartName
from stockscan.web.purchasing.words import is_late, is_safe, plural, sentence, step, what_to_do

TODAY = date(2026, 11, 22)
BATTERY = PartName(1, "CODE", "BAT", "Battery", "pcs", 1000, None, None)
SHORT = Shortage(
    need_by=date(2026, 12, 10), order_by=date(2026, 11, 19), covers=date(2026, 12, 10),
    quantity_milli=8000, needed_milli=12_000, on_hand_milli=4000, coming_milli=0,
    expired_milli=0, safety_milli=0, late_days=3,
)  # fmt: skip


def swap(**values: object) -> Cause:
    """Twelve laptops that reach an age."""
    usual = {"name": "Battery swap", "path": "/plans/1", "basis": Basis.AGE, "assets": 12,
             "kind_of_asset": "Laptop", "quantity_milli": 12_000,
             "first_on": date(2026, 12, 10)}  # fmt: skip
    return Cause(**{**usual, **values})  # type: ignore[arg-type]


def danger(*causes: Cause, lines: tuple[Coming, ...] = (), covered: bool = False) -> Danger:
    """A battery that will be short."""
    return Danger(
        part=BATTERY, here_milli=4000, short=SHORT, is_covered=covered, is_due=True,
        lead=Lead(days=14), causes=list(causes), lines=list(lines),
    )  # fmt: skip


def test_as_the_issue_says_it() -> None:
    row = danger(swap())
    said = "12 laptops reach the age for Battery swap next month, 4 in stock"
    assert sentence(row, TODAY) == said
    assert what_to_do(row, TODAY) == "Order 8 by Thu 19 Nov"


def test_several_causes_and_one_machine() -> None:
    press = swap(name="J-7", basis=None, assets=1, kind_of_asset="Press 4")
    trucks = swap(name="Service", basis=Basis.METER, assets=2, kind_of_asset="VW T6",
                  first_on=date(2026, 11, 29))  # fmt: skip
    assert sentence(danger(press, trucks), TODAY) == (
        "Press 4 needs it for J-7 and 2 VW T6 are due for Service until next month, 4 in stock"
    )
    assert sentence(danger(), TODAY) == "0 are to be kept, 4 in stock"


def test_what_is_asked_for_already() -> None:
    lines = (Coming(1, 1, 7, 5000, None, "raised"), Coming(1, 2, 9, 3000, None, "ordered"))
    row = danger(swap(), lines=lines, covered=True)
    assert what_to_do(row, TODAY) == "8 pcs asked for"
    assert what_to_do(danger(swap(), lines=lines), TODAY) == "Order 8 more by Thu 19 Nov"


@pytest.mark.parametrize(
    ("line", "said", "late", "safe"),
    [
        (Coming(1, 1, 7, 8000, None, "raised"),
         "waits for approval, was to be ordered by Thu 19 Nov", True, False),
        (Coming(1, 1, 7, 8000, date(2026, 12, 1), "ordered"), "comes Tue 1 Dec", False, True),
        (Coming(1, 1, 7, 8000, date(2026, 11, 20), "ordered"),
         "was to come Fri 20 Nov: call the supplier", True, False),
    ],
)  # fmt: skip
def test_only_what_is_ordered_and_comes_in_time_is_safe(
    line: Coming, said: str, *, late: bool, safe: bool
) -> None:
    """What was late before anyone approved it had a green tick."""
    row = danger(swap(), lines=(line,), covered=True)
    assert step(line, row, TODAY) == (said, late)
    assert (is_late(row, TODAY), is_safe(row, TODAY)) == (late, safe)


@pytest.mark.parametrize(
    ("one", "many"),
    [("Battery", "Batteries"), ("Key", "Keys"), ("Press", "Presses"), ("Box", "Boxes"),
     ("Laptop", "Laptops"), ("T14", "T14"), ("", "")],
)  # fmt: skip
def test_several_of_a_thing(one: str, many: str) -> None:
    assert plural(one) == many
