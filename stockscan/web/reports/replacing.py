"""Repair or replace: both ways of looking at it, side by side, with numbers that can be changed."""

from typing import Any, Final

from flask import Response, request
from wtforms import Form, StringField

from stockscan.domain.errors import Invalid
from stockscan.domain.figures import E4, MINOR, format_money
from stockscan.domain.reports.replacing import RULE_BP, Inputs, Says
from stockscan.services.reports import replacing
from stockscan.services.reports.replacing import Question
from stockscan.web import htmx
from stockscan.web.drawing import gauge
from stockscan.web.reports import wording
from stockscan.web.reports.door import blueprint
from stockscan.web.reports.shape import percent
from stockscan.web.security import current_context

_YEARS: Final = frozenset({"repair_years", "new_years"})
_SOURCES: Final = {
    "asset": "as written on this machine",
    "model": "as written on its model",
    "paid": "what this one cost when it was bought; write today's price on its model",
    "": "nobody wrote down yet what a new one costs",
}
_UPKEEP: Final = {
    "young": "What others of its model cost in their first two years, in the middle",
    "others": "What the others of its model cost, in the middle; none is new",
    "own": "What this one costs, for want of others; a new one may cost less",
}


class InputsForm(Form):
    """What the answer follows from, as people type it; read by a GET, so it has no token."""

    repair_minor = StringField("The repair costs")
    repair_years = StringField("Then it lasts, years")
    repair_upkeep_minor = StringField("Its upkeep a year")
    new_minor = StringField("A new one costs")
    salvage_minor = StringField("It still fetches at its end")
    new_years = StringField("It lasts, years")
    new_upkeep_minor = StringField("Its upkeep a year")


@blueprint.get("/assets/<ref>/replace")
def replace(ref: str) -> Response:
    """Both answers for one machine, by the books or by what was typed."""
    typed = {name: request.args.get(name, "")[:40] for name in Inputs._fields}
    page, faults = _asked(ref, typed)
    form = InputsForm(data=typed)
    _fill(form, page.given, faults)
    return htmx.render(
        "reports/costs/replace.html", "main", 422 if faults else 200, page=page, form=form,
        is_changed=any(typed.values()), source=_SOURCES[page.known.price_from],
        upkeep=_UPKEEP[page.known.upkeep_of], **_drawn(page),
    )  # fmt: skip


def _asked(ref: str, typed: dict[str, str]) -> tuple[Question, dict[str, str]]:
    """The question with what could be read of the typed inputs, and what is wrong with the rest."""
    try:
        return replacing.question(current_context(), ref, typed), {}
    except Invalid as error:
        if "faults" not in error.details:
            raise
        faults = error.details["faults"]
    good = {name: text for name, text in typed.items() if name not in faults}
    return replacing.question(current_context(), ref, good), faults


def _fill(form: InputsForm, given: Inputs, faults: dict[str, str]) -> None:
    for name, value in given._asdict().items():
        if name in faults:
            form[name].errors = [faults[name]]
        else:
            form[name].data = str(value) if name in _YEARS else _plain(value)


def _drawn(page: Question) -> dict[str, Any]:
    """What the page shows of the answers: words, and the scale of the 50 % rule."""
    given, weighed = page.given, page.weighed
    half = given.new_minor * RULE_BP // 10_000
    ends = (given.repair_minor, half, given.new_minor)
    scale = gauge(*(minor * (E4 // MINOR) for minor in ends)) if half else None
    return {"gauge": scale, "half_minor": half, "percent": percent, "minor": wording.minor,
            "finding": _finding(page), "Says": Says, "weighed": weighed}  # fmt: skip


def _finding(page: Question) -> str:
    weighed = page.weighed
    if weighed.rule is None or weighed.yearly is None:
        return "Enter what a new one costs, then both ways of looking at it can be compared."
    if not page.given.repair_minor:
        return (
            f"Without a repair it costs {wording.minor(weighed.repair_year_minor)} a year, a new "
            f"one {wording.minor(weighed.new_year_minor)}. Enter what the repair costs."
        )
    if weighed.agree:
        return f"Both ways of looking at it say {weighed.rule.value}."
    saved = wording.minor(weighed.saved_minor)
    return (
        f"They disagree: the 50 % rule says {weighed.rule.value}, the yearly cost says "
        f"{weighed.yearly.value}, which saves {saved} a year."
    )


def _plain(value_minor: int) -> str:
    return format_money(value_minor * (E4 // MINOR)).removesuffix(".00")
