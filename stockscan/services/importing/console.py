"""Importing from the command line: the same steps as on the screen, told in lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stockscan.domain.access import Actor, Role
from stockscan.domain.errors import Invalid, NotFound
from stockscan.domain.importing.synonyms import plain
from stockscan.services.importing import jobs, running
from stockscan.services.importing.jobs import Job
from stockscan.services.importing.mapping import Proposal
from stockscan.services.importing.running import Clock
from stockscan.services.work import Context, reading
from stockscan.store.people import find_person

GOOD, WRONG, UNREADABLE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Came:
    """What came of an import: lines to show, and the code to end with."""

    lines: list[str]
    exit_code: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the kind ("" to find out), columns as "Header=field", and how far."""

    kind: str = ""
    maps: tuple[str, ...] = ()
    dry_run: bool = False
    only_good: bool = False


def acting(username: str) -> Actor:
    """Whoever signs in by that name, as the one who imports. Raises `NotFound`."""
    with reading() as connection:
        found = find_person(connection, username)
    if found is None or not found.active:
        raise NotFound(f"Nobody who is active signs in as {username}. Check the name.")
    return Actor(found.id, found.name, Role(found.role), device="console", limited=found.limited)


def import_file(ctx: Context, file: Path, clock: Clock, asked: Asked) -> Came:
    """Check a file and, unless it is a dry run, import it.

    The wrong rows are written beside it. Raises `NotAllowed`.
    """
    try:
        job_id = jobs.upload(ctx, file.name, file.read_bytes(), asked.kind)
        found = jobs.proposal(ctx, job_id)
        if asked.maps:
            found = jobs.choose(ctx, job_id, _mapped(found, asked.maps))
    except Invalid as error:
        return Came([error.message], UNREADABLE)
    if not found.is_ready:
        return Came(_open_ends(found), UNREADABLE)
    lines = [f"{found.recognised.name}: {file.name}"]
    jobs.begin_check(ctx, job_id)
    running.check(ctx, job_id, clock)
    job = jobs.job(ctx, job_id)
    if job.state == "failed":
        return Came([*lines, job.tally.trouble], UNREADABLE)
    lines += _told("Checked", job)
    lines += _keep_wrong(ctx, job, file)
    if asked.dry_run or (job.tally.wrong and not asked.only_good):
        return Came([*lines, "Nothing was imported."], WRONG if job.tally.wrong else GOOD)
    jobs.begin_run(ctx, job_id, only_good=asked.only_good)
    running.run(ctx, job_id, clock)
    job = jobs.job(ctx, job_id)
    if job.state != "done":
        return Came([*lines, job.tally.trouble], WRONG)
    return Came([*lines, *_told("Imported", job)], WRONG if job.tally.wrong else GOOD)


def _mapped(found: Proposal, maps: Sequence[str]) -> dict[str, object]:
    """The columns as they were said; "Header=field@dmy" also says how its values are written."""
    headers = [plain(header) for header in found.seen.headers]
    names = {target.name for target in found.targets}
    mapping, styles = list(found.choices.mapping), dict(found.choices.styles)
    for said in maps:
        header, _, rest = said.rpartition("=")
        field, _, style = rest.partition("@")
        if plain(header) not in headers:
            raise Invalid(f"There is no column {header!r}. It has {', '.join(found.seen.headers)}.")
        if field and field not in names:
            raise Invalid(f"There is no field {field!r}. Take one of {', '.join(sorted(names))}.")
        at = headers.index(plain(header))
        mapping[at] = field
        if style:
            styles[str(at)] = style
    return {"mapping": tuple(mapping), "styles": styles}


def _open_ends(found: Proposal) -> list[str]:
    """What is left to be said, and how."""
    if found.refused:
        return [found.refused]
    if not found.choices.kind:
        return ["What is in it is not clear. Say it by --kind, such as --kind asset."]
    lines = [f'No column gives {one}. Say it by --map "Header=field".' for one in found.missing]
    for question in found.questions:
        if not question.answer:
            ways = "@dmy or @mdy" if question.is_date else "@point or @comma"
            field = found.choices.mapping[question.at]
            examples = ", ".join(question.examples)
            how = f'Say --map "{question.header}={field}…", with {ways}.'
            lines.append(f"{question.header}: {examples} can be read in two ways. {how}")
    return lines


def _told(what: str, job: Job) -> list[str]:
    tally = job.tally
    made = "".join(f", {count} of kind {kind} beside" for kind, count in tally.made.items())
    counts = f"{tally.new} new{made}, {tally.changed} changed, {tally.same} as they are"
    return [f"{what}: {counts}, {tally.wrong} wrong."]


def _keep_wrong(ctx: Context, job: Job, file: Path) -> list[str]:
    if not job.tally.wrong:
        return []
    beside = file.with_name(f"{file.stem}-errors.csv")
    with beside.open("w", encoding="utf-8", newline="") as out:
        out.writelines(jobs.failing_csv(ctx, job.id))
    first = [f"Line {one['line']}, {one['column'] or 'the row'}: {one['message']}"
             for one in job.tally.faults[:10]]  # fmt: skip
    return [*first, f"The wrong rows are in {beside}."]
