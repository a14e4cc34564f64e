"""Days out and idle: what the database sums is what the rule says of each asset."""

from collections.abc import Iterator
from random import Random

import pytest
from flask import Flask

from stockscan.domain.errors import Invalid
from stockscan.services import assets, models, utilisation
from tests.cast import hire
from tests.shop import Shop

DAY_S = 86_400


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


def test_the_list_the_page_and_the_model_agree(shop: Shop) -> None:
    random = Random(7)
    shop.make("model", name="Linde")
    codes = [shop.asset(model="Linde") for _ in range(5)]
    for _ in range(60):
        shop.wait(random.uniform(0.5, 4) * DAY_S)
        done = _turn(shop, random.choice(codes))
        if random.random() < 0.2:
            shop.do("reverse", operation=done)
    pages = {code: assets.asset_page(shop.context(), code) for code in codes}
    busy = utilisation.usage(shop.context(), 90, "busy").rows
    idle = utilisation.usage(shop.context(), 90, "idle").rows
    assert {row.code: row.use for row in idle} == {c: p.used[90] for c, p in pages.items()}
    assert [row.out_us for row in busy] == sorted((row.out_us for row in busy), reverse=True)
    together = models.model_page(shop.context(), "Linde").used
    assert together.out_us == sum(page.used[90].out_us for page in pages.values()) > 0
    assert together.there_us == sum(page.used[90].there_us for page in pages.values())


def _turn(shop: Shop, code: str) -> str:
    """Hand an asset out, or take it back; the operation."""
    is_out = assets.asset_row(shop.context(), code).is_out
    if is_out:
        return str(shop.ok("check_in", asset=code)["operation"])
    to = shop.cast.viewer.code
    return str(shop.ok("check_out", asset=code, to_person=to)["operation"])


def test_what_was_never_out_is_counted(shop: Shop) -> None:
    first, second, gone = shop.asset(), shop.asset(), shop.asset()
    shop.ok("set_status", asset=gone, status="retired")
    shop.ok("check_out", asset=first, to_person=shop.cast.viewer.code)
    shop.wait(10 * DAY_S)
    usage = utilisation.usage(shop.context(), 30, "idle")
    assert (usage.never, usage.all) == (1, 2)
    assert [(row.code, row.use.days_out, row.use.days_idle) for row in usage.rows] == [
        (second, 0, 10),
        (first, 10, 0),
    ]
    assert [row.code for row in utilisation.usage(shop.context(), 30, "busy").rows] == [first]


@pytest.mark.parametrize(("days", "order"), [(1, "idle"), (90, "name")])
def test_there_is_no_other_list(shop: Shop, days: int, order: str) -> None:
    with pytest.raises(Invalid):
        utilisation.usage(shop.context(), days, order)
