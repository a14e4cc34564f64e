"""Deciding about counted lines from their review: one, several that are ticked, or all within."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from flask import Response, request

from stockscan.domain.counts.causes import Cause
from stockscan.domain.errors import Conflict, Invalid
from stockscan.domain.operations import parse_id
from stockscan.services import counts
from stockscan.services.counts import Filters, Show
from stockscan.web import htmx
from stockscan.web.counts.asking import Asked, asked
from stockscan.web.counts.door import blueprint
from stockscan.web.security import current_context

_CHANGED: Final = "The list changed since you looked. Look again, then book."
_NONE: Final = "Tick a line first."
_OTHERWISE: Final = {
    "POSTED": "It was booked before. Nothing was changed.",
    "REJECTED": "It was rejected before. Nothing was changed.",
}
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}")
# So many lines are booked in one transaction.
_AT_ONCE: Final = 500
_LONGEST: Final = 200


@blueprint.post("/counts/<count_id>/posting")
def post(count_id: str) -> Response:
    """Book the chosen lines, if the variances are still the ones that were looked at."""
    question = asked(count_id)
    seen = _seen_within(question) if request.form.get("all") else _seen()
    lines: list[dict[str, Any]] = []
    for some in _batched(seen):
        shown = {line: seen[line] for line in some}
        done = counts.approve_lines(current_context(), count_id, some, shown, **_said())
        lines += done["lines"]
    return _back(question, lines, "POSTED", "booked")


@blueprint.post("/counts/<count_id>/rejection")
def reject(count_id: str) -> Response:
    """Decide that these counts were wrong: nothing is booked."""
    chosen = list(_seen())
    done = counts.reject_lines(current_context(), count_id, chosen, **_said()) if chosen else None
    return _back(asked(count_id), done["lines"] if done else [], "REJECTED", "rejected")


@blueprint.post("/counts/<count_id>/recounts")
def recount(count_id: str) -> Response:
    """Have these lines counted again, by whom is chosen or by somebody else."""
    ctx, question, chosen = current_context(), asked(count_id), list(_seen())
    if not chosen:
        return htmx.see_other(question.link(), _NONE, done=False)
    counts.order_recount(ctx, count_id, chosen, counts.counter_id(ctx, request.form.get("person")))
    return htmx.see_other(question.link(), "It is on a sheet, to be counted again.")


@blueprint.post("/counts/<count_id>/settlement")
def settle(count_id: str) -> Response:
    """Move the goods in the books to where they were found: both lines then agree."""
    form = request.form
    line_id, other_id = _number(form.get("line")), _number(form.get("other"))
    counts.settle_misplaced(current_context(), line_id, other_id, parse_id(form.get("id")))
    return htmx.see_other(asked(count_id).link(), "Moved. Both lines agree with the books now.")


@blueprint.post("/counts/<count_id>/acceptance")
def accept(count_id: str) -> Response:
    """Book all that agrees with the books, or lies within tolerance."""
    counts.post(current_context(), count_id)
    return htmx.see_other(asked(count_id).link(), "Booked what agrees.")


@blueprint.get("/counts/<count_id>/ending")
def ending(count_id: str) -> Response:
    """What is left uncounted, before a count is closed or cancelled."""
    review = counts.review(current_context(), count_id, Filters(Show.UNCOUNTED))
    if review.head.number is None:
        return htmx.see_other(asked(count_id).link())
    return htmx.render("counts/review/ending.html", "main", review=review)


@blueprint.post("/counts/<count_id>/closing")
def close(count_id: str) -> Response:
    """End a count: what nobody counted stays as it is, what is decided stays decided."""
    counts.close(current_context(), count_id)
    return htmx.see_other(asked(count_id).link(), "Counting is closed.")


@blueprint.post("/counts/<count_id>/cancellation")
def cancel(count_id: str) -> Response:
    """Cancel a count: nothing more of it is booked."""
    counts.cancel(current_context(), count_id)
    return htmx.see_other(asked(count_id).link(), "Cancelled. Nothing more of it is booked.")


def _seen() -> dict[int, int]:
    """The chosen lines, with the variance of each as it was shown."""
    form = request.form
    return {_number(line): _number(form.get(f"seen-{line}")) for line in form.getlist("line")}


def _seen_within(question: Asked) -> dict[int, int]:
    """All lines of the filter, if they are still as many and worth as much as was shown."""
    ctx, filters = current_context(), question.filters
    shown = (_number(request.form.get("lines")), _number(request.form.get("sum")))
    if counts.within(ctx, question.count_id, filters) != shown:
        raise Conflict(_CHANGED)
    return counts.seen_within(ctx, question.count_id, filters)


def _said() -> dict[str, str]:
    """The reason that was chosen, and what was written beside it."""
    cause, note = request.form.get("cause", ""), request.form.get("note", "").strip()[:_LONGEST]
    return {"cause": cause if cause in set(Cause) else "", "note": note}


def _back(question: Asked, lines: list[dict[str, Any]], state: str, deed: str) -> Response:
    """Back to the list, with what was done; else to a line that was not, with the reason."""
    if not lines:
        return htmx.see_other(question.link(), _NONE, done=False)
    other = [line for line in lines if line["state"] != state]
    done = len(lines) - len(other)
    many = "1 line" if done == 1 else f"{done} lines"
    if not other:
        return htmx.see_other(question.link(), f"{many} {deed}.")
    why = other[0]["reason"] or _OTHERWISE.get(other[0]["state"], "Look again.")
    said = f"{many} {deed}, {len(other)} not. {why}" if done else why
    return htmx.see_other(question.line(other[0]["line"]), said, done=False)


def _batched(lines: Iterable[int]) -> Iterator[list[int]]:
    """The lines, some at a time."""
    rest = iter(lines)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _number(text: str | None) -> int:
    if not text or not _NUMBER.fullmatch(text):
        raise Invalid("This page is too old to be sent. Load it again.", field="line")
    return int(text)
