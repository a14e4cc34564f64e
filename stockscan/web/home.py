"""The first page of each role."""

from datetime import date, datetime

from flask import Blueprint, Response

from stockscan.domain.figures import E4
from stockscan.services import home
from stockscan.services.home import Figures, Work
from stockscan.web import charts, htmx, security
from stockscan.web.charts import Bar, Chart, Level, Look, Series
from stockscan.web.filters import currency, money
from stockscan.web.security import current_context

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> Response:
    """What needs me now, what I have, what runs low, what I did last."""
    page = home.home(current_context())
    hidden = security.kept_choice("first-steps") == "hidden"
    return htmx.render(
        "home/home.html",
        "main",
        home=page,
        steps=None if hidden else page.steps,
        fitted=_fitted(page.work),
        today=datetime.now().astimezone().date(),
    )


@blueprint.get("/figures")
def figures() -> Response:
    """What a supervisor's first page draws, as part of that page or alone."""
    page = home.home_figures(current_context())
    drawn = [chart for chart in (_trend(page), _spent(page)) if chart]
    return htmx.render("home/figures.html", "figures", figures=page, charts=drawn)


def _fitted(work: Work) -> Chart | None:
    if not work.weeks:
        return None
    look = Look(unit=E4, write=_whole, note=f"{currency()} a week")
    names = [_week(day) for day in work.weeks]
    return charts.columns("Parts you installed", names, [Series("Parts", work.fitted_e4)], look)


def _trend(page: Figures) -> Chart | None:
    target = Level(page.target_bp, "target")
    look = Look(unit=100, write=_percent, level=target, note="records right, %", from_zero=False)
    names = [span.name for span, _ in page.trend]
    shares = [measured.records_bp for _, measured in page.trend]
    return charts.lines("Accuracy by week", names, [Series("Right", shares)], look)


def _spent(page: Figures) -> Chart | None:
    if not page.spent:
        return None
    rows = [Bar(each.tag, each.parts_e4, _whole(each.parts_e4)) for each in page.spent]
    return charts.bars("Parts cost, 12 months", rows, Look(unit=E4, note="dearest assets"))


def _week(monday: date) -> str:
    return str(monday.isocalendar().week)


def _whole(value_e4: int) -> str:
    return money(value_e4, currency()).partition(".")[0]


def _percent(share_bp: int) -> str:
    return f"{share_bp / 100:.1f}"
