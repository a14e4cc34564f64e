"""Reading an asset's meters."""

from flask import Blueprint, Response
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from stockscan.domain.access import Permission, require
from stockscan.services import assets
from stockscan.web import htmx
from stockscan.web.creating import OperationForm
from stockscan.web.recording import record
from stockscan.web.security import current_context

blueprint = Blueprint("meters", __name__)


class ReadingForm(OperationForm):
    """What a meter shows; a name that the asset has no meter of makes one."""

    meter = StringField("Meter", [InputRequired("Say which meter.")])
    value = StringField("It shows", [InputRequired("Enter what it shows.")])
    unit = StringField("Unit")
    replaced = BooleanField("The meter was replaced")


@blueprint.get("/assets/<ref>/readings")
def index(ref: str) -> Response:
    """The form for a reading, and the last ones."""
    require(current_context().actor, Permission.METER_READ)
    return _page(ref, ReadingForm())


@blueprint.post("/assets/<ref>/readings")
def add(ref: str) -> Response:
    """Record what a meter shows."""
    form = ReadingForm()
    names = ("meter", "value", "unit", "replaced")
    values = {"asset": ref, **{name: form[name].data for name in names}}
    done = record(form, "read_meter", values) if form.validate() else None
    if done is None:
        return _page(ref, form, 422)
    words = f"{done['meter']} is at {done['value']}."
    return htmx.see_other(f"/assets/{done['asset']}", words)


def _page(ref: str, form: ReadingForm, status: int = 200) -> Response:
    page = assets.asset_page(current_context(), ref)
    form.meter.data = form.meter.data or (page.meters[0].name if page.meters else None)
    return htmx.render("assets/acts/reading.html", "main", status, page=page, form=form)
