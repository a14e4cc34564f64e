"""Counts against the named stories of the survey, and the rules around them one by one."""

import pytest

from stockscan.domain.access import Role
from stockscan.domain.errors import NotAllowed
from stockscan.services import people
from stockscan.services.counts import post
from tests.shop import Shop


def test_issue_before_the_count_is_not_subtracted_twice(shop: Shop) -> None:
    """sussol/mobile#638: 1000, issue 100, count 900 -> 900."""
    bin_, part = shop.bin(), shop.part()
    shop.ok("receive", part=part, location=bin_, quantity=1000)
    shop.ok("issue", part=part, location=bin_, quantity=100, reason="used")
    assert shop.ok("count", part=part, location=bin_, quantity=900)["state"] == "POSTED"
    assert shop.on_hand(part, bin_) == 900


def test_issue_between_count_and_posting_is_not_erased(shop: Shop) -> None:
    """sussol/mobile#638, second story: 100, count 100, issue 100 -> 0."""
    bin_, part = shop.bin(), shop.part()
    shop.ok("receive", part=part, location=bin_, quantity=120)
    count = shop.ok("count", part=part, location=bin_, quantity=100)
    assert count["state"] == "NEEDS_REVIEW"
    shop.ok("issue", part=part, location=bin_, quantity=100, reason="used")
    shop.approve(count["count"])
    assert shop.on_hand(part, bin_) == 0


def test_sale_during_an_open_count(shop: Shop) -> None:
    """hmislk/hmis#16235: 100, sell 15, count 80 -> 80."""
    bin_, part = shop.bin(), shop.part()
    shop.ok("receive", part=part, location=bin_, quantity=100)
    shop.ok("issue", part=part, location=bin_, quantity=15, reason="sold")
    shop.counted(part=part, location=bin_, quantity=80)
    assert shop.on_hand(part, bin_) == 80


def test_receipt_after_the_count(shop: Shop) -> None:
    """SAP freeze: 100, count 90, receive 20, post -> 110."""
    bin_, part = shop.bin(), shop.part()
    shop.ok("receive", part=part, location=bin_, quantity=100)
    count = shop.ok("count", part=part, location=bin_, quantity=90)
    shop.ok("receive", part=part, location=bin_, quantity=20)
    shop.approve(count["count"])
    assert shop.on_hand(part, bin_) == 110


def test_late_issue_from_before_the_count(shop: Shop) -> None:
    """SAP late issue: 1000, 900 taken unrecorded, count 80, then the issue arrives -> 80."""
    bin_, part = shop.bin(), shop.part()
    shop.ok("receive", part=part, location=bin_, quantity=1000)
    shop.wait(100)
    shop.counted(part=part, location=bin_, quantity=80)
    shop.ok("issue", part=part, location=bin_, quantity=900, reason="used", age_ms=50_000)
    assert shop.on_hand(part, bin_) == 80


def test_two_open_counts_of_one_key(shop: Shop) -> None:
    """odoo/odoo#10682: 10, counts of 20 then 30, both posted -> 30, in either order."""
    for first in (0, 1):
        bin_, part = shop.bin(), shop.part()
        shop.ok("receive", part=part, location=bin_, quantity=10)
        counts = [
            shop.ok("count", part=part, location=bin_, quantity=quantity)["count"]
            for quantity in (20, 30)
        ]
        shop.approve(counts[first])
        shop.approve(counts[1 - first])
        assert shop.on_hand(part, bin_) == 30


def test_install_after_the_count(shop: Shop) -> None:
    """Forklift: 10, count 9, install 2, post -> 7."""
    bin_, part, asset = shop.bin(), shop.part(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=10)
    count = shop.ok("count", part=part, location=bin_, quantity=9)
    shop.ok("install", part=part, asset=asset, location=bin_, quantity=2)
    shop.approve(count["count"])
    assert shop.on_hand(part, bin_) == 7


def test_second_posting_changes_nothing(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part()
    shop.ok("receive", part=part, location=bin_, quantity=10)
    count = shop.ok("count", part=part, location=bin_, quantity=5)
    assert shop.approve(count["count"])["lines"] == shop.approve(count["count"])["lines"]
    assert shop.on_hand(part, bin_) == 5


def test_late_install_explains_a_shortage_and_is_still_charged(shop: Shop) -> None:
    bin_, part, asset = shop.bin(), shop.part(cost="5"), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=10, unit_cost="5")
    shop.wait(100)
    shop.counted(part=part, location=bin_, quantity=8)
    late = shop.ok("install", part=part, asset=asset, location=bin_, quantity=2, age_ms=30_000)
    assert (late["cost"], late["after"]) == ("10.00", "8")


def test_voided_count_gives_its_adjustment_back(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part()
    shop.ok("receive", part=part, location=bin_, quantity=10)
    count = shop.counted(part=part, location=bin_, quantity=7)
    shop.ok("issue", part=part, location=bin_, quantity=1, reason="used")
    shop.ok("reverse", operation=count["operation"])
    assert shop.on_hand(part, bin_) == 9
    again = shop.do("reverse", operation=count["operation"])
    assert (again.error or {})["code"] == "already_reversed"


def test_late_movement_in_the_window_asks_and_the_answer_after_moves_the_count(shop: Shop) -> None:
    bin_, part, asset = shop.bin(), shop.part(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=100)
    shop.wait(100)
    shop.counted(part=part, location=bin_, quantity=100, window_ms=20_000)
    late = shop.ok("install", part=part, asset=asset, location=bin_, quantity=1, age_ms=10_000)
    assert shop.on_hand(part, bin_) == 100
    question = late["question"]
    assert question["preselected"] == "before"
    shop.ok("retime", operation=question["operation"], after_count=question["line"])
    assert shop.on_hand(part, bin_) == 99


def test_count_over_a_movement_waits_for_the_answer(shop: Shop) -> None:
    bin_, part, asset = shop.bin(), shop.part(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=100)
    shop.wait(100)
    shop.ok("install", part=part, asset=asset, location=bin_, quantity=1)
    count = shop.ok("count", part=part, location=bin_, quantity=100, window_ms=20_000)
    assert count["state"] == "MOVED_DURING_COUNT"
    answer = shop.ok("retime", operation=count["question"]["operation"], after_count=count["line"])
    assert answer["state"] == "POSTED"
    assert shop.on_hand(part, bin_) == 99


def test_carried_part_is_preselected_before_a_short_count(shop: Shop) -> None:
    """Taken first, scanned at the machine: the count in between was short by just that much."""
    bin_, part, asset = shop.bin(), shop.part(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=10)
    shop.wait(600)
    shop.counted(part=part, location=bin_, quantity=9)
    shop.wait(60)
    late = shop.ok("install", part=part, asset=asset, location=bin_, quantity=1, carry_min=60)
    assert late["question"]["preselected"] == "before"
    assert shop.on_hand(part, bin_) == 9
    shop.ok("retime", operation=late["operation"], after_count=late["question"]["line"])
    assert shop.on_hand(part, bin_) == 8
    shop.ok("retime", operation=late["operation"], before_count=late["question"]["line"])
    assert shop.on_hand(part, bin_) == 9


def test_count_that_arrives_after_a_carried_part(shop: Shop) -> None:
    bin_, part, asset = shop.bin(), shop.part(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=100)
    shop.wait(600)
    shop.ok("install", part=part, asset=asset, location=bin_, quantity=1, carry_min=60)
    count = shop.ok("count", part=part, location=bin_, quantity=99, age_ms=120_000)
    assert count["question"]["preselected"] == "before"
    assert (count["state"], shop.on_hand(part, bin_)) == ("POSTED", 99)


def test_what_was_before_a_count_stays_before_it_when_the_count_moves(shop: Shop) -> None:
    bin_, part, asset = shop.bin(), shop.part(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=10)
    shop.wait(600)
    shop.counted(part=part, location=bin_, quantity=9, window_ms=20_000)
    shop.wait(60)
    shop.ok("install", part=part, asset=asset, location=bin_, quantity=1, carry_min=60)
    late = shop.ok("install", part=part, asset=asset, location=bin_, quantity=1, age_ms=70_000)
    question = late["question"]
    shop.ok("retime", operation=late["operation"], after_count=question["line"])
    assert shop.on_hand(part, bin_) == 8


def test_what_shares_the_instant_of_a_count_that_moved_can_still_be_after_it(shop: Shop) -> None:
    bin_, part, asset = shop.bin(), shop.part(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=20)
    shop.wait(600)
    here = {"part": part, "location": bin_}
    seen = shop.ok("install", asset=asset, **here, quantity=3, age_ms=60_000)
    carried = shop.ok("install", asset=asset, **here, quantity=2, carry_min=60)
    count = shop.ok("count", **here, quantity=10, window_ms=1_000, age_ms=62_000)
    for one in (seen, carried):
        shop.ok("retime", operation=one["operation"], after_count=count["line"])
    shop.approve(count["count"])
    assert shop.on_hand(part, bin_) == 5


def test_complete_bin_counts_the_rest_as_zero_and_anchors_what_appears_later(shop: Shop) -> None:
    bin_, here, there, late = shop.bin(), shop.part(), shop.part(), shop.part()
    for part in (here, there):
        shop.ok("receive", part=part, location=bin_, quantity=5)
    shop.wait(100)
    count = shop.ok("count", part=here, location=bin_, quantity=5, complete=True)
    assert count["zeroed"] == 1
    shop.approve(count["count"])
    assert (shop.on_hand(here, bin_), shop.on_hand(there, bin_)) == (5, 0)
    shop.ok("receive", part=late, location=bin_, quantity=3, age_ms=50_000)
    assert shop.on_hand(late, bin_) == 0
    shop.ok("receive", part=late, location=bin_, quantity=4)
    assert shop.on_hand(late, bin_) == 4


def test_what_was_counted_in_the_same_visit_is_not_zero_in_a_complete_bin(shop: Shop) -> None:
    bin_, first, last = shop.bin(), shop.part(), shop.part()
    for part in (first, last):
        shop.ok("receive", part=part, location=bin_, quantity=5)
    shop.wait(100)
    shop.ok("count", part=first, location=bin_, quantity=5)
    shop.wait(10)
    done = shop.ok("count", part=last, location=bin_, quantity=5, complete=True, window_ms=60_000)
    assert done["zeroed"] == 0
    shop.ok("receive", part=first, location=bin_, quantity=1, age_ms=90_000)
    assert shop.on_hand(first, bin_) == 5


def test_own_count_needs_another_approver_once_there_are_two(shop: Shop) -> None:
    for name in ("first", "second"):
        people.add_user(shop.context(), username=name, role=Role.SUPERVISOR, password="long enough")
    bin_, part = shop.bin(), shop.part()
    shop.ok("receive", part=part, location=bin_, quantity=10)
    count = shop.ok("count", by=shop.cast.supervisor, part=part, location=bin_, quantity=5)
    with pytest.raises(NotAllowed):
        post(shop.context(shop.cast.supervisor), count["count"], approve=True)
    shop.approve(count["count"], by=shop.cast.admin)
    assert shop.on_hand(part, bin_) == 5


def test_a_part_that_nobody_heard_of_before_two_complete_counts(shop: Shop) -> None:
    bin_, known, late = shop.bin(), shop.part(), shop.part()
    shop.ok("receive", part=known, location=bin_, quantity=5)
    shop.wait(1000)
    for _ in range(2):
        shop.ok("count", part=known, location=bin_, quantity=5, complete=True)
        shop.wait(100)
    shop.ok("receive", part=late, location=bin_, quantity=3, age_ms=500_000)
    assert shop.on_hand(late, bin_) == 0
