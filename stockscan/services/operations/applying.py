"""The one door for writes: every operation is applied exactly once, in one transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import (
    Conflict,
    NeedsAttention,
    NotAllowed,
    NotFound,
    NotSignedIn,
    RuleBroken,
    StockScanError,
    TooLarge,
)
from stockscan.domain.operations import (
    CREATE_KINDS,
    EDIT_KINDS,
    KINDS,
    Op,
    Shape,
    derived_id,
    parse_op,
)
from stockscan.services.operations.hiding import for_reader
from stockscan.services.operations.outcome import Outcome, error_json
from stockscan.services.operations.verbs import VERBS
from stockscan.services.operations.waiting import handing, retry_waiting
from stockscan.services.work import Context, retrying, unit_of_work
from stockscan.store import operations as store
from stockscan.store.limits import OUTSIDE
from stockscan.store.operations import Operation

MOST_AT_ONCE = 500


def apply_all(ctx: Context, raws: list[Any]) -> list[Outcome]:
    """Apply operations in order, each in a transaction of its own.

    A bad one never stops the others. Raises `TooLarge` for more than 500.
    """
    if len(raws) > MOST_AT_ONCE:
        raise TooLarge(f"Send at most {MOST_AT_ONCE} operations at once.")
    # A microsecond apart: what stands later in the list happened later.
    each = (replace(ctx, now_us=ctx.now_us + index) for index in range(len(raws)))
    return for_reader(ctx, [_apply_one(at, raw) for at, raw in zip(each, raws, strict=True)])


def apply(ctx: Context, raw: object, shapes: Mapping[str, Shape] = KINDS) -> Outcome:
    """Apply one operation exactly once and say what became of it.

    Never raises for what a client can send: everything wrong with it is in the outcome.
    """
    return for_reader(ctx, [_apply_one(ctx, raw, shapes)])[0]


def _apply_one(
    ctx: Context, raw: object, shapes: Mapping[str, Shape] = KINDS, action_id: str = ""
) -> Outcome:
    """Apply one operation; `action_id` is what it shares with others of the same action."""
    identity = raw.get("id") if isinstance(raw, Mapping) else None
    if not isinstance(identity, str | int | float | None):
        identity = None
    try:
        if ctx.actor is None:
            raise NotSignedIn
        op = parse_op(raw, shapes)
        op = replace(op, action_id=action_id or op.action_id).received(ctx.now_us)
    except StockScanError as error:
        return Outcome(identity, "rejected", error=error_json(error))
    outcome = replace(_apply_parsed(ctx, op, json.dumps(raw, default=str)), id=identity)
    retry_waiting(ctx, op, outcome)
    return outcome


def perform(
    ctx: Context,
    action_id: str,
    raws: Sequence[Mapping[str, Any]],
    *,
    part_of: str = "",
    shapes: Mapping[str, Shape] = KINDS,
) -> list[Outcome]:
    """Apply the operations that a person meant as one action: all of them, or none.

    Several have ids made from the action's; a retried action applies once. What stands in the way
    of one is the one outcome. `part_of` is the action that this one goes on with.
    """
    action = part_of or action_id
    if len(raws) == 1:
        alone = _apply_one(ctx, {**raws[0], "id": action_id}, shapes, action)
        return for_reader(ctx, [alone])
    try:
        written = _numbered(ctx, action_id, raws, action, shapes)
        outcomes = retrying(lambda: _apply_together(ctx, written))
    except StockScanError as error:
        return [Outcome(action_id, "rejected", error=error_json(error))]
    for (op, _), outcome in zip(written, outcomes, strict=True):
        retry_waiting(ctx, op, outcome)
    return for_reader(ctx, outcomes)


def hand_over(ctx: Context, operation_id: str, action_id: str, shown_holder: str) -> list[Outcome]:
    """Settle a check-out that waits because the asset is out: back from its holder, and out.

    All of it and the check-out is left out, or nothing. The same action again answers as the
    first time. Raises `NotFound` if no such check-out waits, `Conflict` if somebody else than
    `shown_holder` (a code, "" for nobody) has the asset by now.
    """
    require(ctx.actor, Permission.ATTENTION_SETTLE)

    def settle() -> list[Outcome]:
        with unit_of_work() as session:
            row = session.get(Operation, operation_id, with_for_update=True)
            done = store.of_action(session, action_id, 2)
            if row is None or row.status != "attention":
                return _settled_before(ctx, done)
            if done:
                raise Conflict("This id was used for something else.", code="id_reused")
            raws = handing(session, row, shown_holder)
            written = _numbered(ctx, action_id, raws, action_id)
            row.status = "dismissed"
            return [_apply_in(ctx, session, op, content) for op, content in written]

    return retrying(settle)


def _settled_before(ctx: Context, done: Sequence[store.Recorded]) -> list[Outcome]:
    """What the same action answered, where this person did it before."""
    assert ctx.actor is not None
    if not done or done[0].person_id != ctx.actor.person_id:
        raise NotFound("Nothing waits under that id.")
    return [Outcome(row.id, "duplicate", result=row.result) for row in done]


def _numbered(
    ctx: Context,
    action_id: str,
    raws: Sequence[Mapping[str, Any]],
    action: str,
    shapes: Mapping[str, Shape] = KINDS,
) -> list[tuple[Op, str]]:
    """The operations of an action with ids made from its own, each with its content as JSON."""
    numbered = [{**raw, "id": derived_id(action_id, index)} for index, raw in enumerate(raws)]
    return [
        # A microsecond apart: what stands later in the list happened later.
        (
            replace(parse_op(raw, shapes), action_id=action).received(ctx.now_us + index),
            json.dumps(raw),
        )
        for index, raw in enumerate(numbered)
    ]


def create(ctx: Context, kind: str, values: Mapping[str, Any]) -> Outcome:
    """Apply one of the kinds that make a thing; the same door, the same idempotency."""
    return apply(ctx, {**values, "kind": kind}, CREATE_KINDS)


def edit(ctx: Context, kind: str, values: Mapping[str, Any]) -> Outcome:
    """Apply one of the kinds that change what the books say about a thing."""
    return apply(ctx, {**values, "kind": kind}, EDIT_KINDS)


def _apply_parsed(ctx: Context, op: Op, content: str) -> Outcome:
    try:
        return retrying(lambda: _apply_together(ctx, [(op, content)])[0])
    except NeedsAttention as error:
        return _keep_waiting(ctx, op, content, error, error.waits_for)
    except StockScanError as error:
        if op.queued and _has_happened(error):
            return _keep_waiting(ctx, op, content, error, None)
        return Outcome(op.id, "rejected", error=error_json(error))


def _has_happened(error: StockScanError) -> bool:
    """Whether what was captured offline is true in spite of this, so that somebody must know."""
    if isinstance(error, NotAllowed):
        return error.code == OUTSIDE
    return isinstance(error, RuleBroken | Conflict) and error.code != "id_reused"


def _apply_together(ctx: Context, written: Sequence[tuple[Op, str]]) -> list[Outcome]:
    with unit_of_work() as session:
        return [_apply_in(ctx, session, op, content) for op, content in written]


def _apply_in(ctx: Context, session: Session, op: Op, content: str) -> Outcome:
    actor = require(ctx.actor, Permission.READ)
    op = store.in_order(session, op)
    known = store.claim(session, op, actor.person_id, content, status="applied")
    if known is not None:
        return _answer_again(known, op, actor.person_id)
    result = VERBS[op.kind](ctx, session, op)
    status = "attention" if "attention" in result else "applied"
    store.finish(session, op.id, status, result)
    return Outcome(op.id, status, result=result)


def _answer_again(known: store.Recorded, op: Op, person_id: int) -> Outcome:
    """What the same person was answered the first time; an id is nobody else's."""
    if (known.digest, known.person_id) != (op.digest, person_id):
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
                store.in_order(session, op),
                ctx.actor.person_id,
                content,
                status="attention",
                waits_for=waits_for,
                result=json.dumps(answer),
            )
            if known is not None:
                return _answer_again(known, op, ctx.actor.person_id)
            return Outcome(op.id, "attention", **answer)

    try:
        return retrying(keep)
    except Conflict as reused:
        return Outcome(op.id, "rejected", error=error_json(reused))
