"""Parts into machines and back: stock down at the bin, cost on the machine, in one write."""

from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import NeedsAttention, RuleBroken
from stockscan.domain.figures import format_cost, format_money, format_quantity, iso
from stockscan.domain.ledger import Key, MovementKind
from stockscan.domain.operations import Op
from stockscan.services.work import Context
from stockscan.store import goods, limits, lots, picking
from stockscan.store.assets import ModelPart
from stockscan.store.ledger import Entry, Posting, share_of_value
from stockscan.store.picking import Mark
from stockscan.store.placing import Placed
from stockscan.store.stock import Movement, unreversed


def install(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Fit a part to an asset: taken from its bin at the average, charged to the asset.

    A part that is not stocked is received and installed at once, so its cost is charged too.
    """
    actor = require(ctx.actor, Permission.PART_INSTALL)
    asset, part = goods.asset_row(session, op), goods.part_row(session, op)
    limits.refuse_outside(session, actor, (asset.location_id,))
    _refuse_retired(asset)
    location = _source(session, op, part)
    posting = goods.posting(session, op, actor, ctx.now_us)
    posting.lock(Key(part.id, location.id))
    mark, quantity = picking.from_bin(session, op, part, location), picking.quantity(op, part)
    key = mark.at(part.id, location.id)
    before = picking.on_hand(posting, key)
    warnings = _warn_if_unlisted(session, asset, part) + picking.warn_if_expired(mark, op)
    if part.stocked:
        names = (part.name, location.name, part.unit)
        warnings += goods.check_stock(posting, key, quantity, names)
    placed = goods.place(posting, op, key, taken_milli=quantity)
    seq, cost, value = _fit(posting, op, part, asset, key, placed)
    posting.settle()
    picking.refuse_twice(session, part.id, part.name, mark.serial)
    questions = goods.questions_for(session, op, placed, ctx.now_us)
    return {
        **_answer(seq, asset, part, location, quantity),
        "unit_cost": format_cost(cost),
        "cost": format_money(-value),
        "effective_at": iso(placed.effective_us),
        **mark.json(),
        **picking.shift_json(posting, key, before),
        **goods.asked(questions),
        "warnings": warnings,
    }


def _fit(
    posting: Posting, op: Op, part: Row[Any], asset: Row[Any], key: Key, placed: Placed
) -> tuple[int, int, int]:
    """Write the rows of an install: its seq, unit cost and (negative) value."""
    quantity, at_us = op["quantity"], placed.effective_us
    cost, value = posting.at_average(key, -quantity)
    if not part.stocked:
        posting.append(Entry(MovementKind.RECEIVE, key, quantity, cost, -value, at_us))
    seq = posting.append(
        Entry(
            MovementKind.INSTALL,
            key,
            -quantity,
            cost,
            value,
            at_us,
            asset_id=asset.id,
            note=op["note"] or "",
            reason=op["work"] or "",
            removed_serial=op["removed_serial"] or "",
        )
    )
    return seq, cost, value


def return_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Put a part back from an asset into a bin, at the cost of the install that it undoes.

    Taken from the newest installs that are not returned yet. Raises `NeedsAttention` when fewer
    are installed than come back; it is tried again when an install arrives.
    """
    actor = require(ctx.actor, Permission.PART_INSTALL)
    asset, part = goods.asset_row(session, op), goods.part_row(session, op)
    limits.refuse_outside(session, actor, (asset.location_id,))
    location = goods.location_row(session, op)
    posting = goods.posting(session, op, actor, ctx.now_us)
    posting.lock(Key(part.id, location.id))
    mark, quantity = picking.from_asset(session, op, part, asset), picking.quantity(op, part)
    key = mark.at(part.id, location.id)
    before = picking.on_hand(posting, key)
    placed = goods.place(posting, op, key)
    value, seqs = 0, []
    for installed, taken in _newest_installs(session, asset, part, mark, quantity):
        worth = share_of_value(installed, taken)
        value += worth
        seqs.append(
            posting.append(
                Entry(
                    MovementKind.RETURN_FROM_ASSET,
                    key,
                    taken,
                    installed.unit_cost_e4,
                    worth,
                    placed.effective_us,
                    asset_id=asset.id,
                    returns_seq=installed.seq,
                    note=op["note"] or "",
                )
            )
        )
    posting.settle()
    picking.refuse_twice(session, part.id, part.name, mark.serial)
    questions = goods.questions_for(session, op, placed, ctx.now_us)
    return {
        **_answer(seqs[0], asset, part, location, quantity),
        "cost": format_money(value),
        "effective_at": iso(placed.effective_us),
        **mark.json(),
        **picking.shift_json(posting, key, before),
        **goods.asked(questions),
    }


def arrival_of(asset_code: str, part_code: str) -> str:
    """What a return waits for when its install has not arrived yet."""
    return f"install:{asset_code}:{part_code}"


def _source(session: Session, op: Op, part: Row[Any]) -> goods.Place:
    """The bin that was scanned; else the one that holds the named lot or serial, else its own."""
    if op["location"]:
        return goods.location_row(session, op)
    mark = picking.named(session, op, part)
    holding = lots.fullest_bin(session, part.id, mark.lot, mark.serial) if mark.text else None
    return goods.place_of(session, holding) if holding else goods.home_of(session, part)


def _newest_installs(
    session: Session, asset: Row[Any], part: Row[Any], mark: Mark, quantity_milli: int
) -> list[tuple[Movement, int]]:
    rows = session.scalars(
        unreversed(
            Movement.asset_id == asset.id,
            Movement.part_id == part.id,
            Movement.lot == mark.lot,
            Movement.serial == mark.serial,
            Movement.kind == MovementKind.INSTALL,
        )
    ).all()
    chosen, left = [], quantity_milli
    for row in sorted(rows, key=lambda row: (row.effective_us, row.seq), reverse=True):
        taken = min(left, -row.quantity_milli - _returned(session, row.seq))
        if taken > 0:
            chosen.append((row, taken))
            left -= taken
    if left > 0:
        installed, of = format_quantity(quantity_milli - left), f"{part.name} {mark.text}".strip()
        raise NeedsAttention(
            f"Only {installed} {part.unit} of {of} are recorded on {asset.name} {asset.tag}."
            " Record the install, or take this back.",
            code="not_installed",
            waits_for=arrival_of(asset.code, part.code),
        )
    return chosen


def _returned(session: Session, install_seq: int) -> int:
    live = unreversed(Movement.returns_seq == install_seq).order_by(None).subquery()
    return int(session.scalar(select(func.coalesce(func.sum(live.c.quantity_milli), 0))) or 0)


def _refuse_retired(asset: Row[Any]) -> None:
    if asset.status in {"retired", "disposed"}:
        raise RuleBroken(
            f"{asset.name} was {asset.status}. Put it back in service before parts go on it.",
            code="asset_retired",
        )


def _warn_if_unlisted(session: Session, asset: Row[Any], part: Row[Any]) -> list[dict[str, str]]:
    if asset.model_id is None:
        return []
    listed = set(
        session.scalars(select(ModelPart.part_id).where(ModelPart.model_id == asset.model_id))
    )
    if not listed or part.id in listed:
        return []
    return [
        {
            "code": "not_on_parts_list",
            "message": f"{part.name} is not on the parts list of {asset.name}.",
        }
    ]


def _answer(
    seq: int, asset: Row[Any], part: Row[Any], location: goods.Place, quantity_milli: int
) -> dict[str, Any]:
    return {
        "movement": seq,
        "asset": asset.code,
        "asset_tag": asset.tag,
        "asset_name": asset.name,
        **goods.names_json(part, location),
        "quantity": format_quantity(quantity_milli),
    }
