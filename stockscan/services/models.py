"""Models: what several assets have in common, and the parts that they usually need."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.errors import NotFound
from stockscan.domain.figures import E4, MINOR, format_money, from_us
from stockscan.domain.installs import Line
from stockscan.domain.operations import Op
from stockscan.domain.utilisation import Use
from stockscan.services.work import Context, reading
from stockscan.store import edits, files, goods
from stockscan.store.assets import AssetModel, ModelPart
from stockscan.store.catalogue import assets as queries
from stockscan.store.catalogue import money, utilisation
from stockscan.store.catalogue.assets import AssetRow, ModelRow
from stockscan.store.counts.blindness import SEEING, Blindness, blindness
from stockscan.store.files import Attached
from stockscan.store.installs import lines, listed
from stockscan.store.installs.listed import ListedPart, listed_json
from stockscan.store.locks import hold_row
from stockscan.store.unique import insert_unique, update_unique

_TEXTS = ("name", "manufacturer", "model_number", "category", "notes")
_VALUES = {
    "life_months": "life_months",
    "replacement_cost": "replacement_minor",
    "down_hour_cost": "down_hour_minor",
}
# As many assets of a model as its page shows; the list of assets shows all.
SHOWN = 50
# How far back the page looks at how much its assets were out.
DAYS = 90


@dataclass(frozen=True, slots=True)
class ModelPage:
    """Everything on one model's page; `used` is how much its assets were out in 90 days."""

    model: ModelRow
    usual: list[ListedPart]
    assets: list[AssetRow]
    used: Use
    money: money.ModelMoney
    attachments: list[Attached]


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
        **{name: op[name] or "" for name in _TEXTS},
        **{column: op[name] for name, column in _VALUES.items()},
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
    given = op.fields
    columns = {name: given[name] for name in _TEXTS if name in given}
    columns |= {column: _value(given[name]) for name, column in _VALUES.items() if name in given}
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
    return {
        **{name: getattr(row, name) for name in _TEXTS},
        "life_months": str(row.life_months or ""),
        "replacement_cost": _amount(row.replacement_minor),
        "down_hour_cost": _amount(row.down_hour_minor),
    }


def add_model_part(ctx: Context, session: Session, model: str, part: str, line: Line) -> None:
    """Put a part on a model's parts list; what is there at that place already gets these values.

    `model` is a name or model number, `part` any reference. Raises `NotFound` for an unknown one.
    """
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    owner = {"model_id": _model(session, model).id}
    lines.put(session, ModelPart, owner, goods.find(session, Kind.PART, "part", part), line)


def set_model_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Put a part on a model's parts list, or change what the list says about it at that place."""
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    model = _held_model(session, op["model"])
    before = _list_texts(session, model.id)
    add_model_part(ctx, session, model.name, op["part"], Line.of(op))
    return _listed(ctx, session, op, actor, model, before)


def remove_model_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Take a part at one place off a model's parts list. Raises `NotFound` for one not on it."""
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    model = _held_model(session, op["model"])
    before = _list_texts(session, model.id)
    part_id, place = goods.find(session, Kind.PART, "part", op["part"]), op["place"] or ""
    if not lines.take_off(session, ModelPart, {"model_id": model.id}, part_id, place):
        raise NotFound("That part is not on the list any more.", field="part")
    return _listed(ctx, session, op, actor, model, before)


def model_json(page: ModelPage) -> dict[str, Any]:
    """A model as the API shows it."""
    return {
        **line_json(page.model),
        "parts": [listed_json(line) for line in page.usual],
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
        "replacement_cost": _amount(model.replacement_minor) or None,
        "down_hour_cost": _amount(model.down_hour_minor) or None,
        "notes": model.notes,
        "assets": model.assets,
    }


def _value(given: Any) -> Any:
    """What a column holds; nothing for an emptied field."""
    return None if given == "" else given


def _amount(amount_minor: int | None) -> str:
    return "" if amount_minor is None else format_money(amount_minor * (E4 // MINOR))


def _listed(
    ctx: Context,
    session: Session,
    op: Op,
    actor: Actor,
    model: ModelRow,
    before: dict[str, str],
) -> dict[str, Any]:
    """Keep who changed the parts list, and answer with the model."""
    after = _list_texts(session, model.id)
    lines = dict.fromkeys([*before, *after], "")
    thing = edits.Thing("model", model.id)
    edits.record(session, op, thing, actor.person_id, {**lines, **before}, {**lines, **after})
    return model_json(_page(session, _model(session, model.name), ctx.now_us))


def _list_texts(session: Session, model_id: int) -> dict[str, str]:
    """The parts list as people read it: each line by its part and place."""
    return {part.label: part.line.said(part.unit) for part in listed.model_list(session, model_id)}


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
        usual=listed.model_list(connection, model.id, blind),
        assets=queries.assets_of_model(connection, model.id, limit=SHOWN),
        used=utilisation.of_model(connection, model.id, now_us, DAYS),
        money=money.money_of_model(connection, model.id, from_us(now_us).date()),
        attachments=files.attachments_of(connection, "model", model.id),
    )
