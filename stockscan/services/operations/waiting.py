"""Operations that are stored without an effect yet: tried again, or settled by a person."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, Role, require
from stockscan.domain.codes import read
from stockscan.domain.errors import NotFound, StockScanError
from stockscan.domain.ledger import Timing
from stockscan.domain.operations import CREATE_KINDS, KINDS, Op, parse_op
from stockscan.services import installs
from stockscan.services.operations.outcome import Outcome, error_json
from stockscan.services.operations.verbs import VERBS
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import operations as store
from stockscan.store.operations import Operation
from stockscan.store.people import Person
from stockscan.store.scanning import resolve


@dataclass(frozen=True, slots=True)
class Case:
    """An operation that waits: what it says in the words of its fields, and what stands against it.

    `about` are the things it names, the one that it is about first; `holder` has the asset that
    was to go to `to`: its field, code and name (both None for anything else).
    """

    recorded: store.Recorded
    about: list[tuple[str, str]]
    quantity: str
    asset: str = ""
    holder: str | None = None
    to: tuple[str, str, str] | None = None


def waiting(ctx: Context) -> list[Case]:
    """Operations that wait for a person to decide, oldest first: all, or one's own."""
    actor = require(ctx.actor, Permission.READ)
    everyone = actor.may(Permission.ATTENTION_SETTLE)
    with reading() as connection:
        rows = store.waiting(connection, None if everyone else actor.person_id)
        return [_case(connection, row) for row in rows]


# The fields that name things, the one that an operation is about first.
_NAMES: Final = (
    "part",
    "asset",
    "location",
    "from_location",
    "to_location",
    "to_person",
    "to_asset",
)


def _case(connection: Connection, row: store.Recorded) -> Case:
    said = json.loads(store.content_of(connection, row.id) or "{}")
    about = [(name, _title(connection, str(said[name]))) for name in _NAMES if said.get(name)]
    error = row.answer.get("error", {})
    holder, to = error.get("holder") or {}, error.get("to") or {}
    handed = error.get("code") == "already_out" and to and to["code"] != holder["code"]
    return Case(
        row,
        about,
        str(said.get("quantity") or ""),
        asset=error.get("asset", ""),
        holder=holder["name"] if handed else None,
        to=(f"to_{to['kind']}", to["code"], to["name"]) if handed else None,
    )


def _title(connection: Connection, ref: str) -> str:
    """What a reference is called now; one that means nothing by now is shown as it was said."""
    try:
        found = resolve(connection, read(ref))
    except StockScanError:
        found = None
    return found.name if found and found.name else ref


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


def retry_waiting(ctx: Context, op: Op, outcome: Outcome) -> None:
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
    retry_waiting(ctx, op, outcome)
    return outcome


def _actor(session: Session, person_id: int, device: str) -> Actor:
    person = session.execute(select(Person.name, Person.role).where(Person.id == person_id)).one()
    return Actor(person_id, person.name, Role(person.role), device)
