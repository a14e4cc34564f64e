"""The company's logo on labels: sending one, seeing how it prints, removing it. For admins."""

from typing import Any

from flask import Blueprint, Response, make_response, request

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid
from stockscan.services.labels import logo
from stockscan.web import htmx
from stockscan.web.label_files import label_setup
from stockscan.web.security import current_context

blueprint = Blueprint("label_logo", __name__)
PAGE = "/settings/logo"


@blueprint.get(PAGE)
def show() -> Response:
    """The logo as it prints, and the form to send another one."""
    require(current_context().actor, Permission.SETTINGS_EDIT)
    setup = label_setup()
    values: dict[str, Any] = {"logo": logo.logo(setup), "can_print": bool(setup.public_url)}
    return htmx.render("labels/logo/logo.html", "main", **values)


@blueprint.post(PAGE)
def keep() -> Response:
    """Print this picture on labels from now on."""
    file = request.files.get("file")
    try:
        logo.keep_logo(current_context(), label_setup(), file.read() if file else b"")
    except Invalid as error:
        return htmx.see_other(PAGE, error.message, done=False)
    return htmx.see_other(PAGE, "This is how it prints.")


@blueprint.post(f"{PAGE}/removal")
def remove() -> Response:
    """Print no logo any more."""
    logo.remove_logo(current_context(), label_setup())
    return htmx.see_other(PAGE, "Labels have no logo any more.")


@blueprint.get(f"{PAGE}.png")
def picture() -> Response:
    """The logo, one pixel for each dot that is printed."""
    require(current_context().actor, Permission.LABEL_PRINT)
    return make_response(logo.logo_picture(label_setup()), {"Content-Type": "image/png"})
