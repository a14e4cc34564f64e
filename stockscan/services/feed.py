"""The ledger for other programs: every movement in the order of recording."""

from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, select

from stockscan.domain.access import Permission, require
from stockscan.domain.figures import format_cost, format_money, format_quantity, iso
from stockscan.domain.maintenance.jobs import job_name
from stockscan.services.work import Context, reading
from stockscan.store.assets import Asset
from stockscan.store.counts.blindness import blindness, hidden_parts
from stockscan.store.locations import Location
from stockscan.store.maintenance import Job
from stockscan.store.parts import Part
from stockscan.store.people import Person
from stockscan.store.stock import feed


def movements(ctx: Context, *, after: int, limit: int) -> list[dict[str, Any]]:
    """At most `limit` movements with a higher seq than `after`, ascending and complete.

    They end before the first of a part that this person counts blind: it comes when they are done.
    Quantities are of the stock: what leaves is negative. A reference is a code, of a job (`work`)
    its name; `reverses` and `corrects` are the seq of another movement.
    """
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        rows = feed(connection, after, limit)
        blind = blindness(connection, actor)
        hidden = hidden_parts(connection, blind, {row.part_id for row in rows})
        rows = list(takewhile(lambda row: row.part_id not in hidden, rows))
        codes = {
            name: _codes(connection, table, {getattr(row, f"{name}_id") for row in rows})
            for name, table in _TABLES.items()
        }
        jobs = _jobs(connection, {row.work_id for row in rows})
    return [{**_json(row, codes), "work": jobs.get(row.work_id)} for row in rows]


_TABLES: dict[str, Any] = {
    "part": Part,
    "location": Location,
    "person": Person,
    "asset": Asset,
}


def _codes(connection: Connection, table: Any, ids: set[int | None]) -> dict[int, str]:
    wanted = [identity for identity in ids if identity is not None]
    rows = connection.execute(select(table.id, table.code).where(table.id.in_(wanted)))
    return {row.id: row.code for row in rows}


def _jobs(connection: Connection, ids: set[int | None]) -> dict[int, str]:
    wanted = [identity for identity in ids if identity is not None]
    rows = connection.execute(select(Job.id, Job.number).where(Job.id.in_(wanted)))
    return {row.id: job_name(row.number) for row in rows}


def _json(row: Any, codes: dict[str, dict[int, str]]) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "kind": row.kind,
        **{name: codes[name].get(getattr(row, f"{name}_id")) for name in _TABLES},
        "lot": row.lot,
        "serial": row.serial,
        "quantity": format_quantity(row.quantity_milli),
        "unit_cost": format_cost(row.unit_cost_e4),
        "value": format_money(row.value_e4),
        "effective_at": iso(row.effective_us),
        "recorded_at": iso(row.recorded_us),
        "operation": row.operation_id,
        "origin": row.origin_id,
        "reverses": row.reverses_seq,
        "corrects": row.corrects_seq,
        "reason": row.reason,
        "note": row.note,
    }
