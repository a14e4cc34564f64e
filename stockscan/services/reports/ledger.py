"""The rows behind a number, and the audit of movements: who wrote what, late, and taken back."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid
from stockscan.domain.ledger import MovementKind
from stockscan.domain.reports.months import LAST, Months
from stockscan.services.reports.asking import at_place, months_asked
from stockscan.services.work import Context
from stockscan.store.catalogue.assets import model_called
from stockscan.store.counts.blindness import blindness
from stockscan.store.reports import ledger as store
from stockscan.store.reports.ledger import LedgerRow, Tally, Wanted
from stockscan.store.reports.narrowing import EVERY, OfParts
from stockscan.store.reports.usage import USE
from stockscan.store.scanning import thing_called
from stockscan.store.snapshot import snapshot

__all__ = ["KINDS", "MOST", "SHOWS", "Asked", "Audit", "Behind", "LedgerRow", "audit", "behind"]

# More rows than this are left to the export of movements.
MOST: Final = 2_000
SHOWS: Final = ("late", "undone", "reversed")
# On no machine, and on one without a model.
ON: Final = ("none", "unknown")
# What a number may be made of, by the word that the address has for it.
KINDS: Final[dict[str, Collection[MovementKind]]] = {
    "use": USE,
    "shrink": (MovementKind.SCRAP, MovementKind.COUNT_ADJUST, MovementKind.LATE_CORRECTION),
    "in": (MovementKind.RECEIVE, MovementKind.OPENING),
    **{kind.value: (kind,) for kind in MovementKind},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows: months ("2026-01"), a kind of `KINDS`, and things by code (a model by name).

    One kind alone means the rows as they were recorded; several, all that count as these. `show`
    and `on` are of `SHOWS` and `ON`.
    """

    from_month: str = ""
    to_month: str = ""
    kind: str = ""
    part: str = ""
    asset: str = ""
    model: str = ""
    person: str = ""
    show: str = ""
    on: str = ""
    of: OfParts = EVERY
    place: str = ""
    lot: str = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """The newest of the rows, how many there are, and what they come to; `narrowed` by names."""

    months: Months
    rows: list[LedgerRow]
    total: int
    quantity_milli: int
    value_e4: int
    narrowed: dict[str, str]


@dataclass(frozen=True, slots=True)
class Writer:
    """What a person wrote: rows in all, by kind, late ones, and those taken back later."""

    code: str
    name: str
    rows: int
    late: int
    reversed: int
    kinds: dict[str, int]


@dataclass(frozen=True, slots=True)
class Audit:
    """What was written in some months; `writers` is None for who may not compare people."""

    months: Months
    rows: int
    late: int
    reversed: int
    kinds: list[tuple[str, int, int, int]]
    writers: list[Writer] | None


def behind(ctx: Context, asked: Asked) -> Behind:
    """The rows that a number is made of, nothing of what this person still has to count blind.

    Raises `Invalid` and `NotFound` that name the field.
    """
    actor = _allowed(ctx, asked)
    # What lies in stock is made of all rows since the first, and no month is told from another.
    months = months_asked(ctx, asked.from_month, asked.to_month, most=LAST)
    with snapshot() as connection:
        wanted, narrowed = _wanted(connection, asked, months, actor)
        total, quantity, value = store.total_behind(connection, wanted)
        rows = store.rows_behind(connection, wanted, MOST)
    return Behind(months, rows, total, quantity, value, narrowed)


def audit(ctx: Context, asked: Asked) -> Audit:
    """Who wrote what in some months, how late, and how much of it was taken back; raises so too."""
    actor = _allowed(ctx, asked)
    months = months_asked(ctx, asked.from_month, asked.to_month)
    with snapshot() as connection:
        wanted, _ = _wanted(connection, asked, months, actor)
        tallies = store.tallies(connection, wanted)
        back = store.taken_back(connection, wanted)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for each in tallies:
        kinds[each.kind].update(rows=each.rows, late=each.late, value=each.value_e4)
    may_compare = actor.may(Permission.COUNT_APPROVE)
    return Audit(
        months=months,
        rows=sum(each.rows for each in tallies),
        late=sum(each.late for each in tallies),
        reversed=sum(back.values()),
        kinds=sorted(
            ((kind, sums["rows"], sums["late"], sums["value"]) for kind, sums in kinds.items()),
            key=lambda row: (-row[1], row[0]),
        ),
        writers=_writers(tallies, back) if may_compare else None,
    )


def _allowed(ctx: Context, asked: Asked) -> Actor:
    actor = require(ctx.actor, Permission.READ)
    return require(actor, Permission.COUNT_APPROVE) if asked.person else actor


def _wanted(
    connection: Connection, asked: Asked, months: Months, actor: Actor
) -> tuple[Wanted, dict[str, str]]:
    if asked.kind and asked.kind not in KINDS:
        raise Invalid("There is no such kind of movement. Choose one.", field="kind")
    if asked.show and asked.show not in SHOWS:
        raise Invalid(f"Show {' or '.join(SHOWS)} rows, or all.", field="show")
    if asked.on and asked.on not in ON:
        raise Invalid(f"On is one of {', '.join(ON)}, or nothing.", field="on")
    ids: dict[str, int] = {}
    narrowed: dict[str, str] = {}
    if asked.model:
        model = model_called(connection, asked.model)
        ids["model_id"], narrowed["model"] = model.id, model.name
    for name, text, kind in (
        ("part", asked.part, Kind.PART),
        ("asset", asked.asset, Kind.ASSET),
        ("person", asked.person, Kind.PERSON),
    ):
        if text:
            thing = thing_called(connection, text, kind, name)
            ids[f"{name}_id"], narrowed[name] = thing.id, thing.name
    if asked.lot:
        narrowed["lot"] = asked.lot
    wanted = Wanted(
        months.from_us, months.until_us, KINDS.get(asked.kind, ()), show=asked.show,
        on=asked.on, lot=asked.lot,
        as_recorded=asked.kind in set(MovementKind), blind=blindness(connection, actor),
        of=asked.of, at=at_place(connection, asked.place), **ids,
    )  # fmt: skip
    return wanted, narrowed


def _writers(tallies: list[Tally], back: dict[int, int]) -> list[Writer]:
    """The people, those with the most rows first."""
    of_one: dict[int, list[Tally]] = defaultdict(list)
    for each in tallies:
        of_one[each.person_id].append(each)
    writers = [
        Writer(
            code=rows[0].person_code,
            name=rows[0].person,
            rows=sum(row.rows for row in rows),
            late=sum(row.late for row in rows),
            reversed=back.get(person_id, 0),
            kinds={row.kind: row.rows for row in rows},
        )
        for person_id, rows in of_one.items()
    ]
    return sorted(writers, key=lambda one: (-one.rows, one.name))
