"""Counting bin by bin: the way, what is in whose hands, joining, pausing, and what would be 0."""

from dataclasses import dataclass

import pytest

from stockscan.domain.errors import Conflict, NotAllowed, NotFound
from stockscan.services import counts
from stockscan.services.counts import sheets
from stockscan.services.counts.sheets import BinVisit, Standing
from stockscan.services.work import Context
from tests.cast import Player, new_id
from tests.shop import Shop


@dataclass
class Aisle:
    """Two bins with two parts in the first and one in the second."""

    shop: Shop
    bins: tuple[str, str]
    parts: tuple[str, str]

    def at(self, player: Player | None = None) -> Context:
        """A second later, for Dana unless someone is named."""
        self.shop.wait()
        return self.shop.context(player or self.shop.cast.technician)


@pytest.fixture
def aisle(shop: Shop) -> Aisle:
    bins = (shop.bin("A-2"), shop.bin("A-10"))
    filter_, hose = shop.part(name="Air filter"), shop.part(name="Hose")
    for part, bin_ in ((filter_, bins[0]), (hose, bins[0]), (hose, bins[1])):
        shop.ok("receive", part=part, location=bin_, quantity=5, unit_cost="2.00")
    return Aisle(shop, bins, (filter_, hose))


def names(visit: BinVisit) -> list[str]:
    """What is still to be counted."""
    return [line.name for line in visit.left]


def test_the_way_leads_from_part_to_part_and_from_bin_to_bin(aisle: Aisle) -> None:
    opened = aisle.shop.plan(*reversed(aisle.bins), name="Aisle A")
    head = sheets.course(aisle.at(), opened.id)
    assert (head.title, head.next and head.next.name) == (f"CC-{opened.number}", "A-2")
    visit = sheets.begin_visit(aisle.at(), opened.id, aisle.bins[0])
    assert (visit.index, visit.course.progress.bins, names(visit)) == (1, 2, ["Air filter", "Hose"])
    first = visit.after("")
    assert first is not None
    assert visit.after(first.part) == visit.lines[1]
    for part in aisle.parts:
        aisle.shop.ok("count", by=aisle.shop.cast.technician, count=opened.id, part=part,
                      location=aisle.bins[0], quantity=4)  # fmt: skip
    done = sheets.bin_visit(aisle.at(), opened.id, aisle.bins[0])
    assert (done.after(""), done.place.is_done, done.course.progress.to_submit) == (None, True, 2)
    assert [line.counted_milli for line in done.lines] == [4000, 4000]
    assert done.course.next is not None
    assert done.course.next.code == aisle.bins[1]
    aisle.shop.ok("count", by=aisle.shop.cast.technician, count=opened.id,
                  part=aisle.parts[0], location=aisle.bins[1], quantity=1)  # fmt: skip
    rows = sheets.sheet(aisle.at(), opened.id).bins
    assert [(row.name, row.is_done) for row in rows] == [("A-2", True), ("A-10", False)]


def test_what_one_has_in_hand_the_other_may_join_or_skip(aisle: Aisle) -> None:
    opened, cast = aisle.shop.plan(*aisle.bins), aisle.shop.cast
    begun = aisle.at()
    sheets.begin_visit(begun, opened.id, aisle.bins[0])
    met = sheets.begin_visit(aisle.at(cast.storekeeper), opened.id, aisle.bins[0])
    assert (met.standing, met.lines) == (Standing.BEING_COUNTED, ())
    assert [(row.name, row.since_us) for row in met.others] == [("Dana Reyes", begun.now_us)]
    joined = sheets.begin_visit(aisle.at(cast.storekeeper), opened.id, aisle.bins[0], join=True)
    assert (joined.standing, names(joined)) == (Standing.MINE, ["Air filter", "Hose"])
    again = sheets.begin_visit(aisle.at(cast.storekeeper), opened.id, aisle.bins[0], join=True)
    assert len(again.lines) == 2, "joined once"
    theirs = sheets.bin_visit(aisle.at(), opened.id, aisle.bins[0])
    assert names(theirs) == ["Air filter", "Hose"], "the first one goes on"


def test_who_goes_on_or_pauses_leaves_the_rest_to_whoever_comes(aisle: Aisle) -> None:
    opened, marco = aisle.shop.plan(*aisle.bins), aisle.shop.cast.storekeeper
    for leave in (
        lambda: sheets.begin_visit(aisle.at(), opened.id, aisle.bins[1]),
        lambda: sheets.pause(aisle.at()),
    ):
        sheets.begin_visit(aisle.at(), opened.id, aisle.bins[0])
        leave()
        seen = sheets.begin_visit(aisle.at(marco), opened.id, aisle.bins[0])
        assert (seen.standing, len(seen.left)) == (Standing.MINE, 2)
        sheets.pause(aisle.at(marco))


def test_bins_of_another_sheet_and_bins_outside_are_told_apart(aisle: Aisle) -> None:
    cast = aisle.shop.cast
    opened = aisle.shop.plan(aisle.bins[0], counters=(cast.technician,))
    other = sheets.begin_visit(aisle.at(cast.storekeeper), opened.id, aisle.bins[0])
    assert (other.standing, other.others[0].since_us) == (Standing.OTHER_SHEET, None)
    outside = sheets.begin_visit(aisle.at(), opened.id, aisle.bins[1])
    assert (outside.standing, outside.index) == (Standing.OUTSIDE, 0)
    assert [course.id for course in sheets.my_counts(aisle.at())] == [opened.id]
    assert sheets.my_counts(aisle.at(cast.storekeeper)) == []


def test_a_record_in_hand_in_one_count_stays_out_of_the_next(aisle: Aisle) -> None:
    first, second = aisle.shop.plan(aisle.bins[1]), aisle.shop.plan(aisle.bins[1])
    sheets.begin_visit(aisle.at(), first.id, aisle.bins[1])
    sheets.begin_visit(aisle.at(aisle.shop.cast.storekeeper), second.id, aisle.bins[1])
    visit = sheets.begin_visit(aisle.at(), second.id, aisle.bins[1])
    assert visit.standing is Standing.BEING_COUNTED


def test_two_counts_for_whoever_comes_are_for_two_people(aisle: Aisle) -> None:
    opened, cast = aisle.shop.plan(aisle.bins[1], independent=True), aisle.shop.cast
    sheets.begin_visit(aisle.at(), opened.id, aisle.bins[1])
    aisle.shop.ok("count", by=cast.technician, count=opened.id, part=aisle.parts[1],
                  location=aisle.bins[1], quantity=4)  # fmt: skip
    sheets.begin_visit(aisle.at(), opened.id, aisle.bins[1])
    taken = sheets.begin_visit(aisle.at(cast.storekeeper), opened.id, aisle.bins[1])
    assert (taken.standing, names(taken)) == (Standing.MINE, ["Hose"])
    seen = sheets.bin_visit(aisle.at(), opened.id, aisle.bins[1])
    assert [(line.is_open, line.counted_milli) for line in seen.lines] == [(False, 4000)]


def test_what_becomes_0_is_what_nobody_counted(aisle: Aisle) -> None:
    shop, dana = aisle.shop, aisle.shop.cast.technician
    opened = shop.plan(*aisle.bins)
    since_us = aisle.at().now_us
    sheets.begin_visit(aisle.at(), opened.id, aisle.bins[0])
    assert sheets.rest_of(aisle.at(), aisle.bins[0], opened.id) == 2
    shop.ok("count", by=dana, count=opened.id, part=aisle.parts[0], location=aisle.bins[0],
            quantity=4)  # fmt: skip
    assert sheets.rest_of(aisle.at(), aisle.bins[0], opened.id, since_us) == 1
    shop.ok("count", by=dana, count=opened.id, location=aisle.bins[0], complete=True)
    visit = sheets.bin_visit(aisle.at(), opened.id, aisle.bins[0])
    assert [line.counted_milli for line in visit.lines] == [4000, 0]


def test_serials_of_a_part_are_one_line_and_lots_are_one_each(aisle: Aisle) -> None:
    shop, bin_ = aisle.shop, aisle.shop.bin("B-1")
    drill = shop.part(name="Drill", tracking="serial")
    glue = shop.part(name="Glue", tracking="lot")
    shop.ok("receive", part=drill, location=bin_, serials=["S-1", "S-2", "S-3"])
    for lot in ("L-1", "L-2"):
        shop.ok("receive", part=glue, location=bin_, quantity=2, lot=lot)
    opened = shop.plan(bin_)
    visit = sheets.begin_visit(aisle.at(), opened.id, bin_)
    assert [(line.name, line.lot) for line in visit.left] == [
        ("Drill", ""), ("Glue", "L-1"), ("Glue", "L-2"),
    ]  # fmt: skip
    shop.ok("count", by=shop.cast.technician, count=opened.id, part=drill, location=bin_,
            serials=["S-1", "S-3"])  # fmt: skip
    after = sheets.bin_visit(aisle.at(), opened.id, bin_)
    assert [(line.name, line.counted_milli) for line in after.lines if not line.is_open] == [
        ("Drill", 2000)
    ]


def test_a_count_that_is_over_or_unknown_takes_nothing_in_hand(aisle: Aisle) -> None:
    opened = aisle.shop.plan(*aisle.bins)
    counts.cancel(aisle.shop.context(), opened.id)
    with pytest.raises(Conflict, match=f"CC-{opened.number} was cancelled"):
        sheets.begin_visit(aisle.at(), opened.id, aisle.bins[0])
    with pytest.raises(NotFound):
        sheets.begin_visit(aisle.at(), new_id(), aisle.bins[0])
    with pytest.raises(NotAllowed):
        sheets.my_counts(aisle.at(aisle.shop.cast.viewer))
