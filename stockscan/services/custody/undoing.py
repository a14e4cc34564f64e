"""Taking back what was wrongly recorded about an asset."""

from typing import Any

from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import RuleBroken
from stockscan.domain.operations import Op
from stockscan.services.custody.answering import GONE, answer, title
from stockscan.services.work import Context
from stockscan.store import custody


def reverse_custody(
    ctx: Context, session: Session, op: Op, target_id: str
) -> dict[str, Any] | None:
    """Take a wrongly recorded custody event back; None where the operation recorded none."""
    actor = require(ctx.actor, Permission.OPERATION_REVERSE_OWN)
    event = custody.take_back(session, op, target_id, actor, ctx.now_us)
    if event is None:
        return None
    asset = custody.asset_of(session, event.asset_id)
    now = custody.state_of(session, event.asset_id)
    if now.status in GONE and now.holder is not None:
        message = f"{title(asset)} would be {now.status} while {now.holder.name} has it."
        raise RuleBroken(f"{message} Bring it back first.", code="asset_retired")
    return {"reversed": target_id, **answer(session, asset, event)}
