"""Maintenance: plans, the jobs that they make, and the work on them."""

from stockscan.services.maintenance.calendar import (
    Board,
    Month,
    job_board,
    month,
)
from stockscan.services.maintenance.changing import reverse_job
from stockscan.services.maintenance.faults import report_fault
from stockscan.services.maintenance.finishing import cancel_job, finish_job
from stockscan.services.maintenance.jobs import create_job, edit_job
from stockscan.services.maintenance.kit_moves import pick, put_back
from stockscan.services.maintenance.kits import (
    release_kit,
    remove_job_part,
    reserve_kit,
    set_job_part,
)
from stockscan.services.maintenance.making import make_jobs
from stockscan.services.maintenance.plan_pages import (
    AssetPlans,
    PlanList,
    PlanPage,
    asset_plans,
    editable_plan,
    plan_list,
    plan_page,
)
from stockscan.services.maintenance.plans import (
    create_plan,
    edit_plan,
    remove_plan_part,
    set_plan_part,
)
from stockscan.services.maintenance.working import (
    log_work,
    pause_job,
    set_running,
    start_job,
    tick_job,
)

__all__ = [
    "AssetPlans",
    "Board",
    "Month",
    "PlanList",
    "PlanPage",
    "asset_plans",
    "cancel_job",
    "create_job",
    "create_plan",
    "edit_job",
    "edit_plan",
    "editable_plan",
    "finish_job",
    "job_board",
    "log_work",
    "make_jobs",
    "month",
    "pause_job",
    "pick",
    "plan_list",
    "plan_page",
    "put_back",
    "release_kit",
    "remove_job_part",
    "remove_plan_part",
    "report_fault",
    "reserve_kit",
    "reverse_job",
    "set_job_part",
    "set_plan_part",
    "set_running",
    "start_job",
    "tick_job",
]
