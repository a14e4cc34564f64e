"""What becomes of rows about places: a tree by paths, whose rows may stand in any order."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from stockscan.domain.importing.records import Record
from stockscan.services.importing.deciding import SKIP, Decision, Desk, Reference, What
from stockscan.services.importing.references import References, standing_in, unfit_to_hold
from stockscan.store.importing.lookups import (
    Path,
    Reading,
    Several,
    Tree,
    fold,
    labels_among,
    split_path,
)
from stockscan.store.importing.things import THINGS
from stockscan.store.locations import Location
from stockscan.store.stock import Balance

_DEEPEST: Final = 20


def decide(connection: Reading, desk: Desk, records: Sequence[Record]) -> list[Decision]:
    """A decision for each row, in their order; the file is one chunk."""
    decisions = [Decision(record) for record in records]
    for decision in decisions:
        if not decision.record.faults and "name" not in decision.record.fields:
            decision.blame(desk.header("name"), "The name is missing. Enter it.")
    sound = [one for one in decisions if not one.record.faults]
    labels = labels_among(connection, {one.record.fields["name"] for one in sound})
    for decision in sound:
        if decision.record.fields["name"] in labels:
            message = "That is a label code of ours. Take it out, and scan it onto the place later."
            decision.blame(desk.header("name"), message)
    paths = _paths(desk, [one for one in sound if not one.record.faults])
    placed = [one for one in sound if one.record.line in paths]
    for one in placed:
        # From here on a row says its whole path: references are looked up by it.
        one.record.fields["path"] = paths[one.record.line]
        one.record.fields["location"] = " / ".join(paths[one.record.line])
    _place(connection, desk, placed, paths)
    _refuse_unfit(connection, desk, [one for one in placed if not one.record.faults])
    for decision in decisions:
        if decision.record.faults:
            decision.what = What.WRONG
    return decisions


def _paths(desk: Desk, decisions: Sequence[Decision]) -> dict[int, Path]:
    """The path of each row by its line, going up through the rows that it is in."""
    has_parents = "parent" in desk.headers
    named: dict[str, list[Decision]] = {}
    for one in decisions:
        named.setdefault(one.record.fields["name"].lower(), []).append(one)
    paths: dict[int, Path] = {}
    for one in decisions:
        path = _path_of(one, named, has_parents)
        if path is None:
            message = "It is inside itself. Correct what it is inside of."
            one.blame(desk.header("parent"), message)
        elif not path:
            one.blame(desk.header("name"), "This is no name of a place. Enter another.")
        elif not desk.is_second(one, fold(path), "name"):
            paths[one.record.line] = path
    return paths


def _path_of(one: Decision, named: dict[str, list[Decision]], has_parents: bool) -> Path | None:  # noqa: FBT001
    """The names above a row and its own; None for a ring."""
    name = one.record.fields["name"]
    path: Path = (name,) if has_parents else split_path(name)
    for _ in range(_DEEPEST):
        above = one.record.fields.get("parent")
        if not above:
            return path
        rows = named.get(above.lower(), [])
        if len(rows) != 1:
            return (*split_path(above), *path)
        one = rows[0]
        path = (one.record.fields["name"], *path)
    return None


def _place(
    connection: Reading, desk: Desk, decisions: Sequence[Decision], paths: dict[int, Path]
) -> None:
    references = References(connection, desk, decisions)
    tree = references.tree
    inner = {fold(path[:-1]) for path in paths.values()}
    ids: dict[int, int] = {}
    for one in decisions:
        path = paths[one.record.line]
        found = tree.find(path[0]) if len(path) == 1 else tree.at(path)
        if isinstance(found, Several):
            message = "Several of our places have that name. Write the path, like Site/Area/Bin."
            one.blame(desk.header("name"), message)
        elif found is not None:
            ids[one.record.line] = found
    rows = _rows(connection, ids)
    for one in decisions:
        if one.record.faults:
            continue
        path = paths[one.record.line]
        row = rows.get(ids.get(one.record.line, 0))
        if row is not None:
            _compare(desk, one, row)
        else:
            _make(one, path, references, is_inner=fold(path) in inner)
            if not desk.create and _lacks(tree, path, paths):
                message = "What it is inside of is not there. Create it, or let the import."
                one.blame(desk.header("parent"), message)


def _refuse_unfit(connection: Reading, desk: Desk, decisions: Sequence[Decision]) -> None:
    """The rules of the forms: nothing inside a bin or a place out of use, and not too deep."""
    inner = {path_of(one)[:-1] for one in decisions}
    above = {one.record.line: standing_in(one.columns.get("parent_id")) for one in decisions}
    around = {line: place for line, place in above.items() if place}
    places = _rows(connection, around)
    changed = {one.thing_id or 0 for one in decisions if "kind" in one.columns and one.thing_id}
    filled, stocked = _filled(connection, changed), _stocked(connection, changed)
    for one in decisions:
        place = places.get(around.get(one.record.line, 0))
        kind, name = one.columns.get("kind"), one.record.fields["name"]
        if len(path_of(one)) > _DEEPEST:
            _blame(desk, one, f"More than {_DEEPEST} places inside one another. Take some out.")
        elif place is not None and unfit_to_hold(place):
            _blame(desk, one, unfit_to_hold(place))
        elif kind == "bin" and (one.thing_id in filled or path_of(one) in inner):
            _blame(desk, one, f"Places stand inside {name}, and nothing stands inside a bin.")
        elif kind and kind != "bin" and one.thing_id in stocked:
            _blame(desk, one, f"Parts lie in {name}, so it stays a bin. Move them first.")


def _blame(desk: Desk, one: Decision, message: str) -> None:
    one.blame(desk.header("parent") or desk.header("name"), message)


def _filled(connection: Reading, ids: set[int]) -> set[int]:
    return _found(connection, Location.parent_id, ids)


def _stocked(connection: Reading, ids: set[int]) -> set[int]:
    return _found(connection, Balance.location_id, ids, Balance.quantity_milli != 0)


def _found(connection: Reading, column: Any, ids: set[int], *conditions: Any) -> set[int]:
    """Those of the ids that the column has."""
    wanted, found = sorted(ids), set[int]()
    for start in range(0, len(wanted), 1000):
        some = column.in_(wanted[start : start + 1000])
        found.update(connection.execute(select(column).where(some, *conditions)).scalars())
    return found


def _lacks(tree: Tree, path: Path, paths: dict[int, Path]) -> bool:
    known = {fold(each) for each in paths.values()}
    return len(path) > 1 and fold(path[:-1]) not in known and tree.at(path[:-1]) is None


def _make(one: Decision, path: Path, references: References, *, is_inner: bool) -> None:
    said = one.record.fields
    usual = "site" if len(path) == 1 else "area" if is_inner else "bin"
    above: Reference | None = references.wanted_place(path).values["parent_id"]
    one.what = What.NEW
    one.columns = {
        "name": path[-1],
        "kind": said.get("kind_of_place", usual),
        "parent_id": above,
        "notes": said.get("notes", ""),
        "count_interval_days": said.get("count_interval_days"),
    }


def _compare(desk: Desk, one: Decision, row: Any) -> None:
    one.thing_id, one.what = row.id, What.SAME
    if desk.existing == SKIP:
        return
    fields = THINGS["location"].fields
    for name in ("kind_of_place", "notes", "count_interval_days"):
        held = fields[name]
        value = one.record.fields.get(name)
        if value is not None and value != getattr(row, held.column):
            one.columns[held.column] = value
            one.changes[name] = (held.show(getattr(row, held.column)), held.show(value))
            one.what = What.CHANGED


def _rows(connection: Reading, ids: dict[int, int]) -> dict[int, Any]:
    table = THINGS["location"].table.__table__
    found: dict[int, Any] = {}
    wanted = sorted(set(ids.values()))
    for start in range(0, len(wanted), 1000):
        query = select(table).where(table.c.id.in_(wanted[start : start + 1000]))
        found |= {row.id: row for row in connection.execute(query)}
    return found


def path_of(decision: Decision) -> tuple[str, ...]:
    """The path of a row in its one spelling."""
    return fold(decision.record.fields["path"])
