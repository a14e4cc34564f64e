"""The page of one asset: what it is, who has it, what is on it, what it is worth, what happened."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.figures import E4, MINOR, format_money, format_quantity, iso
from stockscan.domain.utilisation import Use
from stockscan.services.assets.timeline import lines_of
from stockscan.services.assets.worth import book_value_e4, gain_e4
from stockscan.services.work import Context, reading
from stockscan.store import fields, files, meters
from stockscan.store.catalogue import assets as queries
from stockscan.store.catalogue import utilisation
from stockscan.store.catalogue.assets import AssetRow, Ended, ThingOn
from stockscan.store.catalogue.history import Changed, Entry, Happened, Line, Moved
from stockscan.store.counts.audit_reading import SeenRow, last_seen
from stockscan.store.counts.blindness import blindness
from stockscan.store.files import Attached
from stockscan.store.installs.listed import ListedPart, parts_list
from stockscan.store.maintenance.jobs import JobLine, open_jobs_of
from stockscan.store.meters import MeterRow, ReadBy
from stockscan.store.scanning import asset_called

TIMELINE = 30
READINGS = 30
ON_IT = 50
# How far back the page looks at how much an asset was out, in days.
PERIODS = (90, 365)


@dataclass(frozen=True, slots=True)
class AssetPage:
    """Everything on one asset's page; the book value is None where cost or life is unknown.

    `used` is how long it was out of the last 90 and 365 days; `older` the cursor of the timeline's
    next page; `ended` how its life here ended and `gain_e4` what that brought above book value;
    `seen` when an audit saw it last; `jobs` what is left to do on it.
    """

    asset: AssetRow
    book_value_e4: int | None
    usual: list[ListedPart]
    on_it: list[ThingOn]
    meters: list[MeterRow]
    readings: list[ReadBy]
    used: dict[int, Use]
    ended: Ended | None
    gain_e4: int | None
    seen: SeenRow | None
    timeline: list[Line]
    older: str
    custom: dict[str, str]
    attachments: list[Attached]
    jobs: list[JobLine]


def asset_page(ctx: Context, reference: str) -> AssetPage:
    """One asset by any reference. Raises `NotFound`."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        return _page_of(connection, asset_called(connection, reference), actor, ctx.now_us)


def asset_row(ctx: Context, reference: str) -> AssetRow:
    """What the books say about one asset, for a form about it. Raises `NotFound`."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        return queries.asset(connection, asset_called(connection, reference))


def _page_of(connection: Connection, asset: int, actor: Actor, now_us: int) -> AssetPage:
    """Everything about the asset with this number."""
    row = queries.asset(connection, asset)
    ended = queries.ended(connection, asset) if row.is_gone else None
    counted = meters.meters_of(connection, asset)
    lines, older = lines_of(connection, asset, actor, limit=TIMELINE)
    blind = blindness(connection, actor)
    return AssetPage(
        asset=row,
        book_value_e4=book_value_e4(row, now_us),
        usual=parts_list(connection, asset, blind),
        on_it=queries.things_on(connection, asset, limit=ON_IT),
        meters=counted,
        readings=meters.readings_of(connection, asset, limit=READINGS) if counted else [],
        used=utilisation.of_asset(connection, row, now_us, PERIODS),
        ended=ended,
        gain_e4=_gain_e4(row, ended),
        seen=last_seen(connection, asset),
        timeline=lines,
        older=older,
        custom=fields.texts(fields.definitions(connection, "asset", row.in_category), row.custom),
        attachments=files.attachments_of(connection, "asset", asset),
        jobs=open_jobs_of(connection, asset),
    )


def asset_json(page: AssetPage) -> dict[str, Any]:
    """An asset as the API shows it; a reference is the code of the other thing."""
    row = page.asset
    value_e4 = page.book_value_e4
    return {
        **line_json(row),
        "condition": row.condition,
        "category": row.category,
        "supplier": row.supplier,
        "order_number": row.order_number,
        "purchase_date": _day(row.purchase_date),
        "warranty_until": _day(row.warranty_until),
        "life_months": row.life_months,
        "replacement_cost": _minor(row.replacement_minor),
        "down_hour_cost": _minor(row.down_hour_minor),
        "notes": row.notes,
        "custom": page.custom,
        "costs": {
            "parts_total": format_money(row.parts_e4),
            "purchase": _minor(row.purchase_cost_minor),
            "salvage": _minor(row.salvage_minor),
            "book_value": None if value_e4 is None else format_money(value_e4),
        },
        "meters": [_meter_json(meter) for meter in page.meters],
        "on_it": [{"code": on.code, "tag": on.tag, "name": on.name} for on in page.on_it],
        "utilisation": {
            f"days_{days}": {"out": use.days_out, "idle": use.days_idle}
            for days, use in page.used.items()
        },
        "timeline": [_entry_json(line.row) for line in page.timeline],
    }


def line_json(row: AssetRow) -> dict[str, Any]:
    """An asset as the lists of the API show it."""
    return {
        **{name: getattr(row, name) for name in ("code", "tag", "name", "serial", "status")},
        "url": f"/assets/{row.code}",
        "model": row.model,
        "location": row.location_code,
        "location_name": row.location,
        "custodian": _custodian(row),
        "due_on": _day(row.due_on),
        "costs": {"parts_total": format_money(row.parts_e4)},
    }


def _gain_e4(row: AssetRow, ended: Ended | None) -> int | None:
    if ended is None or row.status != "disposed":
        return None
    return gain_e4(row, ended.amount_minor or 0, ended.at_us)


def _entry_json(row: Entry) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "at": iso(row.effective_us),
        "person": row.person,
        **_own_json(row),
        "operation": row.operation_id,
        "undone": row.undone,
        "note": row.note,
    }


def _own_json(row: Entry) -> dict[str, Any]:
    if isinstance(row, Moved):
        return {
            "part": row.part_code,
            "part_name": row.part,
            "location": row.location_code,
            "quantity": format_quantity(row.quantity_milli),
            "cost": format_money(-row.value_e4),
        }
    if isinstance(row, Happened):
        return _event_json(row)
    if isinstance(row, Changed):
        return {"changes": {name: list(texts) for name, texts in row.changes.items()}}
    return {"name": row.name}


def _event_json(row: Happened) -> dict[str, Any]:
    told = {
        "to": row.target,
        "condition": row.condition,
        "value": None if row.value_milli is None else format_quantity(row.value_milli),
    }
    more = {
        "meter": row.meter,
        "status": row.to_status,
        "proceeds": _minor(row.amount_minor),
        "due_on": _day(row.due_on),
    }
    return {**told, **{name: value for name, value in more.items() if value is not None}}


def _meter_json(meter: MeterRow) -> dict[str, Any]:
    value_milli, read_us = meter.value_milli, meter.read_us
    return {
        "name": meter.name,
        "unit": meter.unit,
        "value": None if value_milli is None else format_quantity(value_milli),
        "read_at": None if read_us is None else iso(read_us),
    }


def _custodian(row: AssetRow) -> dict[str, Any] | None:
    if row.custodian_kind is None:
        return None
    return {
        "kind": row.custodian_kind,
        "code": row.custodian_code,
        "name": row.custodian,
        "since": None if row.out_since_us is None else iso(row.out_since_us),
    }


def _day(value: Any) -> str | None:
    return None if value is None else str(value.isoformat())


def _minor(amount_minor: int | None) -> str | None:
    return None if amount_minor is None else format_money(amount_minor * (E4 // MINOR))
