"""What the next scan does: the mode, what is chosen and what was scanned make a plan."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from stockscan.domain.access import Permission, require
from stockscan.domain.cards import Card, Command
from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid, RuleBroken
from stockscan.domain.figures import MICRO, MILLI, format_quantity
from stockscan.domain.operations import is_id
from stockscan.domain.scanning import STOCK_MODES, UNDO_S, Mode, Step, decide, keeps
from stockscan.services.scanning import auditing, counting
from stockscan.services.scanning.looking import Resolved, look_up
from stockscan.services.scanning.plans import Plan, Situation
from stockscan.services.work import Context, reading
from stockscan.store import screen
from stockscan.store.counts.blindness import blindness
from stockscan.store.operations import Recorded, of_action
from stockscan.store.screen import Thing
from stockscan.store.settings import load

MOST_COLLECTED: Final = 100
# What "damaged" is on the scale from 1 (scrap) to 5 (as new).
DAMAGED: Final = 2
# Who may not do what a mode is for is told at once, and not after the number.
NEEDED: Final = {
    Mode.LOOK_UP: Permission.SCAN,
    Mode.CHECK_OUT: Permission.CUSTODY_CHANGE,
    Mode.RETURN: Permission.CUSTODY_CHANGE,
    Mode.INSTALL: Permission.PART_INSTALL,
    Mode.COLLECT: Permission.CUSTODY_CHANGE,
    Mode.COUNT: Permission.COUNT_RECORD,
    Mode.RECEIVE: Permission.STOCK_MOVE,
    Mode.ISSUE: Permission.STOCK_MOVE,
    Mode.MOVE: Permission.STOCK_MOVE,
}


def plan(ctx: Context, scanned: Resolved, now: Situation) -> Plan:
    """Decide what a scan does in this situation. Changes nothing.

    Raises `Invalid` when a list is full, when a card has nothing to act on, or when a number that
    was counted would be lost.
    """
    require(ctx.actor, Permission.SCAN)
    counting.refuse_unsent(scanned, now)
    if now.link and scanned.thing is not None:
        return _link(ctx, scanned, now)
    if scanned.card is not None:
        return _command(ctx, scanned, scanned.card, now)
    if scanned.kind is Kind.COUNT:
        return counting.open_sheet(ctx, scanned, now)
    counted = auditing.plan(ctx, scanned, now) if now.count else None
    counted = counted or (counting.plan(ctx, scanned, now) if now.count else None)
    if counted is not None:
        return counted
    on, here = _chosen(ctx, now), scanned.thing
    if here is None:
        return Plan(Step.NO_MATCH, scanned, now, on=on)
    if on is not None and here.code == on.code:
        on = None
    asset = on if on is not None and here.kind is not Kind.ASSET else here
    step = decide(now.mode, on.kind if on else None, here.kind, out=asset.out)
    return _plan(ctx, step, scanned, now, on, here)


def after_doing(now: Situation, done: Sequence[Recorded], action: str) -> Situation:
    """What the next scan meets after an action was recorded in the situation `now`.

    The machine that got a part, the person or the place that got a thing stays chosen.
    """
    last = done[-1]
    result = last.result
    kept = Situation(
        now.mode,
        done=action,
        many=() if now.mode is Mode.COLLECT else now.many,
        count=now.count,
        since=now.since,
    )
    match last.kind:
        case "install" | "return_part":
            return replace(kept, on=result.get("asset") or now.on, work=now.work)
        case "link" | "claim":
            return replace(kept, on=result["thing"], many=now.many)
        case "check_out" if (result.get("custodian") or {}).get("code") == now.on:
            return replace(kept, on=now.on)
        case "check_in" | "move_asset" if now.mode is not Mode.COLLECT:
            stays = now.on if result.get("location") == now.on else result["asset"]
            return replace(kept, on=stays)
        case "reverse" | "retime" | "condition":
            return replace(kept, on=now.on, many=now.many, work=now.work)
        case _:
            return replace(kept, on=now.on) if now.count else kept


def counted_alone(ctx: Context, bin_code: str) -> Thing | None:
    """The one part of a bin, None where there are several or none: then a part is chosen first."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        return screen.only_part(connection, bin_code, blindness(connection, actor))


def _plan(
    ctx: Context, step: Step, scanned: Resolved, now: Situation, on: Thing | None, here: Thing
) -> Plan:
    kept = _kept(now)
    if step is Step.COLLECT:
        return Plan(step, scanned, replace(kept, many=_collect(now.many, here.code)))
    if step in {Step.ALL_OUT, Step.ALL_HERE} and now.many:
        return Plan(step, scanned, kept, on=here)
    if step in {Step.CHECK_IN, Step.MOVE_ASSET}:
        return _put(step, scanned, now, on, here)
    return _pair(ctx, step, scanned, now, on, here) or _choose(ctx, step, scanned, kept, on, here)


def _pair(
    ctx: Context, step: Step, scanned: Resolved, now: Situation, on: Thing | None, here: Thing
) -> Plan | None:
    """What two things together mean; None where the second is only chosen."""
    match step:
        case Step.CHECK_OUT if on is not None:
            return _check_out(scanned, now, on, here)
        case Step.INSTALL | Step.RETURN_PART if on is not None:
            return _fit(ctx, step, scanned, now, on, here)
        case Step.ENTER if on is not None:
            part, bin_ = (here, on) if here.kind is Kind.PART else (on, here)
            return _enter(scanned, now, part, bin_)
        case _:
            return None


def _kept(now: Situation) -> Situation:
    """What stays for the next scan: the chosen thing too, for the next part goes on it as well."""
    return replace(now, done="", was="", part="", act="", at_lot="", entries=(), say="")


def _choose(
    ctx: Context, step: Step, scanned: Resolved, kept: Situation, on: Thing | None, here: Thing
) -> Plan:
    # A job is on one machine.
    work = "" if here.kind is Kind.ASSET else kept.work
    after = replace(kept, on=here.code, was=on.code if on else "", work=work)
    if here.kind is Kind.LOCATION and kept.mode in STOCK_MODES:
        part = counted_alone(ctx, here.code)
        if part is not None:
            return _enter(scanned, kept, part, here)
    return Plan(step, scanned, after, on=here)


def _enter(scanned: Resolved, now: Situation, part: Thing, bin_: Thing) -> Plan:
    """Ask for the number; the label may say it, or a card that was scanned before."""
    after = replace(_kept(now), on=bin_.code, times=1)
    data = scanned.data
    quantity = data.quantity if data and data.quantity else str(now.times) if now.times > 1 else ""
    return Plan(Step.ENTER, scanned, after, part=part, on=bin_, quantity=quantity)


def _put(step: Step, scanned: Resolved, now: Situation, on: Thing | None, here: Thing) -> Plan:
    """Bring an asset back or place it, whichever of asset and place came first."""
    asset = here if here.kind is Kind.ASSET else on
    place = here if here.kind is Kind.LOCATION else on
    assert asset is not None
    operation: dict[str, Any] = {"kind": step.value, "asset": asset.code}
    if place is not None and place.kind is Kind.LOCATION:
        operation["location"] = place.code
    return Plan(step, scanned, now, (operation,))


_RECEIVER: Final = {
    Kind.PERSON: "to_person",
    Kind.LOCATION: "to_location",
    Kind.ASSET: "to_asset",
}


def _check_out(scanned: Resolved, now: Situation, on: Thing, here: Thing) -> Plan:
    asset, receiver = (here, on) if on.kind is Kind.PERSON else (on, here)
    operation = {
        "kind": "check_out",
        "asset": asset.code,
        _RECEIVER[receiver.kind]: receiver.code,
    }
    return Plan(Step.CHECK_OUT, scanned, now, (operation,))


def _fit(
    ctx: Context, step: Step, scanned: Resolved, now: Situation, on: Thing, here: Thing
) -> Plan:
    """Install a part on an asset, or take it off into its bin."""
    asset, part = (on, here) if on.kind is Kind.ASSET else (here, on)
    operation = {
        "kind": step.value,
        "asset": asset.code,
        "part": part.code,
        "quantity": str(now.times),
    }
    if scanned.data is not None and here is part and part.tracking != "none":
        said = {"lot": scanned.data.lot, "serial": scanned.data.serial}
        operation |= {name: value for name, value in said.items() if value}
    if now.work and step is Step.INSTALL and asset is on:
        operation["work"] = now.work
    if step is Step.RETURN_PART:
        operation["location"] = _home_of(part)
        _refuse_unfitted(ctx, asset, part, now.times)
    return Plan(step, scanned, now, (_carried(operation),))


def _carried(operation: dict[str, Any]) -> dict[str, Any]:
    """The operation with how long a part may have been carried, where its bin was not scanned."""
    if operation["kind"] != "install" or operation.get("location"):
        return operation
    with reading() as connection:
        return {**operation, "carry_min": load(connection).carry_min}


def _refuse_unfitted(ctx: Context, asset: Thing, part: Thing, times: int) -> None:
    """Here and now nothing is on its way: a part that is not on the asset can't come off it."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        carried = screen.fitted(connection, asset.code, part.code)
    if carried < times * MILLI:
        raise RuleBroken(
            f"{asset.title} carries {format_quantity(carried)} {part.unit} of {part.title}."
            " Record the install first, or scan another part.",
            code="not_installed",
        )


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
    return Plan(Step.LINK, scanned, now, (operation,))


def _command(ctx: Context, scanned: Resolved, card: Card, now: Situation) -> Plan:
    on = _chosen(ctx, now)
    match card.command:
        case Command.DONE:
            return Plan(Step.COMMAND, scanned, Situation(now.mode, many=now.many, count=now.count))
        case Command.UNDO:
            return Plan(Step.UNDO, scanned, now)
        case Command.MODE if card.mode is not None:
            require(ctx.actor, NEEDED[card.mode])
            stays = now.on if on is not None and keeps(card.mode, on.kind) else ""
            return Plan(Step.COMMAND, scanned, Situation(card.mode, on=stays, many=now.many))
        case Command.DAMAGED:
            asset = _damaged(ctx, now, on)
            operation = {"kind": "condition", "asset": asset, "value": DAMAGED}
            return Plan(Step.COMMAND, scanned, now, (operation,))
        case _:
            return _times(ctx, scanned, card.times, now)


def _damaged(ctx: Context, now: Situation, on: Thing | None) -> str:
    """The chosen asset, else the one that just came back."""
    if on is not None and on.kind is Kind.ASSET:
        return on.code
    last = _last_done(ctx, now)
    if last is None or not last.result.get("asset"):
        raise Invalid("Scan what is damaged, then this card.", code="need_asset")
    return str(last.result["asset"])


def _times(ctx: Context, scanned: Resolved, times: int, now: Situation) -> Plan:
    """In an entry that many; after one part that many in all; else as many of the next part."""
    if now.part and now.act:
        part, bin_ = look_up(ctx, now.part).thing, _chosen(ctx, now)
        if part is not None and bin_ is not None:
            return _enter(scanned, replace(now, times=times), part, bin_)
    last = _last_done(ctx, now)
    fitted = last is not None and last.kind in {"install", "return_part"}
    # An action that was one part alone; after "five in all" the card is for the next part.
    if last is None or not fitted or last.id != now.done or last.result.get("quantity") != "1":
        return Plan(Step.COMMAND, scanned, replace(now, times=times))
    fields = ("asset", "part", "location", "lot", "serial", "work")
    more = {name: last.result[name] for name in fields if last.result.get(name)}
    operation = {"kind": last.kind, **more, "quantity": str(times - 1)}
    return Plan(Step.COMMAND, scanned, now, (operation,))


def _last_done(ctx: Context, now: Situation) -> Recorded | None:
    """The newest operation of the action on the screen, while it can still be undone there."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        done = of_action(connection, now.done, MOST_COLLECTED) if is_id(now.done) else []
    if not done or done[-1].person_id != actor.person_id or done[-1].reversed:
        return None
    last = done[-1]
    return last if ctx.now_us - last.received_us <= UNDO_S * MICRO else None


def _chosen(ctx: Context, now: Situation) -> Thing | None:
    return look_up(ctx, now.on).thing if now.on else None
