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
    NotSignedIn,
    RuleBroken,
    StockScanError,
    TooLarge,
)
from stockscan.domain.operations import CREATE_KINDS, KINDS, Op, Shape, derived_id, parse_op
from stockscan.services.operations.outcome import Outcome, error_json
from stockscan.services.operations.verbs import VERBS
from stockscan.services.operations.waiting import dismiss, retry_waiting
from stockscan.services.work import Context, retrying, unit_of_work
from stockscan.store import operations as store

MOST_AT_ONCE = 500


def apply_all(ctx: Context, raws: list[Any]) -> list[Outcome]:
    """Apply operations in order, each in a transaction of its own.

    A bad one never stops the others. Raises `TooLarge` for more than 500.
    """
    if len(raws) > MOST_AT_ONCE:
        raise TooLarge(f"Send at most {MOST_AT_ONCE} operations at once.")
    # A microsecond apart: what stands later in the list happened later.
    return [apply(replace(ctx, now_us=ctx.now_us + index), raw) for index, raw in enumerate(raws)]


def apply(
    ctx: Context, raw: object, shapes: Mapping[str, Shape] = KINDS, *, action_id: str = ""
) -> Outcome:
    """Apply one operation exactly once and say what became of it.

    `action_id` is what it shares with others that were meant as one action. Never raises for what
    a client can send: everything wrong with it is in the outcome.
    """
    identity = raw.get("id") if isinstance(raw, Mapping) else None
    if not isinstance(identity, str | int | float | None):
        identity = None
    try:
        if ctx.actor is None:
            raise NotSignedIn
        op = replace(parse_op(raw, shapes), action_id=action_id).received(ctx.now_us)
    except StockScanError as error:
        return Outcome(identity, "rejected", error=error_json(error))
    outcome = replace(_apply_parsed(ctx, op, json.dumps(raw, default=str)), id=identity)
    retry_waiting(ctx, op, outcome)
    return outcome


def perform(
    ctx: Context, action_id: str, raws: Sequence[Mapping[str, Any]], *, part_of: str = ""
) -> list[Outcome]:
    """Apply the operations that a person meant as one action: all of them, or none.

    Several have ids made from the action's; a retried action applies once. What stands in the way
    of one is the one outcome. `part_of` is the action that this one goes on with.
    """
    action = part_of or action_id
    single = len(raws) == 1
    numbered = [
        {**raw, "id": action_id if single else derived_id(action_id, index)}
        for index, raw in enumerate(raws)
    ]
    if single:
        return [apply(ctx, numbered[0], action_id=action)]
    try:
        ops = [
            # A microsecond apart: what stands later in the list happened later.
            replace(parse_op(raw, KINDS), action_id=action).received(ctx.now_us + index)
            for index, raw in enumerate(numbered)
        ]
        written = [(op, json.dumps(raw)) for op, raw in zip(ops, numbered, strict=True)]
        outcomes = retrying(lambda: _apply_together(ctx, written))
    except StockScanError as error:
        return [Outcome(action_id, "rejected", error=error_json(error))]
    for op, outcome in zip(ops, outcomes, strict=True):
        retry_waiting(ctx, op, outcome)
    return outcomes


def settle(
    ctx: Context, operation_id: str, action_id: str, raws: Sequence[Mapping[str, Any]]
) -> list[Outcome]:
    """Do these instead of an operation that waits: all of them, then it is left out.

    Raises `NotFound` if none waits under that id.
    """
    require(ctx.actor, Permission.ATTENTION_SETTLE)
    outcomes = perform(ctx, action_id, raws)
    if outcomes[0].done:
        dismiss(ctx, operation_id)
    return outcomes


def create(ctx: Context, kind: str, values: Mapping[str, Any]) -> Outcome:
    """Apply one of the kinds that make a thing; the same door, the same idempotency."""
    return apply(ctx, {**values, "kind": kind}, CREATE_KINDS)


def _apply_parsed(ctx: Context, op: Op, content: str) -> Outcome:
    try:
        return retrying(lambda: _apply_together(ctx, [(op, content)])[0])
    except NeedsAttention as error:
        return _keep_waiting(ctx, op, content, error, error.waits_for)
    except (RuleBroken, Conflict) as error:
        if op.queued and error.code != "id_reused":
            return _keep_waiting(ctx, op, content, error, None)
        return Outcome(op.id, "rejected", error=error_json(error))
    except StockScanError as error:
        return Outcome(op.id, "rejected", error=error_json(error))


def _apply_together(ctx: Context, written: Sequence[tuple[Op, str]]) -> list[Outcome]:
    with unit_of_work() as session:
        return [_apply_in(ctx, session, op, content) for op, content in written]


def _apply_in(ctx: Context, session: Session, op: Op, content: str) -> Outcome:
    actor = require(ctx.actor, Permission.READ)
    op = _in_order(session, op)
    known = store.claim(session, op, actor.person_id, content, status="applied")
    if known is not None:
        return _answer_again(known, op)
    result = VERBS[op.kind](ctx, session, op)
    status = "attention" if "attention" in result else "applied"
    store.finish(session, op.id, status, result)
    return Outcome(op.id, status, result=result)


def _in_order(session: Session, op: Op) -> Op:
    """A replayed operation in the order in which its phone captured it."""
    if not (op.queued and op.device and op.capture):
        return op
    return op.after(store.captured_before(session, op.device, op.capture))


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
