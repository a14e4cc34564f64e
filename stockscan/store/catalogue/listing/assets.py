"""Assets as lists ask for them: by state, model, category, place, holder, condition, words."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, literal_column, not_, or_, select
from sqlalchemy import text as sql

from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid, NotFound
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.catalogue.assets import AssetRow, asset_rows, find_model
from stockscan.store.catalogue.listing.keyset import (
    Order,
    capped,
    has_text,
    order_of,
    page_of_ids,
    rows_of,
)
from stockscan.store.catalogue.locations import below
from stockscan.store.catalogue.paging import Query
from stockscan.store.db import on_postgresql
from stockscan.store.scanning import thing_called

# What is due within so many days is due soon.
SOON_DAYS: Final = 3
# Spelled as in the partial indexes of migration 0007.
_GONE: Final = sql("asset.status IN ('retired', 'disposed')")
_HERE: Final = sql("asset.status NOT IN ('retired', 'disposed')")
_OUT: Final = Asset.out_since_us.is_not(None)
SHOWN: Final = ("all", "out", "in", "overdue", "due_soon", "down", "retired")
SORTS: Final = ("tag", "name", "due", "bought", "price")


@dataclass(frozen=True, slots=True)
class AssetFilters:
    """Which assets a list shows; "" is no filter.

    `show` is one of `SHOWN`, `model` a name or number, `place` and `person` any reference (a place
    stands for all inside it, a person for what they have), `condition` 1 to 5, `text` words in any
    order.
    """

    show: str = "all"
    model: str = ""
    category: str = ""
    place: str = ""
    person: str = ""
    condition: str = ""
    text: str = ""


def asset_ids(connection: Connection, asked: AssetFilters, today: date) -> Select[int]:
    """The ids of all assets that the filters let through, in no order.

    Raises `NotFound` and `Invalid`, with the field, for what names nothing.
    """
    if asked.show not in SHOWN:
        raise Invalid(f"show must be one of {', '.join(SHOWN)}.", field="show")
    query = select(Asset.id).where(*_shown(today)[asked.show])
    if asked.model:
        query = query.where(Asset.model_id == _model(connection, asked.model))
    if asked.category:
        query = query.where(_in_category(asked.category))
    if asked.place:
        place_id = _thing(connection, Kind.LOCATION, "place", asked.place)
        query = query.where(Asset.location_id.in_(below(place_id)))
    if asked.person:
        person_id = _thing(connection, Kind.PERSON, "person", asked.person)
        query = query.where(Asset.custodian_person_id == person_id)
    if asked.condition:
        query = query.where(Asset.condition == _grade(asked.condition))
    return query.where(*has_text(connection, Kind.ASSET, asked.text, Asset))


def asset_query(
    connection: Connection, asked: AssetFilters, today: date, sort: str = "tag"
) -> Query:
    """All assets that the filters let through, sorted, as `AssetRow`s: for exports."""
    chosen = asset_rows().where(Asset.id.in_(asset_ids(connection, asked, today).correlate(None)))
    return asset_order(connection, sort).sort(chosen)


def asset_page(
    connection: Connection, query: Select[int], order: Order, after: str, limit: int
) -> list[AssetRow]:
    """One page of these assets and one more; `after` is the code of the last one shown."""
    ids = page_of_ids(connection, query, order, after, limit)
    return rows_of(connection, AssetRow, asset_rows(), Asset, ids)


def asset_codes(connection: Connection, query: Select[int], order: Order, limit: int) -> list[str]:
    """The codes of the first of these assets."""
    some = order.sort(query.with_only_columns(Asset.code)).limit(limit)
    return list(connection.execute(some).scalars())


def asset_counts(connection: Connection, today: date) -> dict[str, int]:
    """How many assets each way of showing them has; 1001 stands for more than 1000."""
    shown = _shown(today)
    counted = [capped(select(Asset.id).where(*conditions)) for conditions in shown.values()]
    return dict(zip(shown, connection.execute(select(*counted)).one(), strict=True))


def asset_order(connection: Connection, sort: str) -> Order:
    """The order of a list of assets. Raises `Invalid` for a sort that there is not."""
    # Constants and not parameters, or PostgreSQL does not see that the index is meant.
    day = "DATE " if on_postgresql(connection) else ""
    sorts = {
        "tag": func.lower(Asset.tag),
        "name": func.lower(Asset.name),
        "due": func.coalesce(Asset.due_on, literal_column(f"{day}'9999-12-31'", Asset.due_on.type)),
        "bought": func.coalesce(
            Asset.purchase_date, literal_column(f"{day}'0001-01-01'", Asset.due_on.type)
        ),
        "price": func.coalesce(Asset.purchase_cost_minor, literal_column("-1")),
    }
    return order_of(Asset, sorts, sort)


def _shown(today: date) -> dict[str, tuple[Any, ...]]:
    soon = today + timedelta(days=SOON_DAYS)
    return {
        "all": (),
        "out": (_OUT, _HERE),
        "in": (not_(_OUT), _HERE),
        "overdue": (_OUT, _HERE, Asset.due_on < today),
        "due_soon": (_OUT, _HERE, Asset.due_on.between(today, soon)),
        "down": (sql("asset.status = 'down'"),),
        "retired": (_GONE,),
    }


def _in_category(category: str) -> Any:
    """Of this category, or without one and of a model of this category."""
    wanted = category.strip().lower()
    models = select(AssetModel.id).where(func.lower(AssetModel.category) == wanted)
    of_model = and_(Asset.category == "", Asset.model_id.in_(models))
    return or_(func.lower(Asset.category) == wanted, of_model)


def _model(connection: Connection, reference: str) -> int:
    model = find_model(connection, reference)
    if model is None:
        message = f"There is no model {reference[:60]!r}. Choose one from the list of models."
        raise NotFound(message, field="model", code="unknown_reference")
    return model.id


def _thing(connection: Connection, kind: Kind, field: str, reference: str) -> int:
    return thing_called(connection, reference, kind, field).id


def _grade(condition: str) -> int:
    if condition not in {"1", "2", "3", "4", "5"}:
        raise Invalid("condition must be 1 to 5.", field="condition")
    return int(condition)
