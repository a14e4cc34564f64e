"""The one door for writes: every operation is applied exactly once, in one transaction."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, Role, require
from stockscan.domain.errors import (
    Conflict,
    NeedsAttention,
    NotFound,
    NotSignedIn,
    RuleBroken,
    StockScanError,
    TooLarge,
)
from stockscan.domain.ledger import Timing
from stockscan.domain.operations import CREATE_KINDS, KINDS, Op, Shape, derived_id, ids_of, parse_op
from stockscan.services import (
    aliases,
    assets,
    counts,
    custody,
    installs,
    locations,
    models,
    parts,
    people,
    stock,
)
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import operations as store
from stockscan.store.operations import Operation
from stockscan.store.people import Person

MOST_AT_ONCE = 500

Verb = Callable[[Context, Session, Op], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one operation: applied, duplicate, attention or rejected."""

    id: Any
    status: str
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None

    @property
    def done(self) -> bool:
        """Whether it holds in the books."""
        return self.status in {"applied", "duplicate"}

    def json(self) -> dict[str, Any]:
        """The outcome as the API answers it."""
        answer: dict[str, Any] = {"id": self.id, "status": self.status}
        if self.result is not None:
            answer["result"] = self.result
        if self.error is not None:
            answer["error"] = self.error
        return answer


def apply_all(ctx: Context, raws: list[Any]) -> list[Outcome]:
    """Apply operations in order, each in a transaction of its own.

    A bad one never stops the others. Raises `TooLarge` for more than 500.
    """
    if len(raws) > MOST_AT_ONCE:
        raise TooLarge(f"Send at most {MOST_AT_ONCE} operations at once.")
    # A microsecond apart: what stands later in the list happened later.
    return [apply(replace(ctx, now_us=ctx.now_us + index), raw) for index, raw in enumerate(raws)]


def apply(ctx: Context, raw: object, shapes: Mapping[str, Shape] = KINDS) -> Outcome:
    """Apply one operation exactly once and say what became of it.

    Never raises for what a client can send: everything wrong with it is in the outcome.
    """
    identity = raw.get("id") if isinstance(raw, Mapping) else None
    if not isinstance(identity, str | int | float | None):
        identity = None
    try:
        if ctx.actor is None:
            raise NotSignedIn
        op = parse_op(raw, shapes).received(ctx.now_us)
    except StockScanError as error:
        return Outcome(identity, "rejected", error=error_json(error))
    outcome = replace(_apply_parsed(ctx, op, json.dumps(raw, default=str)), id=identity)
    _retry_waiting(ctx, op, outcome)
    return outcome


def perform(ctx: Context, action_id: str, raws: Sequence[Mapping[str, Any]]) -> list[Outcome]:
    """Apply the operations that a person meant as one action: all of them, or none.

    Several have ids made from the action's, so that `domain.operations.ids_of` finds them again; a
    retried action applies once. What stands in the way of one is the one outcome.
    """
    if len(raws) == 1:
        return [apply(ctx, {**raws[0], "id": action_id})]
    numbered = [{**raw, "id": derived_id(action_id, index)} for index, raw in enumerate(raws)]
    try:
        ops = [
            # A microsecond apart: what stands later in the list happened later.
            parse_op(raw, KINDS).received(ctx.now_us + index)
            for index, raw in enumerate(numbered)
        ]
        contents = [json.dumps(raw) for raw in numbered]
        outcomes = retrying(lambda: _apply_together(ctx, list(zip(ops, contents, strict=True))))
    except StockScanError as error:
        return [Outcome(action_id, "rejected", error=error_json(error))]
    for op, outcome in zip(ops, outcomes, strict=True):
        _retry_waiting(ctx, op, outcome)
    return outcomes


def create(ctx: Context, kind: str, values: Mapping[str, Any]) -> Outcome:
    """Apply one of the kinds that make a thing; the same door, the same idempotency."""
    return apply(ctx, {**values, "kind": kind}, CREATE_KINDS)


def reverse(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Take a wrongly recorded operation back, as if it had never been recorded.

    One's own, or anyone's with the right for it. Raises `NeedsAttention` while the operation is
    unknown; this is then applied by itself when that arrives.
    """
    actor = require(ctx.actor, Permission.OPERATION_REVERSE_OWN)
    target = session.get(Operation, op["operation"], with_for_update=True)
    if target is None:
        raise NeedsAttention(
            "What this takes back has not arrived yet.",
            code="waits_for_operation",
            waits_for=op["operation"],
        )
    if target.actor_id != actor.person_id:
        require(actor, Permission.OPERATION_REVERSE_ANY)
    if target.status == "attention" and target.kind != "count":
        target.status = "dismissed"
        return {"reversed": target.id}
    undo = _UNDO.get(target.kind)
    result = undo(ctx, session, op, target.id) if undo else None
    if result is not None:
        return {**result, "kind": target.kind}
    if undo is not None and target.status == "applied":
        raise RuleBroken("This was taken back already.", code="already_reversed")
    raise RuleBroken(
        "This can't be taken back. Record what is true instead.", code="not_reversible"
    )


def get(ctx: Context, operation_id: str) -> store.Recorded:
    """One recorded operation. Raises `NotFound`."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        found = store.recorded(connection, operation_id)
    if found is None:
        raise NotFound("That operation is not recorded.")
    return found


def find(ctx: Context, operation_id: str) -> store.Recorded | None:
    """The operation of this person under this id, None where there is none (yet)."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        found = store.recorded(connection, operation_id)
    return found if found is not None and found.person_id == actor.person_id else None


def find_all(ctx: Context, ids: Sequence[str]) -> list[store.Recorded]:
    """This person's operations under these ids, in their order; unknown ones are left out."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        found = {row.id: row for row in store.recorded_all(connection, ids)}
    return [found[id_] for id_ in ids if id_ in found and found[id_].person_id == actor.person_id]


def undoable(ctx: Context, action: str) -> list[str]:
    """The operations of an action that are recorded and hold, newest first.

    Of an action of several those of this person alone; a single one may be anybody's.
    """
    actor = require(ctx.actor, Permission.READ)
    ids = ids_of(action)
    with reading() as connection:
        found = {row.id: row for row in store.recorded_all(connection, ids)}
    if len(ids) == 1:
        return [id_ for id_ in ids if id_ in found]
    return [
        id_
        for id_ in reversed(ids)
        if id_ in found and found[id_].person_id == actor.person_id and not found[id_].reversed
    ]


def recent(ctx: Context, limit: int = 12) -> list[store.Recorded]:
    """What this person recorded last, newest first."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        return store.recent(connection, actor.person_id, limit)


def waiting(ctx: Context) -> list[store.Recorded]:
    """Operations that wait for a person to decide, oldest first: all, or one's own."""
    actor = require(ctx.actor, Permission.READ)
    everyone = actor.may(Permission.ATTENTION_SETTLE)
    with reading() as connection:
        return store.waiting(connection, None if everyone else actor.person_id)


def try_again(ctx: Context, operation_id: str, missing: Mapping[str, str] | None = None) -> Outcome:
    """Apply an operation that waited, because what stood in its way may be gone.

    `missing` says which lot or serial it was about, where it did not say so itself.
    """
    require(ctx.actor, Permission.ATTENTION_SETTLE)
    return _apply_stored(ctx, operation_id, missing or {})


def dismiss(ctx: Context, operation_id: str) -> None:
    """Settle an operation that waited by doing nothing. Raises `NotFound` if none waits.

    One that had its effect, and only had to be seen, keeps it.
    """
    require(ctx.actor, Permission.ATTENTION_SETTLE)
    with unit_of_work() as session:
        row = session.get(Operation, operation_id, with_for_update=True)
        if row is None or row.status != "attention":
            raise NotFound("Nothing waits under that id.")
        row.status = "applied" if "result" in json.loads(row.result) else "dismissed"


def error_json(error: StockScanError) -> dict[str, Any]:
    """An error as every client gets it."""
    return {"code": error.code, "message": error.message, "field": error.field, **error.details}


def _apply_parsed(ctx: Context, op: Op, content: str) -> Outcome:
    try:
        return retrying(lambda: _apply_once(ctx, op, content))
    except NeedsAttention as error:
        return _keep_waiting(ctx, op, content, error, error.waits_for)
    except (RuleBroken, Conflict) as error:
        if op.queued and error.code != "id_reused":
            return _keep_waiting(ctx, op, content, error, None)
        return Outcome(op.id, "rejected", error=error_json(error))
    except StockScanError as error:
        return Outcome(op.id, "rejected", error=error_json(error))


def _apply_once(ctx: Context, op: Op, content: str) -> Outcome:
    with unit_of_work() as session:
        return _apply_in(ctx, session, op, content)


def _apply_together(ctx: Context, written: Sequence[tuple[Op, str]]) -> list[Outcome]:
    with unit_of_work() as session:
        return [_apply_in(ctx, session, op, content) for op, content in written]


def _apply_in(ctx: Context, session: Session, op: Op, content: str) -> Outcome:
    actor = require(ctx.actor, Permission.READ)
    known = store.claim(session, op, actor.person_id, content, status="applied")
    if known is not None:
        return _answer_again(known, op)
    result = VERBS[op.kind](ctx, session, op)
    status = "attention" if "attention" in result else "applied"
    store.finish(session, op.id, status, result)
    return Outcome(op.id, status, result=result)


def _answer_again(known: store.Recorded, op: Op) -> Outcome:
    if known.digest != op.digest:
        raise Conflict("This id was used for something else. Use a new one.", code="id_reused")
    if known.status == "applied":
        return Outcome(op.id, "duplicate", result=known.result)
    if known.status == "dismissed":
        return Outcome(op.id, "duplicate", result={"dismissed": True})
    return Outcome(op.id, "attention", **known.answer)


def _keep_waiting(
    ctx: Context, op: Op, content: str, error: StockScanError, waits_for: str | None
) -> Outcome:
    """Store an operation whose effect waits; its id is taken from now on."""
    answer = {"error": error_json(error)}

    def keep() -> Outcome:
        with unit_of_work() as session:
            assert ctx.actor is not None
            known = store.claim(
                session,
                op,
                ctx.actor.person_id,
                content,
                status="attention",
                waits_for=waits_for,
                result=json.dumps(answer),
            )
            if known is not None:
                return _answer_again(known, op)
            return Outcome(op.id, "attention", **answer)

    try:
        return retrying(keep)
    except Conflict as reused:
        return Outcome(op.id, "rejected", error=error_json(reused))


def _retry_waiting(ctx: Context, op: Op, outcome: Outcome) -> None:
    """Apply what waited for this operation to arrive, or for what it installed."""
    if outcome.status not in {"applied", "attention"}:
        return
    keys = [op.id]
    if op.kind == "install" and outcome.result:
        keys.append(installs.arrival_of(outcome.result["asset"], outcome.result["part"]))
    with reading() as connection:
        waiting = store.waiting_for(connection, keys)
    for operation_id in waiting:
        _apply_stored(ctx, operation_id, {})


def _apply_stored(ctx: Context, operation_id: str, missing: Mapping[str, str]) -> Outcome:
    """Apply a waiting operation as the person who sent it, at the time that it said then."""

    def again() -> tuple[Op, Outcome]:
        with unit_of_work() as session:
            row = session.get(Operation, operation_id, with_for_update=True)
            if row is None or row.status != "attention":
                raise NotFound("Nothing waits under that id.")
            stored = json.loads(row.result).get("result")
            if stored is not None:  # it has its effect; only somebody had to see it
                row.status = "applied"
                op = parse_op(json.loads(row.content), {**KINDS, **CREATE_KINDS})
                return op, Outcome(operation_id, "applied", result=stored)
            shapes = {**KINDS, **CREATE_KINDS}
            timing = Timing(row.received_us, row.effective_us, row.earliest_us)
            said = json.loads(row.content)
            said.update((name, text) for name, text in missing.items() if not said.get(name))
            op = replace(parse_op(said, shapes), timing=timing)
            sender = replace(ctx, actor=_actor(session, row.actor_id, row.device))
            result = VERBS[op.kind](sender, session, op)
            store.finish(session, op.id, "applied", result)
            return op, Outcome(op.id, "applied", result=result)

    try:
        op, outcome = retrying(again)
    except StockScanError as error:
        return Outcome(operation_id, "attention", error=error_json(error))
    _retry_waiting(ctx, op, outcome)
    return outcome


def _actor(session: Session, person_id: int, device: str) -> Actor:
    person = session.execute(select(Person.name, Person.role).where(Person.id == person_id)).one()
    return Actor(person_id, person.name, Role(person.role), device)


VERBS: dict[str, Verb] = {
    "claim": aliases.claim,
    "check_in": custody.check_in,
    "check_out": custody.check_out,
    "condition": custody.condition,
    "count": counts.count,
    "create_asset": assets.create_asset,
    "create_location": locations.create_location,
    "create_model": models.create_model,
    "create_part": parts.create_part,
    "create_person": people.create_person,
    "install": installs.install,
    "issue": stock.issue,
    "link": aliases.link,
    "move_asset": custody.move_asset,
    "receive": stock.receive,
    "retime": counts.retime,
    "return_part": installs.return_part,
    "reverse": reverse,
    "scrap": stock.scrap,
    "transfer": stock.transfer,
}

_UNDO: dict[str, Callable[[Context, Session, Op, str], dict[str, Any] | None]] = {
    **dict.fromkeys(
        ("install", "issue", "receive", "return_part", "scrap", "transfer"), stock.reverse_goods
    ),
    **dict.fromkeys(("check_in", "check_out", "condition", "move_asset"), custody.reverse_custody),
    "count": counts.void_count,
    **dict.fromkeys(("claim", "link"), aliases.unlink),
}

# The kinds that can be taken back as if they had never been recorded.
UNDOABLE = frozenset(_UNDO)
