"""Standing still, against a model that looks at every quarter of an hour of every machine."""

from collections import defaultdict
from random import Random
from typing import Final

import pytest
from sqlalchemy import insert, select

from stockscan.domain.reports.months import Months, begins_us, month_of
from stockscan.services.reports import costs, work
from stockscan.services.reports.costs import Asked
from stockscan.services.work import reading, unit_of_work
from stockscan.store.assets import Asset
from stockscan.store.maintenance.rows import Job
from stockscan.store.reports.stretches import stretches
from tests.shop import OPENING, Shop

QUARTER_US: Final = 900_000_000
# Prices by the hour that fall even on a quarter of one: nothing is rounded.
HOUR_MINOR: Final = 2_000
STATES: Final = ("done", "done", "done", "done", "open", "cancelled")
Pieces = dict[tuple[int, int], int]


def stopped(shop: Shop, dice: Random, jobs: int) -> list[Job]:
    """Jobs on two machines that stood still for up to three months, often at the same time."""
    machines = [shop.asset() for _ in range(2)]
    with unit_of_work() as session:
        numbers = session.scalars(select(Asset.id).where(Asset.code.in_(machines))).all()
        for number in range(1, jobs + 1):
            from_us = OPENING // QUARTER_US * QUARTER_US + dice.randrange(20_000) * QUARTER_US
            until_us = from_us + dice.choice((0, 1, 40, 900, 8_000)) * QUARTER_US
            hours_e2 = (until_us - from_us) * HOUR_MINOR // (4 * QUARTER_US)
            session.execute(
                insert(Job).values(
                    uid=f"j{number}", number=number, asset_id=dice.choice(numbers), kind="fault",
                    title="Stopped", state=dice.choice(STATES), created_us=from_us,
                    down_from_us=from_us, down_until_us=until_us, down_minor=hours_e2,
                    done_us=until_us + 5 * QUARTER_US, labour_minor=7,
                )
            )  # fmt: skip
    with reading() as connection:
        return list(connection.execute(select(Job.__table__)))


def looked_at(jobs: list[Job], months: Months) -> Pieces:
    """Each quarter of an hour of the months in which a machine stood: (job, month) -> quarters."""
    found: Pieces = defaultdict(int)
    taken: set[tuple[int, int]] = set()
    for job in sorted(jobs, key=lambda job: (job.down_from_us, job.id)):
        if job.state != "done":
            continue
        for at_us in range(job.down_from_us, job.down_until_us, QUARTER_US):
            if (job.asset_id, at_us) not in taken and months.from_us <= at_us < months.until_us:
                found[job.id, month_of(at_us)] += 1
            taken.add((job.asset_id, at_us))
    return found


@pytest.mark.parametrize("seed", range(2))
def test_each_moment_of_a_machine_counts_once_and_in_its_month(shop: Shop, seed: int) -> None:
    jobs = stopped(shop, Random(seed), 25)
    first, seen = month_of(OPENING), set[tuple[int, int]]()
    for months in (Months(first, first + 9), Months(first + 2, first + 4), Months(first, first)):
        known = looked_at(jobs, months)
        seen.update(known)
        with reading() as connection:
            rows = connection.execute(select(stretches(months))).all()
        assert {(row.job_id, row.month): row.down_us for row in rows} == {
            key: quarters * QUARTER_US for key, quarters in known.items()
        }
        for row in rows:
            assert row.down_e4 == known[row.job_id, row.month] * HOUR_MINOR * 100 // 4
    assert len(seen) > 10


def test_what_a_job_cost_is_shared_out_without_a_rest(shop: Shop) -> None:
    stopped(shop, Random(3), 1)
    span = {"down_from_us": begins_us(24_300) - 1, "down_until_us": begins_us(24_303) + 7}
    with unit_of_work() as session:
        session.execute(Job.__table__.update().values(**span, down_minor=1_000_001, state="done"))
    with reading() as connection:
        rows = connection.execute(select(stretches(Months(24_290, 24_310)))).all()
    assert len(rows) == 5
    assert sum(row.down_e4 for row in rows) == 100_000_100
    assert sum(row.down_us for row in rows) == span["down_until_us"] - span["down_from_us"]


def test_all_pages_say_the_same_of_standing_still(shop: Shop) -> None:
    jobs = stopped(shop, Random(4), 25)
    shop.wait(300 * 86_400)
    ctx = shop.context()
    page, cost = work.downtime(ctx, cause=""), costs.cost_page(ctx, Asked())
    assert page.down_us == sum(looked_at(jobs, page.months).values()) * QUARTER_US > 0
    assert page.down_e4 == cost.total.down_e4 == sum(each.down_e4 for each in page.causes)
    assert page.down_us == sum(each.down_us for each in page.machines)
    assert (sum(one.down_us for one in page.jobs), sum(one.down_e4 for one in page.jobs)) == (
        page.down_us,
        page.down_e4,
    )
    for row in cost.rows:
        alone = costs.asset_costs(ctx, row.key)
        assert alone.cost == row.cost
        assert sum(one.cost_e4 for one in alone.jobs) == row.cost.down_e4 + row.cost.labour_e4
