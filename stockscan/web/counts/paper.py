"""Counting on paper: sheets to print, and the page that takes in what was written on them."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from flask import Response, current_app, request

from stockscan.domain.errors import Invalid, NotFound, StockScanError
from stockscan.services import operations
from stockscan.services.counts import papers, typing_in
from stockscan.services.counts.typing_in import Written
from stockscan.web import htmx
from stockscan.web.counts.door import blueprint
from stockscan.web.qr import qr_path
from stockscan.web.security import current_context
from stockscan.web.urls import row_number

_LINE: Final = re.compile(r"n-(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Filled:
    """A page as it was filled in, and what is wrong with it, by line and by bin."""

    said: dict[str, str] = field(default_factory=dict)
    lines: dict[int, str] = field(default_factory=dict)
    bins: dict[str, str] = field(default_factory=dict)
    message: str = ""


@blueprint.get("/counts/<count_id>/paper")
def paper(count_id: str) -> Response:
    """The sheets as they are printed."""
    first = request.args.get("first", 0, type=row_number)
    person = request.args.get("person")
    page = papers.paper(current_context(), count_id, person, first)
    return htmx.render(
        "counts/paper/paper.html", "main", page=page, qr=qr_path(_address(page.count.code or "")),
        serial_rows=papers.SERIAL_ROWS,
    )  # fmt: skip


@blueprint.get("/counts/<count_id>/typing")
def typing(count_id: str) -> Response:
    """The first page of a sheet, to be typed in."""
    return _typing(count_id, Filled())


@blueprint.post("/counts/<count_id>/typing")
def type_in(count_id: str) -> Response:
    """Record the numbers of the page; what is wrong comes back as it was typed."""
    said = request.form.to_dict()
    try:
        typed = typing_in.type_in(current_context(), said.get("id", ""), count_id, _written(said))
    except (Invalid, NotFound) as error:
        return _typing(count_id, Filled(said, message=error.message), 422)
    if typed.is_wrong:
        return _typing(count_id, Filled(said, typed.wrong_lines, typed.wrong), 422)
    wrong, moved = _recorded(typed.raws)
    if wrong:
        return _typing(count_id, Filled(said, lines=wrong), 422)
    done = _words(len(typed.raws), typed.before, moved)
    return htmx.see_other(request.full_path.rstrip("?"), done, done=not moved)


def _typing(count_id: str, filled: Filled, status: int = 200) -> Response:
    asked = request.args
    page = typing_in.to_type(current_context(), count_id, asked.get("person"), asked.get("bin", ""))
    return htmx.render(
        "counts/paper/typing.html", "main", status, page=page, filled=filled,
        now=typing_in.local_now(current_context()),
    )  # fmt: skip


def _written(said: dict[str, str]) -> Written:
    try:
        day = date.fromisoformat(said.get("day", ""))
    except ValueError:
        raise Invalid("Choose the day of counting.", field="day") from None
    numbers = {
        int(found[1]): text for name, text in said.items() if (found := _LINE.fullmatch(name))
    }
    return Written(
        said.get("who", ""),
        day,
        {name[2:]: text.strip() for name, text in said.items() if name.startswith("t-")},
        {line_id: text.strip() for line_id, text in numbers.items()},
    )


def _recorded(raws: dict[int, dict[str, object]]) -> tuple[dict[int, str], int]:
    """Record each line; what is wrong with which, and how many met a movement."""
    wrong: dict[int, str] = {}
    moved = 0
    for line_id, raw in raws.items():
        outcome = operations.apply(current_context(), raw)
        moved += (outcome.result or {}).get("state") == "MOVED_DURING_COUNT"
        if not outcome.done:
            wrong[line_id] = (outcome.error or {}).get("message", StockScanError.__doc__ or "")
    return wrong, moved


def _words(done: int, before: int, moved: int) -> str:
    if not done and not before:
        return "Nothing was typed yet. Type a number, 0 for none."
    told = f"{done} recorded." if done else "These were recorded before."
    if moved:
        told += f" While counting, {moved} moved: someone will ask about it."
    return told


def _address(code: str) -> str:
    """What the QR code of a sheet says: the address that a label would have."""
    base = current_app.config["STOCKSCAN"].public_url or request.host_url.rstrip("/")
    return f"{base}/S/{code}".upper() if code else ""
