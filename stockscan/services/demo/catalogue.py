"""What the sample warehouse has: its people, places, parts, models and assets, read from tables."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from stockscan.domain.figures import parse_cost, parse_quantity

LEVELS = 3
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Stocked:
    """A part as the year's history needs it: quantities in thousandths, cost in 1/10,000."""

    number: str
    unit: str
    cost_e4: int
    bin: str
    category: str
    abc_class: str
    reorder_milli: int
    order_milli: int
    opening_milli: int
    lead_days: int
    tracking: str


@dataclass(frozen=True, slots=True)
class Usual:
    """A part of a model: fitted at every so many services, or only in repairs (`every` is 0)."""

    part: str
    quantity_milli: int
    every: int


@dataclass(frozen=True, slots=True)
class Machine:
    """An asset that gets parts: serviced every so many days, or never (0)."""

    tag: str
    model: str
    service_days: int
    usual: tuple[Usual, ...]


def table(name: str) -> list[Row]:
    """The rows of one of the tables beside this file."""
    text = files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def bins() -> list[tuple[str, str]]:
    """Every bin and the area that it is in: rack B-12 has the bins B-12-1, B-12-2 and B-12-3."""
    return [
        (f"{rack}-{level}", place["name"])
        for place in table("places")
        for rack in place["racks"].split()
        for level in range(1, LEVELS + 1)
    ]


def example_parts() -> list[Row]:
    """The parts that a model or a further supplier names: enough to try everything with."""
    named = {row["part"] for name in ("usual", "suppliers") for row in table(name)}
    named |= {row["instead_of"] for row in table("suppliers")}
    return [row for row in table("parts") if row["number"] in named]


@cache
def stocked() -> tuple[Stocked, ...]:
    """The parts, in the order of the table."""
    return tuple(
        Stocked(
            number=row["number"],
            unit=row["unit"],
            cost_e4=parse_cost(row["cost"]),
            bin=row["bin"],
            category=row["category"],
            abc_class=row["abc"],
            reorder_milli=parse_quantity(row["reorder"]),
            order_milli=parse_quantity(row["order"]),
            opening_milli=parse_quantity(row["opening"]),
            lead_days=int(row["lead_time_days"]),
            tracking=row["tracking"],
        )
        for row in table("parts")
    )


@cache
def machines() -> tuple[Machine, ...]:
    """The assets whose models have a parts list, in the order of the table."""
    days = {row["name"]: int(row["service_days"]) for row in table("models")}
    usual: dict[str, list[Usual]] = {}
    for row in table("usual"):
        need = Usual(row["part"], parse_quantity(row["quantity"]), int(row["every"]))
        usual.setdefault(row["model"], []).append(need)
    return tuple(
        Machine(row["tag"], row["model"], days[row["model"]], tuple(usual[row["model"]]))
        for row in table("assets")
    )
