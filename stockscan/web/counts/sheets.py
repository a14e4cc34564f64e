"""My counts and my sheet of one: how far I am, which bin comes next, pause and submit."""

from flask import Response, request

from stockscan.services import counts
from stockscan.services.counts import sheets
from stockscan.web import htmx
from stockscan.web.counts.door import blueprint
from stockscan.web.security import current_context


@blueprint.get("/counts/mine")
def mine() -> Response:
    """The counts in which something is left for me."""
    running = sheets.my_counts(current_context())
    return htmx.render("counts/sheets/mine.html", "main", running=running)


@blueprint.get("/counts/<count_id>/sheet")
def sheet(count_id: str) -> Response:
    """My bins of a count in walking order."""
    after = request.args.get("after", "")
    behind = int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else -1
    page = sheets.sheet(current_context(), count_id, behind)
    return htmx.render("counts/sheets/sheet.html", "main", sheet=page, course=page.course)


@blueprint.get("/sheets/<code>")
def by_code(code: str) -> Response:
    """My sheet of the count whose code is printed on its sheets."""
    count_id = sheets.count_behind(current_context(), code.upper())
    return htmx.see_other(f"/counts/{count_id}/sheet")


@blueprint.post("/counts/<count_id>/pause")
def pause(count_id: str) -> Response:
    """Put down what I have in hand; it waits for me, or for whoever comes, on any phone."""
    sheets.pause(current_context())
    return htmx.see_other(f"/counts/{count_id}/sheet", "Paused. Go on here or on another phone.")


@blueprint.post("/counts/<count_id>/sheet/submission")
def submit(count_id: str) -> Response:
    """Hand in what I counted; what I did not count stays on my sheet."""
    ctx = current_context()
    before = sheets.course(ctx, count_id).progress.lines_left
    counts.submit(ctx, count_id, mine=True)
    left = sheets.course(ctx, count_id).progress.lines_left
    again, fresh = max(0, left - before), min(left, before)
    facts = ((fresh, "still to be counted"), (again, "to be counted again"))
    said = ", ".join(f"{number} {words}" for number, words in facts if number)
    said = f"Submitted. {said or 'Thank you'}."
    return htmx.see_other(f"/counts/{count_id}/sheet", said)
