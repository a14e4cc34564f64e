"""Reviewing a count: its figures, its lines by the page, and the story of a difference."""

import pytest

from stockscan.domain.counts.causes import Cause, Hint
from stockscan.domain.errors import Invalid, NotFound
from stockscan.services import counts
from stockscan.services.work import reading
from stockscan.store.counts.blindness import Blindness
from stockscan.store.counts.listed import Filters, place_of, rows_of
from stockscan.store.counts.reviewing import Show
from tests.aisle import Aisle, pins
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_figures_count_each_record_once_however_often_it_was_counted(shop: Shop) -> None:
    review = pins(shop).review()
    totals = review.totals
    assert (totals.records, totals.judged, totals.right) == (3, 3, 1)
    assert (totals.over_e4, totals.short_e4) == (460_000, -460_000)
    assert {show.value: number for show, number in totals.shown.items() if number} == {
        "decide": 2, "over": 1, "short": 1, "right": 1,
    }  # fmt: skip
    assert review.head.number
    assert [row.variance_milli for row in review.rows] == [-4_000, 4_000]
    assert {name for _, name in review.people} == {"Dana Reyes", "Marco Silva"}


def test_story_compares_the_attempts_by_the_books_of_their_moments(shop: Shop) -> None:
    story = pins(shop).story("C-04-2")
    assert [(one.counted_milli, one.book_milli) for one in story.attempts] == [
        (14_000, 18_000), (12_000, 16_000),
    ]  # fmt: skip
    assert story.agreed
    assert story.value_e4 == -460_000
    assert [move.quantity_milli for move in story.allowed_for] == [-2_000]
    assert story.book_before_milli == 18_000
    assert [clue.hint for clue in story.clues] == [Hint.NEXT_DOOR]
    assert story.cause is Cause.MISPLACED
    assert story.move_to is not None
    assert story.move_to.location == "C-04-3"
    assert story.can_decide


def test_lines_come_by_the_page_with_the_largest_value_first(shop: Shop) -> None:
    aisle = Aisle(shop)
    part = shop.part(cost="1.00")
    for short in (3, 7, 5, 7):
        bin_ = aisle.bin(f"Z-{shop.made}")
        shop.ok("receive", part=part, location=bin_, quantity=10)
        aisle.counts.append((part, bin_, 10 - short))
    aisle.open(shop.cast.storekeeper)
    aisle.count_all()
    found, behind, filters = [], None, Filters(Show.DECIDE)
    with reading() as connection:
        blind = Blindness(shop.cast.admin.id)
        while rows := rows_of(connection, aisle.count_id, filters, blind, after=behind, limit=1):
            found += [row.value_e4 for row in rows]
            behind = place_of(rows[-1], filters)
    assert found == [-70_000, -70_000, -50_000, -30_000]
    assert aisle.review().after == ""
    with pytest.raises(Invalid):
        aisle.review(after="gone")


def test_filters_leave_out_what_is_not_asked_for(shop: Shop) -> None:
    aisle = pins(shop)
    code = shop.cast.technician.code
    assert [row.location for row in aisle.review(Show.RIGHT).rows] == ["D-01-6"]
    assert [row.location for row in aisle.review(Show.OVER).rows] == ["C-04-3"]
    assert [row.location for row in aisle.review(Show.DECIDE, place="c-04-2").rows] == ["C-04-2"]
    assert len(aisle.review(Show.DECIDE, person=code).rows) == 2
    assert aisle.review(Show.DECIDE, person=shop.cast.viewer.code).rows == []
    assert aisle.review(Show.DECIDE, most_e4=459_999).within == (0, 0)
    assert aisle.review(Show.DECIDE, most_e4=460_000).within == (2, 0)


@on_sqlite
def test_a_serial_that_is_booked_somewhere_else_is_told(shop: Shop) -> None:
    aisle = Aisle(shop)
    here, there = aisle.bin("S-1"), aisle.bin("S-2")
    part = shop.part(tracking="serial", cost="5.00")
    shop.ok("receive", part=part, location=here, serials=["A1", "A2"])
    aisle.open(shop.cast.storekeeper)
    where = {"count": aisle.count_id, "part": part, "location": here}
    shop.ok("count", serials=["A2"], by=shop.cast.storekeeper, **where)
    where["location"] = there
    aisle.submit()
    story = aisle.story("S-1")
    assert (story.line.serial, story.chosen and story.chosen.variance_milli) == ("A1", -1_000)


def test_late_scans_are_clues(shop: Shop) -> None:
    aisle, cast = Aisle(shop), shop.cast
    bin_ = aisle.bin("L-1")
    part = aisle.stock(bin_, 10, cost="5.00")
    truck = shop.asset()
    aisle.open(cast.storekeeper)
    aisle.count(part, bin_, 7)
    aisle.submit()
    shop.wait(300)
    shop.ok("install", part=part, location=bin_, asset=truck, quantity=3, by=cast.technician)
    story = aisle.story()
    assert [clue.hint for clue in story.clues] == [Hint.MOVED_ABOUT_THEN]
    assert story.cause is Cause.NOT_RECORDED_OUT
    assert story.chosen is not None
    assert story.chosen.variance_milli == -3_000


@on_sqlite
def test_what_waits_for_a_decision_may_be_just_the_difference(shop: Shop) -> None:
    aisle = Aisle(shop)
    bin_ = aisle.bin("W-1")
    part = shop.part(tracking="lot", cost="3.00")
    for lot in ("L1", "L2"):
        shop.ok("receive", part=part, location=bin_, quantity=10, lot=lot)
    aisle.open(shop.cast.storekeeper)
    aisle.count(part, bin_, 7, lot="L1")
    aisle.submit()
    install = {"part": part, "location": bin_, "asset": shop.asset(), "quantity": 3}
    assert shop.do("install", queued=True, **install).status == "attention"
    story = aisle.story()
    assert [clue.hint for clue in story.clues] == [Hint.WAITING]
    assert [one.quantity_milli for one in story.waiting.values()] == [-3_000]


@on_sqlite
def test_lots_that_were_taken_for_each_other_are_told(shop: Shop) -> None:
    aisle = Aisle(shop)
    bin_ = aisle.bin("W-1")
    part = shop.part(tracking="lot", cost="3.00")
    for lot in ("L1", "L2"):
        shop.ok("receive", part=part, location=bin_, quantity=10, lot=lot)
    aisle.open(shop.cast.storekeeper)
    aisle.count(part, bin_, 4, lot="L1")
    aisle.count(part, bin_, 16, lot="L2")
    aisle.submit()
    assert [clue.hint for clue in aisle.story().clues] == [Hint.SWAPPED]


@on_sqlite
def test_numbers_a_slip_apart_make_the_count_doubtful(shop: Shop) -> None:
    aisle = Aisle(shop)
    bin_ = aisle.bin("T-1")
    part = aisle.stock(bin_, 21)
    aisle.open(shop.cast.storekeeper)
    aisle.count(part, bin_, 12)
    aisle.submit()
    assert aisle.story().doubtful


@on_sqlite
def test_earlier_counts_of_the_same_goods_are_told(shop: Shop) -> None:
    aisle = Aisle(shop)
    bin_ = aisle.bin("E-1")
    part = aisle.stock(bin_, 10)
    before = shop.counted(part=part, location=bin_, quantity=8)
    aisle.open(shop.cast.storekeeper)
    aisle.count(part, bin_, 5)
    aisle.submit()
    assert [(one.count_id, one.variance_milli) for one in aisle.story().earlier] == [
        (before["count"], -2_000)
    ]


def test_who_still_counts_blind_gets_no_figures(shop: Shop) -> None:
    aisle, cast = Aisle(shop), shop.cast
    first, second = aisle.bin("B-1"), aisle.bin("B-2")
    part = aisle.stock(first, 10)
    aisle.stock(second, 10, part)
    aisle.open(cast.storekeeper)
    aisle.count(part, first, 4)
    ctx = shop.context(cast.storekeeper)
    review = counts.review(ctx, aisle.count_id, Filters())
    assert review.hidden
    assert [row.variance_milli for row in review.rows] == [None]
    assert counts.review(ctx, aisle.count_id, Filters(Show.SHORT)).rows == []
    lines = aisle.review(Show.UNCOUNTED).rows
    for line in lines:
        with pytest.raises(NotFound):
            counts.story(ctx, line.id)


def test_own_count_is_for_somebody_else_to_decide(shop: Shop) -> None:
    aisle, cast = Aisle(shop), shop.cast
    bin_ = aisle.bin("O-1")
    part = aisle.stock(bin_, 10, cost="1.00")
    aisle.open(cast.supervisor)
    aisle.count(part, bin_, 4, cast.supervisor)
    aisle.submit()
    story = aisle.story()
    alone = not story.own
    assert story.can_decide is alone
    assert (aisle.review(most_e4=100_000).within == (1, -60_000)) is alone
    assert aisle.story(by=cast.admin).can_decide


@on_sqlite
def test_an_unknown_count_or_line_is_not_found(shop: Shop) -> None:
    ctx = shop.context(shop.cast.supervisor)
    for unknown in ("no-id", "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(NotFound):
            counts.review(ctx, unknown, Filters())
    with pytest.raises(NotFound):
        counts.story(ctx, 1)
