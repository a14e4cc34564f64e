"""The first page: what needs me now, by role; what I have and did, what runs low, what waits."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.counts.accuracy import Measured
from stockscan.domain.counts.spans import Span, spans
from stockscan.domain.figures import midnight_us
from stockscan.domain.reports.months import Months, month_at
from stockscan.services.work import Context, reading
from stockscan.store import home as store
from stockscan.store import settings
from stockscan.store.catalogue import handing
from stockscan.store.catalogue.handing import Late
from stockscan.store.counts import figures, sheets
from stockscan.store.counts.asking import Asked, wanted_of
from stockscan.store.counts.blindness import Blindness, blindness
from stockscan.store.counts.sheets import CountRow, Progress
from stockscan.store.home import (
    DueLine,
    LowRow,
    MovedRow,
    Soon,
    Spent,
    StepsRow,
    ToReceive,
    WaitingRow,
)
from stockscan.store.maintenance.jobs import Filters, JobLine, Page, jobs, open_sums
from stockscan.store.people import HeldRow, held_assets
from stockscan.store.purchasing.listed import RequisitionRow, Show, most_urgent

SHOWN: Final = 6
FEW: Final = 3
SOON_DAYS: Final = 7
WEEKS: Final = 8
TREND_WEEKS: Final = 12


@dataclass(frozen=True, slots=True)
class Work:
    """Jobs as whoever does them sees them: `mine` of `mine_count`, what nobody has been given.

    `fitted_e4` are the parts that this person fitted in each of the last weeks, which begin on
    `weeks`; empty for who fits none.
    """

    mine: list[JobLine] = field(default_factory=list)
    mine_count: int = 0
    nobodys: list[JobLine] = field(default_factory=list)
    faults: list[JobLine] = field(default_factory=list)
    weeks: list[date] = field(default_factory=list)
    fitted_e4: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Store:
    """What a storekeeper has to bring, order and take in."""

    kits: list[JobLine]
    to_order: list[RequisitionRow]
    to_receive: list[ToReceive]


@dataclass(frozen=True, slots=True)
class Lead:
    """What a supervisor decides, and what must be ordered soon; `late` is at most the first."""

    to_approve: list[RequisitionRow]
    overdue_jobs: int
    late: list[Late]
    late_count: int
    order_soon: list[DueLine]


@dataclass(frozen=True, slots=True)
class Home:
    """What a person sees first; `store`, `lead` and `waiting` are None for who has no use for it.

    `soon` is None for who does no jobs. `counts` are those in which something is left for them,
    with how far they are. `steps` are the first steps of a new company: for admins, until all are
    done.
    """

    is_empty: bool
    held: list[HeldRow]
    recent: list[MovedRow]
    low: list[LowRow]
    low_count: int
    waiting: WaitingRow | None
    counts: list[tuple[CountRow, Progress]]
    steps: StepsRow | None
    work: Work
    soon: Soon
    store: Store | None
    lead: Lead | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a supervisor's first page draws: accuracy by week with its target, the dearest assets.

    `before` was measured in as many days before; the assets' parts are those of 12 months.
    """

    accuracy: Measured
    target_bp: int
    trend: list[tuple[Span, Measured]]
    spent: list[Spent]


def home(ctx: Context) -> Home:
    """The first page of the person who asks."""
    me = require(ctx.actor, Permission.READ)
    with reading() as connection:
        blind = blindness(connection, me)
        waiting = store.waiting(connection, blind)
        until = ctx.today + timedelta(days=SOON_DAYS)
        works = me.may(Permission.JOB_WORK)
        soon = store.soon(connection, ctx.today, until, blind) if works else Soon([], {}, {})
        return Home(
            is_empty=store.is_empty(connection),
            held=held_assets(connection, me.person_id, SHOWN),
            recent=store.moved_by(connection, me.person_id, blind, SHOWN),
            low=store.low_parts(connection, blind, SHOWN),
            low_count=waiting.low_parts,
            counts=_counts(connection, me) if me.may(Permission.COUNT_RECORD) else [],
            waiting=waiting if me.may(Permission.COUNT_APPROVE) else None,
            steps=_steps(connection) if me.may(Permission.SETTINGS_EDIT) else None,
            work=_work(connection, me, ctx.today, until) if works else Work(),
            soon=soon,
            store=_store(connection, ctx.today, soon) if _keeps_store(me) else None,
            lead=_lead(connection, ctx.today, until, blind)
            if me.may(Permission.PURCHASE_APPROVE)
            else None,
        )


def home_figures(ctx: Context) -> Figures:
    """What the first page of a supervisor draws; it takes a moment, so that page does not wait."""
    me = require(ctx.actor, Permission.COUNT_APPROVE)
    with reading() as connection:
        asked = Asked(from_on=ctx.today - timedelta(weeks=TREND_WEEKS))
        wanted, _ = wanted_of(connection, asked, blindness(connection, me))
        weeks = spans(asked.from_on or ctx.today, ctx.today)
        found = figures.by_span(connection, wanted, [midnight_us(week.first) for week in weeks])
        month = month_at(ctx.today)
        return Figures(
            accuracy=figures.total(connection, wanted),
            target_bp=settings.load(connection).count_target_bp,
            trend=[(week, found[at]) for at, week in enumerate(weeks) if at in found],
            spent=store.dearest(connection, Months(month - 11, month), SHOWN),
        )


def _counts(connection: Connection, me: Actor) -> list[tuple[CountRow, Progress]]:
    rows = sheets.counts_of(connection, me.person_id, FEW)
    return [(row, sheets.progress(connection, row.id, me.person_id)) for row in rows]


def _steps(connection: Connection) -> StepsRow | None:
    steps = store.first_steps(connection)
    return steps if steps.left else None


def _keeps_store(me: Actor) -> bool:
    """Who orders and moves stock, and does not lead those who do."""
    return me.may(Permission.PURCHASE_ORDER) and not me.may(Permission.PURCHASE_APPROVE)


def _work(connection: Connection, me: Actor, today: date, until: date) -> Work:
    leads = me.may(Permission.PLAN_EDIT)
    mine = jobs(connection, Filters(person_id=me.person_id), Page(limit=SHOWN))
    weeks, fitted_e4 = _fitted(connection, me.person_id, today)
    return Work(
        mine=mine,
        mine_count=open_sums(connection, me.person_id)["mine"] if len(mine) == SHOWN else len(mine),
        nobodys=store.nobodys(connection, until, FEW),
        faults=store.faults(connection, FEW, free=not leads),
        weeks=weeks,
        fitted_e4=fitted_e4,
    )


def _fitted(connection: Connection, person_id: int, today: date) -> tuple[list[date], list[int]]:
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    found = dict(store.fitted(connection, person_id, midnight_us(first)))
    if not any(found.values()):
        return [], []
    return (
        [first + timedelta(weeks=at) for at in range(WEEKS)],
        [found.get(at, 0) for at in range(WEEKS)],
    )


def _store(connection: Connection, today: date, soon: Soon) -> Store:
    return Store(
        kits=soon.pickable[:SHOWN],
        to_order=most_urgent(connection, today, Show.APPROVED, FEW),
        to_receive=store.receiving(connection, SHOWN),
    )


def _lead(connection: Connection, today: date, until: date, blind: Blindness) -> Lead:
    late = handing.overdue(connection, today, limit=1)
    return Lead(
        to_approve=most_urgent(connection, today, Show.RAISED, FEW),
        overdue_jobs=store.overdue(connection, today),
        late=late,
        late_count=handing.overdue_count(connection, today),
        order_soon=store.order_soon(connection, until, blind, SHOWN),
    )
