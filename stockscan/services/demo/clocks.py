"""The hours of the sample's trucks: who reads them, every quarter of a year."""

from collections.abc import Iterator
from typing import Final

from stockscan.services.demo.catalogue import table
from stockscan.services.demo.events import Event

DAY_US: Final = 24 * 3600 * 1_000_000
EVERY_DAYS: Final = 91
MONTH_DAYS: Final = 30
# Hours that a truck of the model runs a day.
RUNS_H: Final = {"Linde H25D": 5, "Jungheinrich EFG 216": 4, "Still FM-X 17": 6}


def readings(start_us: int, end_us: int) -> Iterator[Event]:
    """Each clock at the middle of each quarter, from what the truck ran before `start_us` on."""
    rows = [row for row in table("assets") if row["model"] in RUNS_H]
    for turn, row in enumerate(rows):
        at_us = start_us + EVERY_DAYS // 2 * DAY_US + turn * 600_000_000
        while at_us < end_us:
            days = int(row["age_months"]) * MONTH_DAYS - (end_us - at_us) // DAY_US
            read = {"asset": row["tag"], "meter": "Hours", "unit": "h"}
            hours = {"value": str(RUNS_H[row["model"]] * max(days, 0))}
            yield Event(
                f"reading/{row['tag']}/{days}", at_us, "dana", "read_meter", {**read, **hours}
            )
            at_us += EVERY_DAYS * DAY_US
