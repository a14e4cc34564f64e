"""Proves that every audit line says what its sightings say."""

from collections.abc import Iterator

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from stockscan.domain.counts.audits import decisive
from stockscan.store.counts.audits import SEEN
from stockscan.store.counts.rows import AuditLine, AuditSighting


def audits_as_seen(session: Session) -> Iterator[str]:
    """A line is seen where its decisive sighting was, and not at all without one."""
    holds = and_(
        AuditSighting.session_id == AuditLine.session_id,
        AuditSighting.asset_id == AuditLine.asset_id,
        AuditSighting.voided_us.is_(None),
    )
    rows = session.execute(
        select(AuditLine, AuditSighting)
        .outerjoin(AuditSighting, holds)
        .order_by(AuditLine.id, AuditSighting.at_us, AuditSighting.operation_id)
    )
    seen: dict[int, list[AuditSighting]] = {}
    lines: dict[int, AuditLine] = {}
    for line, sighting in rows:
        lines[line.id] = line
        if sighting is not None:
            seen.setdefault(line.id, []).append(sighting)
    for number, line in lines.items():
        sightings = [(each.location_id, each.operation_id) for each in seen.get(number, [])]
        operation_id = decisive(sightings) if sightings else None
        if operation_id != line.operation_id or (line.state in SEEN) != bool(sightings):
            yield f"audit line {number} does not say what was seen"
