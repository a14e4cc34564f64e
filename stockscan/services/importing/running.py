"""Runs a job: every row is checked first, then chunks are applied, each exactly once.

A chunk, its operation and the job's progress are one transaction. Whoever goes on with a job that
stood still (a killed process) begins where the last commit ended.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from sqlalchemy.exc import IntegrityError

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Conflict, StockScanError
from stockscan.domain.fields import Field
from stockscan.domain.importing.records import Record
from stockscan.domain.operations import Op, canonical, digest
from stockscan.services.importing.applying import apply, decide
from stockscan.services.importing.deciding import Decision, Desk, What
from stockscan.services.importing.hints import add_hints
from stockscan.services.importing.mapping import Choices, headers_of, reader_of
from stockscan.services.importing.reading import look, rows
from stockscan.services.importing.tally import Tally
from stockscan.services.importing.workbooks import MOST_ROWS
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import fields as fields_store
from stockscan.store.importing import ImportJob, jobs
from stockscan.store.importing.writing import Origin
from stockscan.store.locks import hold_tree
from stockscan.store.operations import claim, finish

CHUNK: Final = 1000
# Up to so many rows a file is applied within the request, in one transaction.
SMALL: Final = 2000
_TRIES: Final = 3

Clock = Callable[[], int]
Chunk = list[Record]


class Work:
    """A job with its file, opened: what goes over its rows."""

    def __init__(self, job: ImportJob, data: bytes, fields: list[Field]) -> None:
        self.job_id, self.kind = job.id, job.kind
        self.choices = Choices.decoded(job.choices)
        self._data = data
        self.headers = look(data, self.choices.way).headers
        self._fields = fields
        self.size = CHUNK if (job.total or MOST_ROWS) > SMALL else SMALL
        if self.kind == "location":
            # Places may stand in any order: what is inside may come before what it is in.
            self.size = MOST_ROWS

    def desk(self) -> Desk:
        """A fresh desk for one pass over the file."""
        choices = self.choices
        named = headers_of(choices, self.headers)
        own = tuple(self._fields)
        return Desk(self.kind, named, choices.existing, choices.create, own)

    def chunks(self) -> Iterator[Chunk]:
        """The rows as records, so many at a time."""
        reader = reader_of(self.choices, self.headers, self._fields)
        records = (reader.record(line, row) for line, row in rows(self._data, self.choices.way))
        while chunk := list(islice(records, self.size)):
            yield chunk


def open_work(job_id: str) -> Work:
    """A job with its file. Raises `NotFound`."""
    with reading() as connection:
        job = jobs.job(connection, job_id)
        own = fields_store.every(connection, job.kind) if job.kind in ("asset", "part") else []
        return Work(job, jobs.content(connection, job.sha256), own)


def is_small(job_id: str) -> bool:
    """Whether the file has so few rows that they are applied at once."""
    with reading() as connection:
        job = jobs.job(connection, job_id)
        data = jobs.content(connection, job.sha256)
    few = islice(rows(data, Choices.decoded(job.choices).way), SMALL + 1)
    return sum(1 for _ in few) <= SMALL


def check(ctx: Context, job_id: str, clock: Clock) -> None:
    """Decide about every row without writing any; the job is `checked` then."""
    require(ctx.actor, Permission.CATALOGUE_IMPORT)
    with _troubles(job_id):
        work = open_work(job_id)
        desk, tally, done = work.desk(), Tally(), 0
        for chunk in work.chunks():
            with reading() as connection:
                decisions = decide(connection, desk, chunk)
                add_hints(connection, desk, decisions, tally)
            tally.add(desk, decisions)
            done += len(chunk)
            if not _beat(job_id, "checking", clock(), done=done):
                return
        _finish_check(job_id, tally, clock())


def run(ctx: Context, job_id: str, clock: Clock) -> None:
    """Apply what is left of a job, chunk by chunk; the job is `done` then, or was cancelled."""
    actor = require(ctx.actor, Permission.CATALOGUE_IMPORT)
    assert actor is not None
    with _troubles(job_id):
        work = open_work(job_id)
        with reading() as connection:
            begun = jobs.job(connection, job_id).done
        desk, start = work.desk(), 0
        for chunk in work.chunks():
            if start < begun:
                _remember(desk, chunk)
            elif not _apply_chunk(replace(ctx, now_us=clock()), work, desk, chunk, start):
                return
            start += len(chunk)
        _beat(job_id, "running", clock(), state="done")


def failing_rows(ctx: Context, job_id: str) -> Iterator[tuple[Work, list[Decision]]]:
    """The wrong rows of each chunk, decided anew."""
    require(ctx.actor, Permission.CATALOGUE_IMPORT)
    work = open_work(job_id)
    desk = work.desk()
    for chunk in work.chunks():
        with reading() as connection:
            decisions = decide(connection, desk, chunk)
        yield work, [one for one in decisions if one.what is What.WRONG]


def _remember(desk: Desk, chunk: Chunk) -> None:
    """Rows that were applied before still count as the first with their keys."""
    with reading() as connection:
        decide(connection, desk, chunk)


def _apply_chunk(ctx: Context, work: Work, desk: Desk, chunk: Chunk, start: int) -> bool:
    """One chunk in one transaction; False where the job is not ours to go on with."""
    unread = [tuple(record.faults) for record in chunk]

    def once() -> bool:
        # What a try before this one found wrong may be right by now.
        for record, faults in zip(chunk, unread, strict=True):
            record.faults[:] = faults
        return _apply_once(ctx, work, desk, chunk, start)

    for _ in range(_TRIES - 1):
        with suppress(Conflict, IntegrityError):
            # Somebody may write the same things between our look and our write: look again.
            return retrying(once)
    return retrying(once)


def _apply_once(ctx: Context, work: Work, desk: Desk, chunk: Chunk, start: int) -> bool:
    assert ctx.actor is not None
    with unit_of_work() as session:
        job = jobs.hold(session, work.job_id)
        if job.state != "running" or job.done != start:
            return False
        op = _operation(job, len(chunk), ctx.new_id()).received(ctx.now_us)
        claim(session, op, ctx.actor.person_id, op.content, status="applied")
        hold_tree(session)
        decisions = decide(session, desk, chunk)
        is_clean = all(one.what is not What.WRONG for one in decisions)
        if start == 0 and not (is_clean or work.choices.only_good):
            raise Conflict("The books have changed since this was checked. Check it again.")
        tally = Tally.decoded(job.tally)
        tally.add(work.desk(), decisions)
        apply(session, desk, decisions, Origin(op.id, ctx.actor.person_id, ctx.now_us))
        job.tally, job.done, job.beat_us = tally.encoded(), start + len(chunk), ctx.now_us
        finish(session, op.id, "applied", {"rows": len(chunk), "job": job.id})
        return True


def _operation(job: ImportJob, count: int, operation_id: str) -> Op:
    """What a chunk is recorded as, so that its movements and events have their origin.

    That it happens once is up to the job, which moves on with it: a file that failed in the middle
    is checked and imported again from its first row.
    """
    said: dict[str, Any] = {"job": job.id, "file": job.name, "from": job.done, "rows": count}
    content = canonical({"kind": "import", "what": job.kind, **said})
    return Op(
        id=operation_id,
        kind="import",
        fields={},
        digest=digest(content),
        content=content,
        action_id=job.id,
    )


def _beat(job_id: str, while_in: str, now_us: int, **values: Any) -> bool:
    """Tell how far a job is; False where it is not in that state any more."""
    with unit_of_work() as session:
        job = jobs.hold(session, job_id)
        if job.state != while_in:
            return False
        for name, value in {**values, "beat_us": now_us}.items():
            setattr(job, name, value)
        return True


def _finish_check(job_id: str, tally: Tally, now_us: int) -> None:
    values = {"tally": tally.encoded(), "total": tally.rows, "done": 0}
    _beat(job_id, "checking", now_us, state="checked", **values)


@contextmanager
def _troubles(job_id: str) -> Iterator[None]:
    """What goes wrong is kept with the job, for whoever looks at it; a program error goes on."""
    try:
        yield
    except Exception as error:
        known = isinstance(error, StockScanError)
        with unit_of_work() as session:
            job = jobs.hold(session, job_id)
            tally = Tally.decoded(job.tally)
            tally.trouble = error.message if isinstance(error, StockScanError) else _UNKNOWN
            if job.state in ("checking", "running"):
                job.state, job.tally = "failed", tally.encoded()
        if not known:
            raise


_UNKNOWN: Final = (
    "Something went wrong here, not with you. What was imported before it is in place."
)
