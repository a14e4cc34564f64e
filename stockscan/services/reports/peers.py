"""Who stands out: each machine in use against the median of the others of its model."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import MINOR_E4, divide, from_us
from stockscan.domain.reports.months import Months, month_at
from stockscan.domain.reports.peers import Compared, Limits, compare
from stockscan.services.reports.asking import months_asked, narrowed_to
from stockscan.services.work import Context
from stockscan.store import settings
from stockscan.store.reports.fleet import Machine, machines
from stockscan.store.snapshot import snapshot

# What a cost is compared by: as it is, or by each month that the machine was there.
PER: Final = ("all", "month")


@dataclass(frozen=True, slots=True)
class Peer:
    """A machine in use, what it cost, and how that compares with the others of its model."""

    machine: Machine
    compared: Compared


@dataclass(frozen=True, slots=True)
class Peers:
    """Every machine that can be compared: those that stand out first, then by ratio.

    `alone` is how many machines have no other of their model.
    """

    months: Months
    limits: Limits
    rows: list[Peer]
    alone: int

    @property
    def flagged(self) -> list[Peer]:
        """Those that stand out."""
        return [row for row in self.rows if row.compared.flagged]


def peers(
    ctx: Context, from_month: str = "", to_month: str = "", model: str = "", per: str = "all"
) -> Peers:
    """The machines of a model, or of all models. Raises `Invalid` and `NotFound`."""
    require(ctx.actor, Permission.READ)
    if per not in PER:
        raise Invalid(f"Choose one of {', '.join(PER)}.", field="per")
    months = months_asked(ctx, from_month, to_month)
    with snapshot() as connection:
        model_id = narrowed_to(connection, model, "").model_id
        return among(connection, months, model_id, per)


def among(connection: Connection, months: Months, model_id: int | None, per: str) -> Peers:
    """The comparison itself, by the company's limits."""
    limits, found = limits_of(connection), machines(connection, months, model_id)
    verdicts = _verdicts(found, months, limits, per)
    rows = [Peer(each, verdicts[each.id]) for each in found]
    known = [row for row in rows if row.compared.others_e4 is not None]
    return Peers(months, limits, sorted(known, key=_first), alone=len(rows) - len(known))


def compared_one(
    connection: Connection, asset_id: int, model_id: int | None, months: Months
) -> tuple[Compared | None, int]:
    """One machine against the others of its model, and how many these are; None without any."""
    if model_id is None:
        return None, 0
    found = machines(connection, months, model_id)
    verdict = _verdicts(found, months, limits_of(connection), "all").get(asset_id)
    others = len(found) - 1
    return (verdict, others) if verdict is not None and others > 0 else (None, 0)


def limits_of(connection: Connection) -> Limits:
    """From where on a machine stands out in this company."""
    now = settings.load(connection)
    return Limits(now.peer_ratio_bp, now.peer_least_minor * MINOR_E4)


def _verdicts(
    found: Iterable[Machine], months: Months, limits: Limits, per: str
) -> Mapping[int, Compared]:
    models: dict[int, dict[int, int]] = defaultdict(dict)
    for each in found:
        share = months_there(each, months) if per == "month" else 1
        models[each.model_id][each.id] = divide(each.cost_e4, share)
    if per == "month":
        limits = Limits(limits.ratio_bp, divide(limits.least_e4, months.last - months.first + 1))
    return {
        asset_id: verdict
        for costs_e4 in models.values()
        for asset_id, verdict in compare(costs_e4, limits).items()
    }


def months_there(machine: Machine, months: Months) -> int:
    """How many of the months a machine was there: at least one."""
    came: date = machine.bought or from_us(machine.created_us).date()
    return max(months.last - max(months.first, month_at(came)) + 1, 1)


def _first(row: Peer) -> tuple[bool, float, int, str]:
    """What stands out first, the highest ratio before the rest; nothing before everything."""
    ratio_bp = row.compared.ratio_bp
    rank = float("inf") if ratio_bp is None and row.compared.cost_e4 else ratio_bp or 0
    return not row.compared.flagged, -rank, -row.compared.cost_e4, row.machine.tag.lower()
