"""What a count in a bin writes down: once, again, empty, unplanned, as serials and lots, back."""

from sqlalchemy import event, select

from stockscan.services import counts
from stockscan.services.work import reading
from stockscan.store.counts import CountEntry, CountLine
from tests.planned import (
    assigned,
    count,
    held,
    line_ids,
    opened_state,
    plan,
    states,
    stocked,
    submit,
)
from tests.shop import Shop


def test_a_second_count_before_submission_replaces_the_first(shop: Shop) -> None:
    bin_, part = stocked(shop)
    opened = plan(shop, bin_)
    first = count(shop, opened, part, bin_, 9, entries=["8", "+1"])
    again = count(shop, opened, part, bin_, 10, entries=["10"])
    late = count(shop, opened, part, bin_, 4, age_ms=1_500)
    assert first["line"] == again["line"] == late["line"]
    assert late["warnings"][0]["code"] == "counted_later"
    with reading() as connection:
        entries = connection.scalars(select(CountEntry.quantity_milli).order_by(CountEntry.id))
        assert list(entries) == [8_000, 9_000, 10_000, 4_000]
    submit(shop, opened)
    assert states(opened) == ["MATCHED"]


def test_a_blind_count_answers_nothing_of_the_books(shop: Shop) -> None:
    bin_, part = stocked(shop, 73519)
    opened = plan(shop, bin_)
    result = count(shop, opened, part, bin_, 12)
    assert not {"book", "variance", "value", "before", "after"} & result.keys()
    assert "73519" not in str(result)


def test_what_was_not_planned_is_counted_too(shop: Shop) -> None:
    bin_, _ = stocked(shop)
    opened, other = plan(shop, bin_), shop.part()
    result = count(shop, opened, other, bin_, 2)
    submit(shop, opened)
    shop.approve(opened.id, line_ids=[result["line"]])
    assert shop.on_hand(other, bin_) == 2


def test_an_empty_bin_is_said_not_meant(shop: Shop) -> None:
    bin_, part = stocked(shop)
    other = shop.part(location=bin_)
    shop.ok("receive", part=other, location=bin_, quantity=4)
    opened = plan(shop, bin_)
    said = shop.ok("count", count=opened.id, location=bin_, complete=True)
    assert len(said["lines"]) == 2
    submit(shop, opened)
    shop.approve(opened.id)
    assert (shop.on_hand(part, bin_), shop.on_hand(other, bin_)) == (0, 0)
    own = shop.ok("count", location=bin_, complete=True)
    assert (own["zeroed"], own["state"]) == (2, "POSTED")
    refused = shop.do("count", location=bin_, quantity=1)
    assert (refused.error or {})["field"] == "part"


def test_a_bin_that_is_empty_by_the_books_too_can_be_said_so_and_taken_back(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part()
    opened = plan(shop, bin_)
    for count_id in (opened.id, None):
        ask = {"count": count_id} if count_id else {}
        said = shop.ok("count", location=bin_, complete=True, quantity=0, **ask)
        shop.ok("receive", part=part, location=bin_, quantity=2, age_ms=1_500)
        # A planned count books nothing before it is submitted.
        assert shop.on_hand(part, bin_) == (2 if count_id else 0)
        shop.ok("reverse", operation=said["operation"])
        assert shop.on_hand(part, bin_) == 2
        shop.ok("issue", part=part, location=bin_, quantity=2, reason="used")
    assert opened_state(opened) == "OPEN"


def test_these_are_all_keeps_what_one_counted_there(shop: Shop) -> None:
    bin_, part = stocked(shop)
    other = shop.part()
    shop.ok("receive", part=other, location=bin_, quantity=5)
    opened = plan(shop, bin_, max_attempts=1)
    count(shop, opened, part, bin_, 10)
    shop.wait(60)
    said = shop.ok("count", count=opened.id, location=bin_, complete=True)
    assert len(line_ids(opened, "COUNTED")) == 2
    assert said["counted"] == "0"
    submit(shop, opened)
    shop.approve(opened.id)
    assert (shop.on_hand(part, bin_), shop.on_hand(other, bin_)) == (10, 0)


def test_what_appears_in_a_complete_bin_waits_like_the_rest_of_its_count(shop: Shop) -> None:
    bin_, part = stocked(shop)
    unheard, later = shop.part(), shop.part()
    opened = plan(shop, bin_, max_attempts=1)
    shop.wait(100)
    count(shop, opened, part, bin_, 10, complete=True)
    shop.ok("receive", part=unheard, location=bin_, quantity=5, age_ms=60_000)
    assert (states(opened), shop.on_hand(unheard, bin_)) == (["COUNTED", "COUNTED"], 5)
    submit(shop, opened)
    shop.ok("receive", part=later, location=bin_, quantity=3, age_ms=90_000)
    assert states(opened) == ["MATCHED", "NEEDS_REVIEW", "NEEDS_REVIEW"]
    shop.approve(opened.id)
    assert [shop.on_hand(each, bin_) for each in (part, unheard, later)] == [10, 0, 0]


def test_what_appears_in_a_complete_bin_of_a_cancelled_count_stays(shop: Shop) -> None:
    bin_, part = stocked(shop)
    unheard = shop.part()
    opened = plan(shop, bin_)
    shop.wait(100)
    count(shop, opened, part, bin_, 10, complete=True)
    shop.ok("receive", part=unheard, location=bin_, quantity=5, age_ms=60_000)
    counts.cancel(shop.context(), opened.id)
    assert (states(opened), shop.on_hand(unheard, bin_)) == (["REJECTED", "REJECTED"], 5)


def test_taking_a_count_back_leaves_the_record_to_be_counted(shop: Shop) -> None:
    bin_, part = stocked(shop)
    opened, other = plan(shop, bin_), shop.part()
    counted = [count(shop, opened, each, bin_, 3) for each in (part, other)]
    for result in counted:
        shop.ok("reverse", operation=result["operation"])
    assert states(opened) == ["PENDING", "VOIDED"]
    again = count(shop, opened, part, bin_, 10)
    assert again["line"] == counted[0]["line"]
    submit(shop, opened)
    counts.post(shop.context(), opened.id)
    shop.ok("reverse", operation=again["operation"])
    assert states(opened) == ["VOIDED", "VOIDED"]
    assert shop.on_hand(part, bin_) == 10


def test_taking_one_of_two_independent_counts_back_leaves_both_to_be_counted(shop: Shop) -> None:
    bin_, part = stocked(shop)
    one, other = shop.cast.technician, shop.cast.storekeeper
    opened = plan(shop, bin_, counters=(one.id, other.id), independent=True)
    said = count(shop, opened, part, bin_, 8, by=one)
    shop.ok("reverse", operation=said["operation"], by=one)
    assert states(opened) == ["PENDING", "PENDING"]


def test_a_count_taken_back_is_for_whoever_comes_where_its_counter_has_another(shop: Shop) -> None:
    bin_, part = stocked(shop)
    mine = {"counters": (shop.cast.technician.id,)}
    first = plan(shop, bin_, **mine)
    said = count(shop, first, part, bin_, 8, by=shop.cast.technician)
    second = plan(shop, bin_, **mine)
    shop.ok("reverse", operation=said["operation"], by=shop.cast.technician)
    assert (states(first), states(second)) == (["PENDING"], ["PENDING"])
    with reading() as connection:
        counters = connection.scalars(select(CountLine.counter_id).order_by(CountLine.id)).all()
    assert counters == [None, shop.cast.technician.id]


def test_serials_are_counted_as_a_set(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part(tracking="serial")
    shop.ok("receive", part=part, location=bin_, serials=["S1", "S2", "S3"])
    opened = plan(shop, bin_)
    assert opened.lines == 1
    ask = {"count": opened.id, "part": part, "location": bin_}
    shop.ok("count", **ask, serials=["S1", "S4"])
    shop.ok("count", **ask, serials=["S1", "S2"])
    assert sorted(states(opened)) == ["COUNTED", "COUNTED", "COUNTED", "VOIDED"]
    submit(shop, opened)
    assert states(opened).count("NEEDS_RECOUNT") == 3
    again = shop.ok("count", **ask, serials=["S1", "S2"])
    assert again["state"] == "NEEDS_REVIEW"
    shop.approve(opened.id)
    assert (sorted(held(shop, part, bin_)), opened_state(opened)) == (["S1", "S2"], "POSTED")


def test_a_serial_that_is_booked_elsewhere_moves_when_the_count_is_booked(shop: Shop) -> None:
    bin_, other, part = shop.bin(), shop.bin(), shop.part(tracking="serial")
    shop.ok("receive", part=part, location=bin_, serials=["S1"])
    shop.ok("receive", part=part, location=other, serials=["S2"])
    opened = plan(shop, bin_, max_attempts=1)
    result = shop.ok("count", count=opened.id, part=part, location=bin_, serials=["S1", "S2"])
    submit(shop, opened)
    assert held(shop, part, other) == ["S2"]
    shop.approve(opened.id)
    assert (sorted(held(shop, part, bin_)), held(shop, part, other)) == (["S1", "S2"], [])
    shop.ok("reverse", operation=result["operation"])
    assert held(shop, part, other) == ["S2"]


def test_lots_are_counted_one_by_one(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part(tracking="lot")
    for lot in ("L1", "L2"):
        shop.ok("receive", part=part, location=bin_, quantity=5, lot=lot)
    opened = plan(shop, bin_)
    assert opened.lines == 2
    for lot, quantity in (("L1", 5), ("L2", 4)):
        count(shop, opened, part, bin_, quantity, lot=lot)
    submit(shop, opened)
    assert sorted(states(opened)) == ["MATCHED", "NEEDS_RECOUNT", "PENDING"]
    shop.approve(opened.id)
    assert (shop.on_hand(part, bin_, "L1"), shop.on_hand(part, bin_, "L2")) == (5, 4)


def test_who_types_in_a_paper_is_not_who_counted(shop: Shop) -> None:
    bin_, part = stocked(shop)
    counter = shop.cast.technician
    opened = plan(shop, bin_, counters=(counter.id,))
    count(shop, opened, part, bin_, 10, by=shop.cast.storekeeper, counter=counter.code)
    assert states(opened) == ["COUNTED"]
    assert assigned(opened, "COUNTED") == counter.id
    refused = shop.do("count", by=counter, count=opened.id, part=part, location=bin_, quantity=1,
                      counter=shop.cast.storekeeper.code)  # fmt: skip
    assert (refused.error or {})["code"] == "not_allowed"


def test_a_count_reads_no_more_lines_than_its_record_has(shop: Shop) -> None:
    bin_, part = stocked(shop)
    for _ in range(40):
        shop.ok("receive", part=shop.part(), location=bin_, quantity=1)
    opened = plan(shop, bin_)
    assert opened.lines == 41
    read: list[object] = []

    def note(line: object, _context: object) -> None:
        read.append(line)

    event.listen(CountLine, "load", note)
    try:
        count(shop, opened, part, bin_, 7)
        assert len(read) == 1
        submit(shop, opened)
        read.clear()
        count(shop, opened, part, bin_, 7)
        assert len(read) == 2
    finally:
        event.remove(CountLine, "load", note)


def test_a_blind_count_does_not_tell_which_serials_the_books_have(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part(tracking="serial")
    shop.ok("receive", part=part, location=bin_, serials=["SEEN", "MISSED", "GONE"])
    opened = plan(shop, bin_)
    for serials, told in ((["SEEN"], {"COUNTED": 1}), ([], {"COUNTED": 1})):
        ask = {"count": opened.id, "part": part, "location": bin_, "serials": serials}
        answers = [shop.ok("count", **ask), counts.read_count(shop.context(), opened.id)]
        answers.append(counts.submit(shop.context(shop.cast.technician), opened.id, mine=True))
        assert answers[2]["state"] == "OPEN"
        assert "MISSED" not in str(answers)
        assert "GONE" not in str(answers)
        assert [answer["sums"] for answer in answers[1:]] == [told, told]
    submit(shop, opened)
    shop.approve(opened.id)
    assert held(shop, part, bin_) == []


def test_an_empty_bin_names_records_and_not_serials(shop: Shop) -> None:
    bin_, part = shop.bin(), shop.part(tracking="serial")
    shop.ok("receive", part=part, location=bin_, serials=["S1", "S2", "S3"])
    opened = plan(shop, bin_)
    said = shop.ok("count", count=opened.id, location=bin_, complete=True, quantity=0)
    assert said["zeroed"] == 1


def test_nobody_finds_the_book_of_a_blind_count_by_trying_to_book_it(shop: Shop) -> None:
    bin_, part = stocked(shop, 12)
    counter = shop.cast.technician
    opened = plan(shop, bin_, counters=(counter.id,))
    for quantity in (11, 12):
        count(shop, opened, part, bin_, quantity, by=counter)
        counts.post(shop.context(counter), opened.id)
        assert states(opened) == ["COUNTED"]
    counts.post(shop.context(), opened.id)
    assert states(opened) == ["POSTED"]
