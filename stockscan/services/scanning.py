"""The scan screen's brain: what was scanned, what the pair of scans does, what comes next."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind, Scanned, read
from stockscan.domain.errors import NotFound
from stockscan.domain.scanning import Mode, Step, decide
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store import screen
from stockscan.store.codes import ScanEvent
from stockscan.store.scanning import Found, resolve
from stockscan.store.screen import Thing
from stockscan.store.settings import load


@dataclass(frozen=True, slots=True)
class Resolved:
    """A scanned string and the thing behind it, None where nothing goes by it."""

    text: str
    kind: Kind
    code: str | None
    thing: Thing | None
    actions: tuple[str, ...] = ()

    def json(self) -> dict[str, Any]:
        """As the API answers it."""
        return {
            "kind": self.kind.value,
            "code": self.code,
            "title": self.thing.title if self.thing else self.text,
            "url": self.thing.url if self.thing else None,
            "actions": list(self.actions),
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What a scan means on the screen: a step, the thing, what is chosen after it.

    `operation` is the write to be applied, without its id; None where the step writes nothing.
    """

    step: Step
    scanned: Resolved
    on: Thing | None
    operation: dict[str, Any] | None = None
    part: Thing | None = None


def look_up(ctx: Context, raw: str) -> Resolved:
    """What a scanned or typed string stands for. Changes nothing."""
    actor = require(ctx.actor, Permission.SCAN)
    scanned = read(raw)
    with reading() as connection:
        found = resolve(connection, scanned)
        thing = screen.thing(connection, found) if found else None
    resolved = _resolved(scanned, found, thing)
    allowed = tuple(name for name, permission in _actions(thing) if actor.may(permission))
    return replace(resolved, actions=allowed)


def thing(ctx: Context, code: str) -> Thing:
    """The thing with this label code. Raises `NotFound`."""
    found = look_up(ctx, code).thing
    if found is None:
        raise NotFound
    return found


def plan(ctx: Context, raw: str, mode: Mode, on_code: str | None) -> Plan:
    """Decide what a scan does, from the mode and what is chosen. Changes nothing."""
    scanned = look_up(ctx, raw)
    on = look_up(ctx, on_code).thing if on_code else None
    step = decide(mode, on.kind if on else None, scanned.kind, on_is_out=bool(on and on.out))
    here = scanned.thing
    if here is None or (on is None and step not in _ALONE):
        return Plan(step, scanned, on)
    if step is Step.CHOOSE:
        return Plan(step, scanned, here)
    if step is Step.CHECK_IN:
        return _check_in(scanned, here, on)
    assert on is not None
    return _paired(step, scanned, on, here)


def carried(ctx: Context, operation: dict[str, Any]) -> dict[str, Any]:
    """The operation with how long a part may have been carried, where its bin was not scanned."""
    require(ctx.actor, Permission.SCAN)
    if operation["kind"] != "install" or operation.get("location"):
        return operation
    with reading() as connection:
        return {**operation, "carry_min": load(connection).carry_min}


def log(ctx: Context, scanned: Resolved) -> None:
    """Keep a scan, known or unknown, in the scan log."""
    actor = require(ctx.actor, Permission.SCAN)
    with unit_of_work() as session:
        session.execute(
            insert(ScanEvent).values(
                raw=scanned.text,
                kind=scanned.kind,
                code=scanned.code,
                person_id=actor.person_id,
                at_us=ctx.now_us,
            )
        )


def balance(ctx: Context, part_code: str, location_code: str) -> int:
    """On hand of a part in a bin, in thousandths."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        return screen.balance_at(connection, part_code, location_code)


def _resolved(scanned: Scanned, found: Found | None, thing: Thing | None) -> Resolved:
    if found is None:
        return Resolved(scanned.text, Kind.UNKNOWN, None, None)
    return Resolved(scanned.text, found.kind, found.code, thing)


# Steps that need nothing chosen before.
_ALONE = frozenset({Step.CHOOSE, Step.CHECK_IN})


def _paired(step: Step, scanned: Resolved, on: Thing, here: Thing) -> Plan:
    """The plan of a pair of scans, whichever of the two came first."""
    pair = {on.kind: on, here.kind: here}
    match step:
        case Step.INSTALL:
            return Plan(step, scanned, on, _install(on, here))
        case Step.CHECK_OUT:
            asset, person = pair[Kind.ASSET], pair[Kind.PERSON]
            operation = {"kind": "check_out", "asset": asset.code, "to_person": person.code}
            return Plan(step, scanned, on, operation)
        case Step.MOVE_ASSET:
            operation = {"kind": "move_asset", "asset": on.code, "location": here.code}
            return Plan(step, scanned, on, operation)
        case Step.ENTER:
            return Plan(step, scanned, pair[Kind.LOCATION], part=pair[Kind.PART])
        case _:
            return Plan(step, scanned, on)


def _install(asset: Thing, part: Thing) -> dict[str, Any]:
    return {"kind": "install", "asset": asset.code, "part": part.code, "quantity": "1"}


def _check_in(scanned: Resolved, here: Thing, on: Thing | None) -> Plan:
    if here.kind is Kind.ASSET:
        operation = {"kind": "check_in", "asset": here.code}
        if on is not None and on.kind is Kind.LOCATION:
            operation["location"] = on.code
            return Plan(Step.CHECK_IN, scanned, on, operation)
        return Plan(Step.CHECK_IN, scanned, here, operation)
    assert on is not None
    operation = {"kind": "check_in", "asset": on.code, "location": here.code}
    return Plan(Step.CHECK_IN, scanned, on, operation)


def _actions(thing: Thing | None) -> tuple[tuple[str, Permission], ...]:
    if thing is None:
        return ()
    match thing.kind:
        case Kind.ASSET:
            custody = "check_in" if thing.out else "check_out"
            return (
                (custody, Permission.CUSTODY_CHANGE),
                ("install", Permission.PART_INSTALL),
                ("move_asset", Permission.ASSET_MOVE),
            )
        case Kind.LOCATION:
            return (
                ("count", Permission.COUNT_RECORD),
                ("receive", Permission.STOCK_MOVE),
                ("issue", Permission.STOCK_MOVE),
                ("transfer", Permission.STOCK_MOVE),
            )
        case Kind.PART:
            return (
                ("install", Permission.PART_INSTALL),
                ("count", Permission.COUNT_RECORD),
                ("receive", Permission.STOCK_MOVE),
            )
        case _:
            return (("check_out", Permission.CUSTODY_CHANGE),)
