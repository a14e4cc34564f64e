"""What the scan screen shows below the camera, and the address at which it can be shown again."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response

from stockscan.domain.access import Permission
from stockscan.domain.badges import is_badge
from stockscan.domain.cards import CARDS, Command
from stockscan.domain.codes import LONGEST_SCAN, Kind
from stockscan.domain.counts import entries
from stockscan.domain.errors import StockScanError
from stockscan.domain.operations import seen_token
from stockscan.domain.scanning import Mode, keeps
from stockscan.services import files, lots, operations, purchasing, scanning
from stockscan.services.counts import sheets
from stockscan.services.counts.audit_pages import AuditScene, audit_scene
from stockscan.services.counts.sheets import BinVisit, Course
from stockscan.services.scanning import Batch, JobScene, Situation
from stockscan.services.work import Context
from stockscan.store.counts.bins import Move
from stockscan.store.screen import Thing
from stockscan.web import htmx
from stockscan.web.offline import rules_json
from stockscan.web.scan.cards import Card, card_of_all, problem
from stockscan.web.security import current_context, who

blueprint = Blueprint("scan", __name__)

LOG_ROWS = 8
LOG_OPERATIONS = 30
# As long as an operation may say.
LONGEST_WINDOW_MS = 86_400_000
# "Before this" is what this person did lately, not their whole life.
LOG_US = 8 * 3600 * 1_000_000
DAMAGED_CARD = next(code for code, card in CARDS.items() if card.command is Command.DAMAGED)
ACTS = {"count": Mode.COUNT, "receive": Mode.RECEIVE, "issue": Mode.ISSUE, "transfer": Mode.MOVE}
ACT_OF = {mode: act for act, mode in ACTS.items()}


@dataclass(frozen=True, slots=True)
class Given:
    """What an entry starts with: typed before, or read from a label with data in it."""

    quantity: str = ""
    lot: str = ""
    serial: str = ""
    expires_on: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that the screen shows below the camera.

    `now` is what the next scan meets; `on` the chosen thing, `was` the one before it; `part` and
    `act` an entry; `card` an answer; `batch` what is collected, with what stands in its way; `raw`
    the text of a scan that was refused, `error` what is wrong with an entry, in `error_field`;
    `opened` is when the entry was shown first. While a count goes on `course` says how far it is,
    and `visit` what is to be counted in the chosen bin; while an audit does, `audit` says both;
    while parts go on a job, `job` says which.
    """

    now: Situation = field(default_factory=Situation)
    on: Thing | None = None
    was: Thing | None = None
    card: Card | None = None
    part: Thing | None = None
    act: str = ""
    given: Given = field(default_factory=Given)
    batch: Batch | None = None
    raw: str = ""
    error: str = ""
    error_field: str = ""
    opened: str = ""
    course: Course | None = None
    visit: BinVisit | None = None
    audit: AuditScene | None = None
    job: JobScene | None = None

    @property
    def mode(self) -> Mode:
        """What the next scan is for."""
        return self.now.mode

    @property
    def state(self) -> str:
        """idle, result or entry: how the screen shares its height."""
        if self.part is not None and self.act:
            return "entry"
        waits = self.now.many or self.now.link or self.now.times > 1
        return "result" if self.card or self.on or waits else "idle"

    @property
    def fields(self) -> dict[str, str]:
        """What the next scan sends along, and what the address says."""
        now = self.now
        asked = {
            "mode": now.mode.value,
            "on": now.on,
            "was": now.was,
            "times": str(now.times) if now.times > 1 else "",
            "many": ".".join(now.many),
            "link": now.link,
            "done": now.done,
            "part": self.part.code if self.part else "",
            "act": self.act,
            "count": now.count if self.course or self.audit else "",
            "audit": "1" if self.audit else "",
            "since": now.since,
            "at_lot": now.at_lot,
            "entries": entries.packed(now.entries),
            "say": now.say,
            "work": now.work,
        }
        return {name: value for name, value in asked.items() if value}

    def at(self, **other: str) -> str:
        """The address of this stage with some of its fields changed."""
        asked = {**self.fields, "done": "", **other}
        return "/scan?" + urlencode({name: value for name, value in asked.items() if value})

    @property
    def address(self) -> str:
        """Where this stage can be shown again: after a reload, a sign-in, or to a plain form."""
        given = {name: getattr(self.given, name) for name in Given.__dataclass_fields__}
        entry = given if self.part else {}
        return "/scan?" + urlencode({k: v for k, v in {**self.fields, **entry}.items() if v})

    def keeps(self, mode: str) -> bool:
        """Whether what is chosen stays chosen when the mode is changed to this one."""
        return self.on is not None and keeps(Mode(mode), self.on.kind)


def situation(asked: Mapping[str, str]) -> Situation:
    """What a scan meets, as a form or an address says it; what makes no sense is left out."""
    times = asked.get("times", "")
    mode = Mode(asked["mode"]) if asked.get("mode") in {*Mode} else Mode.LOOK_UP
    counting = _counting(asked) if mode is Mode.COUNT else {}
    return Situation(
        mode=mode,
        on=asked.get("on", "")[:20],
        was=asked.get("was", "")[:20],
        times=int(times) if times.isascii() and times.isdecimal() and len(times) <= 4 else 1,
        many=scanning.codes_of(asked.get("many", "")),
        link=asked.get("link", "")[:LONGEST_SCAN],
        done=asked.get("done", "")[:40],
        part=asked.get("part", "")[:20],
        act=asked.get("act", "") if asked.get("act") in ACTS else "",
        work=asked.get("work", "")[:20],
        **counting,
    )


def _counting(asked: Mapping[str, str]) -> dict[str, Any]:
    """What a form or an address says of a count that goes on."""
    say = asked.get("say", "")
    return {
        "count": asked.get("count", "")[:40],
        "since": asked.get("since", "")[:40],
        "at_lot": asked.get("at_lot", "")[:LONGEST_SCAN],
        "entries": entries.unpacked(asked.get("entries", "")),
        "say": say if say in {"empty", "all"} else "",
    }


def chosen(code: str) -> Thing | None:
    """The thing with this code, None for no code."""
    return scanning.thing(current_context(), code) if code else None


def stage_of(now: Situation, visit: BinVisit | None = None) -> Stage:
    """The stage with the chosen thing, the answer on it and what is collected.

    A `visit` to the chosen bin that is known already is not asked for again.
    """
    ctx = current_context()
    done = operations.of_action(ctx, now.done) if now.done else []
    card = card_of_all(done, ctx.now_us) if done else None
    lists = now.many and now.mode is Mode.COLLECT
    batch = scanning.collected(ctx, now.many) if lists else None
    on, part = chosen(now.on), chosen(now.part)
    # An entry is about a part in a place, whatever an address says.
    if part is None or part.kind is not Kind.PART or on is None or on.kind is not Kind.LOCATION:
        part, now = None, replace(now, part="", act="", at_lot="", entries=())
    audit = audit_scene(ctx, now.count, now.on) if now.count else None
    course, visit = (None, None) if audit else _course(ctx, now, on)
    job = scanning.job_scene(ctx, now.work, on)
    now = now if job else replace(now, work="")
    return Stage(
        now,
        on,
        chosen(now.was),
        card,
        part,
        now.act if part else "",
        Given(entries.in_figures(now.entries), now.at_lot),
        batch,
        course=course,
        visit=visit,
        audit=audit,
        job=job,
    )


def _course(
    ctx: Context, now: Situation, on: Thing | None
) -> tuple[Course | None, BinVisit | None]:
    """The count that goes on and the visit to the chosen bin; none where it can't be counted."""
    if not now.count:
        return None, None
    try:
        if on is None or on.kind is not Kind.LOCATION:
            return sheets.course(ctx, now.count, now.was), None
        visit = sheets.bin_visit(ctx, now.count, on.code)
    except StockScanError:
        return None, None
    return visit.course, visit


def can_undo(now: Situation) -> bool:
    """Whether the action on the screen can still be taken back there."""
    card = stage_of(now).card
    return card is not None and card.undo_s > 0


def show(stage: Stage) -> Response:
    """The stage for htmx; for a plain form a redirect to the same stage, safe to reload."""
    return render(stage) if htmx.wants_fragment() else htmx.see_other(stage.address)


def refused(now: Situation, error: dict[str, Any], raw: str = "") -> Response:
    """The stage as it was, with what is wrong on top."""
    stage = stage_of(replace(now, done=""))
    if stage.course and error.get("code") == "unknown":
        way = "Tap Other part here to type" if stage.state == "entry" else "Type"
        error = {**error, "message": f"{error['message']} {way} its part number."}
    if stage.state == "entry":
        return render(replace(stage, error=str(error.get("message", ""))), 422)
    shown = "" if is_badge(raw) else raw[:LONGEST_SCAN]
    return render(replace(stage, card=problem(error), raw=shown), 422)


def render(stage: Stage, status: int = 200) -> Response:
    """The scan screen in this state."""
    ctx = current_context()
    balance = (
        scanning.balance(ctx, stage.part.code, stage.on.code) if stage.part and stage.on else None
    )
    handling = (
        lots.handling(ctx, stage.part.code, stage.on.code) if stage.part and stage.on else None
    )
    return htmx.render(
        "scan/scan.html",
        "stage",
        status,
        stage=stage,
        balance=balance,
        handling=handling,
        awaited=_awaited(ctx, stage),
        photo=files.photo_of_part(ctx, stage.part.code) if stage.part and stage.visit else None,
        quick=scanning.quick(ctx, stage.mode, stage.on),
        log=before_this(ctx, stage.now.done)[: LOG_ROWS if stage.state == "result" else 1],
        new_id=lambda: str(uuid.uuid4()),
        opened=stage.opened or stage.now.since or seen_token(ctx.now_us),
        fresh=seen_token(ctx.now_us),
        running=_running(ctx, stage),
        rest=_rest(ctx, stage),
        moves=_moves(ctx, stage),
        my_code=my_code(),
        today=ctx.today,
        damaged_card=DAMAGED_CARD,
        offline_rules=rules_json,
    )


def _awaited(ctx: Context, stage: Stage) -> list[purchasing.Awaited]:
    """The orders that wait for the part that is received."""
    receives = stage.part is not None and stage.act == "receive"
    return purchasing.awaited(ctx, stage.part.code) if receives and stage.part else []


def _running(ctx: Context, stage: Stage) -> list[Course]:
    """In Count mode without a count, those that could be gone on with."""
    can = stage.mode is Mode.COUNT and stage.state == "idle" and stage.course is None
    if not can or ctx.actor is None or not ctx.actor.may(Permission.COUNT_RECORD):
        return []
    return sheets.my_counts(ctx)


def _rest(ctx: Context, stage: Stage) -> int:
    """How many records become 0, where somebody is about to say that no more is in the bin."""
    if not stage.now.say or stage.on is None:
        return 0
    since_us = ctx.now_us - 1000 * since_ms(stage.now.since, ctx.now_us)
    empty = stage.now.say == "empty"
    return sheets.rest_of(ctx, stage.on.code, stage.now.count, None if empty else since_us)


def _moves(ctx: Context, stage: Stage) -> list[Move]:
    """What moved while the line on the screen was counted."""
    asked = stage.card.question if stage.card and stage.course else None
    return sheets.moves_asked(ctx, int(asked["line"])) if asked else []


def before_this(ctx: Context, done: str) -> list[Card]:
    """What this person did lately, a row for each action, newest first; without the one shown."""
    lately = [
        row
        for row in operations.recent(ctx, LOG_OPERATIONS)
        if row.received_us > ctx.now_us - LOG_US and row.action_id != done and row.kind != "reverse"
    ]
    actions = [list(rows) for _, rows in groupby(lately, key=lambda row: row.action_id)]
    cards = [card_of_all(rows[::-1], ctx.now_us) for rows in actions]
    return [card for card in cards if card.name]


def since_ms(token: str, now_us: int) -> int:
    """How long ago a page was shown that carries this token of ours, rounded up; 0 for none."""
    try:
        shown_us = int(token[1:], 16)
    except ValueError:
        return 0
    return min(-(-max(0, now_us - shown_us) // 1000), LONGEST_WINDOW_MS)


def my_code() -> str:
    """The label code of the person who scans."""
    person = who()
    return person.code if person else ""
