"""Rows and queries of maintenance: plans, jobs, their parts."""

from stockscan.store.maintenance.rows import Job, JobPart, MaintenancePlan, PlanAsset, PlanPart

__all__ = ["Job", "JobPart", "MaintenancePlan", "PlanAsset", "PlanPart"]
