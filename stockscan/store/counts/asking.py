"""What people ask of the accuracy of counts: days, and things by their codes."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid, NotFound
from stockscan.domain.figures import midnight_us
from stockscan.store.counts.blindness import Blindness
from stockscan.store.counts.measured import Wanted
from stockscan.store.scanning import Called, thing_called

CLASSES: Final = ("A", "B", "C")
# How the address says "without a class".
NO_CLASS: Final = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which counts are looked at: the days, both in it (None: no end), and what they are about.

    `place` (with all inside), `part` and `person` are codes or what stands for them; "" for all.
    `count` is the id of one count.
    """

    from_on: date | None = None
    to_on: date | None = None
    place: str = ""
    part: str = ""
    person: str = ""
    abc_class: str = ""
    count: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that the figures are narrowed to."""

    code: str
    name: str


def wanted_of(
    connection: Connection, asked: Asked, blind: Blindness
) -> tuple[Wanted, dict[str, Named]]:
    """The records that are asked for, and the things that the question names, by field.

    Raises `NotFound` for things that are not there, `Invalid` for days in the wrong order.
    """
    if asked.from_on and asked.to_on and asked.to_on < asked.from_on:
        raise Invalid("The last day lies before the first. Turn them round.", field="to")
    said = {"place": (asked.place, Kind.LOCATION), "part": (asked.part, Kind.PART),
            "person": (asked.person, Kind.PERSON)}  # fmt: skip
    found = {
        field: _thing(connection, field, text, kind) for field, (text, kind) in said.items() if text
    }
    wanted = Wanted(
        from_us=midnight_us(asked.from_on) if asked.from_on else 0,
        until_us=midnight_us(asked.to_on + timedelta(days=1)) if asked.to_on else None,
        location_id=found["place"].id if asked.place else None,
        part_id=found["part"].id if asked.part else None,
        person_id=found["person"].id if asked.person else None,
        abc_class=_class(asked.abc_class),
        count_id=asked.count or None,
        blind=blind,
    )
    return wanted, {field: Named(thing.code, thing.name) for field, thing in found.items()}


def _thing(connection: Connection, field: str, text: str, kind: Kind) -> Called:
    return thing_called(connection, text, kind, field)


def _class(text: str) -> str | None:
    if text and text not in (*CLASSES, NO_CLASS):
        raise NotFound(f"There is no class {text[:40]!r}.", field="class")
    return {"": None, NO_CLASS: ""}.get(text, text)
