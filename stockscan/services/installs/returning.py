"""A part out of a machine and back into a bin, at the cost that it went in with."""

from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.orm import Session

from stockscan.domain import installs as rules
from stockscan.domain.access import Permission, require
from stockscan.domain.errors import NeedsAttention, RuleBroken
from stockscan.domain.figures import format_money, format_quantity, iso
from stockscan.domain.ledger import Key, MovementKind
from stockscan.domain.operations import Op
from stockscan.services.installs.answering import answer
from stockscan.services.work import Context
from stockscan.store import goods, limits, picking
from stockscan.store.installs import base
from stockscan.store.ledger import Entry, Posting, share_of_value
from stockscan.store.picking import Mark
from stockscan.store.stock import Movement


class Taken(NamedTuple):
    """What was taken out of a machine: the first of its movements, and its value in 1/10,000."""

    seq: int
    value_e4: int


def return_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Put a part back from an asset into a bin, at the cost of the install that it undoes.

    Taken from the newest installs that are not returned yet. Raises `RuleBroken` (`not_installed`)
    when fewer are installed than come back, and for what was captured offline `NeedsAttention`:
    that has happened, and is tried again when an install arrives.
    """
    actor = require(ctx.actor, Permission.PART_INSTALL)
    asset, part = goods.asset_row(session, op), goods.part_row(session, op)
    limits.refuse_outside(session, actor, (asset.location_id,))
    location = goods.location_row(session, op)
    posting = goods.posting(session, op, actor, ctx.now_us)
    posting.lock(Key(part.id, location.id))
    mark, quantity = picking.from_asset(session, op, part, asset), picking.quantity(op, part)
    key = mark.at(part.id, location.id)
    before, placed = picking.on_hand(posting, key), goods.place(posting, op, key)
    installs = newest_installs(session, op, (asset, part), mark, quantity)
    taken = [take_out(posting, op, (key, placed.effective_us), *each) for each in installs]
    posting.settle()
    picking.refuse_twice(session, part.id, part.name, mark.serial)
    questions = goods.questions_for(session, op, placed, ctx.now_us)
    return {
        **answer(taken[0].seq, asset, part, location, quantity),
        "cost": format_money(sum(each.value_e4 for each in taken)),
        "effective_at": iso(placed.effective_us),
        **mark.json(),
        **picking.shift_json(posting, key, before),
        **goods.asked(questions),
    }


def take_out(
    posting: Posting, op: Op, into: tuple[Key, int], installed: Movement, quantity_milli: int
) -> Taken:
    """Write that so much of an install comes back into a key at an instant, at what it cost.

    The job that had paid for it is credited.
    """
    (key, at_us), worth = into, share_of_value(installed, quantity_milli)
    entry = Entry(
        MovementKind.RETURN_FROM_ASSET,
        key,
        quantity_milli,
        installed.unit_cost_e4,
        worth,
        at_us,
        asset_id=installed.asset_id,
        work_id=installed.work_id,
        returns_seq=installed.seq,
        note=op["note"] or "",
    )
    return Taken(posting.append(entry), worth)


def arrival_of(asset_code: str, part_code: str) -> str:
    """What a return waits for when its install has not arrived yet."""
    return f"install:{asset_code}:{part_code}"


def newest_installs(
    session: Session, op: Op, of: tuple[Row[Any], Row[Any]], mark: Mark, quantity_milli: int
) -> list[tuple[Movement, int]]:
    """The installs on an asset that so much of a part comes back from, and how much from each.

    Raises as `return_part` does when there are fewer.
    """
    asset, part = of
    of_it = (
        Movement.part_id == part.id,
        Movement.lot == mark.lot,
        Movement.serial == mark.serial,
    )
    chosen, rest = [], quantity_milli
    for install in rules.left(base.rows_of(session, asset.id, *of_it)):
        taken = min(rest, install.quantity_milli)
        if taken > 0:
            chosen.append((session.get_one(Movement, install.row.seq), taken))
            rest -= taken
    if rest > 0:
        raise _not_installed(op, asset, part, mark, quantity_milli - rest)
    return chosen


def _not_installed(
    op: Op, asset: Row[Any], part: Row[Any], mark: Mark, there_milli: int
) -> RuleBroken | NeedsAttention:
    there, what = format_quantity(there_milli), f"{part.name} {mark.text}".strip()
    said = f"Only {there} {part.unit} of {what} are recorded on {asset.name} {asset.tag}."
    if not op.queued:
        message = f"{said} Record the install first."
        return RuleBroken(message, code="not_installed", field="quantity")
    return NeedsAttention(
        f"{said} Record the install, or take this back.",
        code="not_installed",
        waits_for=arrival_of(asset.code, part.code),
    )
