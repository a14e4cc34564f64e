"""Parts as reports name them, with what one of each costs today."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from stockscan.store.parts import Part, PartWorth
from stockscan.store.reports.narrowing import EVERY, OfParts

# What reports call a part by: code, number, name and unit.
PART_NAMES: Final = (Part.code, Part.part_number, Part.name, Part.unit)


@dataclass(frozen=True, slots=True)
class PartName:
    """A part, its unit and pack, and its cost (1/10,000): the average, else the list price."""

    id: int
    code: str
    part_number: str
    name: str
    unit: str
    pack_milli: int
    cost_e4: int


def parts_named(
    connection: Connection | Session, ids: Collection[int], of: OfParts = EVERY
) -> dict[int, PartName]:
    """These parts by their ids, those of them that a report is of."""
    rows = connection.execute(
        select(
            Part.id,
            *PART_NAMES,
            Part.pack_milli,
            cost_now(),
        )
        .outerjoin(PartWorth, PartWorth.part_id == Part.id)
        .where(Part.id.in_(ids), *([of.has(Part.id)] if of else []))
    )
    return {row[0]: PartName(*row) for row in rows}


def cost_now() -> Any:
    """What one of a part costs today, of `Part` joined with its `PartWorth`."""
    return func.coalesce(func.nullif(PartWorth.average_e4, 0), Part.list_cost_e4)
