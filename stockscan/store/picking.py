"""How much of which lot or serial an operation is about: named, the only one there, or asked for.

A part that is tracked by lot or serial has one of the two in each of its keys, never both.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.orm import Session

from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid, RuleBroken
from stockscan.domain.figures import MILLI, format_quantity, from_us, is_whole_unit
from stockscan.domain.ledger import Key
from stockscan.domain.operations import Op
from stockscan.store import lots
from stockscan.store.goods import Place
from stockscan.store.ledger import Posting
from stockscan.store.lots import Batch, Whereabouts
from stockscan.store.stock import last_goods


class Mark(NamedTuple):
    """The lot or the serial of goods, and when they expire; empty where the part has neither."""

    lot: str = ""
    serial: str = ""
    expires_on: date | None = None

    @property
    def text(self) -> str:
        """The lot or the serial."""
        return self.lot or self.serial

    def at(self, part_id: int, location_id: int) -> Key:
        """The key of these goods in a bin."""
        return Key(part_id, location_id, self.lot, self.serial)

    def json(self) -> dict[str, str]:
        """As fields of an answer, where they are set."""
        expires_on = self.expires_on.isoformat() if self.expires_on else ""
        fields = {"lot": self.lot, "serial": self.serial, "expires_on": expires_on}
        return {name: value for name, value in fields.items() if value}


def quantity(op: Op, part: Row[Any], field: str = "quantity") -> int:
    """The quantity that the operation names, in thousandths.

    Raises `Invalid` for a fraction of what is counted whole, and for more than 1 under one serial.
    """
    milli: int = op[field]
    if milli % MILLI and is_whole_unit(part.unit):
        raise Invalid(
            f"{part.name} is counted in whole {part.unit}. Enter it without decimals.",
            field=field,
            code="whole_unit",
        )
    if part.tracking == "serial" and milli > MILLI:
        raise Invalid(
            f"Each {part.name} has a serial of its own. Enter 1, and the next one after it.",
            field=field,
            code="one_per_serial",
        )
    return milli


def named(session: Session, op: Op, part: Row[Any]) -> Mark:
    """The lot or serial that the operation names, as it was first spelled.

    Raises `Invalid` when the part is tracked by the other one.
    """
    if part.tracking == "none":
        return Mark()
    wrong = "serial" if part.tracking == "lot" else "lot"
    if op[wrong]:
        message = f"{part.name} is tracked by {part.tracking}. Leave the {wrong} out."
        raise Invalid(message, field=wrong)
    return spelled(session, part, op[part.tracking] or "")


def spelled(session: Session, part: Row[Any], text: str) -> Mark:
    """A lot or serial of the part as it was first spelled; no mark for no text."""
    if not text:
        return Mark()
    first, expires_on = lots.known(session, part.id, text)
    return Mark(first, "", expires_on) if part.tracking == "lot" else Mark("", first, expires_on)


def from_bin(session: Session, op: Op, part: Row[Any], location: Place) -> Mark:
    """What is taken out of a bin: what was named, or the only lot or serial there.

    Raises `RuleBroken` (`lot_missing`, `serial_missing`) with the choices where that is not
    clear, and (`serial_elsewhere`) where the serial is in another place.
    """
    mark = named(session, op, part)
    if part.tracking == "none":
        return mark
    if not mark.text and part.stocked:
        mark = _corrected(session, op, part, location) or _only(
            held_then(session, op, part, location), part, location
        )
    if mark.serial:
        refuse_elsewhere(session, part, mark.serial, (Kind.LOCATION, location.id))
    if mark.text:
        lots.keep(session, part.id, mark.text, None, op.timing.received_us)
    return mark


def from_asset(session: Session, op: Op, part: Row[Any], asset: Row[Any]) -> Mark:
    """What comes back from an asset: what was named, or the only lot or serial on it.

    No mark where nothing of the part is on it. Raises `RuleBroken` like `from_bin`.
    """
    mark = named(session, op, part)
    if part.tracking == "none":
        return mark
    if not mark.text:
        on_it = [batch for batch in lots.fitted(session, part.id, asset.id) if batch.is_there]
        mark = _only(on_it, part, asset) if on_it else mark
    if mark.serial:
        refuse_elsewhere(session, part, mark.serial, (Kind.ASSET, asset.id))
    return mark


def held_then(session: Session, op: Op, part: Row[Any], location: Place) -> Sequence[Batch]:
    """The lots or serials that the books had in a bin when the operation happened."""
    if op.timing.effective_us < op.timing.received_us:
        return lots.on_hand_at(session, part.id, location.id, op.timing.effective_us)
    return lots.on_hand(session, part.id, location.id)


def coming_in(session: Session, op: Op, part: Row[Any], location: Place) -> list[tuple[Mark, int]]:
    """The goods of a receipt: a quantity under one mark, or 1 under each of several serials.

    Raises `RuleBroken` (`lot_missing`, `serial_missing`) when a tracked part comes in without,
    and `Invalid` when serials and quantity do not agree.
    """
    mark = named(session, op, part)
    if part.tracking == "serial":
        return [(each, MILLI) for each in _serials_in(session, op, part, location, mark)]
    if op["serials"]:
        raise Invalid(f"{part.name} is not tracked by serial.", field="serials")
    if part.tracking == "lot" and not mark.text:
        raise missing(part, location, lots.on_hand(session, part.id, location.id))
    if op["quantity"] is None:
        raise Invalid("quantity is missing.", field="quantity", code="malformed")
    return [(mark, quantity(op, part))]


def _serials_in(
    session: Session, op: Op, part: Row[Any], location: Place, mark: Mark
) -> list[Mark]:
    if not mark.text and not op["serials"]:
        raise missing(part, location, ())
    return _listed(session, op, part, mark)


def _listed(session: Session, op: Op, part: Row[Any], mark: Mark) -> list[Mark]:
    """The serials that the operation names, each once."""
    listed = [spelled(session, part, text) for text in op["serials"] or ()]
    serials = list(dict.fromkeys([*([mark] if mark.text else []), *listed]))
    if op["quantity"] not in (None, MILLI * len(serials)):
        said = format_quantity(op["quantity"])
        message = f"{said} {part.unit} of {part.name} can't have {len(serials)} serials."
        raise Invalid(message, field="serials", code="serials_differ")
    return serials


def counted(session: Session, op: Op, part: Row[Any], location: Place) -> list[tuple[Mark, int]]:
    """What a count says about each lot or serial of the part in the bin, in thousandths.

    A list of serials is all there is, and 0 without a lot is 0 of each: everything else that the
    books have of the part there is counted as 0. Raises `RuleBroken` (`lot_missing`,
    `serial_missing`) where it is not clear what was counted.
    """
    mark = named(session, op, part)
    if part.tracking == "serial" and op["serials"] is not None:
        seen = _listed(session, op, part, mark)
        gone = [each for each in _marks_there(session, op, part, location) if each not in seen]
        return [*((each, MILLI) for each in seen), *((each, 0) for each in gone)] or [(mark, 0)]
    if op["quantity"] is None:
        raise Invalid("quantity is missing.", field="quantity", code="malformed")
    milli = quantity(op, part)
    if mark.text or part.tracking == "none":
        return [(mark, milli)]
    if milli == 0:
        return [(each, 0) for each in _marks_there(session, op, part, location)] or [(mark, 0)]
    return [(_only(held_then(session, op, part, location), part, location), milli)]


def _marks_there(session: Session, op: Op, part: Row[Any], location: Place) -> list[Mark]:
    return [_mark_of(batch) for batch in held_then(session, op, part, location)]


def on_hand(posting: Posting, key: Key) -> int:
    """On hand as people see it: of the key, or of all serials of the part in the bin together."""
    if key.serial:
        return lots.total_at(posting.session, key.part_id, key.location_id)
    return posting.balance(key)


def shift_json(posting: Posting, key: Key, before_milli: int) -> dict[str, str]:
    """What was on hand before and after, as the answer shows it."""
    return {
        "before": format_quantity(before_milli),
        "after": format_quantity(on_hand(posting, key)),
    }


def refuse_elsewhere(
    session: Session, part: Row[Any], serial: str, source: tuple[Kind, int] | None
) -> None:
    """Raises `RuleBroken` when the books have the serial in a place that is not its source."""
    others = [
        place
        for place in lots.places_of(session, part.id, serial)
        if (place.kind, place.id) != source
    ]
    if not others:
        return
    fix = "Return it from there first." if others[0].kind is Kind.ASSET else "Move it from there."
    raise _in_another_place(part.name, serial, others[0], fix, "serial_elsewhere")


def refuse_known(session: Session, part: Row[Any], serial: str) -> None:
    """Raises `RuleBroken` when a serial that comes in is here already, and says where."""
    for place in lots.places_of(session, part.id, serial):
        fix = "Check the serial, or count that bin."
        if place.kind is Kind.ASSET:
            fix = "Check the serial, or return it from there."
        raise _in_another_place(part.name, serial, place, fix, "serial_exists")


def refuse_twice(session: Session, part_id: int, part_name: str, serial: str) -> None:
    """Raises `RuleBroken` when the books would now have a serial in two places, or twice in one."""
    places = lots.places_of(session, part_id, serial) if serial else []
    if sum(place.quantity_milli for place in places) > MILLI:
        fix = "Something else was recorded about it. Look there, and count that bin."
        raise _in_another_place(part_name, serial, places[-1], fix, "serial_elsewhere")


def warn_if_expired(mark: Mark, op: Op) -> list[dict[str, str]]:
    """A warning when goods were used after they expired."""
    if mark.expires_on is None or mark.expires_on >= from_us(op.timing.effective_us).date():
        return []
    what = "Lot" if mark.lot else "Serial"
    message = (
        f"{what} {mark.text} expired on {mark.expires_on.isoformat()}. Check before you use it."
    )
    return [{"code": "lot_expired", "message": message}]


def choices_json(batches: Sequence[Batch]) -> list[dict[str, Any]]:
    """Lots or serials to choose from, first expired first, as every client gets them."""
    return [
        {
            "lot": batch.lot,
            "serial": batch.serial,
            "expires_on": batch.expires_on.isoformat() if batch.expires_on else None,
            "quantity": format_quantity(batch.quantity_milli),
        }
        for batch in batches
    ]


def _only(batches: Sequence[Batch], part: Row[Any], place: Place | Row[Any]) -> Mark:
    """The only batch that is there. Raises `RuleBroken` with the choices if there are others."""
    there = [batch for batch in batches if batch.is_there]
    if len(there) == 1:
        return _mark_of(there[0])
    raise missing(part, place, there)


def _mark_of(batch: Batch) -> Mark:
    return Mark(batch.lot, batch.serial, batch.expires_on)


def missing(part: Row[Any], place: Place | Row[Any], batches: Sequence[Batch]) -> RuleBroken:
    """The question which lot or serial it is, with what there is to choose from."""
    batches = [batch for batch in batches if batch.is_there]
    is_lot = part.tracking == "lot"
    if batches and is_lot:
        message = f"Which lot? {place.name} holds {len(batches)} lots of {part.name}."
    elif batches:
        message = f"Which one? {place.name} holds {len(batches)} of {part.name}. Give its serial."
    else:
        message = f"{place.name} holds no {part.name} by the books. Give the {part.tracking} on it."
    return RuleBroken(
        message,
        code=f"{part.tracking}_missing",
        field=part.tracking,
        part=part.code,
        part_name=part.name,
        location=place.code,
        choices=choices_json(batches),
    )


def _corrected(session: Session, op: Op, part: Row[Any], location: Place) -> Mark | None:
    """A correction is about the goods that it corrects, where it says nothing else."""
    rows = last_goods(session, op.corrects) if op.corrects else []
    for row in rows:
        if (row.part_id, row.location_id) == (part.id, location.id) and (row.lot or row.serial):
            return spelled(session, part, row.lot or row.serial)
    return None


def _in_another_place(
    part_name: str, serial: str, place: Whereabouts, fix: str, code: str
) -> RuleBroken:
    where = "on" if place.kind is Kind.ASSET else "in"
    return RuleBroken(
        f"{part_name} {serial} is {where} {place.name} by the books. {fix}",
        code=code,
        field="serial",
        where={"kind": place.kind.value, "code": place.code, "name": place.name},
    )
