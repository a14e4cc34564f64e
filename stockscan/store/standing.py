"""What an asset's row must say: who has it, where, until when and how it is, from its events."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from stockscan.store.assets import Asset, AssetEvent

HANDOVERS = ("check_out", "check_in")

_ANSWER = aliased(AssetEvent)
TAKEN_BACK = select(_ANSWER.seq).where(_ANSWER.reverses_seq == AssetEvent.seq).exists()
_NEWEST = (AssetEvent.effective_us.desc(), AssetEvent.seq.desc())


def refresh(session: Session, asset_id: int) -> None:
    """Bring an asset's row up to date with its events."""
    session.execute(
        update(Asset)
        .where(Asset.id == asset_id)
        .values(**expected_row(session, asset_id))
        .execution_options(synchronize_session=False)
    )


def expected_row(session: Session, asset_id: int) -> dict[str, Any]:
    """What the asset's row must say, folded from its events."""
    last = _last(session, asset_id, AssetEvent.kind.in_(HANDOVERS))
    out = last if last is not None and last.kind == "check_out" else None
    placed = _last(
        session,
        asset_id,
        AssetEvent.kind.in_(("check_in", "move")),
        AssetEvent.to_location_id.is_not(None),
    )
    turned = _last(session, asset_id, AssetEvent.kind == "status")
    graded = grades(session, asset_id, ~TAKEN_BACK).first()
    # Before its first grade an asset has the condition that it came with.
    ever = graded or grades(session, asset_id).first()
    return {
        **({"condition": graded and graded.condition} if ever else {}),
        "custodian_person_id": out and out.to_person_id,
        "custodian_location_id": out and out.to_location_id,
        "custodian_asset_id": out and out.to_asset_id,
        "out_since_us": out and out.effective_us,
        "due_on": out and _due_on(session, out),
        "location_id": placed and placed.to_location_id,
        "status": turned.to_status if turned else "in_service",
    }


def grades(session: Session, asset_id: int, *conditions: Any) -> Any:
    """The condition that was recorded last, as a result of at most one row."""
    return session.execute(
        select(AssetEvent.condition)
        .where(
            AssetEvent.asset_id == asset_id,
            AssetEvent.condition.is_not(None),
            *conditions,
        )
        .order_by(*_NEWEST)
        .limit(1)
    )


def _due_on(session: Session, out: Any) -> Any:
    """The day that was said last since the asset was handed out."""
    moved = _last(
        session,
        out.asset_id,
        AssetEvent.kind == "note",
        AssetEvent.due_on.is_not(None),
        AssetEvent.effective_us >= out.effective_us,
    )
    is_later = moved is not None and (moved.effective_us, moved.seq) > (out.effective_us, out.seq)
    return moved.due_on if is_later else out.due_on


def _last(session: Session, asset_id: int, *conditions: Any) -> Any:
    """The newest event that holds and fits, None where there is none."""
    return session.execute(
        select(AssetEvent.__table__)
        .where(AssetEvent.asset_id == asset_id, ~TAKEN_BACK, *conditions)
        .order_by(*_NEWEST)
        .limit(1)
    ).first()
