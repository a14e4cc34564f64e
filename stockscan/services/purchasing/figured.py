"""When a part is ordered again and how much, with the figures that it follows from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Float, cast, func, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.figures import E4, MILLI, MINOR, divide, is_whole_unit
from stockscan.domain.purchasing.projecting import whole_packs
from stockscan.domain.purchasing.reordering import Costs, Kind, Suggestion, Use, suggest
from stockscan.services.work import Context
from stockscan.store.counts.blindness import blindness, hidden_parts
from stockscan.store.parts import PartWorth
from stockscan.store.purchasing import named, using
from stockscan.store.purchasing.available import usable
from stockscan.store.purchasing.coming import coming
from stockscan.store.purchasing.named import PartName
from stockscan.store.purchasing.policies import Buying, buying
from stockscan.store.purchasing.using import Deliveries, Used
from stockscan.store.settings import Settings, load

_BP = 10_000


@dataclass(frozen=True, slots=True)
class Reorder:
    """A part with what is left, when and how much to order again, and why.

    `use` and `suggested` are None where it was not used in the last year: then only a point that
    somebody set can say when to order.
    """

    part: PartName
    here_milli: int
    coming_milli: int
    bought: Buying
    use: Use | None
    costs: Costs
    suggested: Suggestion | None
    came: Deliveries | None

    @property
    def position_milli(self) -> int:
        """What is here and on its way."""
        return self.here_milli + self.coming_milli

    @property
    def point_milli(self) -> int | None:
        """What somebody set, else what follows from the use."""
        if self.part.own_point_milli is not None:
            return self.part.own_point_milli
        return self.suggested.point_milli if self.suggested else None

    @property
    def is_due(self) -> bool:
        """Whether it is time to order."""
        return self.point_milli is not None and self.position_milli <= self.point_milli

    @property
    def quantity_milli(self) -> int:
        """How much to order: as somebody set, else what costs least; at least above the point."""
        suggested = self.suggested.quantity_milli if self.suggested else 0
        usual = self.bought.policy.least_milli or suggested
        missing = (self.point_milli or 0) - self.position_milli
        pack = self.bought.policy.pack_milli
        return whole_packs(max(usual, missing + 1, 1), pack)

    @property
    def days_left(self) -> float | None:
        """How long what is here and on its way lasts; None where it is not used."""
        return self.position_milli / 1000 / self.use.daily if self.use and self.use.daily else None


def reordered(session: Session, ctx: Context, part_ids: Collection[int]) -> list[Reorder]:
    """The figures of some parts as the actor may see them: without those that they count blind."""
    actor = require(ctx.actor, Permission.PURCHASE_REQUEST)
    settings = load(session)
    hidden = hidden_parts(session, blindness(session, actor), part_ids)
    wanted = [part_id for part_id in part_ids if part_id not in hidden]
    return figured(session, ctx.today, settings, keeping_bp(session, settings), wanted)


def figured(
    connection: Connection | Session,
    today: date,
    settings: Settings,
    keeping_bp: int,
    part_ids: Collection[int],
) -> list[Reorder]:
    """The figures of a few parts, in their order; those out of use are left out."""
    used = using.used(connection, today, part_ids)
    came = using.deliveries(connection, part_ids)
    names = named.parts(connection, part_ids)
    bought = buying(connection, settings, part_ids)
    here = usable(connection, today, part_ids)
    arrive: dict[int, int] = {}
    for line in coming(connection, part_ids):
        arrive[line.part_id] = arrive.get(line.part_id, 0) + line.left_milli
    rows = []
    for part_id in part_ids:
        how = bought.get(part_id)
        if how is not None:
            left = (here.get(part_id, 0), arrive.get(part_id, 0))
            lasted = (used.get(part_id), came.get(part_id))
            costs = Costs(settings.order_cost_minor * (E4 // MINOR), how.price_e4, keeping_bp)
            rows.append(_reorder(names[part_id], how, left, lasted, costs))
    return rows


def keeping_bp(connection: Connection | Session, settings: Settings) -> int:
    """What keeping stock costs in a year, of its value: the money in it, its room, insurance."""
    # As floats, because the sum of what was mistyped may burst 64 bits.
    worth = connection.execute(select(func.sum(cast(PartWorth.value_e4, Float)))).scalar()
    yearly_e4 = (settings.storage_year_minor + settings.insurance_year_minor) * (E4 // MINOR)
    value_e4 = int(worth or 0)
    share = divide(yearly_e4 * _BP, value_e4) if value_e4 > 0 else 0
    return settings.capital_bp + share


def _reorder(
    part: PartName,
    how: Buying,
    left: tuple[int, int],
    lasted: tuple[Used | None, Deliveries | None],
    costs: Costs,
) -> Reorder:
    known, came = lasted
    use = using.use_of(known, came, how.policy.lead_days) if known and known.daily else None
    kind = Kind(least_of(part.unit), how.policy.pack_milli)
    suggested = suggest(use, costs, how.service_bp, kind) if use else None
    return Reorder(part, *left, how, use, costs, suggested, came)


def least_of(unit: str) -> int:
    """The smallest amount of a part with this unit, in thousandths."""
    return MILLI if is_whole_unit(unit) else 1
