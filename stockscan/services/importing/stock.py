"""What becomes of opening stock: rows of it, and quantities that stand beside new parts."""

from collections.abc import Sequence
from typing import Any

from stockscan.domain.figures import MILLI, format_quantity
from stockscan.domain.importing.records import Record
from stockscan.services.importing.deciding import SKIP, Decision, Desk, Goods, Reference, What
from stockscan.services.importing.references import References
from stockscan.store.importing.lookups import Reading, Stocked
from stockscan.store.importing.openings import Booked, known_marks, moved_keys, serials_around

_NO_LOCATION = "The bin is missing. Enter where it lies."


def decide(connection: Reading, desk: Desk, records: Sequence[Record]) -> list[Decision]:
    """A decision for each row of opening stock, in their order."""
    decisions = [Decision(record) for record in records]
    for decision in decisions:
        _prepare(desk, decision)
    sound = [one for one in decisions if not one.record.faults]
    references = References(connection, desk, sound)
    parts: dict[int, Stocked] = {}
    for decision in sound:
        part = references.part(decision)
        location = references.find(decision, "location")
        if part is not None and location is not None:
            parts[part.id] = part
            decision.goods = _goods(decision, part.id, location)
            _check_tracking(desk, decision, part.tracking, part.name)
    check(connection, desk, sound)
    return decisions


def beside_parts(connection: Reading, desk: Desk, decisions: Sequence[Decision]) -> None:
    """Let quantities beside parts become opening stock in the parts' bins."""
    counting = [
        one
        for one in decisions
        if one.record.fields.get("quantity")
        and not one.record.faults
        and not (one.thing_id and desk.existing == SKIP)
    ]
    for decision in counting:
        location = _bin_of(decision)
        if location is None:
            decision.blame(desk.header("location") or desk.header("quantity"), _NO_LOCATION)
            continue
        said = decision.record.fields
        decision.goods = _goods(decision, decision.thing_id, location)
        _check_tracking(desk, decision, said.get("tracking", "none"), said["name"])
    check(connection, desk, counting)


def check(connection: Reading, desk: Desk, decisions: Sequence[Decision]) -> None:
    """Refuse goods that the books know otherwise; what was opened like that already is the same."""
    goods = [(one, one.goods) for one in decisions if one.goods and not one.record.faults]
    ids = {part for _, each in goods if isinstance(part := each.part, int)}
    _spell_marks(connection, goods, ids)
    known = moved_keys(connection, ids)
    serials = {each.serial for _, each in goods if each.serial}
    around = serials_around(connection, ids, serials)
    for decision, _ in goods:
        _check_one(desk, decision, known, around)
        if decision.goods and not decision.record.faults and decision.what in _IDLE:
            decision.what = What.NEW if desk.kind == "stock" else What.CHANGED
        if decision.record.faults:
            decision.what = What.WRONG


_IDLE = (What.WRONG, What.SAME)


def _prepare(desk: Desk, decision: Decision) -> None:
    said = decision.record.fields
    if "serial" in said:
        said.setdefault("quantity", MILLI)
    for name, message in (
        ("part", "The part is missing. Enter its part number."),
        ("location", _NO_LOCATION),
        ("quantity", "The quantity is missing. Enter how many there are."),
    ):
        if name not in said and not any(f.column == desk.header(name) for f in
                                        decision.record.faults):  # fmt: skip
            decision.blame(desk.header(name), message)


def _goods(decision: Decision, part: Reference | None, location: Reference) -> Goods:
    said = decision.record.fields
    return Goods(
        part=part,
        location=location,
        lot=said.get("lot", ""),
        serial=said.get("serial", ""),
        quantity_milli=said["quantity"],
        cost_e4=said.get("unit_cost"),
        expires_on=said.get("expires_on"),
    )


def _bin_of(decision: Decision) -> Reference | None:
    location: Reference | None = decision.columns.get("default_location_id")
    return location if location is not None else decision.record.fields.get("its_bin")


def _check_tracking(desk: Desk, decision: Decision, tracking: str, name: str) -> None:
    goods = decision.goods
    assert goods is not None
    wrong = {"none": goods.lot or goods.serial, "lot": goods.serial, "serial": goods.lot}
    if wrong[tracking]:
        told = "not tracked by lot or serial" if tracking == "none" else f"tracked by {tracking}"
        decision.blame(desk.header("serial" if goods.serial else "lot"),
                       f"{name} is {told}. Empty this, or change the part first.")  # fmt: skip
    elif tracking != "none" and not (goods.lot or goods.serial) and goods.quantity_milli:
        message = f"{name} is tracked by {tracking}. Enter the {tracking}, one to a row."
        decision.blame(desk.header(tracking) or desk.header("quantity"), message)
    elif tracking == "serial" and goods.quantity_milli not in (0, MILLI):
        message = "A serial is one piece. Enter 1, and each serial on a row of its own."
        decision.blame(desk.header("quantity"), message)


def _spell_marks(
    connection: Reading, goods: Sequence[tuple[Decision, Goods]], part_ids: set[int]
) -> None:
    """Lots and serials in the spelling that they had first."""
    marks = {mark for _, each in goods if (mark := each.lot or each.serial)}
    known = known_marks(connection, part_ids, marks)
    for decision, each in goods:
        mark = each.lot or each.serial
        found = known.get((each.part, mark.lower())) if isinstance(each.part, int) else None
        if mark and found and found[0] != mark:
            lot, serial = (found[0], "") if each.lot else ("", found[0])
            decision.goods = Goods(each.part, each.location, lot, serial, each.quantity_milli,
                                   each.cost_e4, each.expires_on)  # fmt: skip


def _check_one(
    desk: Desk, decision: Decision, known: dict[Any, Booked], around: set[tuple[int, str]]
) -> None:
    goods = decision.goods
    assert goods is not None
    key = _key(decision, goods)
    if desk.is_second(decision, key, "part"):
        return
    if goods.quantity_milli == 0:
        decision.goods, decision.what = None, _idle(decision)
    elif key in known:
        if goods.quantity_milli in known[key]:
            decision.goods, decision.what = None, _idle(decision)
            return
        had = format_quantity(known[key].on_hand_milli)
        told = f"The books have {had} there already."
        message = f"{told} Receive or count it instead."
        decision.blame(desk.header("quantity"), message)
    elif goods.serial and (goods.part, goods.serial.lower()) in around:
        message = f"{goods.serial} is in another place by the books. Check the serial."
        decision.blame(desk.header("serial"), message)
    elif goods.serial:
        desk.is_second(decision, ("serial", goods.part, goods.serial.lower()), "serial")


def _idle(decision: Decision) -> What:
    """A row whose goods are booked already changes nothing more than its own columns."""
    return What.SAME if decision.what is What.WRONG else decision.what


def _key(decision: Decision, goods: Goods) -> Any:
    """What the goods are counted under; a part or place that is not there yet by its own key."""
    part = goods.part if goods.part is not None else decision.record.fields["part_number"].lower()
    place = goods.location if isinstance(goods.location, int) else goods.location.key
    return (part, place, goods.lot.lower(), goods.serial.lower())
