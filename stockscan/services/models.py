"""Models: what several assets have in common, and the parts that they usually need."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.errors import NotFound
from stockscan.domain.figures import format_quantity, from_us
from stockscan.domain.operations import Op
from stockscan.domain.utilisation import Use
from stockscan.services.work import Context, reading
from stockscan.store import edits, files, goods
from stockscan.store.assets import AssetModel, ModelPart
from stockscan.store.catalogue import assets as queries
from stockscan.store.catalogue import money, utilisation
from stockscan.store.catalogue.assets import AssetRow, ModelRow, UsualPart
from stockscan.store.counts.blindness import SEEING, Blindness, blindness
from stockscan.store.files import Attached
from stockscan.store.locks import hold_row
from stockscan.store.unique import insert_unique, update_unique

_EDITABLE = ("name", "manufacturer", "model_number", "category", "life_months", "notes")
# As many assets of a model as its page shows; the list of assets shows all.
SHOWN = 50
# How far back the page looks at how much its assets were out.
DAYS = 90


@dataclass(frozen=True, slots=True)
class ModelPage:
    """Everything on one model's page; `used` is how much its assets were out in 90 days."""

    model: ModelRow
    usual: list[UsualPart]
    assets: list[AssetRow]
    used: Use
    money: money.ModelMoney
    attachments: list[Attached]


@dataclass(frozen=True, slots=True)
class Need:
    """How much of a part (any reference) a model needs at one place, and how long it lasts."""

    part: str
    quantity_milli: int
    place: str = ""
    life_months: int | None = None
    critical: bool = False


def model_list(ctx: Context) -> list[ModelRow]:
    """Every model, by name."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        return queries.models(connection)


def model_page(ctx: Context, reference: str) -> ModelPage:
    """One model by its name or model number. Raises `NotFound`."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        blind = blindness(connection, actor)
        return _page(connection, _model(connection, reference), ctx.now_us, blind)


def create_model(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Add a model; its name is what it is referred to by."""
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    statement = insert(AssetModel).values(
        name=op["name"],
        manufacturer=op["manufacturer"] or "",
        model_number=op["model_number"] or "",
        category=op["category"] or "",
        life_months=op["life_months"],
        notes=op["notes"] or "",
        created_us=ctx.now_us,
    )
    taken = f"There is a model called {op['name']} already. Use that one, or choose another name."
    insert_unique(session, statement, taken=taken, field="name")
    model = queries.find_model(session, op["name"])
    if model is None:
        raise NotFound
    return model_json(_page(session, model, ctx.now_us))


def edit_model(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Change what the books say about a model; its name is what it is referred to by."""
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    before = _held_model(session, op["model"])
    columns = {name: op.fields[name] for name in _EDITABLE if name in op.fields}
    if "life_months" in columns:
        columns["life_months"] = columns["life_months"] or None
    taken = f"There is a model called {op['name']} already. Choose another name."
    update_unique(session, AssetModel, before.id, columns, taken=taken, field="name")
    after = queries.model(session, before.id)
    assert after is not None
    thing = edits.Thing("model", before.id)
    edits.record(session, op, thing, actor.person_id, model_texts(before), model_texts(after))
    return model_json(_page(session, after, ctx.now_us))


def edit_version(ctx: Context, page: ModelPage) -> int:
    """The version of a model that a form is filled from."""
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    with reading() as connection:
        return edits.version(connection, edits.Thing("model", page.model.id))


def model_texts(row: ModelRow) -> dict[str, str]:
    """What people may edit of a model, as they read it."""
    texts = {name: getattr(row, name) for name in _EDITABLE}
    return {**texts, "life_months": str(row.life_months or "")}


def add_model_part(ctx: Context, session: Session, model: str, need: Need) -> None:
    """Put a part on a model's parts list; what is there at that place already gets these values.

    `model` is a name or model number. Raises `NotFound` for an unknown model or part.
    """
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    listed = _model(session, model)
    key = {
        "model_id": listed.id,
        "part_id": goods.find(session, Kind.PART, "part", need.part),
        "place": need.place,
    }
    row = session.scalars(select(ModelPart).filter_by(**key)).first() or ModelPart(**key)
    row.quantity_milli = need.quantity_milli
    row.life_months, row.critical = need.life_months, need.critical
    session.add(row)
    session.flush()


def set_model_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Put a part on a model's parts list, or change what the list says about it at that place."""
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    model = _held_model(session, op["model"])
    before = _list_texts(session, model.name)
    place, critical = op["place"] or "", bool(op["critical"])
    need = Need(op["part"], op["quantity"], place, op["life_months"], critical)
    add_model_part(ctx, session, model.name, need)
    return _listed(ctx, session, op, actor, model, before)


def remove_model_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Take a part at one place off a model's parts list. Raises `NotFound` for one not on it."""
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    model = _held_model(session, op["model"])
    before = _list_texts(session, model.name)
    part_id = goods.find(session, Kind.PART, "part", op["part"])
    gone = delete(ModelPart).where(
        ModelPart.model_id == model.id,
        ModelPart.part_id == part_id,
        ModelPart.place == (op["place"] or ""),
    )
    if session.execute(gone.returning(ModelPart.id)).first() is None:
        raise NotFound("That part is not on the list any more.", field="part")
    return _listed(ctx, session, op, actor, model, before)


def model_json(page: ModelPage) -> dict[str, Any]:
    """A model as the API shows it."""
    return {
        **line_json(page.model),
        "parts": [
            {
                "part": part.code,
                "part_number": part.part_number,
                "name": part.name,
                "place": part.place,
                "quantity": format_quantity(part.quantity_milli),
                "life_months": part.life_months,
                "critical": part.critical,
            }
            for part in page.usual
        ],
    }


def line_json(model: ModelRow) -> dict[str, Any]:
    """A model as the lists of the API show it.

    A model carries no label: what refers to it, its `code`, is its name.
    """
    return {
        "code": model.name,
        "name": model.name,
        "manufacturer": model.manufacturer,
        "model_number": model.model_number,
        "category": model.category,
        "life_months": model.life_months,
        "notes": model.notes,
        "assets": model.assets,
    }


def _listed(
    ctx: Context,
    session: Session,
    op: Op,
    actor: Actor,
    model: ModelRow,
    before: dict[str, str],
) -> dict[str, Any]:
    """Keep who changed the parts list, and answer with the model."""
    after = _list_texts(session, model.name)
    lines = dict.fromkeys([*before, *after], "")
    thing = edits.Thing("model", model.id)
    edits.record(session, op, thing, actor.person_id, {**lines, **before}, {**lines, **after})
    return model_json(_page(session, _model(session, model.name), ctx.now_us))


def _list_texts(session: Session, reference: str) -> dict[str, str]:
    """The parts list as people read it: each line by its part and place."""
    texts = {}
    for line in queries.usual_parts(session, _model(session, reference).id):
        place = f", {line.place}" if line.place else ""
        life = f", lasts {line.life_months} months" if line.life_months else ""
        critical = ", critical" if line.critical else ""
        quantity = format_quantity(line.quantity_milli)
        texts[f"{line.part_number}{place}"] = f"{quantity} {line.unit}{life}{critical}"
    return texts


def _model(connection: Connection | Session, reference: str) -> ModelRow:
    model = queries.find_model(connection, reference)
    if model is None:
        raise NotFound(f"There is no model {reference[:60]!r}.", field="model")
    return model


def _held_model(session: Session, reference: str) -> ModelRow:
    """A model as it is now, which nobody else changes meanwhile."""
    number = _model(session, reference).id
    hold_row(session, AssetModel, number)
    model = queries.model(session, number)
    assert model is not None
    return model


def _page(
    connection: Connection | Session, model: ModelRow, now_us: int, blind: Blindness = SEEING
) -> ModelPage:
    return ModelPage(
        model=model,
        usual=queries.usual_parts(connection, model.id, blind),
        assets=queries.assets_of_model(connection, model.id, limit=SHOWN),
        used=utilisation.of_model(connection, model.id, now_us, DAYS),
        money=money.money_of_model(connection, model.id, from_us(now_us).date()),
        attachments=files.attachments_of(connection, "model", model.id),
    )
