"""From a form to the one door for writes, and back to the form with what was wrong."""

import uuid
from typing import Any, ClassVar

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField
from wtforms.validators import InputRequired, Length

from stockscan.domain.errors import Invalid, NotAllowed
from stockscan.domain.operations import CREATE_KINDS, Shape
from stockscan.services import operations
from stockscan.services.operations import Outcome
from stockscan.web import custom
from stockscan.web.custom import Group
from stockscan.web.security import current_context


class OperationForm(FlaskForm):  # type: ignore[misc]
    """A form that sends one intended write: its id is made here, so a retry applies once.

    Where `custom_of` is "asset" or "part", the form has the company's own fields of these as well:
    show them by `custom_fields(form)` of templates/fields/_custom.html.
    """

    custom_of: ClassVar[str] = ""

    id = HiddenField(default=lambda: str(uuid.uuid4()))

    def custom_groups(self) -> list[Group]:
        """The company's own fields, as they are or typed, by category."""
        filled = custom.filled_with(self.data.get("was"))
        return custom.groups(self.custom_of, self.data.get("category") or "", filled)

    def values(self) -> dict[str, Any]:
        """What was typed, by the names that the operation has for it."""
        values = {name: value for name, value in self.data.items() if name != "csrf_token"}
        own = {number: text for number, text in custom.typed().items() if text}
        return {**values, "custom": own} if self.custom_of and own else values


class ThingForm(OperationForm):
    """A new thing with a label: a blank one and a barcode that are on it already may be given."""

    label = StringField("Blank label")
    alias = StringField("Barcode on it")


def name_field(label: str) -> Any:
    """A required text of at most 200 characters."""
    return StringField(label, [InputRequired(f"Enter {label.lower()}."), Length(max=200)])


def create(form: OperationForm, kind: str) -> dict[str, Any] | None:
    """Make the thing that the form describes; None when the form now says all that is wrong.

    Raises `NotAllowed`.
    """
    if not (form.validate() & has_its_shape(form, CREATE_KINDS[kind])):
        return None
    outcome = operations.create(current_context(), kind, form.values())
    if not outcome.done or outcome.result is None:
        blame(form, outcome)
        return None
    return outcome.result


def operate(kind: str, **values: Any) -> Outcome:
    """Apply one operation from a form without typed input; the id is in its field `id`."""
    raw = {**values, "id": request.form.get("id"), "kind": kind}
    return operations.apply(current_context(), raw)


def has_its_shape(form: OperationForm, shape: Shape) -> bool:
    """Whether each filled-in field can be read; every one that can't says why."""
    fits = True
    for name, parse in {**shape.required, **shape.optional}.items():
        field = form._fields.get(name)
        if field is None or field.errors or field.data in (None, ""):
            continue
        try:
            parse(name, field.data)
        except Invalid as error:
            field.errors = [_in_words(field, error.message)]
            fits = False
    return fits


def _in_words(field: Field, message: str) -> str:
    """The sentence with what people call the field in place of its name in the API."""
    name, space, rest = message.partition(" ")
    return f"{field.label.text}{space}{rest}" if name == field.name else message


def why_not(outcome: Outcome) -> str:
    """Why it does not hold in the books, and what to do about it."""
    if outcome.status == "attention":
        return f"{outcome.message} It waits under Needs attention.".strip()
    return outcome.message or "Nothing was recorded. Load the page again, then repeat it."


def blame(form: OperationForm, outcome: Outcome) -> None:
    """Put what went wrong to the field that it is about. Raises `NotAllowed`."""
    error = outcome.error or {"message": why_not(outcome)}
    if error.get("code") == "not_allowed":
        raise NotAllowed(error["message"])
    field = form._fields.get(error.get("field") or "")
    if field is None or field.type == "HiddenField":
        of_its_own = form.custom_of and error.get("code") == "edited_since"
        about = f"{error['field']}: " if of_its_own else ""
        form.form_errors.append(about + error["message"])
    else:
        field.errors = [*field.errors, _in_words(field, error["message"])]
