"""What becomes of counted lines: accepted, counted again, answered, approved, rejected, booked."""

import uuid

import pytest

from stockscan.domain.access import Role
from stockscan.domain.counts import Tolerance
from stockscan.domain.errors import NotAllowed, NotFound
from stockscan.services import counts, people
from stockscan.services.work import unit_of_work
from stockscan.store import settings
from tests.planned import assigned, count, line_ids, opened_state, plan, states, stocked, submit
from tests.shop import Shop


def test_the_same_submission_again_changes_nothing(shop: Shop) -> None:
    bin_, part = stocked(shop)
    opened = plan(shop, bin_)
    count(shop, opened, part, bin_, 3)
    first = submit(shop, opened)
    assert submit(shop, opened) == first
    assert states(opened) == ["NEEDS_RECOUNT", "PENDING"]


def test_a_difference_is_counted_again_by_another_and_agreement_needs_a_person(
    shop: Shop,
) -> None:
    bin_, part = stocked(shop)
    one, two = shop.cast.technician, shop.cast.storekeeper
    opened = plan(shop, bin_, counters=(one.id, two.id))
    first = assigned(opened)
    other = two if first == one.id else one
    count(shop, opened, part, bin_, 7, by=one if first == one.id else two)
    submit(shop, opened)
    assert states(opened) == ["NEEDS_RECOUNT", "PENDING"]
    assert assigned(opened) == other.id
    result = count(shop, opened, part, bin_, 7, by=other)
    assert (result["state"], result["attempt"]) == ("NEEDS_REVIEW", 2)
    done = shop.approve(opened.id, cause="missing")
    assert (done["state"], states(opened)) == ("POSTED", ["REJECTED", "POSTED"])
    assert shop.on_hand(part, bin_) == 7


def test_a_recount_that_fits_is_accepted(shop: Shop) -> None:
    bin_, part = stocked(shop)
    opened = plan(shop, bin_, posts_itself=True)
    count(shop, opened, part, bin_, 7)
    submit(shop, opened)
    shop.ok("issue", part=part, location=bin_, quantity=4, reason="used")
    assert count(shop, opened, part, bin_, 6)["state"] == "POSTED"
    assert (states(opened), shop.on_hand(part, bin_)) == (["REJECTED", "POSTED"], 6)


def test_two_who_count_on_their_own_must_agree(shop: Shop) -> None:
    one, two = shop.cast.technician, shop.cast.storekeeper
    for second, expected in ((10, "MATCHED"), (9, "NEEDS_REVIEW")):
        bin_, part = stocked(shop)
        opened = plan(shop, bin_, counters=(one.id, two.id), independent=True)
        assert opened.lines == 2
        count(shop, opened, part, bin_, 10, by=one)
        submit(shop, opened, one, mine=True)
        assert sorted(states(opened)) == ["COUNTED", "PENDING"]
        count(shop, opened, part, bin_, second, by=two)
        submit(shop, opened, two, mine=True)
        assert states(opened) == [expected, expected]


def test_something_moved_during_the_count_waits_for_the_answer(shop: Shop) -> None:
    bin_, part = stocked(shop)
    shop.wait(100)
    opened = plan(shop, bin_)
    shop.ok("issue", part=part, location=bin_, quantity=1, reason="used")
    result = count(shop, opened, part, bin_, 10, window_ms=20_000)
    assert (result["state"], result["question"]["preselected"]) == ("MOVED_DURING_COUNT", None)
    submit(shop, opened)
    assert states(opened) == ["MOVED_DURING_COUNT"]
    shop.ok("retime", operation=result["question"]["operation"], after_count=result["line"])
    assert states(opened) == ["MATCHED"]
    counts.post(shop.context(), opened.id)
    assert shop.on_hand(part, bin_) == 9


def test_counting_again_is_the_third_answer(shop: Shop) -> None:
    bin_, part = stocked(shop)
    shop.wait(100)
    opened, counter = plan(shop, bin_), shop.cast.technician
    shop.ok("issue", part=part, location=bin_, quantity=1, reason="used")
    result = count(shop, opened, part, bin_, 10, by=counter, window_ms=20_000)
    submit(shop, opened)
    counts.order_recount(shop.context(counter), opened.id, [result["line"]])
    assert states(opened) == ["PENDING"]
    shop.wait(60)
    assert count(shop, opened, part, bin_, 9, by=counter)["state"] == "MATCHED"


def test_a_late_movement_in_the_window_of_a_counted_line_makes_it_wait(shop: Shop) -> None:
    bin_, part = stocked(shop)
    shop.wait(100)
    opened = plan(shop, bin_)
    count(shop, opened, part, bin_, 10, window_ms=20_000)
    late = shop.ok("issue", part=part, location=bin_, quantity=1, reason="used", age_ms=10_000)
    submit(shop, opened)
    assert states(opened) == ["MOVED_DURING_COUNT"]
    question = late["question"]
    shop.ok("retime", operation=question["operation"], before_count=question["line"])
    assert states(opened) == ["NEEDS_RECOUNT", "PENDING"]


def test_a_look_that_was_replaced_is_asked_about_no_more(shop: Shop) -> None:
    """Carried away at 10:05, scanned at 10:30; counted at 10:00 and again at 10:10."""
    bin_, part, asset = shop.bin(), shop.part(), shop.asset()
    shop.ok("receive", part=part, location=bin_, quantity=10)
    shop.wait(3_600)
    opened = plan(shop, bin_)
    count(shop, opened, part, bin_, 9)
    shop.wait(1_800)
    carried = shop.ok("install", part=part, asset=asset, location=bin_, quantity=1, carry_min=60)
    assert carried["question"]["line"]
    again = count(shop, opened, part, bin_, 9, age_ms=1_200_000)
    assert again["question"]["operation"] == carried["operation"]
    refused = shop.do("retime", operation=carried["operation"], before_count=99)
    assert refused.status == "rejected"
    shop.ok("retime", operation=carried["operation"], before_count=again["line"])
    submit(shop, opened)
    assert states(opened) == ["MATCHED"]
    counts.post(shop.context(), opened.id)
    assert shop.on_hand(part, bin_) == 9


def test_some_lines_are_booked_and_the_others_go_on(shop: Shop) -> None:
    bin_, part = stocked(shop)
    other = shop.part()
    shop.ok("receive", part=other, location=bin_, quantity=5)
    opened = plan(shop, bin_, max_attempts=1)
    first, second = (count(shop, opened, each, bin_, 3)["line"] for each in (part, other))
    submit(shop, opened)
    assert (
        counts.post(shop.context(), opened.id, line_ids=[first], approve=True)["state"] != "POSTED"
    )
    counts.reject_lines(shop.context(), opened.id, [second], cause="other")
    assert (line_ids(opened, "POSTED"), line_ids(opened, "REJECTED")) == ([first], [second])
    assert (shop.on_hand(part, bin_), shop.on_hand(other, bin_)) == (3, 5)


def test_a_variance_that_is_another_one_now_goes_back_to_review(shop: Shop) -> None:
    bin_, part = stocked(shop)
    shop.wait(100)
    opened = plan(shop, bin_, max_attempts=1)
    line = count(shop, opened, part, bin_, 5)["line"]
    submit(shop, opened)
    shop.ok("issue", part=part, location=bin_, quantity=3, reason="used", age_ms=50_000)
    counts.approve_lines(shop.context(), opened.id, [line], {line: -5_000})
    assert states(opened) == ["NEEDS_REVIEW"]
    counts.approve_lines(shop.context(), opened.id, [line], {line: -2_000})
    assert shop.on_hand(part, bin_) == 5


def test_who_counted_does_not_approve_but_what_fits_needs_nobody(shop: Shop) -> None:
    for name in ("first", "second"):
        people.add_user(shop.context(), username=name, role=Role.SUPERVISOR, password="long enough")
    bin_, part = stocked(shop)
    other = shop.part()
    shop.ok("receive", part=other, location=bin_, quantity=5)
    opened, counter = plan(shop, bin_, max_attempts=1), shop.cast.supervisor
    line = count(shop, opened, part, bin_, 3, by=counter)["line"]
    count(shop, opened, other, bin_, 5, by=counter)
    submit(shop, opened)
    with pytest.raises(NotAllowed):
        counts.approve_lines(shop.context(counter), opened.id, [line], {})
    counts.post(shop.context(counter), opened.id, approve=True)
    assert sorted(states(opened)) == ["NEEDS_REVIEW", "POSTED"]


def test_of_two_attempts_that_are_approved_the_newer_is_booked(shop: Shop) -> None:
    bin_, part = stocked(shop)
    opened = plan(shop, bin_)
    for quantity in (7, 8):
        count(shop, opened, part, bin_, quantity)
        submit(shop, opened)
    ids = line_ids(opened, "NEEDS_RECOUNT") + line_ids(opened, "NEEDS_REVIEW")
    for _ in range(2):
        counts.approve_lines(shop.context(), opened.id, ids, {}, note="Looked myself")
        assert states(opened) == ["REJECTED", "POSTED"]
    assert shop.on_hand(part, bin_) == 8


def test_close_orders_no_more_counts(shop: Shop) -> None:
    bin_, part = stocked(shop)
    opened = plan(shop, bin_)
    count(shop, opened, part, bin_, 3)
    counts.close(shop.context(), opened.id)
    assert states(opened) == ["NEEDS_REVIEW"]


def test_what_one_bin_misses_and_another_has_was_misplaced(shop: Shop) -> None:
    here, part = stocked(shop)
    there = shop.bin()
    opened = plan(shop, here, there, max_attempts=1, posts_itself=True)
    lines = [
        count(shop, opened, part, bin_, many)["line"] for bin_, many in ((here, 7), (there, 3))
    ]
    submit(shop, opened)
    moved, supervisor = str(uuid.uuid4()), shop.context(shop.cast.supervisor)
    first = counts.settle_misplaced(supervisor, lines[0], lines[1], moved)
    assert (first["quantity"], opened_state(opened)) == ("3", "POSTED")
    assert (shop.on_hand(part, here), shop.on_hand(part, there)) == (7, 3)
    assert counts.settle_misplaced(supervisor, lines[0], lines[1], moved) == first
    with pytest.raises(NotFound):
        counts.settle_misplaced(supervisor, lines[0], lines[1], str(uuid.uuid4()))
    shop.ok("reverse", operation=moved)
    assert (shop.on_hand(part, here), shop.on_hand(part, there)) == (7, 3)


def test_tolerance_accepts_a_small_difference(shop: Shop) -> None:
    bin_, part = stocked(shop)
    opened = plan(shop, bin_, posts_itself=True, tolerance=Tolerance(absolute_milli=1_000))
    count(shop, opened, part, bin_, 9)
    assert submit(shop, opened)["state"] == "POSTED"
    assert shop.on_hand(part, bin_) == 9


def test_whoever_submits_the_whole_leaves_the_rest_not_counted_which_is_not_zero(
    shop: Shop,
) -> None:
    bin_, part = stocked(shop)
    opened = plan(shop, bin_)
    assert submit(shop, opened)["state"] == "POSTED"
    assert states(opened) == ["NOT_COUNTED"]
    assert shop.on_hand(part, bin_) == 10


def test_who_may_not_decide_moves_nothing_for_two_lines_either(shop: Shop) -> None:
    one, part = stocked(shop)
    two = shop.bin()
    opened = plan(shop, one, two, max_attempts=1)
    for bin_, quantity in ((one, 6), (two, 4)):
        count(shop, opened, part, bin_, quantity)
    submit(shop, opened)
    with unit_of_work() as session:
        settings.save(session, count_approver="admin")
    lines, moved = line_ids(opened, "NEEDS_REVIEW"), str(uuid.uuid4())
    with pytest.raises(NotAllowed):
        counts.settle_misplaced(shop.context(shop.cast.supervisor), lines[0], lines[1], moved)
    assert counts.settle_misplaced(shop.context(), lines[0], lines[1], moved)["quantity"] == "4"


def test_a_counter_does_not_take_back_what_was_compared(shop: Shop) -> None:
    """The books may be read by then: whoever counts again would count what they say."""
    bin_, part = stocked(shop)
    dana = shop.cast.technician
    opened = plan(shop, bin_, counters=(dana.id,), max_attempts=1)
    said = count(shop, opened, part, bin_, 7, by=dana)
    submit(shop, opened, by=dana, mine=True)
    refused = shop.do("reverse", operation=said["operation"], by=dana)
    assert refused.status == "rejected"
    assert refused.error is not None
    assert refused.error["code"] == "count_judged"
    assert states(opened) == ["NEEDS_REVIEW"]
    shop.ok("reverse", operation=said["operation"], by=shop.cast.supervisor)
    assert states(opened) == ["PENDING"]


def test_whoever_counted_does_not_move_the_difference_away(shop: Shop) -> None:
    one, part = stocked(shop)
    two, ines = shop.bin(), shop.cast.supervisor
    opened = plan(shop, one, two, max_attempts=1)
    for bin_, quantity in ((one, 6), (two, 4)):
        count(shop, opened, part, bin_, quantity, by=ines)
    submit(shop, opened)
    with unit_of_work() as session:
        settings.save(session, single_user=False)
    lines, moved = line_ids(opened, "NEEDS_REVIEW"), str(uuid.uuid4())
    with pytest.raises(NotAllowed):
        counts.settle_misplaced(shop.context(ines), lines[0], lines[1], moved)
    assert counts.settle_misplaced(shop.context(), lines[0], lines[1], moved)["quantity"] == "4"
