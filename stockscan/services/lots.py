"""Which lots and serials there are to choose from, and where one serial is now."""

from dataclasses import dataclass

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.figures import is_whole_unit
from stockscan.services.work import Context, reading
from stockscan.store import lots
from stockscan.store.counts.blindness import blindness, hidden_codes
from stockscan.store.lots import Batch, Whereabouts


@dataclass(frozen=True, slots=True)
class Handling:
    """How an amount of a part is entered at a bin.

    `tracking` is none, lot or serial; `whole` tells that it is counted piece by piece; `batches`
    are the lots or serials that lie there, first expired first; none while they are counted blind.
    """

    tracking: str
    whole: bool
    batches: tuple[Batch, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A serial of a part and where it is: `place`, or None and why it is in none.

    `gone` is `issue`, `scrap` or `count_adjust`, after the movement that took it away; "" where a
    place has it.
    """

    part: str
    part_name: str
    serial: str
    place: Whereabouts | None
    gone: str = ""

    @property
    def sentence(self) -> str:
        """In words: "in Shelf A-03", "on Forklift 7", "issued"."""
        if self.place is None:
            return {"issue": "issued", "scrap": "scrapped"}.get(self.gone, "not found when counted")
        return f"{'on' if self.place.kind is Kind.ASSET else 'in'} {self.place.name}"


def handling(ctx: Context, part_code: str, location_code: str) -> Handling:
    """How an amount of this part is entered at this bin; both by label code."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        tracking, unit = lots.tracking_of(connection, part_code)
        blind = blindness(connection, actor)
        hidden = (part_code, location_code) in hidden_codes(connection, blind, [part_code])
        listed = tracking != "none" and not hidden
        held = lots.held(connection, part_code, location_code) if listed else []
    return Handling(tracking, is_whole_unit(unit), tuple(held))


def whereabouts(ctx: Context, serial: str) -> Standing | None:
    """Where a stock serial is, in any case; None where no part, or more than one, has it."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        found = lots.part_of_serial(connection, serial)
        if found is None:
            return None
        part_id, booked = found
        part, name = lots.names_of_part(connection, part_id)
        places = lots.places_of(connection, part_id, booked)
        if places:
            return Standing(part, name, booked, places[0])
        gone = lots.last_taking(connection, part_id, booked) or ""
        return Standing(part, name, booked, None, gone)
