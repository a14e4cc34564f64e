"""Pages about maintenance: plans, jobs, faults, kits, the calendar and the board."""

from stockscan.web.maintenance import board, calendar, faults, jobs, kits, plans, settings, work
from stockscan.web.maintenance.door import blueprint

__all__ = ["blueprint", "board", "calendar", "faults", "jobs", "kits", "plans", "settings", "work"]
