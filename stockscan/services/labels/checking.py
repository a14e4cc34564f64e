"""Scanning labels back after printing: which of them read, and which are wrong or unreadable."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import LONGEST_SCAN, Scanned, read
from stockscan.domain.errors import Conflict, Invalid
from stockscan.services.labels.naming import label_names
from stockscan.services.labels.papers import LabelSetup
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import prints
from stockscan.store.catalogue import label_checks as store
from stockscan.store.catalogue.label_addresses import normal
from stockscan.store.catalogue.label_checks import CheckRow, Counts

# How many labels say enough of a print: as many as its square root, within these.
_FEWEST, _MOST = 5, 20
_PRINT_AGAIN: Final = frozenset({"unreadable", "old_address"})


@dataclass(frozen=True, slots=True)
class Line:
    """One label of a print: its name, and what was found last of it ("" for not yet scanned)."""

    code: str
    title: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The print that a label comes from: its number, when, and by whom."""

    print_id: int
    at_us: int
    person: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one scan was found to be.

    `again` where it was found so before, `server` the address that an old label carries, `origin`
    the print of a label that is of another one.
    """

    verdict: str
    title: str
    code: str
    again: bool
    server: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class CheckPage:
    """How the check of a print stands.

    `lines` are the labels to scan, then others of which something is wrong; `wanted` of them are
    enough, and any label of the print counts.
    """

    print_id: int
    at_us: int
    stock: str
    layout: str
    total: int
    wanted: int
    counts: Counts
    lines: list[Line]
    print_again: list[str]
    answer: Answer | None

    @property
    def is_enough(self) -> bool:
        """Whether enough labels were tried to know how the print came out."""
        return self.counts.read + self.counts.unreadable >= self.wanted


def check(ctx: Context, setup: LabelSetup, print_id: int, uid: str, raw: str) -> None:
    """Note what a label of this print, or what was taken for one, was read as.

    A repetition under the same `uid` is noted once. Raises `Invalid` for nothing at all and for a
    sign-in badge, `NotFound` for an unknown print, `Conflict` when the id was used otherwise.
    """
    require(ctx.actor, Permission.LABEL_PRINT)
    scanned = read(raw[:LONGEST_SCAN])
    with reading() as connection:
        verdict = _verdict(connection, print_id, scanned, setup.public_url)
    code = None if verdict == "unknown" else scanned.code
    _keep(ctx, print_id, uid, scanned.text, code, verdict)


def report_unreadable(ctx: Context, print_id: int, uid: str, code: str) -> None:
    """Note that no reader makes anything of the label with this code.

    A repetition under the same `uid` is noted once. Raises `Invalid` for a code that is not on this
    print, `NotFound` for an unknown print, `Conflict` when the id was used otherwise.
    """
    require(ctx.actor, Permission.LABEL_PRINT)
    named = read(code[:LONGEST_SCAN])
    with reading() as connection:
        if named.code not in _codes(connection, print_id):
            message = "This print has no label with that code. Type the seven characters on it."
            raise Invalid(message, field="raw", code="not_on_print")
    _keep(ctx, print_id, uid, named.text, named.code, "unreadable")


def check_page(ctx: Context, print_id: int, seen: str = "") -> CheckPage:
    """How the check of a print stands, with the answer to the scan of the id `seen`.

    Raises `NotFound` for an unknown print.
    """
    require(ctx.actor, Permission.LABEL_PRINT)
    with reading() as connection:
        row = prints.by_number(connection, print_id)
        codes, checks = _codes(connection, print_id), store.checks_of(connection, [print_id])
        verdicts = {check.what: check.verdict for check in checks}
        wanted = enough(len(codes))
        bad = troubled(codes, verdicts)
        listed = list(dict.fromkeys([*sample(codes, wanted), *bad]))
        names = label_names(connection, listed)
        return CheckPage(
            print_id,
            row.at_us,
            row.stock,
            row.layout,
            len(codes),
            wanted,
            store.counts(checks),
            [Line(code, names[code], verdicts.get(code, "")) for code in listed],
            bad,
            _answer(connection, checks, seen),
        )


def checked(connection: Connection, print_ids: Collection[int]) -> Mapping[int, Counts]:
    """How the check of each of these prints stands; those that nobody checked are left out."""
    found: dict[int, list[CheckRow]] = {}
    for each in store.checks_of(connection, print_ids):
        found.setdefault(each.print_id, []).append(each)
    return {print_id: store.counts(checks) for print_id, checks in found.items()}


def troubled(codes: Collection[str], verdicts: Mapping[str, str]) -> list[str]:
    """Those of the codes whose last verdict asks for a new label, in their order."""
    return [code for code in codes if verdicts.get(code) in _PRINT_AGAIN]


def enough(total: int) -> int:
    """How many labels to scan of a print with so many."""
    return min(total, max(_FEWEST, min(isqrt(total), _MOST)))


def sample(codes: list[str], number: int) -> list[str]:
    """The first, the last and some between at equal steps; the same ones each time."""
    if number >= len(codes):
        return codes
    return [codes[index * (len(codes) - 1) // (number - 1)] for index in range(number)]


def _verdict(connection: Connection, print_id: int, scanned: Scanned, public_url: str) -> str:
    codes = _codes(connection, print_id)
    if scanned.code is None or not store.is_code(connection, scanned.code):
        return "unknown"
    if scanned.code not in codes:
        return "other_print"
    return "right" if _is_of_today(scanned.server, public_url) else "old_address"


def _is_of_today(server: str, public_url: str) -> bool:
    """Whether a label leads to this server's address of today; a bare code leads to none."""
    today = normal(public_url)
    return not (server and today) or normal(server) in {today, today.partition("://")[2]}


def _codes(connection: Connection, print_id: int) -> list[str]:
    """The codes on a print in their order, each once. Raises `NotFound`."""
    prints.by_number(connection, print_id)
    return list(dict.fromkeys(code for _, code in prints.codes_of(connection, print_id)))


def _keep(ctx: Context, print_id: int, uid: str, text: str, code: str | None, verdict: str) -> None:
    actor = require(ctx.actor, Permission.LABEL_PRINT)
    values = {"text": text, "code": code, "verdict": verdict, "at_us": ctx.now_us}

    def write() -> CheckRow | None:
        with unit_of_work() as session:
            person_id = actor.person_id
            store.keep_check(session, uid=uid, print_id=print_id, person_id=person_id, **values)
            return store.check_by_uid(session, uid)

    kept = retrying(write)
    if kept is None or (kept.print_id, kept.text) != (print_id, text):
        raise Conflict("This id was used for something else. Use a new one.", code="id_reused")


def _answer(connection: Connection, checks: list[CheckRow], seen: str) -> Answer | None:
    """What the check of this id was found to be; None where it is not of this print."""
    for number, row in enumerate(checks):
        if row.uid == seen:
            before = {(check.what, check.verdict) for check in checks[:number]}
            return Answer(
                row.verdict,
                label_names(connection, [row.code])[row.code] if row.code else row.text,
                row.code or "",
                (row.what, row.verdict) in before,
                read(row.text).server if row.verdict == "old_address" else "",
                _origin(connection, row) if row.verdict == "other_print" else None,
            )
    return None


def _origin(connection: Connection, row: CheckRow) -> Origin | None:
    found = prints.last_with(connection, row.code) if row.code else None
    return Origin(found.id, found.at_us, found.person) if found else None
