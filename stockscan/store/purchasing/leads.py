"""How long parts are assumed to take to come of which nobody has said it, and from what."""

from collections.abc import Collection, Mapping
from itertools import chain, repeat
from math import ceil
from statistics import median_high

from sqlalchemy import Connection, and_, case, func, select
from sqlalchemy.orm import Session

from stockscan.domain.purchasing import Lead, LeadFrom
from stockscan.store.parts import Part, SupplierPart
from stockscan.store.purchasing.rows import MOST_NAMED, Requisition, RequisitionLine
from stockscan.store.purchasing.using import deliveries
from stockscan.store.settings import Settings


def assumed_leads(
    connection: Connection | Session, settings: Settings, suppliers: Mapping[int, int | None]
) -> dict[int, Lead]:
    """The lead times of parts of which nobody has said it, each with its supplier if it has one.

    The mean of a part's deliveries after three of them, else the median of its supplier's other
    parts, else the company's setting.
    """
    if not suppliers:
        return {}
    came = deliveries(connection, suppliers if len(suppliers) <= MOST_NAMED else None)
    usual = _medians(connection, set(suppliers.values()))
    setting = Lead(settings.lead_days, LeadFrom.SETTING)
    found = {}
    for part_id, supplier_id in suppliers.items():
        if part_id in came:
            found[part_id] = Lead(ceil(came[part_id].mean_days), LeadFrom.DELIVERIES)
        else:
            found[part_id] = usual.get(supplier_id, setting)
    return found


def line_leads(session: Session, settings: Settings, row: Requisition) -> dict[int, Lead]:
    """How long each line of a requisition takes to come from its supplier, by the line's number.

    What is said of the part stands in for what nobody has said of the supplier.
    """
    offered = and_(SupplierPart.part_id == Part.id, SupplierPart.supplier_id == row.supplier_id)
    # The usual supplier's stands on the part.
    days = case((Part.supplier_id == row.supplier_id, None), else_=SupplierPart.lead_time_days)
    said = func.coalesce(days, Part.lead_time_days).label("days")
    lines = session.execute(
        select(RequisitionLine.id, RequisitionLine.part_id, said)
        .join(Part, Part.id == RequisitionLine.part_id)
        .outerjoin(SupplierPart, offered)
        .where(RequisitionLine.requisition_id == row.id)
    ).all()
    unknown = {line.part_id: row.supplier_id for line in lines if line.days is None}
    assumed = assumed_leads(session, settings, unknown)
    return {
        line.id: assumed[line.part_id] if line.days is None else Lead(line.days) for line in lines
    }


def longest_lead(connection: Connection | Session, settings: Settings) -> int:
    """The most days that any part in use is said or assumed to take."""
    longest = select(func.max(Part.lead_time_days)).where(Part.active)
    return max(connection.execute(longest).scalar() or 0, settings.lead_days)


def _medians(
    connection: Connection | Session, supplier_ids: Collection[int | None]
) -> dict[int | None, Lead]:
    """Supplier to the median of what is said of their parts; the longer one of two."""
    rows = connection.execute(
        select(Part.supplier_id, Part.lead_time_days, func.count())
        .where(
            Part.supplier_id.in_([each for each in supplier_ids if each is not None]),
            Part.lead_time_days.is_not(None),
            Part.active,
        )
        .group_by(Part.supplier_id, Part.lead_time_days)
    )
    days: dict[int | None, list[repeat[int]]] = {}
    for supplier_id, lead, many in rows:
        days.setdefault(supplier_id, []).append(repeat(lead or 0, many))
    return {
        supplier_id: Lead(median_high(chain.from_iterable(many)), LeadFrom.SUPPLIER)
        for supplier_id, many in days.items()
    }
