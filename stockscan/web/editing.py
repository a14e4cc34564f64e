"""Forms that change a thing: they are filled from it, and send only what was touched."""

import json
from typing import Any

from wtforms import HiddenField

from stockscan.domain.operations import EDIT_KINDS
from stockscan.services import operations
from stockscan.web import custom
from stockscan.web.creating import OperationForm, blame, has_its_shape
from stockscan.web.custom import PREFIX
from stockscan.web.security import current_context


class EditForm(OperationForm):
    """A form for what the books say about a thing; a field that is emptied is emptied there.

    `was` holds what the form was filled with and `based_on` its version, so that two people who
    change different fields do not undo each other, and who changes the same one is told.
    """

    was = HiddenField(default="{}")
    based_on = HiddenField(default="0")

    def fill(self, texts: dict[str, str], version: int) -> "EditForm":
        """Show the thing as it is; returns the form.

        `texts` holds the company's own fields too, each by its name.
        """
        for name, text in texts.items():
            if name in self._fields:
                self._fields[name].data = text == "yes" if _is_tick(self, name) else text
        shown = {name: texts[name] for name in texts if name in self._fields}
        if self.custom_of:
            own = custom.groups(self.custom_of, texts.get("category", ""), texts)
            shown.update({each.name: each.text for group in own for each in group.inputs})
        self.was.data = json.dumps(shown)
        self.based_on.data = str(version)
        return self

    def touched(self) -> dict[str, Any]:
        """What the person changed; an emptied field is ""."""
        was = custom.filled_with(self.was.data)
        own = {"csrf_token", "id", "was", "based_on"}
        now = {name: field.data for name, field in self._fields.items() if name not in own}
        new = {name: value for name, value in now.items() if _text(value) != was.get(name, "")}
        typed = custom.typed().items() if self.custom_of else ()
        added = {number: text for number, text in typed if text != was.get(PREFIX + number, "")}
        return {**new, "custom": added} if added else new


def save(form: EditForm, kind: str, **thing: str) -> dict[str, Any] | None:
    """Change the thing as the form says; None when the form now says all that is wrong.

    A form that nobody touched changes nothing and is no error. Raises `NotAllowed`.
    """
    if not (form.validate() & has_its_shape(form, EDIT_KINDS[kind])):
        return None
    values = {**form.touched(), **thing, "id": form.id.data, "based_on": form.based_on.data}
    outcome = operations.edit(current_context(), kind, values)
    if not outcome.done or outcome.result is None:
        blame(form, outcome)
        return None
    return outcome.result


def _is_tick(form: EditForm, name: str) -> bool:
    return bool(form._fields[name].type == "BooleanField")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value or "").replace("\r\n", "\n").strip()
