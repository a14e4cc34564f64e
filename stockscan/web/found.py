"""A label's address, opened by a phone's own camera: the thing's page, or what a finder reads."""

from flask import Blueprint, Response, make_response, render_template
from flask.typing import ResponseReturnValue

from stockscan.domain.codes import Kind, as_code
from stockscan.domain.errors import Invalid
from stockscan.services import scanning
from stockscan.services.settings import settings_in_force
from stockscan.web import htmx, security
from stockscan.web.security import current_context, who

blueprint = Blueprint("found", __name__)


@blueprint.get("/S/<code>")
@blueprint.get("/s/<code>", endpoint="label_in_lower_case")
def label(code: str) -> ResponseReturnValue:
    """The page of the thing that carries this label; of a label on nothing, the ways on."""
    if who() is None:
        return _for_a_stranger(code)
    try:
        found = scanning.look_up(current_context(), code)
    except Invalid:
        return _ways_on(code, is_blank=False)
    if found.card is not None:
        return htmx.see_other("/scan")
    if found.thing is None:
        return _ways_on(code, is_blank=found.kind == Kind.BLANK)
    return htmx.see_other(found.thing.url)


def _for_a_stranger(code: str) -> ResponseReturnValue:
    """Whose it is and whom to call, if the company says so: the same for every label there is.

    No label is looked up, so that nobody learns here which codes exist.
    """
    company = settings_in_force()
    if not company.found_contact or as_code(code) is None:
        return security.ask_to_sign_in()
    return make_response(
        render_template("found/stranger.html", company=company, path=f"/S/{as_code(code)}")
    )


def _ways_on(code: str, *, is_blank: bool) -> Response:
    values = {"code": as_code(code) or code[:60], "is_blank": is_blank}
    status = 200 if is_blank else 404
    return htmx.render(
        "found/nothing.html", "main", status, new_id=current_context().new_id, **values
    )
