"""Which records a scope takes in: by place, part, class, day and reason, on both databases."""

import pytest
from flask import Flask

from stockscan.domain.counts.scope import Scope, Why
from stockscan.services.work import reading
from stockscan.store import settings
from stockscan.store.counts.scoping import keys_in_scope
from stockscan.store.settings import Settings
from tests.shop import Shop

DAY = 86_400


def records(shop: Shop, scope: Scope, **changed: int) -> set[tuple[int, int, str]]:
    """The records of a scope now."""
    with reading() as connection:
        found = connection.execute(keys_in_scope(scope, Settings(**changed), shop.now_us))
        rows = [(row.part_id, row.location_id, row.lot) for row in found]
    assert len(rows) == len(set(rows))
    return set(rows)


def record(shop: Shop, part: str, place: str, lot: str = "") -> tuple[int, int, str]:
    key = shop.key(part, place)
    return key.part_id, key.location_id, lot


def test_what_has_stock_or_belongs_there_is_counted(shop: Shop) -> None:
    home, shelf = shop.bin(), shop.bin()
    here, gone = shop.part(location=home), shop.part(location=home)
    shop.ok("receive", part=here, location=shelf, quantity=2)
    shop.ok("receive", part=gone, location=shelf, quantity=1)
    shop.ok("issue", part=gone, location=shelf, quantity=1, reason="used")
    usual = {record(shop, here, home), record(shop, gone, home)}
    assert records(shop, Scope()) == {record(shop, here, shelf), *usual}
    empty = record(shop, gone, shelf)
    assert records(shop, Scope(why=(Why.ZERO,))) == {empty, *usual}
    assert records(shop, Scope(parts=(empty[0],))) == {record(shop, gone, home)}


def test_a_place_stands_for_all_in_it(shop: Shop) -> None:
    hall = shop.make("location", name="Hall", kind_of_place="site")
    aisle = shop.make("location", name="Aisle", kind_of_place="area", parent=hall)
    shelf = shop.make("location", name="A-1", kind_of_place="bin", parent=aisle)
    part = shop.part()
    for place in (shelf, shop.bin()):
        shop.ok("receive", part=part, location=place, quantity=1)
    wanted = record(shop, part, shelf)
    for place in (hall, aisle, shelf):
        assert records(shop, Scope(locations=(shop.key(part, place).location_id,))) == {wanted}


def test_lots_and_serials_are_records(shop: Shop) -> None:
    shelf = shop.bin()
    by_lot, by_serial = shop.part(tracking="lot", location=shelf), shop.part(tracking="serial")
    for lot in ("L1", "L2"):
        shop.ok("receive", part=by_lot, location=shelf, quantity=1, lot=lot)
    shop.ok("receive", part=by_serial, location=shelf, quantity=2, serials=["S1", "S2"])
    assert records(shop, Scope()) == {
        record(shop, by_lot, shelf, "L1"),
        record(shop, by_lot, shelf, "L2"),
        record(shop, by_serial, shelf),
    }


def test_due_is_the_last_count_and_the_interval_of_the_class(shop: Shop) -> None:
    shelf = shop.bin()
    part = shop.part(abc_class="A")
    shop.ok("receive", part=part, location=shelf, quantity=2)
    due, wanted = Scope(why=(Why.DUE,)), {record(shop, part, shelf)}
    shop.wait(89 * DAY)
    assert records(shop, due) == set()
    shop.wait(DAY)
    assert records(shop, due) == wanted
    assert records(shop, Scope(why=(Why.DUE,), classes=("B", "C"))) == set()
    shop.counted(part=part, location=shelf, quantity=2)
    assert records(shop, due) == set()
    assert records(shop, due, count_interval_a_days=0) == wanted
    assert records(shop, Scope(counted_before_us=shop.now_us + 1)) == wanted
    assert records(shop, Scope(counted_before_us=shop.now_us)) == set()


def test_a_place_may_be_counted_more_often(shop: Shop) -> None:
    hall = shop.make("location", name="Hall", kind_of_place="site", count_interval_days=7)
    shelf = shop.make("location", name="A-1", kind_of_place="bin", parent=hall)
    part = shop.part()
    shop.ok("receive", part=part, location=shelf, quantity=2)
    shop.wait(7 * DAY)
    assert records(shop, Scope(why=(Why.DUE,))) == {record(shop, part, shelf)}


def test_of_many_the_first_due_are_taken(shop: Shop) -> None:
    shelf, parts = shop.bin(), [shop.part() for _ in range(3)]
    for part in reversed(parts):
        shop.ok("receive", part=part, location=shelf, quantity=2)
        shop.wait(DAY)
    shop.wait(365 * DAY)
    last = {record(shop, part, shelf) for part in parts[1:]}
    assert records(shop, Scope(why=(Why.DUE,), most=2)) == last


def test_triggers(shop: Shop) -> None:
    shelf = shop.bin()
    emptied, below, dear = (shop.part(cost="10") for _ in range(3))
    for part in (emptied, below, dear):
        shop.ok("receive", part=part, location=shelf, quantity=5)
    shop.ok("issue", part=emptied, location=shelf, quantity=5, reason="used")
    shop.ok("issue", part=below, location=shelf, quantity=6, reason="used")
    of = {name: record(shop, part, shelf) for name, part in [("e", emptied), ("b", below)]}
    assert records(shop, Scope(why=(Why.NEGATIVE,))) == {of["b"]}
    assert records(shop, Scope(why=(Why.EMPTIED,))) == {of["e"], of["b"]}
    assert records(shop, Scope(why=(Why.TURNOVER,))) == set()
    assert records(shop, Scope(why=(Why.TURNOVER,)), count_turnover_minor=10_500) == {of["b"]}
    shop.counted(part=emptied, location=shelf, quantity=0)
    assert records(shop, Scope(why=(Why.EMPTIED, Why.NEGATIVE))) == {of["b"]}


def test_what_i_touched_today(shop: Shop) -> None:
    shelf, mine, theirs = shop.bin(), shop.part(), shop.part()
    for part in (mine, theirs):
        shop.ok("receive", part=part, location=shelf, quantity=5)
    since = shop.now_us
    me = shop.cast.technician
    asset = shop.asset()
    shop.ok("install", part=mine, location=shelf, asset=asset, quantity=1, by=me)
    scope = Scope(why=(Why.TOUCHED,), touched_by=me.id, touched_since_us=since)
    assert records(shop, scope) == {record(shop, mine, shelf)}
    later = Scope(why=(Why.TOUCHED,), touched_by=me.id, touched_since_us=shop.now_us + 1)
    assert records(shop, later) == set()


@pytest.mark.parametrize(
    "scope",
    [
        Scope(),
        Scope(locations=(1, 2), parts=(3,), classes=("A",), why=(Why.DUE, Why.ZERO), most=7),
        Scope(why=(Why.TOUCHED,), touched_by=4, touched_since_us=5, counted_before_us=6),
    ],
)
def test_a_scope_is_kept_as_json(scope: Scope) -> None:
    assert Scope.from_json(scope.to_json()) == scope


def test_settings_in_force_have_intervals(app: Flask) -> None:
    with app.app_context(), reading() as connection:
        assert settings.load(connection).count_interval_a_days == 90
