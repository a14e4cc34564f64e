"""The page of a supplier: where its orders go, what it supplies, what is on order."""

from flask import Response, request

from stockscan.domain.errors import Invalid
from stockscan.services import purchasing
from stockscan.web import htmx
from stockscan.web.purchasing.door import blueprint
from stockscan.web.security import current_context
from stockscan.web.urls import supplier_path


@blueprint.get("/suppliers/<path:name>")
def supplier_of(name: str) -> Response:
    """One supplier."""
    return _page(name)


@blueprint.post("/suppliers/<path:name>")
def change_supplier(name: str) -> Response:
    """Keep the address to which its orders go; one that is none is said at its field."""
    ctx = current_context()
    supplier_id = purchasing.supplier_page(ctx, name).id
    try:
        purchasing.set_email(ctx, supplier_id, request.form.get("email", ""))
    except Invalid as error:
        return _page(name, 422, error)
    return htmx.see_other(supplier_path(name), "Saved.")


def _page(name: str, status: int = 200, wrong: Invalid | None = None) -> Response:
    page = purchasing.supplier_page(current_context(), name)
    said = {"page": page, "wrong": wrong, "typed": request.form}
    return htmx.render("purchasing/supplier.html", "main", status, **said)
