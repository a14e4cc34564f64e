"""What a repair of one machine would cost, and what a new one costs, as far as the books know."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from stockscan.domain.figures import MINOR_E4, divide, times
from stockscan.domain.maintenance import JobKind, JobState
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.maintenance.rows import Job, JobPart
from stockscan.store.parts import Part, PartWorth
from stockscan.store.reports.named import cost_now
from stockscan.store.settings import Settings

_HOUR_MIN = 60


class OpenWork(NamedTuple):
    """The open faults and repairs of a machine: how many, and what their kits and hours cost."""

    jobs: int
    cost_e4: int


class Price(NamedTuple):
    """What a new one costs, and where that is written: "asset", "model", "paid" or "" for none."""

    minor: int | None
    source: str


def open_work(connection: Connection | Session, asset_id: int, settings: Settings) -> OpenWork:
    """What waits to be repaired: its kits at today's cost, its hours at the usual rate."""
    wanted = (
        Job.asset_id == asset_id,
        Job.state.in_((JobState.OPEN, JobState.STARTED)),
        Job.kind.in_((JobKind.FAULT, JobKind.REPAIR)),
    )
    jobs, minutes = connection.execute(
        select(func.count(), func.coalesce(func.sum(Job.minutes), 0)).where(*wanted)
    ).one()
    kits = connection.execute(
        select(JobPart.quantity_milli, cost_now())
        .join(Job, Job.id == JobPart.job_id)
        .join(Part, Part.id == JobPart.part_id)
        .outerjoin(PartWorth, PartWorth.part_id == Part.id)
        .where(*wanted)
    )
    parts_e4 = sum(times(milli, cost_e4) for milli, cost_e4 in kits)
    labour_e4 = divide(int(minutes or 0) * settings.labour_hour_minor * MINOR_E4, _HOUR_MIN)
    return OpenWork(jobs, parts_e4 + labour_e4)


def price_of(connection: Connection | Session, asset_id: int) -> Price:
    """What a new one of this asset costs: by itself, by its model, or what it cost once."""
    own, models, paid = connection.execute(
        select(Asset.replacement_minor, AssetModel.replacement_minor, Asset.purchase_cost_minor)
        .outerjoin(AssetModel, AssetModel.id == Asset.model_id)
        .where(Asset.id == asset_id)
    ).one()
    known = (Price(own, "asset"), Price(models, "model"), Price(paid, "paid"))
    return next((price for price in known if price.minor is not None), Price(None, ""))
