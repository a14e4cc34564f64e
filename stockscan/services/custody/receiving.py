"""To whom an asset may go: who is offered, and whom or what a typed text means."""

from dataclasses import dataclass
from typing import Final

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind, read
from stockscan.domain.errors import Invalid
from stockscan.services.work import Context, reading
from stockscan.store.catalogue import handing
from stockscan.store.catalogue.handing import Receiver
from stockscan.store.scanning import resolve

_LATELY: Final = 6
# More names than this are found by typing a part of them.
_NAMED: Final = 200
_KINDS: Final = (Kind.PERSON, Kind.LOCATION, Kind.ASSET)


@dataclass(frozen=True, slots=True)
class Offer:
    """Who is offered: those who were handed something lately, and everyone by name."""

    lately: list[Receiver]
    everyone: list[Receiver]


def receivers(ctx: Context) -> Offer:
    """To whom assets went lately, and the first 200 people by name."""
    require(ctx.actor, Permission.CUSTODY_CHANGE)
    with reading() as connection:
        return Offer(
            handing.lately(connection, limit=_LATELY), handing.people(connection, limit=_NAMED)
        )


def receiver(ctx: Context, text: str) -> dict[str, str]:
    """The field and code of a check-out for a typed code or name: of a person, place or asset.

    Part of a person's name is enough where nobody else has it. Raises `Invalid` for what fits
    nobody and nothing, or several people.
    """
    require(ctx.actor, Permission.CUSTODY_CHANGE)
    if not text.strip():
        raise Invalid("Say who gets it.", field="to")
    with reading() as connection:
        found = resolve(connection, read(text), _KINDS)
        if found is not None and found.code:
            return {f"to_{found.kind.value}": found.code}
        named = handing.people(connection, text, limit=3)
    exact = [person for person in named if person.name.lower() == text.strip().lower()]
    if len(exact or named) == 1:
        return {"to_person": (exact or named)[0].code}
    if named:
        names = ", ".join(person.name for person in named[:2])
        raise Invalid(f"Several people fit: {names}. Type more of the name.", field="to")
    raise Invalid(
        f"{text[:60]!r} is nobody and nothing we know. Type a name or a code.", field="to"
    )
