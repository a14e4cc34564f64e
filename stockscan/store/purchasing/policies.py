"""How parts are bought: from whom, at what price, in which packs, how long ahead."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from stockscan.domain.purchasing import Lead
from stockscan.domain.purchasing.projecting import Policy
from stockscan.store.catalogue.paging import Query
from stockscan.store.parts import Part, PartWorth
from stockscan.store.purchasing.leads import assumed_leads
from stockscan.store.purchasing.rows import MOST_NAMED
from stockscan.store.purchasing.wanted import with_safety
from stockscan.store.settings import Settings

_MOST_BATCHES: Final = 20


@dataclass(frozen=True, slots=True)
class Buying:
    """A part as it is bought: the usual supplier (None: nobody yet) and the price to expect.

    The price is the one on the part, else what it cost on average. `policy.lead_days` are those of
    `lead`. `is_kept` is false where no machine needs the part any more: none is to stay then.
    """

    part_id: int
    supplier_id: int | None
    price_e4: int
    service_bp: int
    lead: Lead
    policy: Policy
    is_kept: bool


def buying(
    connection: Connection | Session, settings: Settings, part_ids: Collection[int]
) -> dict[int, Buying]:
    """How each of these parts is bought; those out of use are left out."""
    wanted = frozenset(part_ids)
    rows = [row for row in _rows(connection, wanted) if row.id in wanted]
    unknown = {row.id: row.supplier_id for row in rows if row.lead_time_days is None}
    leads = assumed_leads(connection, settings, unknown)
    safety = with_safety(connection, wanted) if any(row.safety_milli for row in rows) else {}
    return {row.id: _buying(row, settings, leads.get(row.id), safety) for row in rows}


def assumed(bought: Buying) -> dict[str, Any]:
    """What a line keeps of a lead time that nobody has said; nothing of one that is known."""
    if bought.lead.is_known:
        return {}
    return {"lead_days": bought.lead.days, "lead_from": bought.lead.source.value}


def _rows(connection: Connection | Session, wanted: frozenset[int]) -> Iterable[Any]:
    """In batches, as far as these are fewer than all rows are likely to be."""
    if len(wanted) > _MOST_BATCHES * MOST_NAMED:
        yield from connection.execute(_bought())
        return
    left = iter(wanted)
    while batch := list(islice(left, MOST_NAMED)):
        yield from connection.execute(_bought().where(Part.id.in_(batch)))


def _buying(row: Any, settings: Settings, assumed: Lead | None, safety: dict[int, int]) -> Buying:
    lead = assumed or Lead(row.lead_time_days)
    policy = Policy(
        safety_milli=safety.get(row.id, 0),
        least_milli=row.reorder_quantity_milli or 0,
        pack_milli=row.pack_milli,
        lead_days=lead.days,
        buffer_days=settings.order_buffer_days,
        review_days=settings.order_review_days,
    )
    return Buying(
        part_id=row.id,
        supplier_id=row.supplier_id,
        price_e4=row.list_cost_e4 or row.average_e4 or 0,
        service_bp=row.service_level_bp or settings.service_level_bp,
        lead=lead,
        policy=policy,
        is_kept=row.id in safety or not row.safety_milli,
    )


@cache
def _bought() -> Query:
    return (
        select(
            Part.id,
            Part.supplier_id,
            Part.list_cost_e4,
            Part.pack_milli,
            Part.lead_time_days,
            Part.reorder_quantity_milli,
            Part.safety_milli,
            Part.service_level_bp,
            PartWorth.average_e4,
        )
        .outerjoin(PartWorth, PartWorth.part_id == Part.id)
        .where(Part.active)
    )
