"""Writes what was decided about a chunk of rows, in the order in which one needs the other."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import delete, insert, tuple_
from sqlalchemy.orm import Session

from stockscan.domain.importing.records import Record
from stockscan.domain.ledger import Key
from stockscan.services.importing import lists, places, stock, things
from stockscan.services.importing.deciding import Decision, Desk, Wanted, What
from stockscan.services.importing.references import all_wanted
from stockscan.store.assets import ModelPart
from stockscan.store.importing import writing
from stockscan.store.importing.lookups import Reading
from stockscan.store.importing.openings import Opening, post
from stockscan.store.importing.writing import Origin
from stockscan.store.parts import Supplier, SupplierPart

# Fields of assets that change by events, which tell themselves.
_BY_EVENT: Final = {"location", "status", "condition"}
_PLACE: Final = {"notes": "", "count_interval_days": None}
_MODEL: Final = {
    "life_months": None,
    "replacement_minor": None,
    "down_hour_minor": None,
    "notes": "",
}


def decide(connection: Reading, desk: Desk, records: Sequence[Record]) -> list[Decision]:
    """What becomes of each row of a chunk, as the books stand now."""
    if desk.kind == "stock":
        return stock.decide(connection, desk, records)
    if desk.kind == "location":
        return places.decide(connection, desk, records)
    if desk.kind == "bom":
        return lists.decide(connection, desk, records)
    decisions = things.decide(connection, desk, records)
    if desk.kind == "part" and "quantity" in desk.headers:
        stock.beside_parts(connection, desk, decisions)
    return decisions


def apply(session: Session, desk: Desk, decisions: Sequence[Decision], origin: Origin) -> None:
    """Write the rows that are new or changed. Raises `Conflict` if the books moved meanwhile."""
    good = [one for one in decisions if one.what in (What.NEW, What.CHANGED)]
    if desk.kind == "location":
        _apply_places(session, good, origin)
        return
    made = _make_wanted(session, all_wanted(good), origin)
    for one in good:
        one.columns = {name: _number(value, made) for name, value in one.columns.items()}
    if desk.kind == "bom":
        _apply_lists(session, good)
    elif desk.kind != "stock":
        _apply_things(session, desk.kind, good, origin)
    post(session, [_opening(one, made) for one in good if one.goods], origin)


def _make_wanted(session: Session, wanted: Sequence[Wanted], origin: Origin) -> dict[Wanted, int]:
    """Make what the rows refer to and is not there; the number of each."""
    made: dict[Wanted, int] = {}
    models = [one for one in wanted if one.kind == "model"]
    rows = [{**_MODEL, **one.values} for one in models]
    made |= zip(models, writing.make_things(session, "model", rows, origin.now_us), strict=True)
    for one in wanted:
        if one.kind == "supplier":
            statement = insert(Supplier).values(**one.values).returning(Supplier.id)
            made[one] = session.scalars(statement).one()
    nested = [one for one in wanted if one.kind == "location"]
    for depth in sorted({len(one.key) for one in nested}):
        level = [one for one in nested if len(one.key) == depth]
        rows = [
            {**_PLACE, **one.values, "parent_id": _number(one.values["parent_id"], made)}
            for one in level
        ]
        ids = writing.make_things(session, "location", rows, origin.now_us)
        made |= zip(level, ids, strict=True)
    return made


def _number(value: Any, made: Mapping[Wanted, int]) -> Any:
    return made[value] if isinstance(value, Wanted) else value


def _apply_things(session: Session, kind: str, good: Sequence[Decision], origin: Origin) -> None:
    new = [one for one in good if one.what is What.NEW]
    if kind == "asset":
        untagged = [one for one in new if not one.columns["tag"]]
        for one, tag in zip(untagged, writing.free_tags(session, len(untagged)), strict=True):
            one.columns["tag"] = tag
    ids = writing.make_things(session, kind, [one.columns for one in new], origin.now_us)
    for one, number in zip(new, ids, strict=True):
        one.thing_id = number
    changed = [one for one in good if one.what is What.CHANGED]
    grades = _first_grades(session, kind, changed)
    writing.change_things(session, kind, [(one.thing_id or 0, one.columns) for one in changed])
    told = [(one.thing_id or 0, _edits(kind, one)) for one in changed]
    writing.log_edits(session, kind, told, origin)
    labelled = [one for one in good if one.alias]
    codes = writing.codes_of(session, kind, [one.thing_id or 0 for one in labelled])
    aliases = [(one.alias, codes[one.thing_id or 0]) for one in labelled]
    writing.add_aliases(session, aliases, origin)
    if kind == "asset":
        events = [*grades, *(event for one in good for event in _events(one))]
        writing.add_events(session, events, origin)
    if kind == "part":
        _drop_second_suppliers(session, changed)


def _edits(kind: str, one: Decision) -> dict[str, tuple[str, str]]:
    if kind != "asset":
        return one.changes
    return {name: change for name, change in one.changes.items() if name not in _BY_EVENT}


def _events(one: Decision) -> list[dict[str, Any]]:
    """Its place and state as events, so that the asset's row is what its events say."""
    columns, found = one.columns, []
    is_new = one.what is What.NEW
    if columns.get("location_id"):
        found.append({"kind": "move", "to_location_id": columns["location_id"]})
    if "status" in columns and not (is_new and columns["status"] == "in_service"):
        found.append({"kind": "status", "to_status": columns["status"]})
    if "condition" in columns and not is_new:
        found.append({"kind": "condition", "condition": columns["condition"]})
    return [{"asset_id": one.thing_id, **event} for event in found]


def _first_grades(session: Session, kind: str, changed: Sequence[Decision]) -> list[dict[str, Any]]:
    """The condition that assets came with, as events, so that taking back leads to it."""
    graded = [one.thing_id or 0 for one in changed if "condition" in one.columns]
    if kind != "asset":
        return []
    return [
        {"asset_id": asset_id, "kind": "condition", "condition": condition, "effective_us": age}
        for asset_id, (condition, age) in writing.never_graded(session, graded).items()
    ]


def _drop_second_suppliers(session: Session, changed: Sequence[Decision]) -> None:
    """Who becomes the usual supplier of a part is no other supplier of it any more."""
    pairs = [
        (one.thing_id, one.columns["supplier_id"])
        for one in changed
        if one.columns.get("supplier_id")
    ]
    if pairs:
        key = tuple_(SupplierPart.part_id, SupplierPart.supplier_id)
        session.execute(
            delete(SupplierPart).where(key.in_(pairs)).execution_options(synchronize_session=False)
        )


def _apply_lists(session: Session, good: Sequence[Decision]) -> None:
    table = ModelPart.__table__
    writing.insert_rows(session, ModelPart, [one.columns for one in good if one.what is What.NEW])
    for one in good:
        if one.what is What.CHANGED:
            session.execute(
                table.update().where(table.c.id == one.thing_id).values(**one.columns)  # type: ignore[attr-defined]
            )


def _apply_places(session: Session, good: Sequence[Decision], origin: Origin) -> None:
    """Level by level, so that each place finds what it is in: rows, and what rows only name."""
    new = {places.path_of(one): one for one in good if one.what is What.NEW}
    wanted = {one.key: one for one in all_wanted(good) if one.key not in new}
    ids: dict[tuple[str, ...], int] = {}
    for depth in sorted({len(path) for path in (*new, *wanted)}):
        level = [path for path in (*new, *wanted) if len(path) == depth]
        rows = [_place_row(new, wanted, path, ids) for path in level]
        ids |= zip(level, writing.make_things(session, "location", rows, origin.now_us),
                   strict=True)  # fmt: skip
    changed = [one for one in good if one.what is What.CHANGED]
    columns = [(one.thing_id or 0, one.columns) for one in changed]
    writing.change_things(session, "location", columns)
    told = [(one.thing_id or 0, one.changes) for one in changed]
    writing.log_edits(session, "location", told, origin)


def _place_row(
    new: Mapping[tuple[str, ...], Decision],
    wanted: Mapping[tuple[str, ...], Wanted],
    path: tuple[str, ...],
    ids: Mapping[tuple[str, ...], int],
) -> dict[str, Any]:
    columns = {**_PLACE, **(new[path].columns if path in new else wanted[path].values)}
    above = columns["parent_id"]
    return {**columns, "parent_id": ids[above.key] if isinstance(above, Wanted) else above}


def _opening(one: Decision, made: Mapping[Wanted, int]) -> Opening:
    goods = one.goods
    assert goods is not None
    part = one.thing_id if goods.part is None else _number(goods.part, made)
    assert part is not None
    key = Key(part, _number(goods.location, made), goods.lot, goods.serial)
    return Opening(key, goods.quantity_milli, goods.cost_e4, goods.expires_on)
