"""The list of assets: by any of its filters, sorted, by the page, and all codes that match."""

from dataclasses import dataclass

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.services.assets.worth import book_value_e4
from stockscan.services.work import Context, reading
from stockscan.store.catalogue.assets import AssetRow
from stockscan.store.catalogue.listing import assets as queries
from stockscan.store.catalogue.listing.assets import AssetFilters
from stockscan.store.catalogue.listing.keyset import count, settled

PAGE = 50


@dataclass(frozen=True, slots=True)
class AssetList:
    """One page of assets; `next` is the cursor of the following page, "" at the end.

    `worth_e4` is the book value of each by its code, None where it is unknown. `counts` are how
    many each way of showing has, `total` how many these filters let through: at most 1001, which
    stands for more than 1000. `is_sorted` is false where too many have the words to be sorted.
    """

    rows: list[AssetRow]
    worth_e4: dict[str, int | None]
    counts: dict[str, int]
    total: int
    next: str
    is_sorted: bool = True


def asset_list(
    ctx: Context, *, sort: str = "tag", after: str = "", limit: int = PAGE, **asked: str
) -> AssetList:
    """A page of assets; `asked` are the fields of `AssetFilters`, `after` the last one's code.

    Raises `NotFound` and `Invalid`, with the field, for what names nothing or can't be asked.
    """
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        chosen = queries.asset_ids(connection, AssetFilters(**asked), ctx.today)
        wanted = queries.asset_order(connection, sort)
        order = settled(connection, Kind.ASSET, asked.get("text", ""), wanted)
        rows = queries.asset_page(connection, chosen, order, after, limit)
        counts = queries.asset_counts(connection, ctx.today)
        total = count(connection, chosen)
    worth_e4 = {row.code: book_value_e4(row, ctx.now_us) for row in rows[:limit]}
    following = rows[limit - 1].code if len(rows) > limit else ""
    return AssetList(rows[:limit], worth_e4, counts, total, following, order is wanted)


def asset_codes(ctx: Context, *, limit: int, sort: str = "tag", **asked: str) -> list[str]:
    """The codes of the first assets of a list, as many as `limit`. Raises like `asset_list`."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        chosen = queries.asset_ids(connection, AssetFilters(**asked), ctx.today)
        order = queries.asset_order(connection, sort)
        return queries.asset_codes(connection, chosen, order, limit)
