"""What becomes of rows about assets, models, parts and people: found by key, compared, checked."""

import json
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from sqlalchemy import select

from stockscan.domain.codes import spelling
from stockscan.domain.errors import Invalid
from stockscan.domain.fields import Field
from stockscan.domain.importing.records import Record
from stockscan.services.importing.deciding import SKIP, Decision, Desk, What
from stockscan.services.importing.references import References
from stockscan.store.assets import Asset
from stockscan.store.importing import lookups
from stockscan.store.importing.lookups import Reading
from stockscan.store.importing.things import THINGS, Held
from stockscan.store.people import sign_in_name
from stockscan.store.stock import Balance

NAMING: Final = ("name", "tag", "part_number")
_REFERRING: Final = frozenset({"model", "supplier", "location"})
_BARCODE: Final = {"asset": "alias", "part": "barcode"}
_KEYS: Final = {
    "asset": ("tag", "serial"),
    "model": ("name",),
    "part": ("part_number",),
    "person": ("username", "email", "name"),
}
# What has moved under a way of tracking or a unit keeps it.
_SETTLED: Final = ("tracking", "unit")


def decide(connection: Reading, desk: Desk, records: Sequence[Record]) -> list[Decision]:
    """A decision for each row, in their order."""
    decisions = [Decision(record) for record in records]
    for decision in decisions:
        _PREPARE[desk.kind](desk, decision)
    sound = [one for one in decisions if not one.record.faults]
    _refuse_labels(connection, desk, sound)
    _find_existing(connection, desk, sound)
    rows = _rows(connection, desk.kind, {one.thing_id for one in sound if one.thing_id})
    names = _names(connection, desk.kind, rows.values())
    references = References(connection, desk, sound)
    for decision in sound:
        row = rows.get(decision.thing_id or 0)
        _compare(desk, decision, row, names, references)
        _check_rules(desk, decision, row)
    _check_barcodes(connection, desk, sound)
    _refuse_unsettling(connection, desk, sound)
    _refuse_loaded(connection, desk, sound)
    for decision in decisions:
        if decision.record.faults:
            decision.what = What.WRONG
    return decisions


# --- what a row says ------------------------------------------------------------------------------


def _prepare_asset(desk: Desk, decision: Decision) -> None:
    said = decision.record.fields
    name = said.get("name") or said.get("model") or said.get("tag") or said.get("serial")
    if not name:
        decision.blame(desk.header("name"), "A name, a model or a tag is missing. Enter one.")
    else:
        said["name"] = name[:200]


def _prepare_model(desk: Desk, decision: Decision) -> None:
    if "name" not in decision.record.fields:
        decision.blame(desk.header("name"), "The name is missing. Enter it.")


def _prepare_part(desk: Desk, decision: Decision) -> None:
    said = decision.record.fields
    either = said.get("name") or said.get("part_number")
    if not either:
        decision.blame(desk.header("name"), "The part number or name is missing. Enter it.")
        return
    said["name"] = said.get("name") or either
    said["part_number"] = said.get("part_number") or either


def _prepare_person(desk: Desk, decision: Decision) -> None:
    said = decision.record.fields
    whole = " ".join(filter(None, (said.pop("first_name", ""), said.pop("last_name", ""))))
    name = said.get("name") or whole or said.get("username") or said.get("email")
    if not name:
        decision.blame(desk.header("name"), "The name is missing. Enter it.")
        return
    said["name"] = name[:200]
    if said.get("username"):
        try:
            said["username"] = sign_in_name(said["username"])
        except Invalid as error:
            decision.blame(desk.header("username"), error.message)


_PREPARE: Final[dict[str, Callable[[Desk, Decision], None]]] = {
    "asset": _prepare_asset,
    "model": _prepare_model,
    "part": _prepare_part,
    "person": _prepare_person,
}


# --- which thing it is ----------------------------------------------------------------------------


def _find_existing(connection: Reading, desk: Desk, decisions: Sequence[Decision]) -> None:
    """Set `thing_id` of the rows whose first key that they have is known; blame second ones."""
    table = THINGS[desk.kind].table
    names = _KEYS[desk.kind]
    by_key: dict[str, list[tuple[Decision, str]]] = {name: [] for name in names}
    for decision in decisions:
        name = next((name for name in names if decision.record.fields.get(name)), None)
        if name:
            by_key[name].append((decision, decision.record.fields[name]))
    for name, pairs in by_key.items():
        found = lookups.by_text(
            connection, getattr(table, name), {text for _, text in pairs}, table.id
        )
        for decision, text in pairs:
            rows = found.get(text.lower(), ())
            if desk.is_second(decision, (name, text.lower()), name.replace("_", " ")):
                continue
            if len(rows) > 1:
                message = f"{text[:60]!r} is several of ours already. Change it on the screen."
                decision.blame(desk.header(name), message)
            elif rows:
                decision.thing_id = rows[0].id
    _find_by_barcode(connection, desk, decisions)


def _find_by_barcode(connection: Reading, desk: Desk, decisions: Sequence[Decision]) -> None:
    """An asset without tag and serial is known again by the barcode on it."""
    if desk.kind != "asset":
        return
    nameless = {
        spelling(text): one
        for one in decisions
        if not (one.record.fields.get("tag") or one.record.fields.get("serial"))
        and (text := one.record.fields.get("alias"))
    }
    codes = lookups.things_of_aliases(connection, list(nameless))
    table = THINGS["asset"].table
    query = select(table.code, table.id).where(table.code.in_(set(codes.values())))
    ids = {row.code: row.id for row in connection.execute(query)} if codes else {}
    for text, code in codes.items():
        nameless[text].thing_id = ids.get(code)


def _rows(connection: Reading, kind: str, ids: Collection[int]) -> dict[int, Any]:
    if not ids:
        return {}
    table = THINGS[kind].table.__table__
    return {row.id: row for row in connection.execute(select(table).where(table.c.id.in_(ids)))}


def _names(connection: Reading, kind: str, rows: Collection[Any]) -> dict[str, dict[int, str]]:
    """The names of what the rows refer to, by field."""
    return {
        name: lookups.names_of(
            connection, held.of, {number for row in rows if (number := getattr(row, held.column))}
        )
        for name, held in THINGS[kind].fields.items()
        if held.of is not None
    }


# --- what changes ---------------------------------------------------------------------------------


def _compare(
    desk: Desk,
    decision: Decision,
    row: Any,
    names: dict[str, dict[int, str]],
    references: References,
) -> None:
    """Fill the columns of a new thing, or those that change, with what a person sees of it."""
    if row is not None and desk.existing == SKIP:
        decision.what = What.SAME
        return
    said = decision.record.fields
    fields = THINGS[desk.kind].fields
    said["its_bin"] = getattr(row, "default_location_id", None)
    if row is None:
        decision.columns = {held.column: held.blank for held in fields.values()}
    for name, held in fields.items():
        if name not in said:
            continue
        if name == "custom":
            _compare_custom(desk, decision, row)
            continue
        value = references.find(decision, name) if name in _REFERRING else said[name]
        if name == "location":
            said["its_bin"] = value
        if row is None:
            decision.columns[held.column] = value
        elif value is not None and value != getattr(row, held.column):
            decision.columns[held.column] = value
            before = _shown(held, getattr(row, held.column), names.get(name, {}))
            decision.changes[name] = (before, _said(held, value, said[name]))
    if desk.kind == "part" and (row is None or "abc_class" in decision.columns):
        # A class that a sheet says is by hand: it stays.
        decision.columns["class_by_hand"] = bool(said.get("abc_class"))
    is_changed = bool(decision.changes or decision.columns)
    decision.what = What.NEW if row is None else What.CHANGED if is_changed else What.SAME


def _shown(held: Held, value: Any, names: dict[int, str]) -> str:
    return held.show(names.get(value, "") if held.of is not None else value)


def _said(held: Held, value: Any, text: Any) -> str:
    return str(text) if held.of is not None else held.show(value)


def _compare_custom(desk: Desk, decision: Decision, row: Any) -> None:
    given: dict[str, str] = decision.record.fields["custom"]
    known = {str(field.id): field for field in desk.fields}
    stored: dict[str, str] = json.loads(row.custom) if row is not None else {}
    category = decision.record.fields.get("category") or (row.category if row is not None else "")
    for number, text in given.items():
        field: Field = known[number]
        if not field.is_for(category):
            message = f"{field.name} is for {field.category} alone. Leave it empty."
            decision.blame(field.name, message)
        elif stored.get(number, "") != text:
            if row is not None:
                decision.changes[field.name] = (stored.get(number, ""), text)
            stored[number] = text
    if row is None or json.loads(row.custom) != stored:
        decision.columns["custom"] = json.dumps(stored, ensure_ascii=False)


# --- the rules of the forms -----------------------------------------------------------------------


def _check_rules(desk: Desk, decision: Decision, row: Any) -> None:
    if desk.kind != "asset" or decision.what is What.SAME:
        return
    cost, salvage = (
        decision.columns.get(name, getattr(row, name, None))
        for name in ("purchase_cost_minor", "salvage_minor")
    )
    if salvage is not None and salvage > (cost or 0):
        message = "What it is worth at the end can't be above its price. Correct one of them."
        decision.blame(desk.header("salvage"), message)
    is_out = row is not None and row.out_since_us is not None
    if is_out and decision.columns.keys() & {"location_id", "status"}:
        message = "It is checked out. Check it in by scan, then import again."
        decision.blame(desk.header("location" if "location" in decision.changes else "status"),
                       message)  # fmt: skip


def _refuse_loaded(connection: Reading, desk: Desk, decisions: Sequence[Decision]) -> None:
    """What other assets are on stays until they are off it."""
    ending = {
        one.thing_id: one for one in decisions
        if desk.kind == "asset" and one.columns.get("status") in ("retired", "disposed")
    }  # fmt: skip
    held = select(Asset.custodian_asset_id).where(
        Asset.custodian_asset_id.in_(set(ending) - {None})
    )
    for row in connection.execute(held.distinct()) if ending else ():
        message = "Other assets are on it. Take them off, then import again."
        ending[row.custodian_asset_id].blame(desk.header("status"), message)


def _refuse_labels(connection: Reading, desk: Desk, decisions: Sequence[Decision]) -> None:
    given = [(one, name, str(text)) for one in decisions for name in NAMING
             if (text := one.record.fields.get(name))]  # fmt: skip
    labels = lookups.labels_among(connection, {text for _, _, text in given})
    for decision, name, text in given:
        if text in labels:
            message = "That is a label code of ours. Take it out, and scan it onto the thing later."
            decision.blame(desk.header(name), message)


def _check_barcodes(connection: Reading, desk: Desk, decisions: Sequence[Decision]) -> None:
    """Let each new barcode stand for its thing; blame those that stand for another one."""
    field = _BARCODE.get(desk.kind, "")
    pairs = [(one, str(text)) for one in decisions if (text := one.record.fields.get(field))]
    if not pairs:
        return
    table = THINGS[desk.kind].table
    spelled = {spelling(text) for _, text in pairs}
    codes = lookups.things_of_aliases(connection, spelled)
    words = lookups.taken_words(connection, {text for _, text in pairs})
    ids = {one.thing_id for one, _ in pairs if one.thing_id}
    query = select(table.id, table.code).where(table.id.in_(ids))
    own = {row.id: row.code for row in connection.execute(query)} if ids else {}
    for decision, text in pairs:
        code = codes.get(spelling(text))
        is_own = code is not None and code == own.get(decision.thing_id or 0)
        if text.lower() in _own_words(decision):
            continue
        if (code and not is_own) or (text.lower() in words and not code):
            message = f"{text[:60]!r} stands for another thing already. Look it up by Find."
            decision.blame(desk.header(field), message)
        elif not is_own and desk.is_second(decision, ("barcode", spelling(text)), field):
            continue
        elif not is_own and desk.existing != SKIP:
            decision.alias = spelling(text)
            decision.what = What.CHANGED if decision.what is What.SAME else decision.what
            if decision.thing_id:
                decision.changes[field] = ("", text)


def _own_words(decision: Decision) -> set[str]:
    """What the thing is known by already, so that its barcode may say the same."""
    said = decision.record.fields
    return {str(said.get(name, "")).lower() for name in ("tag", "serial", "part_number")}


def _refuse_unsettling(connection: Reading, desk: Desk, decisions: Sequence[Decision]) -> None:
    """Parts that have moved keep their unit and their way of tracking."""
    if desk.kind != "part":
        return
    changing = [one for one in decisions if one.thing_id and one.changes.keys() & set(_SETTLED)]
    if not changing:
        return
    ids = {one.thing_id for one in changing}
    query = select(Balance.part_id).where(Balance.part_id.in_(ids)).distinct()
    moved = {row.part_id for row in connection.execute(query)}
    for decision in changing:
        if decision.thing_id in moved:
            name = next(name for name in _SETTLED if name in decision.changes)
            message = f"It has moved under another {name} already. Leave this as it is."
            decision.blame(desk.header(name), message)
