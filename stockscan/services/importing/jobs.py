"""Imports as people go through them: upload, choose, check, import, continue, cancel."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Final

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from stockscan.domain.formulas import harmless
from stockscan.domain.importing.targets import TITLES
from stockscan.services.importing import running
from stockscan.services.importing.mapping import Choices, Proposal, propose
from stockscan.services.importing.tally import Tally
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store import fields as fields_store
from stockscan.store import files
from stockscan.store.importing import ImportJob, jobs

RECENT: Final = 20
# A job that has not moved for so long stood still: its process is gone.
STILL_US: Final = 20_000_000
_BUSY: Final = ("checking", "running")


@dataclass(frozen=True, slots=True)
class Job:
    """An import as its page shows it. `is_still` tells that nobody works on it any more."""

    id: str
    kind: str
    name: str
    state: str
    done: int
    total: int | None
    created_us: int
    tally: Tally
    choices: Choices
    is_still: bool

    @property
    def title(self) -> str:
        """What it brings."""
        return TITLES.get(self.kind, "Not known yet")


def upload(ctx: Context, name: str, data: bytes, kind: str = "") -> str:
    """Keep a file and propose how to import it; the id of the new import.

    Raises `Invalid` or `TooLarge` for what can't be read, `NotAllowed` for people limited to some
    places: a file may reach beyond these.
    """
    actor = _importer(ctx, kind)
    if kind and kind not in TITLES:
        raise Invalid("Choose what is in the file.", field="kind")
    proposal = propose(data, Choices(kind=kind), _fields())
    if proposal.refused and len(proposal.seen.sheets) < 2:
        raise Invalid(proposal.refused, field="file")
    job_id = ctx.new_id()
    with unit_of_work() as session:
        sha256 = files.keep(session, data)
        session.add(
            ImportJob(
                id=job_id,
                person_id=actor.person_id,
                kind=proposal.choices.kind,
                name=PurePath(name.replace("\\", "/")).name[:200] or "file",
                sha256=sha256,
                state="mapping",
                choices=proposal.choices.encoded(),
                created_us=ctx.now_us,
            )
        )
    return job_id


def recent(ctx: Context) -> list[Job]:
    """This person's newest imports first."""
    actor = require(ctx.actor, Permission.CATALOGUE_IMPORT)
    with reading() as connection:
        return [_job(ctx, row) for row in jobs.recent(connection, actor.person_id, RECENT)]


def job(ctx: Context, job_id: str) -> Job:
    """One import of this person. Raises `NotFound`."""
    return _job(ctx, _mine(ctx, job_id))


def proposal(ctx: Context, job_id: str) -> Proposal:
    """How a file is to be imported, for the mapping page. Raises `NotFound`."""
    row = _mine(ctx, job_id)
    with reading() as connection:
        data = jobs.content(connection, row.sha256)
    return propose(data, Choices.decoded(row.choices), _fields())


def choose(ctx: Context, job_id: str, change: Mapping[str, Any]) -> Proposal:
    """Change how a file is imported; another kind, sheet or spelling is mapped anew.

    Raises `Conflict` once it runs.
    """
    row = _mine(ctx, job_id)
    _importer(ctx, str(change.get("kind", "")))
    before = Choices.decoded(row.choices)
    after = replace(before, **change)
    if after.way.sheet != before.way.sheet:
        # Another sheet is of its own kind, unless that was chosen with it.
        kind = after.kind if after.kind != before.kind else ""
        after = replace(after, kind=kind, way=replace(after.way, header_line=0))
    if (after.kind, after.way) != (before.kind, before.way):
        after = replace(after, mapping=(), styles={})
    with reading() as connection:
        data = jobs.content(connection, row.sha256)
    found = propose(data, after, _fields())
    _move(job_id, ("mapping", "checked", "failed"), state="mapping", kind=found.choices.kind,
          choices=found.choices.encoded(), done=0, total=None)  # fmt: skip
    return found


def begin_check(ctx: Context, job_id: str) -> None:
    """Let a job be checked by `running.check`. Raises `Invalid` while questions are open."""
    row = _mine(ctx, job_id)
    _importer(ctx, row.kind)
    if not proposal(ctx, job_id).is_ready:
        raise Invalid("Answer what is asked below first.", field="mapping")
    _move(job_id, ("mapping", "checking", "checked", "failed"), state="checking", done=0,
          total=None, tally="{}", beat_us=ctx.now_us)  # fmt: skip


def begin_run(ctx: Context, job_id: str, *, only_good: bool) -> None:
    """Let a checked job be applied by `running.run`.

    Raises `Conflict` while rows are wrong and nobody said to import the good ones alone.
    """
    row = _mine(ctx, job_id)
    _importer(ctx, row.kind)
    if row.state == "checked" and Tally.decoded(row.tally).wrong and not only_good:
        raise Conflict("Some rows are wrong. Correct them, or import the good rows only.")
    choices = replace(Choices.decoded(row.choices), only_good=only_good)
    _move(job_id, ("checked",), state="running", choices=choices.encoded(), done=0, tally="{}",
          beat_us=ctx.now_us)  # fmt: skip


def is_small(ctx: Context, job_id: str) -> bool:
    """Whether the file has so few rows that nobody has to wait for them."""
    _mine(ctx, job_id)
    return running.is_small(job_id)


def resume(ctx: Context, job_id: str) -> str:
    """Let a job that stands still go on; what it was at: checking or running.

    Raises `Conflict` while somebody works on it.
    """
    found = job(ctx, job_id)
    _importer(ctx, found.kind)
    if not found.is_still:
        raise Conflict("This import is at work. Look again in a moment.")
    _move(job_id, _BUSY, beat_us=ctx.now_us)
    return found.state


def cancel(ctx: Context, job_id: str) -> None:
    """Stop an import; chunks that were applied stay. Raises `Conflict` for one that is done."""
    _mine(ctx, job_id)
    _move(job_id, ("mapping", "checking", "checked", "running", "failed"), state="cancelled")


def failing_csv(ctx: Context, job_id: str) -> Iterator[str]:
    """The rows that are wrong as they came, with what is wrong behind them, to be corrected."""
    _mine(ctx, job_id)
    is_first = True
    for work, decisions in running.failing_rows(ctx, job_id):
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        if is_first:
            is_first = False
            yield "\ufeff"
            writer.writerow([*map(harmless, work.headers), "Line", "Error"])
        width = len(work.headers)
        for one in decisions:
            cells = [harmless(getattr(cell, "was", str(cell))) for cell in one.record.cells][:width]
            cells += [""] * (width - len(cells))
            told = " ".join(f"{fault.column}: {fault.message}".removeprefix(": ")
                            for fault in one.record.faults)  # fmt: skip
            writer.writerow([*cells, one.record.line, harmless(told)])
        yield buffer.getvalue()


def _importer(ctx: Context, kind: str) -> Actor:
    actor = require(ctx.actor, Permission.CATALOGUE_IMPORT)
    if kind == "person":
        require(actor, Permission.PEOPLE_EDIT)
    if actor.limited:
        message = "A file may reach beyond your places. Ask someone who works everywhere."
        raise NotAllowed(message)
    return actor


def _mine(ctx: Context, job_id: str) -> ImportJob:
    actor = require(ctx.actor, Permission.CATALOGUE_IMPORT)
    with reading() as connection:
        row = jobs.job(connection, job_id)
    if row.person_id != actor.person_id:
        raise NotFound("There is no such import. Look at the list of imports.")
    return row


def _move(job_id: str, states: tuple[str, ...], **values: Any) -> None:
    with unit_of_work() as session:
        row = jobs.hold(session, job_id)
        if row.state not in states:
            raise Conflict("This import has moved on. Look again.")
        for name, value in values.items():
            setattr(row, name, value)


def _fields() -> list[Any]:
    with reading() as connection:
        return [one for kind in ("asset", "part") for one in fields_store.every(connection, kind)]


def _job(ctx: Context, row: ImportJob) -> Job:
    is_still = row.state in _BUSY and (row.beat_us or 0) + STILL_US < ctx.now_us
    return Job(
        id=row.id,
        kind=row.kind,
        name=row.name,
        state=row.state,
        done=row.done,
        total=row.total,
        created_us=row.created_us,
        tally=Tally.decoded(row.tally),
        choices=Choices.decoded(row.choices),
        is_still=is_still,
    )
