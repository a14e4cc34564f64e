"""A job on the scan screen: its parts that are not in yet, each one tap, and the way back to it."""

from dataclasses import dataclass

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import NotFound
from stockscan.domain.figures import MILLI
from stockscan.services.work import Context, reading
from stockscan.store.counts.blindness import blindness
from stockscan.store.maintenance import pick_list
from stockscan.store.maintenance.job import job_called
from stockscan.store.screen import Thing


@dataclass(frozen=True, slots=True)
class ToFit:
    """A part that a job still needs; `times` is how many, 0 for what is not counted whole."""

    code: str
    name: str
    unit: str
    place: str
    left_milli: int

    @property
    def times(self) -> int:
        """How many at once by a tap."""
        return 0 if self.left_milli % MILLI else self.left_milli // MILLI


@dataclass(frozen=True, slots=True)
class JobScene:
    """The job that parts on the chosen machine are charged to; `lines` is how long its kit is."""

    name: str
    title: str
    url: str
    lines: int
    left: list[ToFit]


def job_scene(ctx: Context, work: str, on: Thing | None) -> JobScene | None:
    """The job that goes on at the chosen machine; None for none, and on another machine."""
    actor = require(ctx.actor, Permission.READ)
    if not work or on is None:
        return None
    with reading() as connection:
        try:
            job = job_called(connection, work)
        except NotFound:
            return None
        if job.asset_code != on.code:
            return None
        rows = pick_list.kit(connection, ctx.today, job.id, blindness(connection, actor)).rows
    listed = [row for row in rows if row.line.on_list]
    left = [_to_fit(row) for row in listed if row.line.amounts.left_milli]
    return JobScene(job.name, job.title, f"/jobs/{job.number}", len(listed), left)


def _to_fit(row: pick_list.KitRow) -> ToFit:
    places = [take.location for take in (*row.lies, *row.takes)]
    line = row.line
    place = places[0] if places else ""
    return ToFit(line.code, line.name, line.unit, place, line.amounts.left_milli)
