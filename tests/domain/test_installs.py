"""What is in a machine now, folded from its installs and returns."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from stockscan.domain.errors import Invalid
from stockscan.domain.installs import (
    Installed,
    Line,
    Row,
    due_on,
    groups,
    in_it,
    is_soon,
    is_worn,
    left,
)
from stockscan.domain.operations import EDIT_KINDS, Op, parse_op

BATTERY, SSD, OTHER = 1, 2, 3


def row(seq: int, quantity: int = 1000, part: int = BATTERY, **more: object) -> Row:
    values = {"lot": "", "serial": "", "value_e4": 10, "at_us": seq, **more}
    return Row(seq=seq, part_id=part, quantity_milli=quantity, **values)  # type: ignore[arg-type]


def amounts(installs: list[Installed]) -> list[tuple[int, int]]:
    return [(one.row.seq, one.quantity_milli) for one in installs]


def test_returns_and_reversals_are_netted() -> None:
    rows = [
        row(1, 3000),
        row(2, 1000, returns_seq=1),
        row(3, 1000, returns_seq=1, reversed=True),
        row(4, reversed=True),
    ]
    assert amounts(left(rows)) == [(1, 2000)]


def test_a_return_follows_an_install_that_was_moved_in_time() -> None:
    rows = [row(1, reversed=True), row(2, returns_seq=1), row(3, corrects_seq=1), row(4)]
    assert amounts(left(rows)) == [(4, 1000), (3, 0)]


def test_the_newest_take_the_places_of_the_list() -> None:
    installs = left([row(1), row(2, 2000), row(3, part=OTHER), row(4, part=OTHER)])
    assert amounts(in_it(installs, {BATTERY: 2500}, {})) == [
        (4, 1000), (3, 1000), (2, 2000), (1, 500),
    ]  # fmt: skip
    assert amounts(in_it(installs, {BATTERY: 2000}, {})) == [(4, 1000), (3, 1000), (2, 2000)]


def test_a_substitute_takes_the_place_of_the_listed_part() -> None:
    installs = left([row(1), row(2, part=OTHER)])
    stands_for = groups({BATTERY}, [(BATTERY, OTHER), (SSD, OTHER)])
    assert stands_for == {OTHER: BATTERY}
    assert amounts(in_it(installs, {BATTERY: 1000}, stands_for)) == [(2, 1000)]


def test_a_serial_ends_when_it_was_taken_out() -> None:
    installs = left([row(1, serial="SN-1"), row(2, serial="SN-2"), row(3, removed_serial=" sn-1 ")])
    assert amounts(in_it(installs, {}, {})) == [(3, 1000), (2, 1000)]
    back = left([row(1, serial="SN-1", removed_serial="SN-1")])
    assert amounts(in_it(back, {}, {})) == [(1, 1000)]


@given(some.lists(some.tuples(some.integers(1, 5), some.integers(0, 5)), max_size=8),
       some.integers(0, 20))  # fmt: skip
def test_never_more_than_belongs_nor_than_went_in(
    story: list[tuple[int, int]], belongs: int
) -> None:
    rows = []
    for number, (put_in, taken_out) in enumerate(story):
        rows.append(row(2 * number + 1, put_in))
        rows.append(row(2 * number + 2, min(put_in, taken_out), returns_seq=2 * number + 1))
    net = sum(put_in - min(put_in, taken_out) for put_in, taken_out in story)
    installs = left(rows)
    assert sum(one.quantity_milli for one in installs) == net
    here = in_it(installs, {BATTERY: belongs}, {})
    assert sum(one.quantity_milli for one in here) == min(net, belongs)
    assert [one.order for one in here] == sorted((one.order for one in here), reverse=True)


def test_due_by_age_and_by_meter() -> None:
    due = due_on(date(2023, 12, 10), 36)
    assert due == date(2026, 12, 10)
    assert due_on(date(2023, 12, 10), None) is None
    assert is_soon(due, date(2026, 11, 22))
    assert not is_soon(due, date(2026, 11, 8))
    assert is_soon(due, date(2027, 1, 1))
    assert is_worn(2_500_000, 2_450_000, 500_000)
    assert not is_worn(2_500_000, 2_449_999, 500_000)
    assert not is_worn(None, 1, 500_000)


def line_of(**fields: object) -> Line:
    raw = {"id": "6f1e2d3c-0000-4000-8000-000000000001", "kind": "set_model_part", "model": "M"}
    op: Op = parse_op({**raw, "part": "P", "quantity": 2, **fields}, EDIT_KINDS)
    return Line.of(op)


def test_a_life_by_meter_needs_both() -> None:
    whole = line_of(meter="Hours", meter_life=500, life_months=12, critical=True)
    assert whole.said("pcs") == "2 pcs, lasts 12 months or 500 by Hours, critical"
    for lacking, field in (({"meter": "Hours"}, "meter_life"), ({"meter_life": 500}, "meter")):
        with pytest.raises(Invalid) as caught:
            line_of(**lacking)
        assert caught.value.field == field
