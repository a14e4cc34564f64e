"""A workshop whose work has a price: machines at two sites, repairs, and what they cost."""

from typing import Any

from sqlalchemy import update

from stockscan.services import operations
from stockscan.services.work import unit_of_work
from stockscan.store import settings
from stockscan.store.assets import Asset
from tests.shop import Shop


class Workshop:
    """Two sites, two models, five machines and three parts, with a price for an hour."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.bin = shop.bin("A-01")
        for name in ("Truck", "Laptop"):
            shop.make("model", name=name)
        self.sites = [
            shop.make("location", name=n, kind_of_place="site") for n in ("North", "South")
        ]
        rooms = [shop.make("location", name=f"R{at}", kind_of_place="area", parent=self.sites[at])
                 for at in (0, 1)]  # fmt: skip
        where = [
            {"model": "Truck", "location": rooms[0]},
            {"model": "Truck", "location": self.sites[1]},
            {"model": "Laptop", "location": rooms[1]},
            {"model": "Laptop"},
            {},
        ]
        self.machines = [shop.asset(name=f"M{at}", **each) for at, each in enumerate(where)]
        self.parts = [shop.part(name=f"P{at}", part_number=f"P-{at}") for at in range(3)]
        for at, part in enumerate(self.parts):
            shop.ok("receive", part=part, location=self.bin, quantity="500",
                    unit_cost=f"{3 + at}.3337")  # fmt: skip
        with unit_of_work() as session:
            settings.save(session, labour_hour_minor=4_333)
            session.execute(update(Asset).values(down_hour_minor=1_777))

    def fit(self, machine: str, part: str, quantity: str = "1", **more: str) -> dict[str, Any]:
        """Install so many of a part on a machine."""
        return self.shop.ok(
            "install", asset=machine, part=part, quantity=quantity, location=self.bin, **more
        )

    def repair(self, machine: str, minutes: int, part: str = "", hours_down: float = 0) -> str:
        """A fault that stops the machine, its repair and sign-off; the job's name."""
        job = self.shop.ok("report_fault", asset=machine, what="Stuck", stands=True)["job"]
        self.shop.wait(hours_down * 3_600)
        if part:
            self.fit(machine, part, work=job)
        self.shop.ok("finish_job", job=job, minutes=minutes, cause="worn")
        return str(job)

    def list_part(self, model: str, part: str, **values: Any) -> None:
        """Put a part on the list of a model, one of it unless said."""
        raw = {"id": str(self.shop.context().new_id()), "model": model, "part": part}
        done = operations.edit(
            self.shop.context(), "set_model_part", {**raw, "quantity": "1", **values}
        )
        assert done.done, done

    def retire(self, *machines: str) -> None:
        """Take machines out of use for good."""
        for machine in machines:
            self.shop.ok("set_status", asset=machine, status="retired", reason="Old")
