"""What standing still cost, and what the work of each technician cost."""

from collections.abc import Sequence
from typing import Any, Final

from stockscan.domain.access import Permission
from stockscan.domain.reports.months import Months
from stockscan.domain.tables import Holds
from stockscan.services.reports import work
from stockscan.services.reports.work import Downtime, Now, Technicians
from stockscan.store.reports.work import Cause, Done, Stood, Worker
from stockscan.web.charts import Bar, Chart, Look, bars
from stockscan.web.filters import currency
from stockscan.web.listing import Listing
from stockscan.web.reports import wording
from stockscan.web.reports.door import report
from stockscan.web.reports.months import ASKS, TIME
from stockscan.web.reports.shape import Cell, Col, Report, Table, Tile, amount, count
from stockscan.web.security import current_context

_DRAWN: Final = 10
# How the address says that a job names no cause.
_NO_CAUSE: Final = "none"


@report(
    "downtime",
    "Standing still",
    "Which machines stood still, why, and what did it cost?",
    group="Costs",
    asks=("cause", *TIME),
)
def downtime(listing: Listing) -> Report:
    """Standing still by machine and cause, who stands still now, and the jobs of one cause."""
    (asked,) = wording.said(listing, "cause")
    cause = None if not asked else "" if asked == _NO_CAUSE else asked
    page = work.downtime(current_context(), *wording.span(listing), cause)
    return Report(
        finding=down_finding(page),
        listing=listing,
        kind="warn" if page.now else "",
        tiles=[
            Tile("Cost", amount(page.down_e4, whole=True), line=wording.period(page.months),
                 link="#machines"),
            Tile("Stood", wording.hours(page.down_us), line=count(page.stood, "machine"),
                 link="#machines"),
            Tile("Standing now", str(len(page.now)), kind="warn" if page.now else "",
                 link="#now" if page.now else ""),
        ],
        charts=[_causes_drawn(page)],
        tables=[
            *([_jobs(page.jobs, f"Stood still: {asked}")] if asked else []),
            *([_now(page)] if page.now else []),
            machines_of(page),
            _causes(page, listing),
        ],
        narrowed={"cause": asked} if asked else {},
        note="From when a job that is done says the machine stopped until it ran again, times "
        "what an hour of the machine or its model costs, in the months (UTC) in which it stood. "
        "Where two jobs say so at once, it counts once: for the first.",
        asks=ASKS,
        ways=[wording.lengths_now()],
    )  # fmt: skip


@report(
    "technicians",
    "Work by technician",
    "How many jobs and hours, and what did they cost?",
    group="Costs",
    asks=("person", *TIME),
    needs=Permission.PLAN_EDIT,
)
def technicians(listing: Listing) -> Report:
    """Jobs, hours and parts by who did them, and the jobs of one; for those who plan the work."""
    (person,) = wording.said(listing, "person")
    page = work.technicians(current_context(), *wording.span(listing), person)
    name = next((each.name for each in page.workers if each.code == person), person)
    return Report(
        finding=work_finding(page.workers, page.months),
        listing=listing,
        charts=[_workers_drawn(page)],
        tables=[
            *([_jobs(page.jobs, f"Jobs of {name}")] if person else []),
            _workers(page, listing),
        ],
        narrowed={"person": name} if person else {},
        note="Jobs count for who signed them off. Parts are what was installed for the job, less "
        "what came back. It says how the work was shared, not how good it was.",
        asks=ASKS,
        ways=[wording.lengths_now()],
    )


def down_finding(page: Downtime) -> str:
    """What stood still and what that cost, in a sentence."""
    now = f"{count(len(page.now), 'machine stands', 'machines stand')} still now. "
    lead = now if page.now else ""
    if not page.machines:
        return f"{lead}No finished job says that a machine stood still in these months."
    worst = page.machines[0]
    return (
        f"{lead}Machines stood still for {wording.hours(page.down_us)}, which cost "
        f"{amount(page.down_e4, whole=True)}, {amount(worst.down_e4, whole=True)} of it with "
        f"{worst.tag}."
    )


def _causes_drawn(page: Downtime) -> Chart | None:
    if not any(cause.down_e4 for cause in page.causes):
        return None
    rows = [
        Bar(cause.cause or "no cause given", cause.down_e4, amount(cause.down_e4, whole=True))
        for cause in page.causes[:_DRAWN]
    ]
    return bars("Why they stood still", rows, Look(unit=10_000, note=currency(), wide=True))


def _now(page: Downtime) -> Table:
    columns = (Col("Machine"), Col("Job"), Col("Since", Holds.TIME), Col("For"),
               Col("So far", Holds.E4))  # fmt: skip

    def row(each: Now) -> list[Any]:
        machine = each.machine
        job = f"/jobs/{machine.number}"
        return [
            Cell(machine.tag, f"/assets/{machine.code}", machine.name, "warn"),
            Cell(f"J-{machine.number}", job, machine.title),
            machine.since_us, wording.hours(each.down_us), Cell(each.down_e4, job),
        ]  # fmt: skip

    return Table("now", "Standing still now", columns, page.now, row, note="longest first")


def machines_of(page: Downtime) -> Table:
    """The machines that stood still, the dearest first."""
    columns = (Col("Machine"), Col("Jobs", Holds.WHOLE), Col("Stood"), Col("Stood still", Holds.E4))

    def row(each: Stood) -> list[Any]:
        link = wording.costs_of(each.code, page.months)
        return [Cell(each.tag, f"/assets/{each.code}", each.name), Cell(each.jobs, link),
                wording.hours(each.down_us), Cell(each.down_e4, link)]  # fmt: skip

    return Table("machines", "By machine", columns, page.machines, row, note="dearest first",
                 empty="No machine stood still in these months.")  # fmt: skip


def _causes(page: Downtime, listing: Listing) -> Table:
    columns = (Col("Cause"), Col("Jobs", Holds.WHOLE), Col("Stood"), Col("Stood still", Holds.E4))

    def row(each: Cause) -> list[Any]:
        link = listing.link(cause=each.cause or _NO_CAUSE)
        return [each.cause or "no cause given", Cell(each.jobs, link), wording.hours(each.down_us),
                Cell(each.down_e4, link)]  # fmt: skip

    return Table("causes", "By cause", columns, page.causes, row, note="dearest first",
                 empty="No job of these months says why.")  # fmt: skip


def _jobs(jobs: Sequence[Done], title: str) -> Table:
    """The jobs behind a number."""
    columns = (
        Col("Job"), Col("Kind", where="desk"), Col("Machine"), Col("When", Holds.TIME),
        Col("By", where="desk"), Col("Minutes", Holds.WHOLE, where="desk"), Col("Work", Holds.E4),
        Col("Parts", Holds.E4, where="desk"), Col("Stood"), Col("Stood still", Holds.E4),
    )  # fmt: skip

    def row(each: Done) -> list[Any]:
        stood = wording.hours(each.down_us) if each.down_us else None
        return [
            Cell(f"J-{each.number}", f"/jobs/{each.number}", each.title), each.kind,
            Cell(each.tag, f"/assets/{each.asset_code}"), each.at_us, each.person, each.minutes,
            each.labour_e4, each.parts_e4, stood, each.down_e4,
        ]  # fmt: skip

    return Table("jobs", title, columns, jobs, row, note="newest first",
                 empty="No such job was done in these months.")  # fmt: skip


def work_finding(workers: Sequence[Worker], months: Months) -> str:
    """How much was done by how many, in a sentence."""
    if not workers:
        return f"No job was finished, {wording.period(months)}."
    jobs = sum(each.jobs for each in workers)
    minutes = sum(each.minutes for each in workers)
    cost = sum(each.labour_e4 for each in workers)
    return (
        f"{count(len(workers), 'person', 'people')} did {count(jobs, 'job')} in "
        f"{minutes // 60:,} hours, which cost {amount(cost, whole=True)}."
    )


def _workers_drawn(page: Technicians) -> Chart | None:
    rows = [Bar(each.name, each.minutes, f"{each.minutes / 60:,.0f} h") for each in page.workers]
    look = Look(unit=60, wide=True)
    return bars("Hours", rows[:_DRAWN], look) if any(row.value for row in rows) else None


def _workers(page: Technicians, listing: Listing) -> Table:
    columns = (
        Col("Person"), Col("Jobs", Holds.WHOLE), Col("Faults", Holds.WHOLE, where="desk"),
        Col("Machines", Holds.WHOLE, where="desk"), Col("Minutes", Holds.WHOLE),
        Col("Work", Holds.E4), Col("Parts", Holds.E4, where="desk"),
    )  # fmt: skip

    def row(each: Worker) -> list[Any]:
        jobs = listing.link(person=each.code)
        return [
            Cell(each.name, jobs), *(Cell(number, jobs) for number in (
                each.jobs, each.faults, each.machines, each.minutes, each.labour_e4, each.parts_e4
            )),
        ]  # fmt: skip

    return Table("people", "By person", columns, page.workers, row, note="most hours first")
