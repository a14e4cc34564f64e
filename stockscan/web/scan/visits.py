"""Visits to the bins of a count: begin one, count along with others, say that no more is there."""

from dataclasses import replace

from flask import Response, request

from stockscan.domain.errors import StockScanError
from stockscan.domain.operations import parse_id
from stockscan.services import operations
from stockscan.services.counts import sheets
from stockscan.services.scanning import Situation
from stockscan.web.scan.doing import done_by, record
from stockscan.web.scan.onward import asking
from stockscan.web.scan.stage import blueprint, refused, show, since_ms, situation
from stockscan.web.security import current_context


@blueprint.post("/visits")
def count_along() -> Response:
    """Count a bin that somebody else counts too, on one's own."""
    return begin(situation(request.form), join=True)


@blueprint.post("/completions")
def complete() -> Response:
    """Say of a bin that nothing else is in it: every record that nobody counted becomes 0."""
    ctx, now = current_context(), situation(request.form)
    action_id = parse_id(request.form.get("id"))
    raw = {
        "kind": "count",
        "location": now.on,
        "complete": True,
        "window_ms": since_ms(now.since, ctx.now_us),
        **({"quantity": "0"} if now.say == "empty" else {}),
        **({"count": now.count} if now.count else {}),
    }
    after = replace(now, say="")
    return done_by(action_id, after) or record(action_id, [raw], after)


def begin(now: Situation, *, join: bool = False) -> Response:
    """Take in hand what is to be counted in the bin `on`, and ask for the first number."""
    try:
        visit = sheets.begin_visit(current_context(), now.count, now.on, join=join)
    except StockScanError as error:
        return refused(now, operations.error_json(error))
    return show(asking(now, visit))
