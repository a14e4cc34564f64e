"""Parts lists as people read them: what belongs in a machine, how much there is, and where.

A machine's list is its model's, replaced line by line (the same part at the same place) by its own
lines; an own line of 0 says that the part is not in this one.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Connection,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from stockscan.domain.figures import format_quantity
from stockscan.domain.installs import Line
from stockscan.store.assets import Asset, AssetPart, ModelPart
from stockscan.store.catalogue.paging import Query, rows_as
from stockscan.store.counts.blindness import SEEING, Blindness
from stockscan.store.locations import Location
from stockscan.store.parts import Part, PartSubstitute, PartWorth
from stockscan.store.stock import Balance


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A line of a parts list, with what there is of the part and where to fetch it.

    The bin is the part's own, or the one with the most of it where its own is empty; `in_bin_milli`
    is what lies there and `on_hand_milli` what there is in all, both None where they are hidden
    from who reads. The part lasts `life_months`, or `life_milli` of the meter called `meter`.
    `is_own` tells a line of the machine itself from one of its model.
    """

    part_id: int
    code: str
    part_number: str
    name: str
    unit: str
    quantity_milli: int
    place: str
    life_months: int | None
    life_milli: int | None
    meter: str
    critical: bool
    is_own: bool
    on_hand_milli: int | None
    reorder_point_milli: int | None
    location_code: str | None
    location: str | None
    in_bin_milli: int | None

    @property
    def label(self) -> str:
        """How histories call the line: the part's number, and the place where there is one."""
        return f"{self.part_number}, {self.place}" if self.place else self.part_number

    @property
    def line(self) -> Line:
        """What the list says, without what there is of the part."""
        return Line(
            self.quantity_milli,
            self.place,
            self.life_months,
            self.life_milli,
            self.meter,
            self.critical,
        )

    @property
    def is_low(self) -> bool:
        """Whether there is no more of it than it is reordered at; not told while it is hidden."""
        known = self.on_hand_milli is not None and self.reorder_point_milli is not None
        return known and (self.on_hand_milli or 0) <= (self.reorder_point_milli or 0)


class Own(NamedTuple):
    """A line of one machine's own list, as it was written down; 0 says "not in this one"."""

    code: str
    part_number: str
    name: str
    unit: str
    line: Line


def listed_json(part: ListedPart) -> dict[str, Any]:
    """A line as the API shows it."""
    life = part.life_milli
    return {
        "part": part.code,
        "part_number": part.part_number,
        "name": part.name,
        "place": part.place,
        "quantity": format_quantity(part.quantity_milli),
        "life_months": part.life_months,
        "meter": part.meter,
        "meter_life": None if life is None else format_quantity(life),
        "critical": part.critical,
    }


def parts_list(
    connection: Connection | Session, asset_id: int, blind: Blindness = SEEING
) -> list[ListedPart]:
    """What belongs in a machine: critical parts first, then by the name of the part."""
    return rows_as(ListedPart, connection.execute(_listed(_ASSET_LINES, blind), {"of": asset_id}))


def model_list(
    connection: Connection | Session, model_id: int, blind: Blindness = SEEING
) -> list[ListedPart]:
    """The parts list of a model, in the same order."""
    return rows_as(ListedPart, connection.execute(_listed(_MODEL_LINES, blind), {"of": model_id}))


def own_lines(connection: Connection | Session, asset_id: int) -> list[Own]:
    """The lines that one machine has of its own, by the name of the part."""
    rows = connection.execute(
        select(Part.code, Part.part_number, Part.name, Part.unit, *_line(AssetPart)[1:])
        .join(Part, Part.id == AssetPart.part_id)
        .where(AssetPart.asset_id == asset_id)
        .order_by(func.lower(Part.name), AssetPart.place)
    )
    return [Own(row[0], row[1], row[2], row[3], Line(*row[4:])) for row in rows]


def listed_ids(connection: Connection | Session, asset_id: int) -> set[int]:
    """The parts on a machine's list."""
    return {row[0] for row in connection.execute(_ON_IT, {"of": asset_id})}


def substitutes(connection: Connection | Session, part_ids: set[int]) -> list[tuple[int, int]]:
    """The pairs of parts, one of them among these, that may be used instead of one another."""
    if not part_ids:
        return []
    pair = (PartSubstitute.part_id, PartSubstitute.substitute_id)
    found = select(*pair).where(pair[0].in_(part_ids) | pair[1].in_(part_ids))
    return [(row[0], row[1]) for row in connection.execute(found)]


def _line(table: type[ModelPart] | type[AssetPart]) -> tuple[Any, ...]:
    return (
        table.part_id,
        table.quantity_milli,
        table.place,
        table.life_months,
        table.life_milli,
        table.meter,
        table.critical,
    )


def _asset_lines() -> Subquery:
    same = and_(
        AssetPart.asset_id == Asset.id,
        AssetPart.part_id == ModelPart.part_id,
        AssetPart.place == ModelPart.place,
    )
    of_model = (
        select(*_line(ModelPart), false().label("is_own"))
        .join(Asset, Asset.model_id == ModelPart.model_id)
        .where(Asset.id == bindparam("of"), ~select(AssetPart.id).where(same).exists())
    )
    its_own = select(*_line(AssetPart), true().label("is_own")).where(
        AssetPart.asset_id == bindparam("of"), AssetPart.quantity_milli > 0
    )
    return union_all(of_model, its_own).subquery("line")


_ASSET_LINES = _asset_lines()
_ON_IT = select(_ASSET_LINES.c.part_id)
_MODEL_LINES = (
    select(*_line(ModelPart), false().label("is_own"))
    .where(ModelPart.model_id == bindparam("of"))
    .subquery("line")
)


@lru_cache(maxsize=8)  # almost always asked by someone from whom nothing is hidden
def _listed(line: Subquery, blind: Blindness) -> Query:
    """The lines with the columns of `ListedPart`."""
    held = _held(blind)
    at_home, in_bin = held(Part.default_location_id), held(Location.id)
    fullest = _fullest(blind)
    bin_id = case(
        (at_home > 0, Part.default_location_id),
        else_=func.coalesce(fullest, Part.default_location_id),
    )
    return (
        select(
            line.c.part_id,
            Part.code,
            Part.part_number,
            Part.name,
            Part.unit,
            *(line.c[name] for name in _NAMES),
            blind.unless_hidden(Part.id, func.coalesce(PartWorth.quantity_milli, 0)),
            Part.reorder_point_milli,
            Location.code,
            Location.name,
            blind.unless_hidden(Part.id, cast(func.coalesce(in_bin, 0), BigInteger)),
        )
        .select_from(line)
        .join(Part, Part.id == line.c.part_id)
        .outerjoin(PartWorth, PartWorth.part_id == Part.id)
        .outerjoin(Location, Location.id == bin_id)
        .order_by(line.c.critical.desc(), func.lower(Part.name), line.c.place)
    )


_NAMES = ("quantity_milli", "place", "life_months", "life_milli", "meter", "critical", "is_own")


def _held(blind: Blindness) -> Any:
    """What lies of the part in a bin, as far as it is not hidden."""

    def held(location_id: Any) -> Any:
        there = aliased(Balance)
        return (
            select(func.sum(there.quantity_milli))
            .where(there.part_id == Part.id, there.location_id == location_id)
            .where(~blind.hides(there.part_id, there.location_id))
            .scalar_subquery()
        )

    return held


def _fullest(blind: Blindness) -> Any:
    """The bin with the most of the part, as far as it is not hidden."""
    there = aliased(Balance)
    return (
        select(there.location_id)
        .where(there.part_id == Part.id, there.quantity_milli > 0)
        .where(~blind.hides(there.part_id, there.location_id))
        .order_by(there.quantity_milli.desc(), there.location_id)
        .limit(1)
        .scalar_subquery()
    )
