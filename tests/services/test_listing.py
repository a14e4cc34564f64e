"""Lists of assets by the page: complete while rows come and go, sorted both ways, few queries."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event

from stockscan.domain.errors import Invalid, NotAllowed, NotFound
from stockscan.services import assets
from stockscan.services.work import Context, reading
from stockscan.store.catalogue.listing.assets import AssetFilters, asset_query
from tests.cast import hire, new_id
from tests.shop import Shop

SORTS = ("tag", "-tag", "name", "-name", "due", "-due", "bought", "-bought", "price", "-price")


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


def walk(shop: Shop, sort: str, **asked: str) -> list[str]:
    """The tags of all pages of two."""
    tags: list[str] = []
    after = ""
    while True:
        page = assets.asset_list(shop.context(), sort=sort, after=after, limit=2, **asked)
        tags += [row.tag for row in page.rows]
        after = page.next
        if not after:
            return tags


def test_each_sort_shows_every_asset_once(shop: Shop) -> None:
    costs = ("10", None, "30", "10", None)
    for number, cost in enumerate(costs):
        bought = {"purchase_cost": cost, "purchase_date": f"2024-01-0{number + 1}"} if cost else {}
        shop.asset(name=f"Drill {number % 2}", tag=f"T-{number}", **bought)
    shop.ok("check_out", asset="T-3", to_person=shop.cast.admin.code, due_on="2030-01-01")
    for sort in SORTS:
        tags = walk(shop, sort)
        assert sorted(tags) == [f"T-{number}" for number in range(5)], sort
        turned = sort[1:] if sort.startswith("-") else f"-{sort}"
        assert tags == walk(shop, turned)[::-1], sort
        with reading() as connection:
            query = asset_query(connection, AssetFilters(), date(2026, 1, 1), sort)
            assert [row.tag for row in connection.execute(query)] == tags
    assert walk(shop, "-price")[0] == "T-2"
    assert walk(shop, "due", show="out") == ["T-3"]
    assert walk(shop, "tag", show="overdue") == []


def test_a_page_continues_where_it_was_while_rows_come_and_go(shop: Shop) -> None:
    for number in range(4):
        shop.asset(name="Drill", tag=f"T-{number}")
    first = assets.asset_list(shop.context(), limit=2)
    shop.asset(name="Drill", tag="T-0a")
    shop.asset(name="Drill", tag="T-9")
    rest = assets.asset_list(shop.context(), after=first.next, limit=10)
    assert [row.tag for row in rest.rows] == ["T-2", "T-3", "T-9"]


@pytest.mark.parametrize(
    ("asked", "error"),
    [({"show": "x"}, Invalid), ({"sort": "x"}, Invalid), ({"model": "x"}, NotFound),
     ({"place": "x"}, NotFound), ({"condition": "9"}, Invalid), ({"after": "x"}, Invalid)],
)  # fmt: skip
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_can_not_be_asked_names_its_field(
    shop: Shop, asked: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error) as raised:
        assets.asset_list(shop.context(), **asked)
    assert getattr(raised.value, "field", None) == next(iter(asked))


def test_strangers_see_no_list(shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        assets.asset_list(Context(None, 0, new_id))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_is_few_queries(app: Flask, shop: Shop) -> None:
    for _ in range(5):
        shop.asset(name="Drill")
    asked: list[str] = []
    engine = app.extensions["stockscan.read_engine"]
    event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    assets.asset_list(shop.context(), text="drill", limit=3)
    assert len(asked) <= 5, asked
