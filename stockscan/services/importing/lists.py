"""What becomes of rows of parts lists: which part a model needs, where, and how many."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from stockscan.domain.figures import format_quantity
from stockscan.domain.importing.records import Record
from stockscan.services.importing.deciding import SKIP, Decision, Desk, Wanted, What
from stockscan.services.importing.references import References
from stockscan.store.assets import ModelPart
from stockscan.store.importing.lookups import Reading

# The fields that a line of a list has beside its key, by their columns.
_COLUMNS: Final = {
    "quantity": "quantity_milli",
    "life_months": "life_months",
    "meter": "meter",
    "meter_life": "life_milli",
    "critical": "critical",
}
_AMOUNTS: Final = ("quantity", "meter_life")
_NEEDED: Final = {
    "model": "The model is missing. Enter its name.",
    "part": "The part is missing. Enter its part number.",
    "quantity": "The quantity is missing. Enter how many one model needs.",
}


def decide(connection: Reading, desk: Desk, records: Sequence[Record]) -> list[Decision]:
    """A decision for each row, in their order."""
    decisions = [Decision(record) for record in records]
    for decision in decisions:
        for name, message in _NEEDED.items():
            if name not in decision.record.fields and not decision.record.faults:
                decision.blame(desk.header(name), message)
    sound = [one for one in decisions if not one.record.faults]
    references = References(connection, desk, sound)
    for decision in sound:
        model, part = references.find(decision, "model"), references.part(decision)
        if model is not None and part is not None:
            decision.columns = {"model_id": model, "part_id": part.id, **_said(decision)}
    listed = _listed(connection, sound)
    for decision in sound:
        if not decision.record.faults:
            _compare(desk, decision, listed)
    return decisions


def _said(decision: Decision) -> dict[str, Any]:
    said = decision.record.fields
    return {
        "place": said.get("place", ""),
        "quantity_milli": said["quantity"],
        "life_months": said.get("life_months"),
        "life_milli": said.get("meter_life"),
        "meter": said.get("meter", ""),
        "critical": said.get("critical", False),
    }


def _listed(connection: Reading, decisions: Sequence[Decision]) -> dict[Any, Any]:
    ids = {model for one in decisions if isinstance(model := one.columns.get("model_id"), int)}
    table = ModelPart.__table__
    query = select(table).where(table.c.model_id.in_(ids))
    rows = connection.execute(query) if ids else ()
    return {(row.model_id, row.part_id, row.place): row for row in rows}


def _compare(desk: Desk, decision: Decision, listed: dict[Any, Any]) -> None:
    columns = decision.columns
    model = columns["model_id"]
    key = (model.key if isinstance(model, Wanted) else model, columns["part_id"], columns["place"])
    if desk.is_second(decision, key, "part"):
        decision.what = What.WRONG
        return
    row = listed.get(key)
    if row is None:
        decision.what = What.NEW
        return
    decision.thing_id, decision.what = row.id, What.SAME
    changed = {
        name: column
        for name, column in _COLUMNS.items()
        if name in decision.record.fields and columns[column] != getattr(row, column)
    }
    decision.columns = {column: columns[column] for column in changed.values()}
    if changed and desk.existing != SKIP:
        decision.what = What.CHANGED
        decision.changes = {
            name: (_text(name, getattr(row, column)), _text(name, columns[column]))
            for name, column in changed.items()
        }


def _text(name: str, value: Any) -> str:
    return format_quantity(value or 0) if name in _AMOUNTS else str(value or "")
