"""The calendar of counts: what falls due when, and the classes that it goes by."""

from flask import Response

from stockscan.services import counts
from stockscan.web import htmx
from stockscan.web.counts.door import blueprint
from stockscan.web.security import current_context


@blueprint.get("/counts/schedule")
def schedule() -> Response:
    """What is due now, in the next days and weeks, and how the parts are classed."""
    ctx = current_context()
    plan = counts.calendar(ctx)
    return htmx.render(
        "counts/schedule/schedule.html", "main", plan=plan, classes=counts.classes(ctx)
    )


@blueprint.post("/counts/classes")
def classify() -> Response:
    """Class the parts anew by what was used of them in a year."""
    changed = counts.classify(current_context())
    words = "1 part changed its class." if changed == 1 else f"{changed} parts changed their class."
    return htmx.see_other("/counts/schedule", words if changed else "Nothing changed.")
