"""The installed base: what the ledger says is in a machine now, since when and until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain import installs as rules
from stockscan.domain.figures import day_of, divide
from stockscan.domain.installs import Installed
from stockscan.domain.ledger import MovementKind
from stockscan.store.assets import AssetEvent
from stockscan.store.installs.listed import ListedPart, parts_list, substitutes
from stockscan.store.locations import Location
from stockscan.store.meters import Meter
from stockscan.store.parts import Part
from stockscan.store.standing import TAKEN_BACK
from stockscan.store.stock import Movement


@dataclass(frozen=True, slots=True)
class InstalledPart:
    """Some of a part that is in a machine since an instant, and what that much of it cost.

    `part_id` was put in; `stands_for` is the part of the list that it is or replaces. It is due on
    a day, or when the meter called `meter` shows `due_milli`, `life_milli` after it was put in;
    None where nothing limits it. `bin` is where the part lives, for what is taken out again.
    """

    part_id: int
    code: str
    part_number: str
    name: str
    unit: str
    lot: str
    serial: str
    place: str
    quantity_milli: int
    since_us: int
    due_on: date | None
    due_milli: int | None
    meter: str
    life_milli: int | None
    cost_e4: int
    is_listed: bool
    stands_for: int
    bin_code: str | None
    bin: str | None


class InstalledBase(NamedTuple):
    """What is in a machine, and what with a serial went out of it and was brought back nowhere."""

    here: list[InstalledPart]
    out: list[InstalledPart]


def installed(
    connection: Connection | Session, asset_id: int, listed: Sequence[ListedPart] | None = None
) -> InstalledBase:
    """The installed base of a machine, the newest first; `listed` is its parts list, if known."""
    lines = parts_list(connection, asset_id) if listed is None else listed
    belongs: dict[int, int] = {}
    for line in lines:
        belongs[line.part_id] = belongs.get(line.part_id, 0) + line.quantity_milli
    stands_for = rules.groups(belongs, substitutes(connection, set(belongs)))
    left = rules.left(rows_of(connection, asset_id))
    here = rules.in_it(left, belongs, stands_for)
    out = rules.taken_out(left, here)
    names = _names(connection, {one.row.part_id for one in (*here, *out)})
    shown = _shown(connection, asset_id, lines)

    def told(one: Installed) -> InstalledPart:
        group = stands_for.get(one.row.part_id, one.row.part_id)
        mine = [line for line in lines if line.part_id == group]
        return _installed(one, names[one.row.part_id], group, mine, shown)

    return InstalledBase([told(one) for one in here], [told(one) for one in out])


def rows_of(
    connection: Connection | Session, asset_id: int, *conditions: ColumnElement[bool]
) -> list[rules.Row]:
    """Every install on a machine and every return from it, those that were taken back included."""
    query = _rows().where(Movement.asset_id == asset_id, *conditions)
    return [rules.Row(**row) for row in connection.execute(query).mappings()]


def _installed(
    one: Installed, names: Any, group: int, lines: list[ListedPart], shown: "_Shown"
) -> InstalledPart:
    row = one.row
    ages = [line.life_months for line in lines if line.life_months]
    worn = [line for line in lines if line.life_milli]
    life = min(worn, key=lambda line: line.life_milli or 0) if worn else None
    due_milli = shown.due(life, row.at_us) if life else None
    return InstalledPart(
        part_id=names.id,
        code=names.code,
        part_number=names.part_number,
        name=names.name,
        unit=names.unit,
        lot=row.lot,
        serial=row.serial,
        place=lines[0].place if len(lines) == 1 else "",
        quantity_milli=one.quantity_milli,
        since_us=row.at_us,
        due_on=rules.due_on(day_of(row.at_us), min(ages, default=None)),
        due_milli=due_milli,
        meter=life.meter if life else "",
        life_milli=life.life_milli if life else None,
        cost_e4=divide(row.value_e4 * one.quantity_milli, row.quantity_milli),
        is_listed=bool(lines),
        stands_for=group,
        bin_code=names.bin_code,
        bin=names.bin,
    )


class _Shown:
    """What the meters of a machine showed at any time, oldest reading first."""

    def __init__(self, readings: Mapping[str, list[tuple[int, int]]]) -> None:
        self._readings = readings

    def due(self, line: ListedPart, since_us: int) -> int | None:
        """Where the meter stands when what is in use since then has worn out.

        Counted from the last reading before, or else the first after; None without a reading.
        """
        readings = self._readings.get(line.meter.lower(), [])
        before = [value for at_us, value in readings if at_us <= since_us]
        if not readings:
            return None
        return (before[-1] if before else readings[0][1]) + (line.life_milli or 0)


def _shown(connection: Connection | Session, asset_id: int, lines: Sequence[ListedPart]) -> _Shown:
    wanted = {line.meter.lower() for line in lines if line.life_milli}
    readings: dict[str, list[tuple[int, int]]] = {}
    if wanted:
        name = func.lower(Meter.name)
        rows = connection.execute(
            select(name, AssetEvent.effective_us, AssetEvent.value_milli)
            .join(Meter, Meter.id == AssetEvent.meter_id)
            .where(AssetEvent.asset_id == asset_id, AssetEvent.kind == "meter", ~TAKEN_BACK)
            .where(name.in_(wanted))
            .order_by(AssetEvent.effective_us, AssetEvent.seq)
        )
        for meter, at_us, value in rows:
            readings.setdefault(meter, []).append((at_us, value))
    return _Shown(readings)


def _names(connection: Connection | Session, part_ids: set[int]) -> dict[int, Any]:
    named = (Part.id, Part.code, Part.part_number, Part.name, Part.unit)
    rows = connection.execute(
        select(*named, Location.code.label("bin_code"), Location.name.label("bin"))
        .outerjoin(Location, Location.id == Part.default_location_id)
        .where(Part.id.in_(part_ids))
    )
    return {row.id: row for row in rows}


@cache
def _rows() -> Any:
    answer = aliased(Movement)
    reversed_ = select(answer.seq).where(answer.reverses_seq == Movement.seq).exists()
    return (
        select(
            Movement.seq,
            Movement.part_id,
            Movement.lot,
            Movement.serial,
            func.abs(Movement.quantity_milli).label("quantity_milli"),
            func.abs(Movement.value_e4).label("value_e4"),
            Movement.effective_us.label("at_us"),
            Movement.removed_serial,
            Movement.returns_seq,
            Movement.corrects_seq,
            reversed_.label("reversed"),
        )
        .where(Movement.kind.in_((MovementKind.INSTALL, MovementKind.RETURN_FROM_ASSET)))
        .order_by(Movement.seq)
    )
