"""The article's story, end to end: 200 laptops, their batteries and SSDs, from plan to obsolete."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from stockscan.domain.figures import E4, MILLI, to_us
from stockscan.domain.purchasing import RequisitionState
from stockscan.domain.reports.obsolete import Surplus
from stockscan.services import assets, installs, maintenance, operations, purchasing
from stockscan.services.purchasing import Placed
from stockscan.services.reports import costs, obsolete
from stockscan.services.work import reading, unit_of_work
from stockscan.store import settings
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.catalogue.history import Moved
from stockscan.store.importing import writing
from stockscan.store.maintenance.readiness import readiness
from stockscan.store.maintenance.rows import Job, JobPart
from stockscan.store.parts import Part
from tests.cast import new_id
from tests.shop import Shop

# Laptops by model and day of purchase. 36 months after theirs the batteries of the first are due,
# 30 months after theirs the SSDs of the third.
FLEET = (
    ("Latitude 5430", date(2023, 12, 10), 12),
    ("Latitude 5430", date(2024, 10, 1), 28),
    ("Latitude 5450", date(2024, 6, 5), 20),
    ("Latitude 5450", date(2025, 3, 1), 70),
    ("Latitude 5450", date(2026, 2, 1), 70),
)
OLD, NEW = "Latitude 5430", "Latitude 5450"
SSD_SWAPPED, A_MONTH_AHEAD = date(2026, 6, 8), date(2026, 11, 8)
DELIVERED, SECOND_BOX, SWAPPED = date(2026, 11, 30), date(2026, 12, 2), date(2026, 12, 3)
BATTERY_DUE, SSD_DUE = date(2026, 12, 10), date(2026, 12, 5)

# 3 + 2 batteries at 80.00 and 8 at 82.50; a thirteenth of that is the one that is left.
BATTERIES_E4, LEFT_E4 = 1_060 * E4, 815_384


class Work(NamedTuple):
    """A job as the technician meets it."""

    number: int
    asset: str
    part: str


class Story:
    """The shop of the story, its parts by number and its laptops by model."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.laptops: dict[str, list[str]] = {}
        self.parts: dict[str, str] = {}

    def on(self, day: date) -> None:
        """Nine in the morning of a day."""
        self.shop.now_us = to_us(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))

    def make(self, kind: str, **values: Any) -> dict[str, Any]:
        self.shop.wait()
        made = operations.create(self.shop.context(), kind, {"id": new_id(), **values})
        assert made.result is not None, made
        return made.result

    def change(self, kind: str, **values: Any) -> None:
        self.shop.wait()
        done = operations.edit(self.shop.context(), kind, {"id": new_id(), **values})
        assert done.done, done

    def open_jobs(self) -> list[Work]:
        with reading() as connection:
            rows = connection.execute(
                select(Job.number, Asset.code, Part.part_number)
                .join(Asset, Asset.id == Job.asset_id)
                .join(JobPart, JobPart.job_id == Job.id)
                .join(Part, Part.id == JobPart.part_id)
                .where(Job.state == "open")
                .order_by(Job.number)
            )
            return [Work(*row) for row in rows]

    def readiness(self) -> Counter[str]:
        with reading() as connection:
            known = readiness(connection, self.shop.context().today)
        return Counter(job.state.value for job in known.values())

    def swap(self, work: Work) -> None:
        """A job as it is done by scans: the old part out, a new one in, signed off."""
        by = self.shop.cast.technician
        part, job = self.parts[work.part], f"J-{work.number}"
        values = {"asset": work.asset, "part": part, "quantity": 1, "work": job}
        done = self.shop.ok("install", by=by, **values)
        assert (done["warnings"], done["work"]) == ([], job)
        self.shop.ok("finish_job", by=by, job=job, minutes=15)


@pytest.fixture
def story(shop: Shop) -> Story:
    """200 laptops, two models, plans by age, and little stock."""
    told = Story(shop)
    told.on(SSD_SWAPPED)
    with unit_of_work() as session:
        settings.save(session, labour_hour_minor=3_600, order_buffer_days=7, order_review_days=1)
    bin_ = shop.bin("S-1")
    for number, safety in (("BAT-30", 1), ("BAT-50", 0), ("SSD-512", 0)):
        told.parts[number] = shop.part(
            name=number, part_number=number, location=bin_, supplier="Cells Ltd", cost="80",
            lead_time_days=24, safety_stock=safety, pack=10 if number == "SSD-512" else 1,
        )  # fmt: skip
    for model, battery in ((OLD, "BAT-30"), (NEW, "BAT-50")):
        shop.make("model", name=model)
        for part, months in ((battery, 36), ("SSD-512", 30)):
            line = {"model": model, "part": part, "quantity": 1, "life_months": months}
            told.change("set_model_part", **line, critical=part == battery)
            about = {"model": model, "basis": "age", "part": part, "every": months}
            plan = told.make("create_plan", name=f"{part} of {model}", horizon_days=35, **about)
            told.change("set_plan_part", plan=plan["plan"], part=part, quantity=1)
    buy_laptops(told)
    # The SSDs of the oldest have been swapped already, at 70.00 each.
    shop.ok("receive", part="SSD-512", location=bin_, quantity=17, unit_cost="70")
    for laptop in told.laptops[OLD][:12]:
        shop.ok("install", asset=laptop, part="SSD-512", quantity=1)
    shop.ok("receive", part="BAT-30", location=bin_, quantity=3, unit_cost="80")
    return told


def buy_laptops(told: Story) -> None:
    with unit_of_work() as session:
        models = {
            name: number for number, name in session.execute(select(AssetModel.id, AssetModel.name))
        }
        rows = [
            {"tag": f"L-{bought:%y%m}-{nth:03}", "name": "Laptop", "model_id": models[model],
             "purchase_date": bought, "purchase_cost_minor": 120_000}
            for model, bought, many in FLEET for nth in range(many)
        ]  # fmt: skip
        writing.make_things(session, "asset", rows, told.shop.now_us)
    with reading() as connection:
        bought = connection.execute(
            select(AssetModel.name, Asset.code)
            .join(AssetModel, AssetModel.id == Asset.model_id)
            .order_by(Asset.purchase_date, Asset.tag)
        )
        for model, code in bought:
            told.laptops.setdefault(model, []).append(code)
    assert [len(told.laptops[model]) for model in (OLD, NEW)] == [40, 160]


def test_the_story(story: Story) -> None:
    number = a_month_ahead_it_is_asked_for(story)
    it_is_approved_ordered_and_received(story, number)
    swaps_are_recorded_by_scan(story)
    history_and_cost_are_right(story)
    retired_laptops_leave_obsolete_batteries(story)


def a_month_ahead_it_is_asked_for(story: Story) -> int:
    """12 batteries due on Dec 10, 3 here, 2 on order, 1 to stay: 8 to order; 20 SSDs in tens."""
    shop = story.shop
    story.on(date(2026, 11, 2))
    (first,) = purchasing.ask_for(shop.context(), new_id(), "BAT-30", 2 * MILLI, None)
    purchasing.order(shop.context(shop.cast.supervisor), first, Placed(DELIVERED))
    story.on(A_MONTH_AHEAD)
    assert maintenance.make_jobs(shop.context()) == 32
    assert Counter(work.part for work in story.open_jobs()) == {"BAT-30": 12, "SSD-512": 20}
    raised = purchasing.raise_ahead(shop.context())
    assert (len(raised.numbers), raised.lines) == (1, 2)
    assert purchasing.raise_ahead(shop.context()).lines == 0
    assert maintenance.make_jobs(shop.context()) == 0
    page = purchasing.requisition_page(shop.context(), raised.numbers[0])
    lines = {line.part_number: line for line in page.lines}
    asked = {name: (line.quantity_milli // MILLI, line.need_by) for name, line in lines.items()}
    assert asked == {"BAT-30": (8, BATTERY_DUE), "SSD-512": (20, SSD_DUE)}
    assert lines["BAT-30"].order_by == date(2026, 11, 9)
    assert (page.row.state, page.row.supplier) == (RequisitionState.RAISED, "Cells Ltd")
    return raised.numbers[0]


def it_is_approved_ordered_and_received(story: Story, number: int) -> None:
    """In two boxes and dearer than expected; then every job is ready."""
    shop, cast = story.shop, story.shop.cast
    purchasing.approve(shop.context(cast.supervisor), number)
    purchasing.order(shop.context(cast.storekeeper), number, Placed(DELIVERED, "PO 4711"))
    assert story.readiness() == {"waiting": 24, "ready": 8}
    story.on(DELIVERED)
    receive = {"by": cast.storekeeper, "location": "S-1"}
    shop.ok("receive", **receive, part="BAT-30", quantity=2, unit_cost="80", requisition="R-1")
    came = {"part": "BAT-30", "unit_cost": "82.50", "requisition": f"R-{number}"}
    shop.ok("receive", **receive, **came, quantity=5)
    ssds = {"part": "SSD-512", "unit_cost": "70", "requisition": f"R-{number}"}
    shop.ok("receive", **receive, **ssds, quantity=20)
    page = purchasing.requisition_page(shop.context(), number)
    assert page.row.state == RequisitionState.ORDERED
    assert {line.part_number: line.left_milli for line in page.lines} == {
        "BAT-30": 3 * MILLI,
        "SSD-512": 0,
    }
    story.on(SECOND_BOX)
    shop.ok("receive", **receive, **came, quantity=3)
    page = purchasing.requisition_page(shop.context(), number)
    assert page.row.state == RequisitionState.RECEIVED
    assert page.difference_e4 == 8 * 25_000 - 20 * 10 * E4
    assert story.readiness() == {"ready": 32}
    assert purchasing.raise_ahead(shop.context()).lines == 0


def swaps_are_recorded_by_scan(story: Story) -> None:
    """One was recorded twice and taken back."""
    story.on(SWAPPED)
    jobs = story.open_jobs()
    for work in jobs:
        story.swap(work)
    twice = story.shop.ok("install", asset=jobs[0].asset, part="BAT-30", quantity=1)
    story.shop.ok("reverse", operation=twice["operation"])
    assert story.open_jobs() == []
    assert maintenance.make_jobs(story.shop.context()) == 0


def history_and_cost_are_right(story: Story) -> None:
    """3 and 2 at 80.00, 8 at 82.50: 1,060.00 for 13; 12 of them are in the laptops."""
    shop, laptop = story.shop, story.laptops[OLD][0]
    parts = installs.asset_parts(shop.context(), laptop)
    battery, ssd = parts.listed
    assert (battery.part.part_number, battery.due.on) == ("BAT-30", date(2029, 12, 3))
    assert (ssd.part.part_number, ssd.due.on) == ("SSD-512", date(2028, 12, 8))
    assert [one.part.part_number for one in parts.installed] == ["BAT-30", "SSD-512"]
    told = assets.asset_page(shop.context(), laptop).timeline
    moved = [line.row for line in told if isinstance(line.row, Moved) and not line.row.undone]
    assert [row.value_e4 for row in moved if row.kind == "install"] == [-815_385, -700_000]
    cost = costs.asset_costs(shop.context(), laptop, "2026-12", "2026-12").cost
    assert (cost.parts_e4, cost.labour_e4, cost.jobs) == (815_385, 90_000, 1)
    asked = costs.Asked(by="model", from_month="2026-12", to_month="2026-12")
    page = costs.cost_page(shop.context(), asked)
    by_model = {row.key: row.cost for row in page.rows}
    assert by_model[OLD].parts_e4 == BATTERIES_E4 - LEFT_E4
    assert by_model[NEW].parts_e4 == 20 * 700_000
    assert page.total.labour_e4 == 32 * 90_000


def retired_laptops_leave_obsolete_batteries(story: Story) -> None:
    """The last one is worth what is left of the 1,060.00, and is sold; SSDs still have a use."""
    shop = story.shop
    assert obsolete.obsolete(shop.context()).of(Surplus.OBSOLETE) == []
    story.on(date(2027, 1, 4))
    for laptop in story.laptops[OLD]:
        shop.ok("set_status", by=shop.cast.supervisor, asset=laptop, status="retired")
    page = obsolete.obsolete(shop.context())
    left = [(row.part.part_number, row.excess) for row in page.of(Surplus.OBSOLETE)]
    assert [(name, too_much.quantity_milli) for name, too_much in left] == [("BAT-30", MILLI)]
    assert page.value_e4(Surplus.OBSOLETE) == LEFT_E4
    sold = {"part": "BAT-30", "location": "S-1", "quantity": 1, "how": "sold", "proceeds": "30"}
    shop.ok("dispose", by=shop.cast.supervisor, **sold)
    page = obsolete.obsolete(shop.context())
    assert page.of(Surplus.OBSOLETE) == []
    assert [(gone.how, gone.proceeds_e4) for gone in page.disposals] == [("sold", 30 * E4)]
    story.change("edit_part", part="BAT-30", active=False)
    assert purchasing.raise_ahead(shop.context()).lines == 0
