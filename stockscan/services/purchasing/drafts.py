"""An order as it goes to the supplier: the words of an e-mail, and a table for their system."""

import csv
import io
from collections.abc import Sequence
from urllib.parse import quote

from stockscan.domain.access import Permission, require
from stockscan.domain.figures import format_cost, format_quantity
from stockscan.domain.formulas import harmless
from stockscan.services.purchasing.reading import RequisitionPage
from stockscan.services.work import Context
from stockscan.store.purchasing.lines import LineRow

# Tells spreadsheets that a CSV file is UTF-8.
_BOM = "\ufeff"
# Mail programs refuse longer links; the table goes along as a file then.
_LONGEST_LINK = 1800
_HEAD = ("Their number", "Our number", "Name", "Quantity", "Unit", "Price", "Needed by")


def email_link(page: RequisitionPage) -> str:
    """A mailto link that opens a draft to the supplier; nothing is sent by us.

    An order too long for a link says in its draft that the list comes as a file.
    """
    subject = f"Order {page.name} from {page.company}"
    whole = _link(page, subject, page.lines)
    return whole if len(whole) <= _LONGEST_LINK else _link(page, subject, ())


def csv_of(ctx: Context, page: RequisitionPage) -> bytes:
    """The lines as CSV (RFC 4180, UTF-8) with a header row, for who may take data out."""
    require(ctx.actor, Permission.CATALOGUE_EXPORT)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(_HEAD)
    for line in page.lines:
        writer.writerow([harmless(cell) for cell in _cells(line)])
    return (_BOM + buffer.getvalue()).encode()


def _link(page: RequisitionPage, subject: str, lines: Sequence[LineRow]) -> str:
    body = "\r\n".join(["Please deliver:", "", *_said(lines), "", *_end(page)])
    query = f"subject={quote(subject, safe='')}&body={quote(body, safe='')}"
    return f"mailto:{quote(page.row.email or '', safe='@')}?{query}"


def _said(lines: Sequence[LineRow]) -> list[str]:
    if not lines:
        return ["the list in the attached file."]
    return [
        f"{format_quantity(line.quantity_milli)} {line.unit}  {line.name}, {_number(line)}"
        for line in lines
    ]


def _end(page: RequisitionPage) -> list[str]:
    by = f"Needed by {page.row.need_by.isoformat()}." if page.row.need_by else ""
    note = [page.row.note] if page.row.note else []
    return [line for line in (by, *note, f"Our order: {page.name}", page.company) if line]


def _number(line: LineRow) -> str:
    """What the supplier calls it, else what we call it."""
    return f"your number {line.supplier_number}" if line.supplier_number else line.part_number


def _cells(line: LineRow) -> tuple[str, ...]:
    return (
        line.supplier_number,
        line.part_number,
        line.name,
        format_quantity(line.quantity_milli),
        line.unit,
        format_cost(line.price_e4) if line.price_e4 else "",
        line.need_by.isoformat() if line.need_by else "",
    )
