"""The work behind what maintenance needs, worked out one asset after the other."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from stockscan.store.assets import Asset
from stockscan.store.maintenance.demand import Demand
from stockscan.store.maintenance.forecast import Work


def worked_out(connection: Connection, found: list[Demand], until: date) -> dict[int, list[Work]]:
    """Part to the work that needs it up to a day, one asset after the other."""
    rows = connection.execute(select(Asset.id, Asset.model_id, Asset.category))
    kinds = {asset_id: (model_id, category) for asset_id, model_id, category in rows}
    works: dict[int, dict[Any, Work]] = {each.part_id: {} for each in found}
    seen = set()
    for each in found:
        if each.day <= until:
            key = (each.plan_id, None if each.plan_id else each.job_id)
            work = works[each.part_id].setdefault(key, Work(*key))
            work.needs(each.day, each.quantity_milli)
            if (each.part_id, key, each.asset_id) not in seen:
                work.on(each.asset_id, 1, kinds[each.asset_id])
            seen.add((each.part_id, key, each.asset_id))
    return {part_id: list(mine.values()) for part_id, mine in works.items()}


def told(works: dict[int, list[Work]]) -> dict[int, list[Any]]:
    """What there is to compare: of several assets it does not matter which one is named."""
    return {
        part_id: sorted(
            (w.plan_id or 0, w.job_id or 0, w.assets, w.quantity_milli, w.first_on,
             sorted(w.kinds, key=str), w.asset_id if w.assets == 1 else 0)
            for w in mine
        )
        for part_id, mine in works.items()
    }  # fmt: skip
