"""What the next scan does: the mode, what is chosen and what was scanned make a plan."""

from dataclasses import dataclass, replace
from typing import Any, Final

from stockscan.domain.access import Permission, require
from stockscan.domain.cards import Card, Command
from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import MICRO
from stockscan.domain.operations import ids_of
from stockscan.domain.scanning import STOCK_MODES, Mode, Step, decide
from stockscan.services.scanning.looking import Resolved, look_up
from stockscan.services.work import Context, reading
from stockscan.store import screen
from stockscan.store.operations import Recorded, recorded
from stockscan.store.screen import Thing
from stockscan.store.settings import load

MOST_COLLECTED: Final = 100
# What "damaged" is on the scale from 1 (scrap) to 5 (as new).
DAMAGED: Final = 2
UNDO_US: Final = 60 * MICRO


@dataclass(frozen=True, slots=True)
class Situation:
    """What a scan meets.

    `on` is the code of the chosen thing and `was` of the one before it; `times` how many the next
    part means; `many` the codes collected so far; `link` an unknown text that waits for its thing;
    `done` the action on the screen.
    """

    mode: Mode = Mode.LOOK_UP
    on: str = ""
    was: str = ""
    times: int = 1
    many: tuple[str, ...] = ()
    link: str = ""
    done: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a scan means: a step, what the next scan meets after it, and what is to be written.

    `operations` are the writes, without their ids, in order; `part` is the part whose number is
    entered next.
    """

    step: Step
    scanned: Resolved
    after: Situation
    operations: tuple[dict[str, Any], ...] = ()
    part: Thing | None = None
    on: Thing | None = None


def plan(ctx: Context, scanned: Resolved, now: Situation) -> Plan:
    """Decide what a scan does in this situation. Changes nothing.

    Raises `Invalid` when a list is full, or when a card has nothing to act on.
    """
    require(ctx.actor, Permission.SCAN)
    if now.link and scanned.thing is not None:
        return _link(ctx, scanned, now)
    if scanned.card is not None:
        return _command(ctx, scanned, scanned.card, now)
    on, here = _chosen(ctx, now), scanned.thing
    if here is None:
        return Plan(Step.NO_MATCH, scanned, now, on=on)
    if on is not None and here.code == on.code:
        on = None
    asset = on if on is not None and here.kind is not Kind.ASSET else here
    step = decide(now.mode, on.kind if on else None, here.kind, out=asset.out)
    return _plan(ctx, step, scanned, now, on, here)


def counted_alone(ctx: Context, bin_code: str) -> Thing | None:
    """The one part of a bin, None where there are several or none: then a part is chosen first."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        return screen.only_part(connection, bin_code)


def _plan(
    ctx: Context, step: Step, scanned: Resolved, now: Situation, on: Thing | None, here: Thing
) -> Plan:
    kept = _kept(now)
    if step is Step.COLLECT:
        return Plan(step, scanned, replace(kept, many=_collect(now.many, here.code)))
    if step in {Step.ALL_OUT, Step.ALL_HERE} and now.many:
        return Plan(step, scanned, kept, on=here)
    if step in {Step.CHECK_IN, Step.MOVE_ASSET}:
        return _put(step, scanned, kept, on, here)
    return _pair(step, scanned, now, on, here) or _choose(ctx, step, scanned, kept, on, here)


def _pair(
    step: Step, scanned: Resolved, now: Situation, on: Thing | None, here: Thing
) -> Plan | None:
    """What two things together mean; None where the second is only chosen."""
    kept = _kept(now)
    match step:
        case Step.CHECK_OUT if on is not None:
            return _check_out(scanned, kept, on, here)
        case Step.INSTALL | Step.RETURN_PART if on is not None:
            return _fit(step, scanned, now, on, here)
        case Step.ENTER if on is not None:
            part, bin_ = (here, on) if here.kind is Kind.PART else (on, here)
            return _enter(scanned, replace(kept, on=bin_.code), part, bin_)
        case _:
            return None


def _kept(now: Situation) -> Situation:
    """What stays for the next scan: the chosen thing too, for the next part goes on it as well."""
    return replace(now, times=1, done="", was="")


def _choose(
    ctx: Context, step: Step, scanned: Resolved, kept: Situation, on: Thing | None, here: Thing
) -> Plan:
    after = replace(kept, on=here.code, was=on.code if on else "")
    if here.kind is Kind.LOCATION and kept.mode in STOCK_MODES:
        part = counted_alone(ctx, here.code)
        if part is not None:
            return _enter(scanned, after, part, here)
    return Plan(step, scanned, after, on=here)


def _enter(scanned: Resolved, after: Situation, part: Thing, bin_: Thing) -> Plan:
    return Plan(Step.ENTER, scanned, after, part=part, on=bin_)


def _put(step: Step, scanned: Resolved, kept: Situation, on: Thing | None, here: Thing) -> Plan:
    """Bring an asset back or place it, whichever of asset and place came first."""
    asset = here if here.kind is Kind.ASSET else on
    place = here if here.kind is Kind.LOCATION else on
    assert asset is not None
    operation: dict[str, Any] = {"kind": step.value, "asset": asset.code}
    if place is not None and place.kind is Kind.LOCATION:
        operation["location"] = place.code
    # In Return mode a place stays chosen: all that is scanned next comes back to it.
    stays = place if here.kind is Kind.ASSET and "location" in operation else asset
    assert stays is not None
    return Plan(step, scanned, replace(kept, on=stays.code), (operation,), on=stays)


_RECEIVER: Final = {
    Kind.PERSON: "to_person",
    Kind.LOCATION: "to_location",
    Kind.ASSET: "to_asset",
}


def _check_out(scanned: Resolved, kept: Situation, on: Thing, here: Thing) -> Plan:
    asset, receiver = (here, on) if on.kind is Kind.PERSON else (on, here)
    operation = {
        "kind": "check_out",
        "asset": asset.code,
        _RECEIVER[receiver.kind]: receiver.code,
    }
    # A person stays chosen, to get the next thing too; an asset is done with.
    stays = on.code if asset is here else ""
    return Plan(Step.CHECK_OUT, scanned, replace(kept, on=stays), (operation,), on=on)


def _fit(
    step: Step, scanned: Resolved, now: Situation, on: Thing, here: Thing
) -> Plan:
    """Install a part on an asset, or take it off into its bin."""
    asset, part = (on, here) if on.kind is Kind.ASSET else (here, on)
    operation = {
        "kind": step.value,
        "asset": asset.code,
        "part": part.code,
        "quantity": str(now.times),
    }
    if scanned.data is not None and here is part:
        said = {"lot": scanned.data.lot, "serial": scanned.data.serial}
        operation |= {name: value for name, value in said.items() if value}
    if step is Step.RETURN_PART:
        operation["location"] = _home_of(part)
    after = replace(now, on=asset.code, was="", times=1, done="")
    return Plan(step, scanned, after, (_carried(operation),), on=asset)


def _carried(operation: dict[str, Any]) -> dict[str, Any]:
    """The operation with how long a part may have been carried, where its bin was not scanned."""
    if operation["kind"] != "install" or operation.get("location"):
        return operation
    with reading() as connection:
        return {**operation, "carry_min": load(connection).carry_min}


def _home_of(part: Thing) -> str:
    if not part.place_code:
        raise Invalid(
            f"{part.title} has no bin yet. Scan the bin, then the part, and receive it there.",
            code="no_location",
        )
    return part.place_code


def _collect(many: tuple[str, ...], code: str) -> tuple[str, ...]:
    if code in many:
        raise Invalid("It is on the list already.", code="already_scanned")
    if len(many) >= MOST_COLLECTED:
        raise Invalid(f"{MOST_COLLECTED} are on the list. Act on them first.", code="list_full")
    return (code, *many)


def _link(ctx: Context, scanned: Resolved, now: Situation) -> Plan:
    assert scanned.thing is not None
    thing = scanned.thing
    pending = look_up(ctx, now.link)
    if pending.kind is Kind.BLANK:
        operation = {"kind": "claim", "label": now.link, "thing": thing.code}
    else:
        operation = {"kind": "link", "text": now.link, "thing": thing.code}
    after = Situation(now.mode, on=thing.code)
    return Plan(Step.LINK, scanned, after, (operation,), on=thing)


def _command(ctx: Context, scanned: Resolved, card: Card, now: Situation) -> Plan:
    on = _chosen(ctx, now)
    match card.command:
        case Command.DONE:
            return Plan(Step.COMMAND, scanned, Situation(now.mode))
        case Command.UNDO:
            return Plan(Step.COMMAND, scanned, replace(now, done=""), _undo(ctx, now), on=on)
        case Command.MODE if card.mode is not None:
            keeps = on is not None and _goes_with(card.mode, on.kind)
            after = Situation(card.mode, on=now.on if keeps else "", many=now.many)
            return Plan(Step.COMMAND, scanned, after, on=on if keeps else None)
        case Command.DAMAGED:
            if on is None or on.kind is not Kind.ASSET:
                raise Invalid("Scan what is damaged, then this card.", code="need_asset")
            operation = {"kind": "condition", "asset": on.code, "value": DAMAGED}
            return Plan(Step.COMMAND, scanned, replace(now, done=""), (operation,), on=on)
        case _:
            return _times(ctx, scanned, card.times, now, on)


def _times(ctx: Context, scanned: Resolved, times: int, now: Situation, on: Thing | None) -> Plan:
    """One part was just fitted: this makes it `times`. Else the next part is meant `times`."""
    last = _last_done(ctx, now)
    if (
        last is None
        or last.kind not in {"install", "return_part"}
        or last.result["quantity"] != "1"
    ):
        return Plan(Step.COMMAND, scanned, replace(now, times=times, done=""), on=on)
    fields = ("asset", "part", "location", "lot", "serial")
    more = {name: last.result[name] for name in fields if last.result.get(name)}
    operation = {"kind": last.kind, **more, "quantity": str(times - 1)}
    return Plan(Step.COMMAND, scanned, now, (operation,), on=on)


def _undo(ctx: Context, now: Situation) -> tuple[dict[str, Any], ...]:
    last = _last_done(ctx, now)
    if last is None:
        raise Invalid(
            "Nothing to take back on this screen. Older records: take them back in the history of"
            " the asset or part.",
            code="nothing_to_undo",
        )
    return tuple(
        {"kind": "reverse", "operation": operation} for operation in reversed(ids_of(now.done))
    )


def _last_done(ctx: Context, now: Situation) -> Recorded | None:
    """The newest operation of the action on the screen, while it can still be undone there."""
    actor = require(ctx.actor, Permission.READ)
    ids = ids_of(now.done)
    with reading() as connection:
        found = recorded(connection, ids[-1]) if ids else None
    if found is None or found.person_id != actor.person_id or found.reversed:
        return None
    return found if ctx.now_us - found.received_us <= UNDO_US else None


def _goes_with(mode: Mode, kind: Kind) -> bool:
    if mode in STOCK_MODES:
        return kind in {Kind.LOCATION, Kind.PART}
    return kind is not Kind.LOCATION or mode in {Mode.RETURN, Mode.LOOK_UP}


def _chosen(ctx: Context, now: Situation) -> Thing | None:
    return look_up(ctx, now.on).thing if now.on else None
