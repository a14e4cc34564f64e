"""What will be short: the danger zone, and one part in the coming months."""

from flask import Response

from stockscan.domain.access import Permission, require
from stockscan.services import purchasing
from stockscan.services.purchasing import AheadPage
from stockscan.web import htmx
from stockscan.web.charts import Chart, Level, Look, Series, lines
from stockscan.web.filters import qty
from stockscan.web.purchasing import words
from stockscan.web.purchasing.door import blueprint
from stockscan.web.security import current_context


@blueprint.get("/danger")
def danger() -> Response:
    """What coming work will not find, the most urgent first."""
    ctx = current_context()
    page = purchasing.danger(ctx)
    groups = {
        "Asked for, but late": [row for row in page.covered if words.is_late(row, ctx.today)],
        "To order": page.to_order,
        "On its way": [row for row in page.covered if not words.is_late(row, ctx.today)],
    }
    return htmx.render(
        "purchasing/danger.html", "main", page=page, groups=groups, words=words, today=ctx.today
    )


@blueprint.post("/danger/requisitions")
def raise_now() -> Response:
    """Ask for everything that has to be ordered now, as the nightly work does."""
    ctx = current_context()
    require(ctx.actor, Permission.PURCHASE_REQUEST)
    raised = purchasing.raise_ahead(ctx)
    if not raised.lines:
        return htmx.see_other("/danger", "Nothing more has to be asked for now.")
    parts = "1 part" if raised.lines == 1 else f"{raised.lines} parts"
    names = ", ".join(f"R-{number}" for number in raised.numbers)
    return htmx.see_other("/requisitions?show=raised", f"{parts} asked for: {names}.")


@blueprint.get("/parts/<ref>/ahead")
def ahead(ref: str) -> Response:
    """How much of a part there will be, day by day."""
    page = purchasing.ahead(current_context(), ref)
    return htmx.render("purchasing/ahead.html", "main", page=page, chart=_chart(page), words=words)


def _chart(page: AheadPage) -> Chart | None:
    """What is left by day, with the line of what is to be kept."""
    if page.planned is None:
        return None
    days = page.by_day()
    names = [f"{day.day} {day:%b}" for day, _ in days]
    keep = page.planned.bought.policy.safety_milli
    level = Level(keep, f"keep {qty(keep)}") if keep else None
    look = Look(unit=1000, write=qty, level=level, note=page.part.unit, wide=True, stepped=True)
    series = [Series("Left", [left for _, left in days])]
    return lines("What will be left", names, series, look)
