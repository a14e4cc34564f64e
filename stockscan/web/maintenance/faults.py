"""A fault: who stands at the machine taps what is wrong with it."""

import uuid

from flask import Response, request
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import Optional

from stockscan.domain.errors import StockScanError
from stockscan.domain.maintenance.jobs import FAULTS
from stockscan.services import files
from stockscan.services.files import Sent, Target
from stockscan.services.maintenance import job_pages
from stockscan.web import htmx
from stockscan.web.creating import OperationForm
from stockscan.web.maintenance.door import blueprint
from stockscan.web.recording import record
from stockscan.web.security import current_context


class FaultForm(OperationForm):
    """What is wrong: tapped, typed, or both."""

    fault = RadioField(
        "What is wrong?", choices={one: one for one in FAULTS}, validators=[Optional()]
    )
    words = StringField("In your words")
    stands = BooleanField("It stands still")

    def what(self) -> str:
        """The fault as the job is called."""
        said = (self.fault.data, (self.words.data or "").strip())
        return ": ".join(text for text in said if text)


@blueprint.get("/assets/<ref>/fault")
def fault_form(ref: str) -> Response:
    """The form that reports a fault."""
    return _page(ref, FaultForm(formdata=None))


@blueprint.post("/assets/<ref>/fault")
def report_fault(ref: str) -> Response:
    """Make a job of what is wrong; the photo goes to it."""
    form = FaultForm()
    if not form.what():
        form.fault.errors = ["Tap what is wrong, or say it in your words."]
        return _page(ref, form, 422)
    values = {"asset": ref, "what": form.what()[:200], "stands": form.stands.data}
    done = record(form, "report_fault", values) if form.validate() else None
    if done is None:
        return _page(ref, form, 422)
    wrong = _show(done["job"], form.id.data or "")
    words = wrong or f"Reported as {done['job']}. Thank you."
    return htmx.see_other(done["url"], words, done=not wrong)


def _show(job: str, report_id: str) -> str:
    """Keep the photo that was sent with the report, once; why not, "" where all is well."""
    photo = request.files.get("photo")
    if photo is None or not photo.filename:
        return ""
    once, sent = str(uuid.uuid5(uuid.UUID(report_id), "photo")), Sent(photo.filename, photo.read())
    try:
        files.add(current_context(), once, Target("job", job), [sent])
    except StockScanError as error:
        return f"{job} is reported, without the photo. {error.message}"
    return ""


def _page(ref: str, form: FaultForm, status: int = 200) -> Response:
    page = job_pages.fault_page(current_context(), ref)
    return htmx.render(
        "maintenance/jobs/fault.html",
        "main",
        status,
        form=form,
        about=page.asset,
        open_jobs=page.open_jobs,
        today=current_context().today,
    )
