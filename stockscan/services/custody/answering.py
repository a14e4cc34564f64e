"""What every change of an asset's standing answers, and how it names the asset."""

from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from stockscan.domain.figures import iso
from stockscan.store import custody
from stockscan.store.screen import asset_title

GONE: Final = frozenset({"retired", "disposed"})


def title(asset: Row[Any]) -> str:
    """There are twelve forklifts: the tag says which."""
    return asset_title(asset.name, asset.tag)


def answer(session: Session, asset: Row[Any], event: custody.Event) -> dict[str, Any]:
    """Who has the asset now and where it stands, after this event."""
    now = custody.state_of(session, asset.id)
    return {
        "asset": asset.code,
        "asset_tag": asset.tag,
        "asset_name": asset.name,
        "custodian": now.holder and now.holder.json(),
        "location": now.location_code,
        "location_name": now.location_name,
        "event": event.seq,
        "effective_at": iso(event.effective_us),
    }
