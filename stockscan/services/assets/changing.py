"""Bringing assets into the books, and changing what the books say about one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.errors import Conflict, Invalid
from stockscan.domain.fields import Field
from stockscan.domain.figures import E4, MINOR, format_money
from stockscan.domain.operations import Op
from stockscan.services.work import Context, reading
from stockscan.store import custody, edits, fields, goods, limits, linking
from stockscan.store.assets import Asset
from stockscan.store.catalogue import assets as queries
from stockscan.store.catalogue.assets import AssetRow
from stockscan.store.scanning import Found, asset_called
from stockscan.store.suppliers import supplier_id
from stockscan.store.unique import insert_unique, update_unique

TAG_PREFIX = "A-"
# How often a fresh tag is drawn while others take it at the same moment.
TRIES = 20

# Fields that hold a text as it was given, and those that hold a value or nothing, by their column.
_TEXTS = ("name", "tag", "serial", "category", "order_number", "notes")
_VALUES = {
    "purchase_date": "purchase_date",
    "purchase_cost": "purchase_cost_minor",
    "salvage": "salvage_minor",
    "life_months": "life_months",
    "warranty_until": "warranty_until",
    "replacement_cost": "replacement_minor",
    "down_hour_cost": "down_hour_minor",
}
_NAMES = ("name", "tag")


@dataclass(frozen=True, slots=True)
class Editable:
    """An asset, what people may edit of it as they read it, and the version that this is."""

    asset: AssetRow
    texts: dict[str, str]
    version: int


def create_asset(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Bring a new asset into the books; the tag is the next free one unless given.

    Says how the asset is called.
    """
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    _refuse_salvage(op["salvage"], op["purchase_cost"])
    location = op["location"]
    columns = _columns(session, op)
    category = _category(session, columns)
    values = {
        **columns,
        "code": linking.own_code(session, op, Kind.ASSET, ctx.now_us),
        "custom": fields.check(session, "asset", category, op["custom"]),
        "location_id": goods.find(session, Kind.LOCATION, "location", location)
        if location
        else None,
        "condition": op["condition"],
        "created_us": ctx.now_us,
    }
    number, tag = _insert_tagged(session, values)
    made = Found(Kind.ASSET, number, values["code"], op["name"])
    linking.link_new(session, op, made, ctx.now_us, "alias")
    if location:
        # Its first place is an event like every later one, so that taking one back leads here.
        place_id = values["location_id"]
        custody.append(session, op, "move", number, actor, ctx.now_us, to_location_id=place_id)
    return _called(values["code"], tag, op["name"])


def edit_asset(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Change what the books say about an asset: only what is given, "" empties a field.

    Its place, holder, condition and status change by events of their own.
    """
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    asset = goods.asset_row(session, op)
    limits.refuse_outside(session, actor, (asset.location_id,))
    custody.lock(session, asset.id)
    before = queries.asset(session, asset.id)
    linking.refuse_labels(session, {name: op[name] for name in _NAMES if op[name]})
    columns = _columns(session, op)
    if op["custom"]:
        now = {"category": before.category, "model_id": before.model_id, **columns}
        category = _category(session, now)
        columns["custom"] = fields.check(session, "asset", category, op["custom"], before.custom)
    taken = f"The tag {op['tag']} is on another asset. Choose another tag."
    update_unique(session, Asset, asset.id, columns, taken=taken, field="tag")
    after = queries.asset(session, asset.id)
    _refuse_salvage(after.salvage_minor, after.purchase_cost_minor)
    own = fields.every(session, "asset")
    texts = asset_texts(before, own), asset_texts(after, own)
    edits.record(session, op, edits.Thing("asset", asset.id), actor.person_id, *texts)
    return _called(after.code, after.tag, after.name)


def editable(ctx: Context, reference: str) -> Editable:
    """What a form that changes an asset is filled from. Raises `NotFound`."""
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    with reading() as connection:
        row = queries.asset(connection, asset_called(connection, reference))
        own = fields.every(connection, "asset")
        version = edits.version(connection, edits.Thing("asset", row.id))
    return Editable(row, asset_texts(row, own), version)


def asset_texts(row: AssetRow, own: Iterable[Field] = ()) -> dict[str, str]:
    """What people may edit of an asset, as they read it; `own` are the company's own fields."""
    return {
        **{name: getattr(row, name) for name in _TEXTS},
        "model": row.model or "",
        "supplier": row.supplier or "",
        "purchase_date": _day(row.purchase_date),
        "purchase_cost": _amount(row.purchase_cost_minor),
        "salvage": _amount(row.salvage_minor),
        "life_months": str(row.own_life_months or ""),
        "warranty_until": _day(row.warranty_until),
        "replacement_cost": _amount(row.own_replacement_minor),
        "down_hour_cost": _amount(row.own_down_hour_minor),
        **fields.texts(own, row.custom),
    }


def _category(session: Session, columns: Mapping[str, Any]) -> str:
    """The category of an asset with these columns: its own, else its model's."""
    model = queries.model(session, columns["model_id"]) if columns.get("model_id") else None
    return columns.get("category") or (model.category if model else "")


def _columns(session: Session, op: Op) -> dict[str, Any]:
    """The columns that the fields of the operation lead to; of an empty field, an empty one."""
    given = op.fields
    columns = {name: given[name] or "" for name in _TEXTS if name in given}
    columns |= {_VALUES[name]: given[name] for name in _VALUES if name in given}
    columns |= {_VALUES[name]: None for name in _VALUES if given.get(name) == ""}
    if "model" in given:
        model = given["model"]
        columns["model_id"] = queries.model_called(session, model).id if model else None
    if "supplier" in given:
        supplier = given["supplier"]
        columns["supplier_id"] = supplier_id(session, supplier) if supplier else None
    return columns


def _refuse_salvage(salvage_minor: int | None, cost_minor: int | None) -> None:
    if salvage_minor is not None and salvage_minor > (cost_minor or 0):
        raise Invalid("salvage can't be above purchase_cost.", field="salvage")


def _called(code: str, tag: str, name: str) -> dict[str, Any]:
    return {"code": code, "tag": tag, "name": name, "url": f"/assets/{code}"}


def _insert_tagged(session: Session, values: dict[str, Any]) -> tuple[int, str]:
    """The number and the tag of a new row."""
    tag = values.pop("tag", None)
    for attempt in range(TRIES):
        candidate = tag or _next_tag(session, attempt)
        taken = f"The tag {candidate} is on another asset. Choose another tag."
        statement = insert(Asset).values(tag=candidate, **values)
        try:
            return insert_unique(session, statement, taken=taken, field="tag"), candidate
        except Conflict:
            if tag:
                raise
    raise Conflict("Many assets are created at once just now. Send it again.", field="tag")


def _next_tag(session: Session, skip: int) -> str:
    """The first free tag from as many on as there are, for what has been tagged in between."""
    lowered = func.lower(Asset.tag)
    used = select(func.count(Asset.id)).where(lowered.like(f"{TAG_PREFIX.lower()}%"))
    number = (session.scalar(used) or 0) + 1 + skip
    while session.scalar(select(Asset.id).where(lowered == _tag(number).lower())) is not None:
        number += 1
    return _tag(number)


def _tag(number: int) -> str:
    return f"{TAG_PREFIX}{number:04d}"


def _day(value: Any) -> str:
    return "" if value is None else str(value.isoformat())


def _amount(amount_minor: int | None) -> str:
    return "" if amount_minor is None else format_money(amount_minor * (E4 // MINOR))
