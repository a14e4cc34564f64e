"""The order as it leaves the house: printed, or as a table for the supplier's system."""

from flask import Response

from stockscan.domain.figures import day_of
from stockscan.services import purchasing
from stockscan.web import htmx
from stockscan.web.purchasing.door import blueprint
from stockscan.web.security import current_context


@blueprint.get("/requisitions/<int:number>/order")
def order_sheet(number: int) -> Response:
    """The order as it is printed."""
    ctx = current_context()
    page = purchasing.requisition_page(ctx, number)
    ordered_us = page.row.ordered_us or ctx.now_us
    mail = purchasing.email_link(page)
    ordered_on = day_of(ordered_us)
    return htmx.render("purchasing/order.html", "main", page=page, mail=mail, ordered_on=ordered_on)


@blueprint.get("/requisitions/<int:number>/order.csv")
def order_table(number: int) -> Response:
    """The order's lines as a CSV file."""
    ctx = current_context()
    page = purchasing.requisition_page(ctx, number)
    answer = Response(purchasing.csv_of(ctx, page), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{page.name}.csv"'
    return answer
