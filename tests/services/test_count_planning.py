"""Planning counts: how much a wish is, who counts what, what is due, and the board."""

from datetime import timedelta

import pytest

from stockscan.domain.counts.scope import Scope
from stockscan.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from stockscan.services import counts
from stockscan.services.counts.planning import Wish
from stockscan.services.counts.plans import Opened, Plan
from tests.cast import Player, new_id
from tests.shop import Shop

DAY = 86_400


@pytest.fixture
def aisle(shop: Shop) -> list[str]:
    """Ten bins, A-1 to A-10, with two parts in each; their codes along the way."""
    hall = shop.make("location", name="Hall", kind_of_place="site")
    bins = [
        shop.make("location", name=f"A-{n}", kind_of_place="bin", parent=hall) for n in range(1, 11)
    ]
    parts = [shop.part(abc_class=letter, cost="2") for letter in "AC"]
    for place in bins:
        for part in parts:
            shop.ok("receive", part=part, location=place, quantity=5)
    return bins


def opened(shop: Shop, *people: Player, independent: bool = False, draft: bool = False) -> Opened:
    """A count of everything, which these people share."""
    plan = Plan(
        name="All of it", counters=tuple(each.id for each in people), independent=independent,
        draft=draft,
    )  # fmt: skip
    return counts.open_count(shop.context(), new_id(), plan)


def ways(shop: Shop, count: Opened) -> list[tuple[str, str, str | None, str | None, int]]:
    """The stretches of a count, as people read them."""
    page = counts.assignments(shop.context(), count.id)
    return [
        (each.first_name, each.last_name, each.counter, each.second, each.left)
        for each in page.stretches
    ]


def test_how_much_it_is(shop: Shop, aisle: list[str]) -> None:
    all_there_is = counts.preview(shop.context(), Wish())
    assert (all_there_is.records, all_there_is.places, all_there_is.minutes) == (20, 10, 2)
    two = counts.preview(shop.context(), Wish(places=("A-3", aisle[3], "A-3")))
    assert (two.records, two.places, two.called) == (4, 2, "A-3, A-4")
    assert counts.preview(shop.context(), Wish("parts")).records == 0
    assert counts.preview(shop.context(), Wish("negative")).records == 0
    assert counts.preview(shop.context(), Wish(classes=("A",))).records == 10
    tomorrow = shop.context().today + timedelta(days=1)
    assert counts.preview(shop.context(), Wish(not_since=tomorrow)).records == 20
    for wish, field in ((Wish(places=("nowhere",)), "places"), (Wish("all"), "what")):
        with pytest.raises(Invalid) as caught:
            counts.preview(shop.context(), wish)
        assert caught.value.field == field


def test_the_time_is_what_the_last_counts_took(shop: Shop, aisle: list[str]) -> None:
    count = opened(shop, shop.cast.technician)
    part = counts.preview(shop.context(), Wish()).records and shop.part()
    for place in aisle[:4]:
        shop.wait(14)
        shop.ok("count", count=count.id, part=part, location=place, quantity=0,
                by=shop.cast.technician)  # fmt: skip
    shown = counts.preview(shop.context(), Wish())
    assert (shown.measured, shown.seconds_a_line) == (True, 15.0)


def test_people_share_the_way_and_hand_bins_over(shop: Shop, aisle: list[str]) -> None:
    cast = shop.cast
    count = opened(shop, cast.technician, cast.storekeeper)
    assert ways(shop, count) == [
        ("A-1", "A-5", "Dana Reyes", None, 10), ("A-6", "A-10", "Marco Silva", None, 10),
    ]  # fmt: skip
    stretch = counts.stretch_of(shop.context(), count.id, aisle[9], "A-9")
    assert counts.hand_over(shop.context(), count.id, stretch, cast.supervisor.id) == 0
    assert ways(shop, count)[1:] == [
        ("A-6", "A-8", "Marco Silva", None, 6), ("A-9", "A-10", "Ines Weber", None, 4),
    ]  # fmt: skip
    counts.share(shop.context(), count.id, (cast.admin.id,))
    assert ways(shop, count) == [("A-1", "A-10", "Ada Admin", None, 20)]
    counts.hand_over(shop.context(), count.id, (1, 10), None)
    assert ways(shop, count) == [("A-1", "A-10", None, None, 20)]


def test_what_was_counted_stays_with_whom_it_is(shop: Shop, aisle: list[str]) -> None:
    cast = shop.cast
    count = opened(shop, cast.technician)
    sheet = counts.assignments(shop.context(), count.id).stretches
    part = shop.outcomes[-1]
    assert (sheet[0].left, part.status) == (20, "applied")
    shop.ok("count", count=count.id, location=aisle[0], complete=True, by=cast.technician)
    assert counts.share(shop.context(), count.id, (cast.storekeeper.id,)) == 0
    assert ways(shop, count) == [
        ("A-1", "A-1", "Dana Reyes", None, 0), ("A-2", "A-10", "Marco Silva", None, 18),
    ]  # fmt: skip


def test_nobody_counts_the_same_record_twice_at_a_time(shop: Shop, aisle: list[str]) -> None:
    cast = shop.cast
    opened(shop, cast.technician)
    other = opened(shop, cast.storekeeper)
    assert counts.share(shop.context(), other.id, (cast.technician.id,)) == 20


def test_independent_counters_are_two_people(shop: Shop, aisle: list[str]) -> None:
    cast = shop.cast
    count = opened(shop, cast.technician, cast.storekeeper, independent=True)
    assert [way[2:4] for way in ways(shop, count)] == [
        ("Dana Reyes", "Marco Silva"), ("Marco Silva", "Dana Reyes"),
    ]  # fmt: skip
    with pytest.raises(Invalid):
        counts.share(shop.context(), count.id, (cast.technician.id,))
    with pytest.raises(Invalid):
        counts.hand_over(shop.context(), count.id, (1, 2), cast.storekeeper.id)
    assert counts.share(shop.context(), count.id, (cast.supervisor.id, cast.admin.id)) == 0
    assert [way[2:4] for way in ways(shop, count)] == [
        ("Ines Weber", "Ada Admin"), ("Ada Admin", "Ines Weber"),
    ]  # fmt: skip


def test_who_may_give_what(shop: Shop, aisle: list[str]) -> None:
    cast = shop.cast
    count = opened(shop, cast.storekeeper)
    dana = shop.context(cast.technician)
    assert counts.hand_over(dana, count.id, (1, 2), cast.technician.id) == 0
    with pytest.raises(NotAllowed):
        counts.hand_over(dana, count.id, (1, 2), cast.supervisor.id)
    with pytest.raises(Invalid):
        counts.hand_over(shop.context(), count.id, (1, 2), cast.viewer.id)
    with pytest.raises(Invalid):
        counts.stretch_of(shop.context(), count.id, "Hall", "")
    with pytest.raises(NotFound):
        counts.assignments(shop.context(), "nothing")
    counts.cancel(shop.context(), count.id)
    with pytest.raises(Conflict):
        counts.share(shop.context(), count.id, (cast.technician.id,))


def test_a_draft_is_started_later(shop: Shop, aisle: list[str]) -> None:
    draft = opened(shop, shop.cast.technician, draft=True)
    page = counts.assignments(shop.context(), draft.id)
    assert page.planned is not None
    assert (page.planned.records, page.planned.scope, page.stretches) == (20, Scope(), [])
    assert [row.id for row in counts.board(shop.context()).drafts] == [draft.id]
    counts.start_draft(shop.context(), draft.id)
    assert ways(shop, draft) == [("A-1", "A-10", "Dana Reyes", None, 20)]


def test_what_is_due_and_when(shop: Shop, aisle: list[str]) -> None:
    assert [row.due for row in counts.due(shop.context())] == [0, 0, 0]
    plan = counts.calendar(shop.context())
    assert [(row.records, row.a_year) for row in plan.classes] == [
        (10, 10 * 365 / 90),
        (0, 0),
        (10, 10),
    ]
    assert plan.a_day == 1
    assert sum(week.by_class["A"] for week in plan.weeks) == 10
    shop.wait(92 * DAY)
    assert [(row.overdue, row.due) for row in counts.due(shop.context())] == [
        (10, 10),
        (0, 0),
        (0, 0),
    ]
    opened(shop, shop.cast.technician)
    assert [row.due for row in counts.due(shop.context())] == [0, 0, 0]


def test_the_board_says_what_waits_for_whom(shop: Shop, aisle: list[str]) -> None:
    cast = shop.cast
    part = shop.part(cost="2")
    shop.ok("receive", part=part, location=aisle[0], quantity=100)
    shop.ok("count", part=part, location=aisle[0], quantity=50, by=cast.technician)
    count = opened(shop, cast.technician)
    mine = counts.board(shop.context(cast.technician))
    assert [each.id for each in mine.mine] == [count.id]
    assert (mine.due, mine.drafts) == ([], [])
    board = counts.board(shop.context(cast.supervisor))
    assert [(each.done, each.of, each.people) for each in board.running] == [
        (0, 21, ["Dana Reyes"])
    ]
    assert [(each.part, each.location) for each in board.ad_hoc] == [("Filter", "A-1")]
    assert (board.mine, board.to_decide, board.ended) == ([], [], [])
    counts.cancel(shop.context(), count.id)
    assert [each.state for each in counts.board(shop.context()).ended] == ["CANCELLED"]


def test_how_much_it_is_tells_nothing_of_what_one_counts_blind(
    shop: Shop, aisle: list[str]
) -> None:
    me, part = shop.cast.storekeeper, shop.part()
    shop.ok("issue", part=part, location=aisle[0], quantity=1, reason="used")
    below = Wish("negative")
    assert counts.preview(shop.context(me), below).records == 1
    opened(shop, me)
    below = Wish("zero", places=(aisle[0],))
    shop.ok("receive", part=part, location=aisle[0], quantity=1)
    assert counts.preview(shop.context(), below).records == 1
    assert counts.preview(shop.context(me), below).records == 0
