"""What digests tell, read kind by kind: what is low, late, short, due or ending."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from stockscan.domain.access import Actor
from stockscan.domain.digests import Digest, Line, Section
from stockscan.domain.figures import format_quantity, midnight_us
from stockscan.domain.maintenance import OPEN, Readiness
from stockscan.domain.maintenance.kits import JobReadiness
from stockscan.store import home, settings
from stockscan.store.assets import Asset
from stockscan.store.catalogue import handing
from stockscan.store.counts.blindness import Blindness, blindness
from stockscan.store.counts.dues import due_days
from stockscan.store.maintenance.jobs import Filters, JobLine, Page, jobs
from stockscan.store.maintenance.readiness import readiness
from stockscan.store.maintenance.rows import Job
from stockscan.store.parts import Part

SHOWN: Final = 10
WARRANTY_DAYS: Final = 30
_CLASSES: Final = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a digest, on which day; what they count blind is kept from them."""

    actor: Actor
    today: date


def sections(connection: Connection, reader: Reader, kinds: Collection[Digest]) -> list[Section]:
    """Each of these kinds of which there is something to tell, in their usual order."""
    blind = blindness(connection, reader.actor)
    told = [_TELLERS[kind](connection, reader, blind) for kind in Digest if kind in kinds]
    return [section for section in told if section.total]


def _low(connection: Connection, _reader: Reader, blind: Blindness) -> Section:
    rows = home.low_parts(connection, blind, SHOWN)
    lines = tuple(
        Line(
            f"{row.name} {row.part_number}",
            f"{format_quantity(row.on_hand_milli)} {row.unit}, reorder at"
            f" {format_quantity(row.reorder_point_milli)}",
            f"/parts/{row.code}",
        )
        for row in rows
    )
    total = len(rows) if len(rows) < SHOWN else home.waiting(connection, blind).low_parts
    return Section(Digest.LOW, lines, total, "/parts?stock=low")


def _overdue(connection: Connection, reader: Reader, _blind: Blindness) -> Section:
    lines = tuple(
        Line(
            f"{row.name} {row.tag}",
            f"with {row.holder} since it was due {_day(row.due_on)}",
            f"/assets/{row.code}",
        )
        for row in handing.overdue(connection, reader.today, limit=SHOWN)
    )
    total = handing.overdue_count(connection, reader.today)
    return Section(Digest.OVERDUE, lines, total, "/assets?show=overdue")


def _jobs(connection: Connection, reader: Reader, _blind: Blindness) -> Section:
    late = [
        job
        for job in jobs(connection, Filters(), Page(limit=SHOWN))
        if job.due_on is not None and job.due_on < reader.today
    ]
    lines = tuple(_job_line(job, f"was due {_day(job.due_on)}{_of(job)}") for job in late)
    total = select(func.count()).where(Job.state.in_(OPEN), Job.due_on < reader.today)
    return Section(Digest.JOBS, lines, connection.execute(total).scalar_one(), "/jobs")


def _short(connection: Connection, reader: Reader, blind: Blindness) -> Section:
    states = readiness(connection, reader.today, blind=blind)
    short = {job_id: state for job_id, state in states.items() if state.state != Readiness.READY}
    listed = jobs(connection, Filters(ids=short), Page(limit=SHOWN)) if short else []
    names = _part_names(connection, [short[job.id] for job in listed])
    lines = tuple(_job_line(job, _missing(short[job.id], names)) for job in listed)
    return Section(Digest.SHORT, lines, len(short), "/jobs?show=short")


def _counts(connection: Connection, reader: Reader, _blind: Blindness) -> Section:
    dues = due_days(connection, settings.load(connection), midnight_us(reader.today))
    records = {
        abc_class: sum(
            each.records
            for each in dues
            if each.abc_class == abc_class and each.day is not None and each.day <= 0
        )
        for abc_class in _CLASSES
    }
    lines = tuple(
        Line(f"Class {abc_class}", f"{number} to count", "/counts/schedule")
        for abc_class, number in records.items()
        if number
    )
    return Section(Digest.COUNTS, lines, len(lines), "/counts/schedule")


def _warranties(connection: Connection, reader: Reader, _blind: Blindness) -> Section:
    until = reader.today + timedelta(days=WARRANTY_DAYS)
    ends = (
        Asset.warranty_until.between(reader.today, until),
        Asset.status.in_(("in_service", "down")),
    )
    rows = connection.execute(
        select(Asset.code, Asset.tag, Asset.name, Asset.warranty_until)
        .where(*ends)
        .order_by(Asset.warranty_until, Asset.id)
        .limit(SHOWN)
    )
    lines = tuple(
        Line(f"{name} {tag}", f"until {_day(day)}", f"/assets/{code}")
        for code, tag, name, day in rows
    )
    total = connection.execute(select(func.count()).select_from(Asset).where(*ends)).scalar_one()
    return Section(Digest.WARRANTIES, lines, total, "/assets")


_TELLERS: Final[dict[Digest, Callable[[Connection, Reader, Blindness], Section]]] = {
    Digest.LOW: _low,
    Digest.OVERDUE: _overdue,
    Digest.JOBS: _jobs,
    Digest.SHORT: _short,
    Digest.COUNTS: _counts,
    Digest.WARRANTIES: _warranties,
}


def _job_line(job: JobLine, detail: str) -> Line:
    return Line(f"{job.name} {job.asset_tag}, {job.title}", detail, f"/jobs/{job.number}")


def _of(job: JobLine) -> str:
    return f", {job.assigned}" if job.assigned else ""


def _missing(state: JobReadiness, names: dict[int, str]) -> str:
    told = [
        f"{names[each.part_id]} × {format_quantity(each.short_milli)}"
        + (f" comes {_day(each.expected_on)}" if each.expected_on else "")
        for each in state.missing
    ]
    return "short of " + ", ".join(told)


def _part_names(connection: Connection, states: list[JobReadiness]) -> dict[int, str]:
    part_ids = {each.part_id for state in states for each in state.missing}
    rows = connection.execute(select(Part.id, Part.name).where(Part.id.in_(part_ids)))
    return {row.id: row.name for row in rows}


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else ""
