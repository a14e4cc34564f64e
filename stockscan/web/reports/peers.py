"""Who stands out: machines that cost far more than the others of their model."""

from typing import Any, Final
from urllib.parse import urlencode

from stockscan.domain.reports.months import month_text
from stockscan.domain.tables import Holds
from stockscan.services.reports import peers
from stockscan.services.reports.peers import Peer, Peers
from stockscan.web.charts import Bar, Chart, Level, Look, dots
from stockscan.web.filters import currency
from stockscan.web.listing import Listing
from stockscan.web.reports import wording
from stockscan.web.reports.door import report
from stockscan.web.reports.months import ASKS, TIME
from stockscan.web.reports.shape import Ask, Cell, Col, Report, Table, Tile, Way, amount, count
from stockscan.web.security import current_context

_DRAWN: Final = 12
_NOTE: Final = (
    "Each machine in use is compared with the median of the others of its model, never with a mean "
    "that holds itself. It stands out when it cost {ratio} as much, and at least {least} more. "
    "Cost is parts, work and standing still."
)


@report(
    "peers",
    "Who stands out",
    "Which machines cost far more than others of their model?",
    group="Costs",
    asks=("per", "model", *TIME),
)
def make(listing: Listing) -> Report:
    """Every machine that can be compared, those that stand out first."""
    per, model = wording.said(listing, "per", "model")
    page = peers.peers(current_context(), *wording.span(listing), model, per or "all")
    return Report(
        finding=finding(page),
        listing=listing,
        kind="warn" if page.flagged else "",
        tiles=_tiles(page),
        charts=[_chart(page, model)],
        tables=[table_of(page)],
        note=_NOTE.format(
            ratio=wording.times(page.limits.ratio_bp), least=amount(page.limits.least_e4)
        ),
        asks=[*ASKS, Ask("model", "Model", "Name")],
        ways=[
            [Way("Whole cost", {"per": ""}), Way("Per month in use", {"per": "month"})],
            wording.lengths_now(),
        ],
        narrowed={"model": model} if model else {},
    )


def finding(page: Peers) -> str:
    """The finding in a sentence."""
    if not page.rows:
        return "No model has two machines in use yet, so nothing can be compared."
    if not page.flagged:
        return f"No machine stands out, {wording.period(page.months)}."
    worst = page.flagged[0]
    said = f"{count(len(page.flagged), 'machine stands', 'machines stand')} out. "
    others = amount(worst.compared.others_e4 or 0, whole=True)
    cost = amount(worst.compared.cost_e4, whole=True)
    return f"{said}{worst.machine.tag} cost {cost}, others of its model {others}."


def _tiles(page: Peers) -> list[Tile]:
    above = sum(row.compared.above_e4 for row in page.flagged)
    return [
        Tile("Stand out", str(len(page.flagged)), line=f"of {count(len(page.rows), 'machine')}",
             kind="warn" if page.flagged else "", link="#machines" if page.rows else ""),
        Tile("Above the others", amount(above, whole=True), line="those that stand out, together",
             link="#machines" if page.flagged else ""),
        Tile("Nothing to compare", str(page.alone), line="only one of their model"),
    ]  # fmt: skip


def _chart(page: Peers, model: str) -> Chart | None:
    """The dearest machines as points; with one model the line shows what is usual there."""
    rows = sorted(page.rows, key=lambda row: -row.compared.cost_e4)[:_DRAWN]
    if not rows or not rows[0].compared.cost_e4:
        return None
    usual = page.rows[-1].compared.others_e4 if model else None
    level = Level(usual, f"usual {amount(usual, whole=True)}") if usual else None
    bars = [
        Bar(row.machine.tag, row.compared.cost_e4, amount(row.compared.cost_e4, whole=True),
            "warn" if row.compared.flagged else "")
        for row in rows
    ]  # fmt: skip
    note = f"{currency()}, the dearest {len(rows)}"
    look = Look(unit=10_000, level=level, note=note, wide=True)
    return dots("Cost by machine", bars, look)


def table_of(page: Peers) -> Table:
    """Every machine with the others of its model beside it."""
    columns = (
        Col("Machine"), Col("Model", where="desk"), Col("Cost", Holds.E4),
        Col("Others", Holds.E4, name="median_of_others"),
        Col("Times", Holds.RATIO, name="times_the_others"), Col("Above", Holds.E4, where="desk"),
    )  # fmt: skip

    span = {"from": month_text(page.months.first), "to": month_text(page.months.last)}

    def row(each: Peer) -> list[Any]:
        machine, compared = each.machine, each.compared
        of_model = f"/reports/peers?{urlencode({'model': machine.model, **span})}"
        rows = wording.costs_of(machine.code, page.months)
        ratio = None if compared.ratio_bp is None else compared.ratio_bp // 100
        return [
            Cell(machine.tag, rows, machine.name, "warn" if compared.flagged else ""),
            Cell(machine.model, of_model),
            Cell(compared.cost_e4, rows if compared.cost_e4 == machine.cost_e4 else ""),
            Cell(compared.others_e4, of_model), Cell(ratio, of_model),
            Cell(compared.above_e4, of_model),
        ]  # fmt: skip

    return Table("machines", "Machines", columns, page.rows, row, note="those that stand out first")
