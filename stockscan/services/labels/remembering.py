"""What somebody chose the last time: paper and look, and the label at which the sheet stopped."""

from dataclasses import dataclass, replace

from stockscan.domain.access import Permission, require
from stockscan.labelling.spec import Stock
from stockscan.services.labels.choices import decoded
from stockscan.services.labels.papers import (
    AUTO_LAYOUT,
    USUAL_STOCK,
    LabelSetup,
    Paper,
    layouts,
    stocks,
)
from stockscan.services.labels.printers import printers
from stockscan.services.work import Context, reading
from stockscan.store.catalogue import label_memory as store


@dataclass(frozen=True, slots=True)
class Stopped:
    """The label of a sheet at which a print ended: the next one is free. `at_us` is when."""

    label: int
    at_us: int


def last_paper(ctx: Context, setup: LabelSetup, kind: str = "") -> Paper:
    """What this person printed on last, best for a thing of this kind; from the first label.

    What is not there any more is as for somebody who prints for the first time.
    """
    actor = require(ctx.actor, Permission.LABEL_PRINT)
    with reading() as connection:
        row = store.last_print(connection, actor.person_id, kind) if kind else None
        row = row or store.last_print(connection, actor.person_id)
    if row is None:
        return Paper(USUAL_STOCK, AUTO_LAYOUT)
    paper = replace(decoded(row.choices, row.stock, row.layout), start=1, copies=1)
    if paper.stock not in stocks(setup):
        paper = replace(paper, stock=USUAL_STOCK, length_mm=0.0)
    if paper.layout != AUTO_LAYOUT and paper.layout not in layouts(setup):
        paper = replace(paper, layout=AUTO_LAYOUT)
    in_use = {row.id for row in printers(ctx) if row.active}
    return paper if paper.printer in in_use else replace(paper, printer=None)


def stopped_at(ctx: Context, stock: Stock) -> Stopped | None:
    """Where this person's last file for a sheet of this stock ended; None for at its end."""
    actor = require(ctx.actor, Permission.LABEL_PRINT)
    if stock.slots == 1:
        return None
    with reading() as connection:
        row = store.last_on(connection, actor.person_id, stock.slug)
    used = (row.start - 1 + row.total) % stock.slots if row else 0
    return Stopped(used, row.at_us) if row and used else None
