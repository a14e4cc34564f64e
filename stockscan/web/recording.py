"""From a form about a thing to one operation, and back to the form with what was wrong."""

from collections.abc import Mapping
from typing import Any

from stockscan.domain.operations import KINDS
from stockscan.services import operations
from stockscan.web.creating import OperationForm, blame, has_its_shape
from stockscan.web.security import current_context


def record(form: OperationForm, kind: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Record what the form says; None when the form now says all that is wrong.

    `values` are the fields of the operation; its id is the form's. Raises `NotAllowed`.
    """
    if not has_its_shape(form, KINDS[kind]):
        return None
    outcome = operations.apply(current_context(), {**values, "id": form.id.data, "kind": kind})
    if not outcome.done or outcome.result is None:
        blame(form, outcome)
        return None
    return outcome.result
