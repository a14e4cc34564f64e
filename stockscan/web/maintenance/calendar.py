"""The calendar of maintenance: a month with its jobs, and with what plans will make due."""

from datetime import date

from flask import Response, request

from stockscan.domain.maintenance.rules import FIRST_DAY, LAST_DAY
from stockscan.services import maintenance
from stockscan.web import htmx
from stockscan.web.maintenance.door import blueprint
from stockscan.web.security import current_context


@blueprint.get("/jobs/calendar")
def calendar() -> Response:
    """The month in the address, or this one."""
    ctx = current_context()
    month = maintenance.month(ctx, _asked(ctx.today))
    return htmx.render("maintenance/calendar/calendar.html", "main", month=month, today=ctx.today)


def _asked(today: date) -> date:
    try:
        day = date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return today
    return day if FIRST_DAY <= day <= LAST_DAY else today
