"""Meters: what an asset's hours, kilometres or cycles were read as, and when."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, RuleBroken
from stockscan.domain.figures import format_quantity, iso
from stockscan.domain.operations import Op
from stockscan.services.work import Context
from stockscan.store import custody, goods, meters
from stockscan.store.meters import Beside, MeterRow
from stockscan.store.screen import asset_title


def read_meter(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Record what a meter shows; the first reading under a name makes the meter.

    Raises `RuleBroken` meter_back for less than before it, unless the meter was `replaced`, and
    meter_ahead for more than was read later.
    """
    actor = require(ctx.actor, Permission.METER_READ)
    asset = goods.asset_row(session, op)
    custody.lock(session, asset.id)
    meter = _meter(session, op, asset)
    beside = meters.beside(session, meter.id, op.timing.effective_us)
    if not op["replaced"]:
        _refuse_misfit(meter, op["value"], beside)
    event = custody.append(
        session,
        op,
        "meter",
        asset.id,
        actor,
        ctx.now_us,
        meter_id=meter.id,
        value_milli=op["value"],
        note=op["note"] or "",
    )
    meters.refresh(session, meter.id)
    return {
        **_answer(asset),
        "meter": meter.name,
        "value": format_quantity(op["value"]),
        "before": None if beside.before is None else format_quantity(beside.before.value_milli),
        "event": event.seq,
        "effective_at": iso(event.effective_us),
    }


def reverse_reading(
    ctx: Context, session: Session, op: Op, target_id: str
) -> dict[str, Any] | None:
    """Take a wrong reading back; None where the operation recorded none."""
    actor = require(ctx.actor, Permission.OPERATION_REVERSE_OWN)
    event = custody.take_back(session, op, target_id, actor, ctx.now_us)
    if event is None:
        return None
    if event.meter_id is not None:
        meters.refresh(session, event.meter_id)
    return {"reversed": target_id, **_answer(custody.asset_of(session, event.asset_id))}


def _meter(session: Session, op: Op, asset: Row[Any]) -> MeterRow:
    unit = op["unit"] or ""
    meter = meters.meter_called(session, asset.id, op["meter"], unit)
    if unit and not meter.unit:
        meters.set_unit(session, meter.id, unit)
    elif unit and unit != meter.unit:
        message = f"{meter.name} counts in {meter.unit}. Leave the unit out."
        raise Invalid(message, field="unit")
    return meter


def _refuse_misfit(meter: MeterRow, value_milli: int, beside: Beside) -> None:
    before, after = beside.before, beside.after
    if before is not None and value_milli < before.value_milli:
        raise RuleBroken(
            f"{meter.name} was at {format_quantity(before.value_milli)} before. Read it again, or "
            "say that the meter was replaced.",
            code="meter_back",
            field="value",
        )
    # A lower one after a higher one was a new meter, which limits nothing that was before it.
    is_new = before is not None and after is not None and after.value_milli < before.value_milli
    if after is not None and value_milli > after.value_milli and not is_new:
        raise RuleBroken(
            f"{meter.name} was at {format_quantity(after.value_milli)} later. Read it again.",
            code="meter_ahead",
            field="value",
        )


def _answer(asset: Row[Any]) -> dict[str, Any]:
    return {
        "asset": asset.code,
        "asset_tag": asset.tag,
        "asset_name": asset_title(asset.name, asset.tag),
    }
