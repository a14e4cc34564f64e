"""When a plan was last carried out on an asset: kept from its jobs, so that it can be kept anew."""

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from stockscan.domain.figures import day_of
from stockscan.domain.maintenance import JobState
from stockscan.store.assets import Asset
from stockscan.store.locks import hold_row
from stockscan.store.maintenance.rows import Job, PlanAsset


def remember(session: Session, plan_id: int, asset_id: int) -> None:
    """Keep when the plan was done last on the asset, and which due day is settled.

    Called whenever one of its jobs is done, cancelled, or open again. A cancelled job settles its
    due day: what follows it comes next. Two who end jobs of it wait for each other.
    """
    hold_row(session, Asset, asset_id)
    mine = (Job.plan_id == plan_id, Job.asset_id == asset_id)
    done = session.execute(
        select(Job.done_us, Job.meter_milli)
        .where(*mine, Job.state == JobState.DONE)
        .order_by(Job.done_us.desc(), Job.id.desc())
        .limit(1)
    ).first()
    ended = (JobState.DONE, JobState.CANCELLED)
    settled = session.execute(
        select(func.max(Job.due_on), func.max(Job.due_milli)).where(*mine, Job.state.in_(ended))
    ).one()
    session.execute(
        delete(PlanAsset).where(PlanAsset.plan_id == plan_id, PlanAsset.asset_id == asset_id)
    )
    if done is not None or settled[0] is not None:
        values = {
            "plan_id": plan_id,
            "asset_id": asset_id,
            "done_on": day_of(done.done_us) if done else None,
            "done_milli": done.meter_milli if done else None,
            "was_due_on": settled[0],
            "was_due_milli": settled[1],
        }
        session.execute(insert(PlanAsset).values(values))
