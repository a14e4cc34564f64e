"""Jobs as the API tells them: one with all that is on it, and a line of a list."""

from typing import Any

from stockscan.domain.figures import format_money, format_quantity, iso
from stockscan.domain.maintenance.jobs import Tick
from stockscan.domain.maintenance.kits import JobReadiness
from stockscan.services.maintenance.job_pages import JobPage
from stockscan.services.maintenance.kit_pages import kit_json
from stockscan.store.maintenance.installed import InstalledOn
from stockscan.store.maintenance.jobs import JobLine


def job_json(page: JobPage) -> dict[str, Any]:
    """A job as the API shows it."""
    job = page.job
    return {
        **{name: getattr(job, name) for name in ("kind", "state", "title", "urgent", "cause")},
        **{name: getattr(job, name) for name in ("notes", "instructions")},
        "code": page.name,
        "job": page.name,
        "url": f"/jobs/{job.number}",
        "asset": job.asset_code,
        "asset_tag": job.asset_tag,
        "plan": job.plan_uid,
        "due_on": job.due_on.isoformat() if job.due_on else None,
        "assigned": job.assigned,
        "reported_by": job.reporter,
        "done_by": job.finisher,
        "minutes": page.minutes,
        "created_at": iso(job.created_us),
        "done_at": _instant(job.done_us),
        "down_from": _instant(job.down_from_us),
        "down_until": _instant(job.down_until_us),
        "checklist": [_tick_json(tick) for tick in page.ticks],
        "ready": page.ready.state.value if page.ready else None,
        "kit": kit_json(page.kit),
        "installed": [_installed_json(row) for row in page.installed],
        "costs": {
            "parts": format_money(page.costs.parts_e4),
            "labour": format_money(page.costs.labour_e4),
            "downtime": None if page.costs.down_e4 is None else format_money(page.costs.down_e4),
            "total": format_money(page.costs.total_e4),
        },
    }


def line_json(row: JobLine, ready: JobReadiness | None) -> dict[str, Any]:
    """A job as the lists of the API show it."""
    return {
        **{name: getattr(row, name) for name in ("title", "kind", "state", "urgent", "assigned")},
        "code": row.name,
        "job": row.name,
        "url": f"/jobs/{row.number}",
        "asset": row.asset_code,
        "asset_tag": row.asset_tag,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "done_at": _instant(row.done_us),
        "ready": ready.state.value if ready else None,
    }


def _tick_json(tick: Tick) -> dict[str, Any]:
    return {"text": tick.text, "done": tick.is_done, "by": tick.by}


def _installed_json(row: InstalledOn) -> dict[str, Any]:
    return {
        "part": row.part_code,
        "part_name": row.part_name,
        "quantity": format_quantity(row.quantity_milli),
        "cost": format_money(row.value_e4),
        "operation": row.operation_id,
        "person": row.person,
        "at": iso(row.at_us),
    }


def _instant(at_us: int | None) -> str | None:
    return None if at_us is None else iso(at_us)
