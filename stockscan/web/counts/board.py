"""The board of counts: what is due, what runs, what waits for me."""

from flask import Response, request

from stockscan.services import counts
from stockscan.web import htmx
from stockscan.web.counts.door import blueprint
from stockscan.web.security import current_context


@blueprint.get("/counts")
def index() -> Response:
    """Everything about counts that one may want to do next."""
    everything = request.args.get("ended") == "all"
    board = counts.board(current_context(), all_ended=everything)
    return htmx.render("counts/board/board.html", "main", board=board)


@blueprint.get("/counts/due")
def due_row() -> Response:
    """What is due, as one line of another page: it takes a moment, so that page does not wait."""
    return htmx.render("counts/board/due.html", "due", classes=counts.due(current_context()))
