"""New equipment: what to have in stock before so many machines of a model arrive."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.depreciation import months_after
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import times
from stockscan.domain.reports.equipping import Line, to_buy_milli, wanted_milli
from stockscan.services.work import Context
from stockscan.store import settings
from stockscan.store.catalogue.assets import ModelRow, model_called, models
from stockscan.store.counts.blindness import blindness, hidden_parts
from stockscan.store.maintenance.forecast import demand_by_day
from stockscan.store.purchasing.available import usable
from stockscan.store.purchasing.coming import coming
from stockscan.store.reports.equip import lines_of, planned_of
from stockscan.store.reports.named import PartName, parts_named
from stockscan.store.snapshot import snapshot

USUAL_MONTHS: Final = 12
MOST_MONTHS: Final = 120
MOST_MACHINES: Final = 100_000


@dataclass(frozen=True, slots=True)
class EquipRow:
    """A part of the new machines: what they need of it, what there is, what others need, what to
    buy. On hand and what follows from it are None where the reader counts the part blind."""

    part: PartName
    lines: list[Line]
    wanted_milli: int
    on_hand_milli: int | None
    coming_milli: int
    taken_milli: int
    buy_milli: int | None

    @property
    def critical(self) -> bool:
        """Whether a machine stands still without it."""
        return any(line.critical for line in self.lines)

    @property
    def buy_e4(self) -> int:
        """What buying it costs."""
        return times(self.buy_milli or 0, self.part.cost_e4)


@dataclass(frozen=True, slots=True)
class Equip:
    """The answer for so many machines of a model over so many months; `model` None: not asked."""

    models: list[ModelRow]
    model: ModelRow | None
    machines: int
    months: int
    ahead_until: date
    rows: list[EquipRow]

    @property
    def to_buy(self) -> list[EquipRow]:
        """The parts of which there is not enough."""
        return [row for row in self.rows if row.buy_milli]

    @property
    def cost_e4(self) -> int:
        """What all that is missing costs."""
        return sum(row.buy_e4 for row in self.rows)


def equip(ctx: Context, model: str = "", machines: str = "", months: str = "") -> Equip:
    """What new machines need. Raises `Invalid` and `NotFound` that name the field."""
    require(ctx.actor, Permission.READ)
    many = _whole("machines", machines or "1", MOST_MACHINES)
    ahead = _whole("months", months or str(USUAL_MONTHS), MOST_MONTHS)
    with snapshot() as connection:
        known = models(connection)
        until = ctx.today + timedelta(days=settings.load(connection).plan_ahead_days)
        if not model:
            return Equip(known, None, many, ahead, until, [])
        found = model_called(connection, model)
        rows = _rows(connection, ctx, _Needed.of(connection, ctx, found.id, many, ahead), until)
    return Equip(known, found, many, ahead, until, rows)


@dataclass(frozen=True, slots=True)
class _Needed:
    """What so many new machines of a model need: their parts list, and what plans take on one."""

    lines: dict[int, list[Line]]
    planned_milli: dict[int, int]
    machines: int
    months: int

    @classmethod
    def of(
        cls, connection: Connection, ctx: Context, model_id: int, machines: int, months: int
    ) -> "_Needed":
        over = months_after(ctx.today, months)
        planned = planned_of(connection, model_id, ctx.today, over)
        return cls(lines_of(connection, model_id), planned, machines, months)

    @property
    def part_ids(self) -> set[int]:
        return self.lines.keys() | {part for part, milli in self.planned_milli.items() if milli}

    def wanted_milli(self, part_id: int) -> int:
        planned = self.planned_milli.get(part_id, 0)
        return wanted_milli(self.lines.get(part_id, []), self.machines, self.months, planned)


def _rows(connection: Connection, ctx: Context, needed: _Needed, until: date) -> list[EquipRow]:
    """Each part that they need, those to buy first, the dearest before the rest."""
    actor = require(ctx.actor, Permission.READ)
    hidden = hidden_parts(connection, blindness(connection, actor), needed.part_ids)
    on_hand = usable(connection, ctx.today, list(needed.part_ids))
    taken = demand_by_day(connection, ctx.today, until)
    on_order: dict[int, int] = {}
    for each in coming(connection):
        on_order[each.part_id] = on_order.get(each.part_id, 0) + each.left_milli
    rows = []
    for part_id, part in parts_named(connection, needed.part_ids).items():
        wanted = needed.wanted_milli(part_id)
        here, ordered = on_hand.get(part_id, 0), on_order.get(part_id, 0)
        others = sum(taken.get(part_id, {}).values())
        buy = to_buy_milli(wanted, here + ordered - others, part.pack_milli)
        seen = part_id not in hidden
        rows.append(
            EquipRow(
                part=part,
                lines=needed.lines.get(part_id, []),
                wanted_milli=wanted,
                on_hand_milli=here if seen else None,
                coming_milli=ordered,
                taken_milli=others,
                buy_milli=buy if seen else None,
            )
        )
    return sorted(rows, key=lambda row: (-row.buy_e4, not row.critical, row.part.part_number))


def _whole(field: str, text: str, most: int) -> int:
    clean = text.strip()
    if clean.isascii() and clean.isdigit() and len(clean) < 9 and 1 <= int(clean) <= most:
        return int(clean)
    raise Invalid(f"Enter a whole number from 1 to {most:,}.", field=field)
