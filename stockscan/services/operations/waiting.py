"""Operations that are stored without an effect yet: tried again, or settled by a person."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, Role, require
from stockscan.domain.errors import Conflict, NotFound, StockScanError
from stockscan.domain.ledger import Timing
from stockscan.domain.operations import SHAPES, Op, parse_op
from stockscan.services import installs
from stockscan.services.operations.hiding import for_reader, records_for_reader
from stockscan.services.operations.outcome import Outcome, error_json
from stockscan.services.operations.verbs import VERBS
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import custody, screen
from stockscan.store import operations as store
from stockscan.store.operations import Operation
from stockscan.store.people import Person
from stockscan.store.titles import titles

_MOST_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Case:
    """An operation that waits: what it says in the words of its fields, and what stands against it.

    `about` are the things it names, the one that it is about first. An asset that is out can be
    handed over to whom it `to` was to go, by `holder`, who has it by the books now: code and name,
    both "" for nobody.
    """

    recorded: store.Recorded
    about: list[tuple[str, str]]
    quantity: str
    to: str = ""
    holder: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Waiting:
    """The oldest of what waits for a person to decide; `more` is how many do besides."""

    cases: list[Case]
    more: int


def waiting(ctx: Context) -> Waiting:
    """The oldest 50 operations that wait for a person to decide: of everyone, or one's own."""
    actor = require(ctx.actor, Permission.READ)
    everyone = actor.may(Permission.ATTENTION_SETTLE)
    with reading() as connection:
        whose = None if everyone else actor.person_id
        rows, total = store.waiting(connection, whose, _MOST_SHOWN)
        contents = store.contents_of(connection, [row.id for row in rows])
        said = {row.id: json.loads(contents[row.id]) for row in rows}
        named = {str(one[name]) for one in said.values() for name in _NAMES if one.get(name)}
        called = titles(connection, named)
        lost = {row.answer["error"]["asset"] for row in rows if _is_lost_race(row)}
        assets = screen.things(connection, lost)
    told = records_for_reader(ctx, rows)
    cases = [_case(row, said[row.id], called, assets) for row in told]
    return Waiting(cases, total - len(rows))


# The fields that name things, the one that an operation is about first.
_NAMES: Final = (
    "part",
    "asset",
    "location",
    "from_location",
    "to_location",
    "to_person",
    "from_asset",
    "to_asset",
)


def _case(
    row: store.Recorded,
    said: Mapping[str, Any],
    called: Mapping[str, str],
    assets: Mapping[str, screen.Thing],
) -> Case:
    about = [
        (name, called.get(str(said[name]), str(said[name]))) for name in _NAMES if said.get(name)
    ]
    case = Case(row, about, str(said.get("quantity") or ""))
    asset = assets.get(row.answer["error"]["asset"]) if _is_lost_race(row) else None
    if asset is None:
        return case
    to = row.answer["error"]["to"]
    if to["code"] == asset.holder_code:
        return case
    return replace(case, to=to["name"], holder=(asset.holder_code, asset.holder))


def _is_lost_race(row: store.Recorded) -> bool:
    """Whether it is a check-out of an asset that somebody else had by then."""
    error = row.answer.get("error", {})
    return error.get("code") == "already_out" and bool(error.get("to"))


def try_again(ctx: Context, operation_id: str, missing: Mapping[str, str] | None = None) -> Outcome:
    """Apply an operation that waited, because what stood in its way may be gone.

    `missing` says which lot or serial it was about, where it did not say so itself.
    """
    require(ctx.actor, Permission.ATTENTION_SETTLE)
    return for_reader(ctx, [_apply_stored(ctx, operation_id, missing or {})])[0]


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


def handing(session: Session, row: Operation, shown_holder: str) -> list[dict[str, str]]:
    """What hands an asset over to whom a waiting check-out was to give it; locks the asset.

    Raises `NotFound` if it waits for something else, `Conflict` if somebody else than
    `shown_holder` has the asset by now.
    """
    error = json.loads(row.result).get("error", {})
    to = error.get("to")
    if error.get("code") != "already_out" or not to:
        raise NotFound("No check-out waits under that id.")
    holder = custody.holder_now(session, error["asset"])
    if holder is not None and holder.code != shown_holder:
        asset = screen.asset_title(error["asset_name"], error["asset_tag"])
        raise Conflict(f"{asset} is with {holder.name} by now. Look again.")
    said = json.loads(row.content)
    kept = {name: said[name] for name in ("due_on", "note") if said.get(name)}
    back = {"kind": "check_in", "asset": error["asset"]}
    out = {"kind": "check_out", "asset": error["asset"], f"to_{to['kind']}": to["code"], **kept}
    return [back, out] if holder else [out]


def retry_waiting(ctx: Context, op: Op, outcome: Outcome) -> None:
    """Apply what waited for this operation to arrive, or for what it installed."""
    if outcome.status not in {"applied", "attention"}:
        return
    keys = [op.id]
    if op.kind in {"install", "move_part"} and outcome.result:
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
                op = parse_op(json.loads(row.content), SHAPES)
                return op, Outcome(operation_id, "applied", result=stored)
            timing = Timing(row.received_us, row.effective_us, row.earliest_us)
            said = json.loads(row.content)
            said.update((name, text) for name, text in missing.items() if not said.get(name))
            op = store.in_order(session, replace(parse_op(said, SHAPES), timing=timing))
            row.effective_us, row.earliest_us = op.timing.effective_us, op.timing.earliest_us
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
    columns = (Person.name, Person.role, Person.limited)
    person = session.execute(select(*columns).where(Person.id == person_id)).one()
    return Actor(person_id, person.name, Role(person.role), device, person.limited)
