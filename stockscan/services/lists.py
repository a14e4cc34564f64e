"""The list of models, by words and by the page."""

from dataclasses import dataclass

from stockscan.domain.access import Permission, require
from stockscan.services.work import Context, reading
from stockscan.store.catalogue.assets import ModelRow
from stockscan.store.catalogue.listing import models as queries
from stockscan.store.catalogue.listing.keyset import count

PAGE = 50


@dataclass(frozen=True, slots=True)
class ModelList:
    """One page of models; `next` is the name after which the following one begins, "" at the end.

    `total` is how many there are: at most 1001, which stands for more than 1000.
    """

    rows: list[ModelRow]
    total: int
    next: str
    is_sorted: bool = True


def models(
    ctx: Context, *, text: str = "", sort: str = "name", after: str = "", limit: int = PAGE
) -> ModelList:
    """A page of the models that have all words of the text; `after` is the name of the last one.

    Raises `Invalid` for what can't be asked.
    """
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        chosen = queries.model_ids(connection, text)
        order = queries.model_order(sort)
        rows = queries.model_page(connection, chosen, order, after, limit)
        total = count(connection, chosen)
    return ModelList(rows[:limit], total, rows[limit - 1].name if len(rows) > limit else "")
