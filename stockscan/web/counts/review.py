"""Counts: what waits for a decision, the story of each variance, approve or reject."""

import uuid

from flask import Response, request

from stockscan.services import counts
from stockscan.web import htmx
from stockscan.web.counts.door import blueprint
from stockscan.web.security import current_context


@blueprint.get("/counts")
def index() -> Response:
    """What waits for someone, and what was counted last."""
    waiting, latest = counts.count_list(current_context())
    return htmx.render("counts/counts.html", "main", waiting=waiting, latest=latest)


@blueprint.get("/counts/<count_id>")
def show(count_id: str) -> Response:
    """One count with its lines."""
    page = counts.count_page(current_context(), count_id)
    return htmx.render("counts/count.html", "main", page=page, fresh_id=lambda: str(uuid.uuid4()))


@blueprint.post("/counts/<count_id>/posting")
def post(count_id: str) -> Response:
    """Book the counted quantities, if the variances are still the ones that were looked at."""
    seen = {
        int(name[5:]): int(value)
        for name, value in request.form.items()
        if name.startswith("seen-") and name[5:].isdecimal() and value.lstrip("-").isdecimal()
    }
    done = counts.post(current_context(), count_id, approve=True, seen=seen)
    again = any(line["state"] == "NEEDS_REVIEW" for line in done["lines"])
    rejected = any(line["state"] == "REJECTED" for line in done["lines"])
    notice = "It was rejected before. Nothing was changed." if rejected else "Booked as counted."
    notice = "Stock moved since you looked. Look again." if again else notice
    return htmx.see_other(f"/counts/{count_id}", notice, done=not (again or rejected))


@blueprint.post("/counts/<count_id>/rejection")
def reject(count_id: str) -> Response:
    """Decide that the count was wrong: nothing is booked."""
    done = counts.reject(current_context(), count_id)
    booked = any(line["state"] == "POSTED" for line in done["lines"])
    notice = "It was booked before. Nothing was changed." if booked else "Rejected: not booked."
    return htmx.see_other(f"/counts/{count_id}", notice, done=not booked)
