"""Consumption: what was used of each part, on which models, in which month."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import Connection, select

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid
from stockscan.domain.reports.months import Months, month_name, month_text
from stockscan.services.reports.asking import months_asked, only_of
from stockscan.services.work import Context
from stockscan.store.assets import Asset
from stockscan.store.catalogue.assets import model_called
from stockscan.store.reports.narrowing import EVERY, OfParts
from stockscan.store.reports.stock import models_of, parts_in_stock
from stockscan.store.reports.usage import Only, usage
from stockscan.store.scanning import thing_called
from stockscan.store.snapshot import snapshot

WAYS: Final = ("part", "model", "month")


@dataclass(frozen=True, slots=True)
class Asked:
    """How it is summed, over which months ("2026-01"), of one part (code) or model (name).

    Of some parts, taken from a place (code or name).
    """

    by: str = "part"
    from_month: str = ""
    to_month: str = ""
    part: str = ""
    model: str = ""
    of: OfParts = EVERY
    place: str = ""


@dataclass(frozen=True, slots=True)
class Used:
    """What was used of a part, on a model or in a month, and in as many months before.

    `key` is what narrows to it: a part's code, a model's name, a month; "" where there is none.
    Quantities of parts in different units are not added: `quantity_milli` is of one part alone.
    """

    key: str
    name: str
    number: str
    unit: str
    quantity_milli: int | None
    used_e4: int
    before_e4: int


@dataclass(frozen=True, slots=True)
class Consumption:
    """What was used in some months: in all, by month, and as rows, the most first.

    `on_machines` and `otherwise` are values by month; `narrowed` names what it is narrowed to.
    """

    months: Months
    used_e4: int
    before_e4: int
    on_machines: dict[int, int]
    otherwise: dict[int, int]
    rows: list[Used]
    narrowed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Quantity and value of what was used, now and before, by one key."""

    quantity: Counter[Any]
    now: Counter[Any]
    before: Counter[Any]

    @property
    def keys(self) -> list[Any]:
        return sorted(self.now.keys() | self.before.keys(), key=lambda key: -self.now[key])


def consumption(ctx: Context, asked: Asked) -> Consumption:
    """What was used, at the cost frozen when it left the stock, less what came back.

    Nothing of parts that this person still has to count blind is in it. Raises `Invalid` and
    `NotFound` that name the field.
    """
    require(ctx.actor, Permission.READ)
    if asked.by not in WAYS:
        raise Invalid(f"Choose one of {', '.join(WAYS)}.", field="by")
    months = months_asked(ctx, asked.from_month, asked.to_month)
    with snapshot() as connection:
        among = replace(only_of(connection, ctx, asked.of, asked.place), used=True)
        only, narrowed = _only(connection, asked, among)
        by_month = usage(connection, *months, ("month",), only)
        rows = _ROWS[asked.by](connection, months, only)
    return Consumption(
        months=months,
        used_e4=sum(row.used_e4 for row in rows),
        before_e4=sum(row.before_e4 for row in rows),
        on_machines={row.month: fitted for row in by_month if (fitted := _fitted_e4(row))},
        otherwise={row.month: row.issued_e4 for row in by_month if row.issued_e4},
        rows=rows,
        narrowed=narrowed,
    )


def _fitted_e4(row: Any) -> int:
    return int(row.used_e4 - row.issued_e4)


def _only(connection: Connection, asked: Asked, only: Only) -> tuple[Only, dict[str, str]]:
    narrowed: dict[str, str] = {}
    if asked.part:
        part = thing_called(connection, asked.part, Kind.PART, "part")
        narrowed["part"] = part.name
        only = replace(only, part_ids=(part.id,))
    if asked.model:
        model = model_called(connection, asked.model)
        narrowed["model"] = model.name
        of_it = select(Asset.id).where(Asset.model_id == model.id)
        only = replace(only, asset_ids=of_it)
    return only, narrowed


def _summed(connection: Connection, months: Months, key: str, only: Only) -> _Sums:
    """By part or asset, these months and as many before them."""
    quantity, now, before = Counter[Any](), Counter[Any](), Counter[Any]()
    for row in usage(connection, *months, (key,), only):
        quantity[getattr(row, key)] = row.used_milli
        now[getattr(row, key)] = row.used_e4
    for row in usage(connection, *_before(months), (key,), only):
        before[getattr(row, key)] = row.used_e4
    return _Sums(quantity, now, before)


def _before(months: Months) -> Months:
    many = months.last - months.first + 1
    return Months(months.first - many, months.last - many)


def _by_part(connection: Connection, months: Months, only: Only) -> list[Used]:
    sums = _summed(connection, months, "part_id", only)
    parts = parts_in_stock(connection, only)
    return [
        Used(part.code, part.name, part.part_number, part.unit, sums.quantity[part.id],
             sums.now[part.id], sums.before[part.id])
        for part in (parts[part_id] for part_id in sums.keys)
    ]  # fmt: skip


def _by_model(connection: Connection, months: Months, only: Only) -> list[Used]:
    sums = _summed(connection, months, "asset_id", only)
    models = models_of(connection)
    now, before = Counter[str](), Counter[str]()
    for asset_id in sums.keys:
        name = models.get(asset_id, NO_MODEL if asset_id else NO_MACHINE)
        now[name] += sums.now[asset_id]
        before[name] += sums.before[asset_id]
    names = sorted(now, key=lambda name: (-now[name], name))
    return [
        Used("" if name in (NO_MACHINE, NO_MODEL) else name, name, "", "", None, now[name],
             before[name])
        for name in names
    ]  # fmt: skip


def _by_month(connection: Connection, months: Months, only: Only) -> list[Used]:
    sums = _summed(connection, months, "month", only)
    alone = parts_in_stock(connection, only) if only.part_ids else {}
    unit = next((part.unit for part in alone.values()), "")
    many = months.last - months.first + 1
    return [
        Used(month_text(month), month_name(month), "", unit,
             sums.quantity[month] if alone else None, sums.now[month], sums.before[month - many])
        for month in range(months.last, months.first - 1, -1)
    ]  # fmt: skip


# Goods that no machine was charged with, and assets without a model.
NO_MACHINE: Final = "No machine"
NO_MODEL: Final = "Machines without a model"
_ROWS: Final = {"part": _by_part, "model": _by_model, "month": _by_month}
