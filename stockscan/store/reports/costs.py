"""What assets cost in some months, summed by asset, model, site or month; each sum is the same.

A cost counts where its asset stands today, and whatever became of the asset since.
"""

from collections.abc import Callable
from dataclasses import astuple, dataclass
from operator import add, sub
from typing import Any, Final

from sqlalchemy import CTE, Connection, Select, Subquery, case, func, literal, select
from sqlalchemy.orm import Session, aliased

from stockscan.domain.reports.months import Months
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.catalogue.paging import rows_as
from stockscan.store.locations import Location
from stockscan.store.reports.charged import charged
from stockscan.store.reports.summing import summed
from stockscan.store.reports.usage import Chosen


@dataclass(frozen=True, slots=True)
class Cost:
    """Parts, hours of work and standing still, in 1/10,000; `jobs` is how many were done."""

    parts_e4: int = 0
    labour_e4: int = 0
    down_e4: int = 0
    jobs: int = 0

    @property
    def total_e4(self) -> int:
        """All of it."""
        return self.parts_e4 + self.labour_e4 + self.down_e4

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(*map(add, astuple(self), astuple(other)))

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(*map(sub, astuple(self), astuple(other)))

    def __bool__(self) -> bool:
        """Whether it is anything at all."""
        return any(astuple(self))


@dataclass(frozen=True, slots=True)
class CostRow:
    """What one asset, model, site or month cost.

    `key` is what narrows a list to it (a code, a model's name, a month's number), "" for what has
    none; `more` says more about it; `assets` is how many were charged.
    """

    key: str
    name: str
    more: str
    assets: int
    cost: Cost


# No id is 0.
WITHOUT: Final = 0


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which assets are looked at: those of a model, those at a site, or all; by their ids.

    `WITHOUT` in place of an id is for those of no model, or at no place.
    """

    model_id: int | None = None
    site_id: int | None = None


def total(connection: Connection | Session, months: Months, narrowed: Narrowed) -> Cost:
    """What they cost together."""
    found = charged(months, _ids(narrowed))
    return Cost(*connection.execute(select(*_sums(found))).one())


def by(
    connection: Connection | Session, what: str, months: Months, narrowed: Narrowed, limit: int
) -> list[CostRow]:
    """By "asset", "model", "site" or "month": the dearest first, months in their order."""
    found = charged(months, _ids(narrowed))
    rows = connection.execute(_BY[what](found).limit(limit))
    return [
        CostRow(str(key or ""), str(name or ""), more or "", int(assets), Cost(*sums))
        for key, name, more, assets, *sums in rows
    ]


def of_asset(connection: Connection | Session, asset_id: int, months: Months) -> Cost:
    """What one asset cost."""
    found = charged(months, [asset_id])
    return Cost(*connection.execute(select(*_sums(found))).one())


def months_of_asset(
    connection: Connection | Session, asset_id: int, months: Months
) -> dict[int, Cost]:
    """What one asset cost by month; months without a cost are left out."""
    found = charged(months, [asset_id])
    rows = connection.execute(select(found.c.month, *_sums(found)).group_by(found.c.month))
    return {int(month): Cost(*sums) for month, *sums in rows}


def sites() -> CTE:
    """Each place (`id`) with the site that it lies in (`site_id`); a place outside any: its top."""
    inner = aliased(Location)
    top = select(Location.id, Location.id.label("site_id")).where(Location.parent_id.is_(None))
    tree = top.cte("site_of", recursive=True)
    site = case((inner.kind == "site", inner.id), else_=tree.c.site_id)
    return tree.union_all(select(inner.id, site).where(inner.parent_id == tree.c.id))


def every_site(connection: Connection | Session) -> list[tuple[str, str]]:
    """The code and name of each site that assets can be at, by name."""
    tree = sites()
    found = select(Location.code, Location.name).where(Location.id.in_(select(tree.c.site_id)))
    return rows_as(lambda code, name: (code, name), connection.execute(found.order_by("name")))


def _ids(narrowed: Narrowed) -> Chosen:
    chosen = []
    if narrowed.model_id is not None:
        of_it = Asset.model_id == narrowed.model_id
        chosen.append(of_it if narrowed.model_id else Asset.model_id.is_(None))
    if narrowed.site_id is not None:
        tree = sites()
        there = select(tree.c.id).where(tree.c.site_id == narrowed.site_id)
        at_it = Asset.location_id.in_(there)
        chosen.append(at_it if narrowed.site_id else Asset.location_id.is_(None))
    return select(Asset.id).where(*chosen) if chosen else ()


def _sums(found: Subquery) -> list[Any]:
    columns = (found.c.parts_e4, found.c.labour_e4, found.c.down_e4, found.c.jobs)
    return [summed(column) for column in columns]


def _per_asset(found: Subquery) -> Subquery:
    """Summed by asset first: names are looked up once for each, not for each row."""
    sums = zip(("parts_e4", "labour_e4", "down_e4", "jobs"), _sums(found), strict=True)
    columns = [each.label(name) for name, each in sums]
    return select(found.c.asset_id, *columns).group_by(found.c.asset_id).subquery("per_asset")


def _dearest(each: Subquery) -> Any:
    return func.sum(each.c.parts_e4 + each.c.labour_e4 + each.c.down_e4).desc()


def _by_asset(found: Subquery) -> Select[Any]:
    each = _per_asset(found)
    sums = (each.c.parts_e4, each.c.labour_e4, each.c.down_e4, each.c.jobs)
    dearest = (each.c.parts_e4 + each.c.labour_e4 + each.c.down_e4).desc()
    return (
        select(Asset.code, Asset.tag, Asset.name, literal(1), *sums)
        .join(each, each.c.asset_id == Asset.id)
        .order_by(dearest, func.lower(Asset.tag))
    )


def _by_model(found: Subquery) -> Select[Any]:
    each = _per_asset(found)
    name = AssetModel.name
    return (
        select(name, name, AssetModel.manufacturer, func.count(), *_sums(each))
        .select_from(each)
        .join(Asset, Asset.id == each.c.asset_id)
        .outerjoin(AssetModel, AssetModel.id == Asset.model_id)
        .group_by(AssetModel.id, name, AssetModel.manufacturer)
        .order_by(_dearest(each), func.lower(name))
    )


def _by_site(found: Subquery) -> Select[Any]:
    each, tree = _per_asset(found), sites()
    return (
        select(Location.code, Location.name, literal(""), func.count(), *_sums(each))
        .select_from(each)
        .join(Asset, Asset.id == each.c.asset_id)
        .outerjoin(tree, tree.c.id == Asset.location_id)
        .outerjoin(Location, Location.id == tree.c.site_id)
        .group_by(Location.id, Location.code, Location.name)
        .order_by(_dearest(each), func.lower(Location.name))
    )


def _by_month(found: Subquery) -> Select[Any]:
    month = found.c.month
    assets = func.count(found.c.asset_id.distinct())
    return (
        select(month, literal(""), literal(""), assets, *_sums(found))
        .group_by(month)
        .order_by(month)
    )


_BY: Final[dict[str, Callable[[Subquery], Select[Any]]]] = {
    "asset": _by_asset,
    "model": _by_model,
    "site": _by_site,
    "month": _by_month,
}
WAYS: Final = tuple(_BY)
