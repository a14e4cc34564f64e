"""The board of jobs: overdue, this week, in work, done lately."""

from flask import Response

from stockscan.services import maintenance
from stockscan.web import htmx
from stockscan.web.maintenance.door import blueprint
from stockscan.web.security import current_context


@blueprint.get("/jobs/board")
def board() -> Response:
    """The jobs by how far they are, with those that are short of parts marked."""
    ctx = current_context()
    found = maintenance.job_board(ctx)
    return htmx.render("maintenance/board/board.html", "main", board=found, today=ctx.today)
