"""What a report is of: parts of a class, a category and a supplier, and a place with all in it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, exists, func, literal, select, true
from sqlalchemy.orm import Session, aliased

from stockscan.store.catalogue.locations import below
from stockscan.store.locations import Location
from stockscan.store.parts import Part, Supplier


@dataclass(frozen=True, slots=True)
class OfParts:
    """Parts of the class that they are kept as, of a category, usually bought from a supplier.

    "" for all; false where nothing is left out. What is not known is of no part.
    """

    abc_class: str = ""
    category: str = ""
    supplier: str = ""

    def __bool__(self) -> bool:
        """Whether anything may be left out."""
        return bool(self.abc_class or self.category or self.supplier)

    def has(self, part_id: Any) -> Any:
        """The condition that the part in this column is one of these.

        It is asked of each row that is read anyway: a list of the parts might lead a database to
        read all that ever moved of very many.
        """
        one = aliased(Part)
        return exists(select(literal(1)).where(one.id == part_id, *self._fits(one)))

    def is_any(self, connection: Connection | Session) -> bool:
        """Whether there is a part of these at all."""
        wanted = select(Part.id).where(*self._fits(Part)).limit(1)
        return connection.execute(wanted).first() is not None

    def _fits(self, part: Any) -> list[Any]:
        found: list[Any] = []
        if self.abc_class:
            found.append(part.abc_class == self.abc_class)
        if self.category:
            found.append(func.lower(part.category) == func.lower(self.category))
        if self.supplier:
            named = func.lower(Supplier.name) == func.lower(self.supplier)
            found.append(part.supplier_id.in_(select(Supplier.id).where(named)))
        return found


EVERY: Final = OfParts()


@dataclass(frozen=True, slots=True)
class AtPlace:
    """What lies or moved at a place and at every place inside it; None for everywhere.

    Places count where they are today.
    """

    place_id: int | None = None

    def __bool__(self) -> bool:
        """Whether any place may be left out."""
        return self.place_id is not None

    def has(self, location_id: Any) -> Any:
        """The condition that the place in this column is one of these."""
        return location_id.in_(below(self.place_id)) if self.place_id is not None else true()


EVERYWHERE: Final = AtPlace()


@dataclass(frozen=True, slots=True)
class Choices:
    """The classes, categories and suppliers that parts have, each in its order.

    `places` are the sites and areas, in the order of the tree: how deep each is, its code and name.
    """

    classes: list[str]
    categories: list[str]
    suppliers: list[str]
    places: list[tuple[int, str, str]]


def choices(connection: Connection | Session) -> Choices:
    """What reports may be narrowed to: nothing that no part has."""
    category = func.min(Part.category)
    supplies = exists(select(literal(1)).where(Part.supplier_id == Supplier.id))
    classes, categories, suppliers = (
        list(connection.execute(wanted).scalars())
        for wanted in (
            select(Part.abc_class).distinct().order_by(Part.abc_class),
            select(category).where(Part.category != "").group_by(func.lower(Part.category))
            .order_by(func.lower(Part.category)),
            select(Supplier.name).where(supplies).order_by(func.lower(Supplier.name)),
        )
    )  # fmt: skip
    return Choices(classes, categories, suppliers, _places(connection))


def _places(connection: Connection | Session) -> list[tuple[int, str, str]]:
    """The sites and areas in use, each before what is inside it."""
    wanted = (
        select(Location.id, Location.parent_id, Location.code, Location.name)
        .where(Location.kind != "bin", Location.active)
        .order_by(func.lower(Location.name), Location.id)
    )
    rows = connection.execute(wanted).all()
    known, inside = {row.id for row in rows}, defaultdict(list)
    for row in rows:
        inside[row.parent_id if row.parent_id in known else None].append(row)
    found, open_ = [], [(0, row) for row in reversed(inside[None])]
    while open_:
        depth, row = open_.pop()
        found.append((depth, row.code, row.name))
        open_ += [(depth + 1, inner) for inner in reversed(inside[row.id])]
    return found
