"""Assets: lists, the page of one, and bringing new ones into the books."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.codes import Kind, read
from stockscan.domain.depreciation import book_value
from stockscan.domain.errors import Conflict, Invalid, NotFound
from stockscan.domain.figures import E4, MINOR, format_money, format_quantity, from_us, iso
from stockscan.domain.operations import Op
from stockscan.services.work import Context, reading
from stockscan.store import custody, goods, linking
from stockscan.store.assets import Asset
from stockscan.store.catalogue import assets as queries
from stockscan.store.catalogue import history
from stockscan.store.catalogue.assets import AssetRow, UsualPart
from stockscan.store.catalogue.history import Happened, Line, Moved
from stockscan.store.scanning import Found, resolve
from stockscan.store.unique import insert_unique

PAGE = 50
TIMELINE = 100
TAG_PREFIX = "A-"
# How often a fresh tag is drawn while others take it at the same moment.
TRIES = 20


@dataclass(frozen=True, slots=True)
class AssetList:
    """One page of assets; `next` is the cursor of the following page, "" at the end.

    `worth_e4` is the book value of each by its code, None where it is unknown.
    """

    rows: list[AssetRow]
    worth_e4: dict[str, int | None]
    counts: dict[str, int]
    next: str


@dataclass(frozen=True, slots=True)
class AssetPage:
    """Everything on one asset's page; the book value is None where cost or life is unknown."""

    asset: AssetRow
    book_value_e4: int | None
    usual: list[UsualPart]
    timeline: list[Line]


def asset_list(
    ctx: Context,
    *,
    show: str = "all",
    model: str = "",
    text: str = "",
    after: str = "",
    limit: int = PAGE,
) -> AssetList:
    """A page of assets by tag; `show` is all, out, in or retired, `model` a model's name.

    Raises `NotFound` for an unknown model.
    """
    require(ctx.actor, Permission.READ)
    if show not in queries.SHOWN:
        raise Invalid(f"show must be one of {', '.join(queries.SHOWN)}.", field="show")
    with reading() as connection:
        model_id = _model_id(connection, model) if model else None
        rows = queries.assets(
            connection, show=show, model_id=model_id, text=text, after=after, limit=limit + 1
        )
        counts = queries.asset_counts(connection)
    worth_e4 = {row.code: book_value_e4(row, ctx.now_us) for row in rows[:limit]}
    following = rows[limit - 1].code if len(rows) > limit else ""
    return AssetList(rows[:limit], worth_e4, counts, following)


def asset_page(ctx: Context, reference: str) -> AssetPage:
    """One asset by any reference. Raises `NotFound`."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        found = resolve(connection, read(reference), (Kind.ASSET,))
        if found is None or found.id is None:
            raise NotFound
        return _page(connection, found.id, actor, ctx.now_us)


def create_asset(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Bring a new asset into the books; the tag is the next free one unless given."""
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    cost, salvage = op["purchase_cost"], op["salvage"]
    if salvage is not None and salvage > (cost or 0):
        raise Invalid("salvage can't be above purchase_cost.", field="salvage")
    values = {
        "code": linking.own_code(session, op, Kind.ASSET, ctx.now_us),
        "name": op["name"],
        "serial": op["serial"] or "",
        "model_id": _model_id(session, op["model"]) if op["model"] else None,
        "location_id": _location_id(session, op["location"]) if op["location"] else None,
        "condition": op["condition"],
        "purchase_date": op["purchase_date"],
        "purchase_cost_minor": cost,
        "salvage_minor": salvage,
        "life_months": op["life_months"],
        "warranty_until": op["warranty_until"],
        "notes": op["notes"] or "",
        "created_us": ctx.now_us,
    }
    asset_id = _insert_tagged(session, op["tag"], values)
    made = Found(Kind.ASSET, asset_id, values["code"], op["name"])
    linking.link_new(session, op, made, ctx.now_us, "alias")
    if values["location_id"]:
        # Its first place is an event like every later one, so that taking one back leads here.
        custody.append(
            session,
            op,
            "move",
            asset_id,
            actor.person_id,
            ctx.now_us,
            to_location_id=values["location_id"],
        )
    return asset_json(_page(session, asset_id, actor, ctx.now_us))


def asset_json(page: AssetPage) -> dict[str, Any]:
    """An asset as the API shows it; a reference is the code of the other thing."""
    row = page.asset
    value_e4 = page.book_value_e4
    return {
        **line_json(row),
        "condition": row.condition,
        "purchase_date": _day(row.purchase_date),
        "warranty_until": _day(row.warranty_until),
        "life_months": row.life_months,
        "notes": row.notes,
        "costs": {
            "parts_total": format_money(row.parts_e4),
            "purchase": _minor(row.purchase_cost_minor),
            "salvage": _minor(row.salvage_minor),
            "book_value": None if value_e4 is None else format_money(value_e4),
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


def _page(connection: Connection | Session, asset_id: int, actor: Actor, now_us: int) -> AssetPage:
    row = queries.asset(connection, asset_id)
    return AssetPage(
        asset=row,
        book_value_e4=book_value_e4(row, now_us),
        usual=queries.usual_parts(connection, row.model_id) if row.model_id else [],
        timeline=_timeline(connection, asset_id, actor),
    )


def book_value_e4(row: AssetRow, now_us: int) -> int | None:
    """What an asset is worth on paper today, None where cost, date or life is unknown."""
    if row.purchase_cost_minor is None or row.purchase_date is None or not row.life_months:
        return None
    value_minor = book_value(
        cost_minor=row.purchase_cost_minor,
        salvage_minor=row.salvage_minor or 0,
        life_months=row.life_months,
        bought=row.purchase_date,
        today=from_us(now_us).date(),
    )
    return value_minor * (E4 // MINOR)


def _timeline(connection: Connection | Session, asset_id: int, actor: Actor) -> list[Line]:
    rows: list[Moved | Happened] = []
    rows += history.moves_of_asset(connection, asset_id, limit=TIMELINE)
    rows += history.events_of_asset(connection, asset_id, limit=TIMELINE)
    rows.sort(key=lambda row: (row.effective_us, row.seq), reverse=True)
    return history.lines_for(actor, rows[:TIMELINE])


def _insert_tagged(session: Session, tag: str | None, values: dict[str, Any]) -> int:
    for attempt in range(TRIES):
        candidate = tag or _next_tag(session, attempt)
        taken = f"The tag {candidate} is on another asset. Choose another tag."
        statement = insert(Asset).values(tag=candidate, **values)
        try:
            return insert_unique(session, statement, taken=taken, field="tag")
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


def _model_id(connection: Connection | Session, reference: str) -> int:
    model = queries.find_model(connection, reference)
    if model is None:
        message = f"There is no model {reference[:60]!r}. Create it first."
        raise NotFound(message, field="model", code="unknown_reference")
    return model.id


def _location_id(session: Session, reference: str) -> int:
    return goods.find(session, Kind.LOCATION, "location", reference)


def _entry_json(row: Moved | Happened) -> dict[str, Any]:
    own = _move_json(row) if isinstance(row, Moved) else _event_json(row)
    return {
        "kind": row.kind,
        "at": iso(row.effective_us),
        "person": row.person,
        **own,
        "operation": row.operation_id,
        "undone": row.undone,
        "note": row.note,
    }


def _move_json(row: Moved) -> dict[str, Any]:
    return {
        "part": row.part_code,
        "part_name": row.part,
        "location": row.location_code,
        "quantity": format_quantity(row.quantity_milli),
        "cost": format_money(-row.value_e4),
    }


def _event_json(row: Happened) -> dict[str, Any]:
    return {
        "to": row.target,
        "condition": row.condition,
        "value": None if row.value_milli is None else format_quantity(row.value_milli),
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
