"""Where the parts of a kit lie: what can be taken from which bin, and what is in the kit."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from stockscan.domain.ledger import Key
from stockscan.store.locations import Location
from stockscan.store.lots import Lot, lot_of
from stockscan.store.maintenance.kit_moves import held, lying
from stockscan.store.stock import Balance


@dataclass(frozen=True, slots=True)
class Take:
    """So much of a part is to be taken from a bin, of one lot or of these serials.

    `there_milli` is what lies there in nobody's kit; None where that is hidden.
    """

    location_id: int
    location_code: str
    location: str
    quantity_milli: int
    there_milli: int | None
    lot: str = ""
    serials: tuple[str, ...] = ()
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Lying:
    """How much of a key lies in a bin without being in anybody's kit."""

    key: Key
    code: str
    name: str
    expires_on: date | None
    free_milli: int


def free_goods(
    connection: Connection | Session, part_ids: Collection[int]
) -> dict[int, list[Lying]]:
    """Part to what lies in bins and not in the kit of an open job; no key that holds nothing."""
    in_kits: defaultdict[Key, int] = defaultdict(int)
    for one in held(connection, part_ids):
        in_kits[one.key] += one.quantity_milli
    rows = connection.execute(
        select(
            Balance.part_id,
            Balance.location_id,
            Balance.lot,
            Balance.serial,
            Location.code,
            Location.name,
            Lot.expires_on,
            Balance.quantity_milli,
        )
        .join(Location, Location.id == Balance.location_id)
        .outerjoin(Lot, lot_of(Balance))
        .where(Balance.part_id.in_(part_ids), Balance.quantity_milli > 0)
    )
    found: dict[int, list[Lying]] = {part_id: [] for part_id in part_ids}
    for part_id, location_id, lot, serial, code, name, expires_on, milli in rows:
        key = Key(part_id, location_id, lot, serial)
        if milli > in_kits[key]:
            found[part_id].append(Lying(key, code, name, expires_on, milli - in_kits[key]))
    return found


def in_kit(
    connection: Connection | Session, job_id: int, part_ids: Collection[int]
) -> dict[int, list[Take]]:
    """Part to what of it lies in the kit of a job, and where."""
    there = lying(connection, job_id, part_ids)
    places = places_of(connection, {key.location_id for key in there})
    found: dict[int, list[Take]] = {part_id: [] for part_id in part_ids}
    for key, milli in sorted(there.items()):
        marks = (key.lot, (key.serial,) if key.serial else ())
        found[key.part_id].append(
            Take(key.location_id, *places[key.location_id], milli, None, *marks)
        )
    return found


def places_of(
    connection: Connection | Session, location_ids: Iterable[int]
) -> dict[int, tuple[str, str]]:
    """Place to its code and its name."""
    rows = connection.execute(
        select(Location.id, Location.code, Location.name).where(Location.id.in_(set(location_ids)))
    )
    return {row.id: (row.code, row.name) for row in rows}


def names_of(connection: Connection | Session, codes: Collection[str]) -> dict[str, str]:
    """What the places with these label codes are called."""
    rows = connection.execute(
        select(Location.code, Location.name).where(Location.code.in_(set(codes)))
    )
    return {row.code: row.name for row in rows}


def takes(
    lying_there: Iterable[Lying], wanted_milli: int, day: date, home_id: int | None
) -> tuple[Take, ...]:
    """Where to take so much of a part from: what expires first, then its own bin, then the fullest.

    Nothing that is expired on that day. The serials of one bin are one take, all that lie there to
    choose from.
    """
    good = [each for each in lying_there if each.expires_on is None or each.expires_on >= day]
    good.sort(
        key=lambda each: (
            each.expires_on or date.max,
            each.key.location_id != home_id,
            -each.free_milli,
            each.key,
        )
    )
    left = wanted_milli
    found: dict[tuple[int, str], Take] = {}
    for each in good:
        take = min(left, each.free_milli)
        if take <= 0:
            break
        left -= take
        place = (each.key.location_id, each.key.lot)
        so_far = found.get(place)
        quantity = take + (so_far.quantity_milli if so_far else 0)
        found[place] = _take(each, quantity, [one for one in good if _is_beside(one, each)])
    return tuple(found.values())


def _is_beside(one: Lying, other: Lying) -> bool:
    return (one.key.location_id, one.key.lot) == (other.key.location_id, other.key.lot)


def _take(first: Lying, quantity_milli: int, beside: list[Lying]) -> Take:
    return Take(
        first.key.location_id,
        first.code,
        first.name,
        quantity_milli,
        sum(one.free_milli for one in beside),
        first.key.lot,
        tuple(one.key.serial for one in beside if one.key.serial),
        min((one.expires_on for one in beside if one.expires_on), default=None),
    )
