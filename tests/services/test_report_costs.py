"""Costs: however they are summed, it is what the ledger charged and what the jobs cost."""

import random

import pytest
from sqlalchemy import func, select, update

from stockscan.domain.access import Role
from stockscan.domain.errors import NotAllowed
from stockscan.domain.figures import E4, from_us
from stockscan.domain.reports.months import Months, month_at, month_text
from stockscan.domain.reports.obsolete import Surplus
from stockscan.services import operations
from stockscan.services.reports import (
    anomalies,
    costs,
    equip,
    obsolete,
    peers,
    quarter,
    replacing,
    work,
)
from stockscan.services.reports.costs import Asked
from stockscan.services.work import reading, unit_of_work
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.maintenance.rows import Job
from stockscan.store.reports.costs import WAYS, Cost
from stockscan.store.reports.usage import roll_up
from stockscan.store.stock import Movement
from tests.cast import new_id
from tests.shop import Shop
from tests.workshop import Workshop

DAY = 86_400


def ledger_e4(months: Months) -> int:
    """What the ledger charged to assets and the jobs cost in some months, row by row."""
    with reading() as connection:
        parts = connection.scalar(
            select(func.sum(-Movement.value_e4)).where(
                Movement.asset_id.is_not(None),
                Movement.effective_us.between(months.from_us, months.until_us - 1),
            )
        )
        jobs = connection.scalar(
            select(func.sum(Job.labour_minor + Job.down_minor)).where(
                Job.state == "done", Job.done_us.between(months.from_us, months.until_us - 1)
            )
        )
    return int(parts or 0) + int(jobs or 0) * 100


def play(world: Workshop, dice: random.Random) -> None:
    """Months of installs, returns, records taken back and jobs, summed up now and then."""
    shop, fitted = world.shop, []
    for _ in range(36):
        shop.wait(dice.randrange(1, 12) * DAY)
        machine, part = dice.choice(world.machines), dice.choice(world.parts)
        what = dice.random()
        if what < 0.5 or not fitted:
            done = world.fit(machine, part, str(dice.randrange(1, 4)))
            fitted.append((machine, part, done["operation"]))
        elif what < 0.65:
            on, of, _ = dice.choice(fitted)
            shop.do("return_part", asset=on, part=of, quantity="1", location=world.bin)
        elif what < 0.8:
            shop.do("reverse", operation=dice.choice(fitted)[2])
        else:
            world.repair(machine, dice.randrange(200), part, dice.random() * 30)
        if dice.random() < 0.15:
            with unit_of_work() as session:
                roll_up(session)


def test_every_sum_is_the_ledger_s(shop: Shop) -> None:
    world = Workshop(shop)
    play(world, random.Random(1))
    ctx = shop.context()
    today = month_at(ctx.today)
    for months in (Months(today - 24, today), Months(today - 5, today - 2)):
        span = {"from_month": month_text(months.first), "to_month": month_text(months.last)}
        pages = {by: costs.cost_page(ctx, Asked(by=by, **span)) for by in WAYS}
        assert {page.total.total_e4 for page in pages.values()} == {ledger_e4(months)}
        for page in pages.values():
            assert sum((row.cost for row in page.rows), Cost()) == page.total
            assert not page.rest
        each = [costs.asset_costs(ctx, machine, *span.values()) for machine in world.machines]
        assert sum((one.cost for one in each), Cost()) == pages["asset"].total
        for one in each:
            assert sum(row.cost_e4 for row in one.parts) == one.cost.parts_e4
            assert sum(row.cost_e4 for row in one.jobs) == one.cost.labour_e4 + one.cost.down_e4
        narrow = [(by, row) for by in ("model", "site") for row in pages[by].rows if row.key]
        for by, row in narrow:
            alone = costs.cost_page(ctx, Asked(by="asset", **{by: row.key}, **span))
            assert (alone.total, len(alone.rows)) == (row.cost, row.assets)
    assert ledger_e4(Months(today - 24, today)) > 0


def test_who_stands_out_and_what_the_work_was(shop: Shop) -> None:
    world = Workshop(shop)
    dear, cheap = world.machines[:2]
    world.fit(dear, world.parts[2], "240")
    world.fit(cheap, world.parts[2], "60")
    job = world.repair(world.machines[2], 90, world.parts[0], hours_down=2)
    ctx = shop.context()
    found = peers.peers(ctx, model="Truck")
    assert [(row.machine.code, row.compared.flagged) for row in found.rows] == [
        (dear, True),
        (cheap, False),
    ]
    assert found.rows[0].compared.ratio_bp == 40_000
    one = costs.asset_costs(ctx, dear)
    assert (one.peers, one.peer_count) == (found.rows[0].compared, 1)
    stood = work.downtime(ctx)
    assert [(each.code, each.jobs, each.down_e4) for each in stood.machines] == [
        (world.machines[2], 1, stood.down_e4)
    ]
    assert 2 * 1_777 * 100 <= stood.down_e4 <= 2.1 * 1_777 * 100
    assert [cause.cause for cause in stood.causes] == ["worn"]
    done = work.technicians(ctx).workers
    assert [(one.jobs, one.faults, one.minutes) for one in done] == [(1, 1, 90)]
    assert done[0].labour_e4 == 649_950 or done[0].labour_e4 == 650_000
    assert done[0].parts_e4 == costs.asset_costs(ctx, world.machines[2]).parts[0].cost_e4
    [alone] = work.technicians(ctx, person=done[0].code).jobs
    assert (f"J-{alone.number}", alone.kind, type(alone.parts_e4)) == (job, "fault", int)
    assert (alone.labour_e4, alone.parts_e4) == (done[0].labour_e4, done[0].parts_e4)


def test_technicians_are_compared_by_those_who_plan_the_work(shop: Shop) -> None:
    for role in Role:
        ctx = shop.context(shop.cast.of(role))
        if role in {Role.SUPERVISOR, Role.ADMIN}:
            assert work.technicians(ctx).workers == []
        else:
            with pytest.raises(NotAllowed):
                work.technicians(ctx)


def test_what_only_a_retired_model_needs_is_obsolete_until_it_is_gone(shop: Shop) -> None:
    world = Workshop(shop)
    world.retire(*world.machines[2:4])
    world.list_part("Laptop", world.parts[0])
    world.list_part("Truck", world.parts[1])
    page = obsolete.obsolete(shop.context())
    assert [row.part.code for row in page.of(Surplus.OBSOLETE)] == [world.parts[0]]
    assert page.value_e4(Surplus.OBSOLETE) == 500 * 33_337
    sold = {"part": world.parts[0], "location": world.bin, "quantity": "400", "how": "sold"}
    done = shop.ok("dispose", by=shop.cast.storekeeper, proceeds="250", recipient="ACME", **sold)
    page = obsolete.obsolete(shop.context())
    gone = page.disposals[0]
    assert (gone.how, gone.recipient, gone.quantity_milli) == ("sold", "ACME", 400_000)
    assert (gone.value_e4, gone.proceeds_e4) == (400 * 33_337, 250 * E4)
    assert page.value_e4(Surplus.OBSOLETE) == 100 * 33_337
    shop.ok("reverse", by=shop.cast.storekeeper, operation=done["operation"])
    page = obsolete.obsolete(shop.context())
    assert (page.disposals, page.value_e4(Surplus.OBSOLETE)) == ([], 500 * 33_337)


def test_repair_or_replace_begins_with_what_the_books_know(shop: Shop) -> None:
    world = Workshop(shop)
    with unit_of_work() as session:
        model = select(AssetModel.id).where(AssetModel.name == "Truck").scalar_subquery()
        priced = update(AssetModel).where(AssetModel.id == model)
        session.execute(priced.values(replacement_minor=2_000_000))
    world.fit(world.machines[0], world.parts[0], "10")
    asked = replacing.question(shop.context(), world.machines[0], {"repair_minor": "3000"})
    assert (asked.known.inputs.new_minor, asked.known.price_from) == (2_000_000, "model")
    assert asked.known.inputs.repair_upkeep_minor == 3_334
    assert (asked.known.inputs.repair_minor, asked.given.repair_minor) == (0, 300_000)
    assert asked.weighed.repair_bp == 1_500


def test_a_month_of_unusual_use_and_what_new_machines_need(shop: Shop) -> None:
    world = Workshop(shop)
    for quantity in ("4", "4", "4", "40"):
        world.fit(world.machines[0], world.parts[2], quantity)
        shop.wait(31 * DAY)
    month = month_text(month_at(from_us(shop.now_us).date()) - 1)
    found = anomalies.anomalies(shop.context(), month)
    assert [(odd.part.code, odd.anomaly.usual_milli) for odd in found.rows] == [
        (world.parts[2], 4_000)
    ]
    assert equip.equip(shop.context()).rows == []


def test_new_machines_need_what_the_plans_of_their_model_take(shop: Shop) -> None:
    world = Workshop(shop)
    ctx, [oil, belt, *_] = shop.context(), world.parts
    about = {"id": new_id(), "name": "Service", "model": "Truck", "horizon_days": 30}
    calendar = {"basis": "calendar", "every": "3", "unit": "month", "starts_on": str(ctx.today)}
    plan = operations.create(ctx, "create_plan", {**about, **calendar}).result or {}
    kit = {"id": new_id(), "plan": plan["plan"], "part": oil, "quantity": "8"}
    assert operations.edit(ctx, "set_plan_part", kit).done
    world.list_part("Truck", oil)
    world.list_part("Truck", belt, critical=True)
    page = equip.equip(shop.context(), "Truck", machines="2", months="12")
    assert {row.part.code: row.wanted_milli for row in page.rows} == {oil: 64_000, belt: 1_000}


def test_what_holds_dearer_parts_than_it_is_worth(shop: Shop) -> None:
    world = Workshop(shop)
    dear, cheap, unknown = world.machines[:3]
    worth = {"purchase_date": shop.context().today, "purchase_cost_minor": 10_000}
    with unit_of_work() as session:
        known = update(Asset).where(Asset.code.in_((dear, cheap)))
        session.execute(known.values(**worth, life_months=60))
    for machine, quantity in ((dear, "40"), (cheap, "2"), (unknown, "90")):
        world.fit(machine, world.parts[0], quantity)
    shop.wait(93 * DAY)
    [found] = quarter.review(shop.context()).overspent
    assert (found.code, found.parts_e4) == (dear, 40 * 33_337)
    assert 9_000 * 100 < found.worth_e4 < 10_000 * 100


def test_absurd_costs_do_not_end_the_review(shop: Shop) -> None:
    world = Workshop(shop)
    job = world.repair(world.machines[0], 60)
    with unit_of_work() as session:
        session.execute(update(Asset).values(purchase_cost_minor=10**11))
        worth = update(Job).where(Job.number == int(job.removeprefix("J-")))
        session.execute(worth.values(labour_minor=10**14, down_minor=10**14))
    shop.wait(93 * DAY)
    page = quarter.review(shop.context())
    assert page.worn[0].cost_e4 >= 10**16
    assert page.worn[0].share_bp >= 10_000_000
