"""The nightly work: who runs it, until when nobody else may, and what it did."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from stockscan.store.db import Base, Big, insert_into


class NightlyRun(Base):
    """The work of one day. Its runner holds it until `lease_until_us`; then another may go on.

    `report` is a JSON object: step to what it did.
    """

    __tablename__ = "nightly_run"

    day: Mapped[date] = mapped_column(primary_key=True)
    holder: Mapped[str]
    lease_until_us: Mapped[int] = mapped_column(Big)
    started_us: Mapped[int] = mapped_column(Big)
    ended_us: Mapped[int | None] = mapped_column(Big)
    report: Mapped[str] = mapped_column(default="{}")


class RunRow(NamedTuple):
    """A day's work as far as it is done; `report` says for each step what it did."""

    day: date
    lease_until_us: int
    started_us: int
    ended_us: int | None
    report: dict[str, dict[str, Any]]

    @property
    def failed(self) -> bool:
        """Whether a step of it failed."""
        return any("error" in did for did in self.report.values())


class Lease(NamedTuple):
    """Who works on a day, and until when nobody else may."""

    day: date
    holder: str
    until_us: int


def take(session: Session, lease: Lease, now_us: int, *, again: bool = False) -> RunRow | None:
    """Begin a day's work, or go on with what another left behind.

    None where it is done (unless it is to be done `again`) or another holds it.
    """
    fresh = {
        "day": lease.day,
        "holder": lease.holder,
        "lease_until_us": lease.until_us,
        "started_us": now_us,
        "report": "{}",
    }
    statement = insert_into(session.connection(), NightlyRun).values(fresh)
    session.execute(statement.on_conflict_do_nothing())
    mine = NightlyRun.holder == lease.holder
    is_free = NightlyRun.ended_us.is_(None) & (NightlyRun.lease_until_us <= now_us)
    held = {"holder": lease.holder, "lease_until_us": lease.until_us}
    taken = update(NightlyRun).where(NightlyRun.day == lease.day)
    if again:
        is_done = NightlyRun.ended_us.is_not(None)
        session.execute(taken.where(is_done).values({**fresh, "ended_us": None}))
    if not _rows(session, taken.where(mine | is_free).values(held)):
        return None
    return run_of(session, lease.day)


def keep(session: Session, lease: Lease, report: Mapping[str, Any]) -> bool:
    """Write down what was done and hold it for longer; False where another has taken it."""
    values = {"lease_until_us": lease.until_us, "report": json.dumps(report)}
    return _rows(session, _held_by(lease).values(values))


def give_back(session: Session, lease: Lease) -> None:
    """Let another go on at once."""
    session.execute(_held_by(lease).values(lease_until_us=0))


def end(session: Session, lease: Lease, now_us: int) -> bool:
    """The day's work is done; False where another has taken it."""
    return _rows(session, _held_by(lease).values(ended_us=now_us))


def run_of(connection: Connection | Session, day: date) -> RunRow | None:
    """A day's work, None where nobody began it."""
    row = connection.execute(_RUN.where(NightlyRun.day == day)).one_or_none()
    return _read(row) if row else None


def last_runs(connection: Connection, limit: int) -> list[RunRow]:
    """The work of the last days, newest first."""
    rows = connection.execute(_RUN.order_by(NightlyRun.day.desc()).limit(limit))
    return [_read(row) for row in rows]


_RUN = select(
    NightlyRun.day,
    NightlyRun.lease_until_us,
    NightlyRun.started_us,
    NightlyRun.ended_us,
    NightlyRun.report,
)


def _held_by(lease: Lease) -> Any:
    return update(NightlyRun).where(
        NightlyRun.day == lease.day,
        NightlyRun.holder == lease.holder,
        NightlyRun.ended_us.is_(None),
    )


def _rows(session: Session, statement: Any) -> bool:
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _read(row: Any) -> RunRow:
    report = json.loads(row.report)
    return RunRow(row.day, row.lease_until_us, row.started_us, row.ended_us, report)
