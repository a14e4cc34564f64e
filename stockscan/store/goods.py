"""What every movement of goods needs: the things it names, its place in time, its answer."""

from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor
from stockscan.domain.codes import Kind, read
from stockscan.domain.counts import Side
from stockscan.domain.errors import Invalid, NeedsAttention, RuleBroken
from stockscan.domain.figures import format_quantity, iso
from stockscan.domain.ledger import Key, MovementKind
from stockscan.domain.operations import Op
from stockscan.store.assets import Asset
from stockscan.store.counts import CountLine, current
from stockscan.store.ledger import Entry, Posting, key_of
from stockscan.store.locations import Location
from stockscan.store.operations import Operation
from stockscan.store.parts import Part
from stockscan.store.placing import Capture, Placed, ask, just_after, just_before, place_goods
from stockscan.store.scanning import TABLES, thing_called
from stockscan.store.settings import load
from stockscan.store.stock import Balance, Movement, last_goods


class Place(NamedTuple):
    """A location as operations name it."""

    id: int
    code: str
    name: str


class Leg(NamedTuple):
    """One end of a transfer: the key, the instant, and the job that it is for."""

    key: Key
    at_us: int
    work_id: int | None = None


# Read by every operation, so built once; phones send codes, people also tags and names.
_COLUMNS: dict[Kind, Any] = {
    Kind.ASSET: select(
        Asset.id,
        Asset.code,
        Asset.tag,
        Asset.name,
        Asset.status,
        Asset.model_id,
        Asset.location_id,
    ),
    Kind.PART: select(
        Part.id,
        Part.code,
        Part.part_number,
        Part.name,
        Part.unit,
        Part.tracking,
        Part.stocked,
        Part.default_location_id,
        Location.code.label("home_code"),
        Location.name.label("home_name"),
    ).outerjoin(Location, Location.id == Part.default_location_id),
    Kind.LOCATION: select(Location.id, Location.code, Location.name),
}
_ROWS = {kind: query.where(TABLES[kind].id == bindparam("of")) for kind, query in _COLUMNS.items()}
_ROWS_BY_CODE = {
    kind: query.where(TABLES[kind].code == bindparam("code")) for kind, query in _COLUMNS.items()
}


_PART_NAMES: Any = select(Part.code, Part.name, Part.part_number, Part.unit)


def find(session: Session, kind: Kind, field: str, reference: str) -> int:
    """The id of the thing of this kind that `reference` stands for.

    Raises `NotFound` that names the field when there is none.
    """
    return thing_called(session, reference, kind, field).id


def asset_row(session: Session, op: Op, field: str = "asset") -> Row[Any]:
    """The asset that a field of the operation names."""
    return _row(session, Kind.ASSET, op, field)


def part_row(session: Session, op: Op) -> Row[Any]:
    """The part that the operation names; refuses lots and serials of parts without them."""
    row = _row(session, Kind.PART, op, "part")
    if row.tracking == "none" and (op["lot"] or op["serial"] or op["serials"]):
        raise Invalid(f"{row.name} is not tracked by lot or serial.", field="lot")
    return row


def location_row(session: Session, op: Op, field: str = "location") -> Place:
    """The location that a field of the operation names."""
    row = _row(session, Kind.LOCATION, op, field)
    return Place(row.id, row.code, row.name)


def place_of(session: Session, location_id: int) -> Place:
    """The location with this id."""
    row = session.execute(_COLUMNS[Kind.LOCATION].where(Location.id == location_id)).one()
    return Place(*tuple(row))


def named_place(session: Session, reference: str, field: str) -> Place:
    """The location that a reference stands for. Raises `NotFound` that names the field."""
    return place_of(session, find(session, Kind.LOCATION, field, reference))


def home_of(session: Session, part: Row[Any]) -> Place:
    """Where a part is taken from when nobody said: its own bin, else where most of it lies.

    Raises `Invalid` when it has neither.
    """
    if part.default_location_id is not None:
        return Place(part.default_location_id, part.home_code, part.home_name)
    fullest = session.execute(
        select(Location.id, Location.code, Location.name)
        .join(Balance, Balance.location_id == Location.id)
        .where(Balance.part_id == part.id)
        .order_by(Balance.quantity_milli.desc())
        .limit(1)
    ).first()
    if fullest is None:
        raise Invalid(
            f"{part.name} has no bin yet. Scan the bin first.", field="location", code="no_location"
        )
    return Place(fullest.id, fullest.code, fullest.name)


def posting(session: Session, op: Op, actor: Actor, now_us: int) -> Posting:
    """The ledger's writer for this operation."""
    return Posting(session, operation_id=op.id, origin_id=op.id, actor=actor, now_us=now_us)


def place(posting: Posting, op: Op, key: Key, *, taken_milli: int = 0) -> Placed:
    """Where the operation's goods stand in the order of `key`.

    A correction takes the place of what it corrects and asks nothing; one that says on which side
    of a count it lies is put there; all others by the time and age of the scan.
    """
    session = posting.session
    if op.corrects is not None:
        corrected = _corrected(session, op.corrects, key)
        posting.corrects[key] = corrected.seq
        return Placed(corrected.effective_us)
    line = _line_named(session, op, key)
    if line is not None and op.before_count:
        wanted = min(op.timing.effective_us, (line.counted_us or 0) - 1)
        return Placed(
            wanted if wanted < (line.counted_us or 0) - 1 else just_before(session, key, line)
        )
    if line is not None:
        return Placed(just_after(session, key, line, op.timing.effective_us))
    capture = Capture(op.device, op.capture)
    return place_goods(posting, key, op.timing, taken_milli=taken_milli, capture=capture)


def questions_for(session: Session, op: Op, placed: Placed, now_us: int) -> list[dict[str, Any]]:
    """Keep the questions that the place left open, and say them for the answer."""
    ask(session, op.id, placed.questions, now_us)
    return [question_json(op.id, line, side) for line, _reason, side in placed.questions]


def question_json(origin_id: str, line: CountLine, side: Side) -> dict[str, Any]:
    """The one question about a count, as every client gets it."""
    return {
        "operation": origin_id,
        "line": line.id,
        "count_at": iso(line.counted_us or 0),
        "counted": format_quantity(line.counted_milli or 0),
        "preselected": side.value,
        "text": "Before or after the count?",
    }


def asked(questions: list[dict[str, Any]]) -> dict[str, Any]:
    """The questions as fields of an answer; nothing where none was asked."""
    return {"question": questions[0], "questions": questions} if questions else {}


def names_json(part: Row[Any], location: Place) -> dict[str, str]:
    """A part and a place as fields of an answer: codes for programs, names for people."""
    return {
        "part": part.code,
        "part_name": part.name,
        "part_number": part.part_number,
        "unit": part.unit,
        "location": location.code,
        "location_name": location.name,
    }


def names_of_key(session: Session, key: Key) -> dict[str, str]:
    """The part and the place of a key as fields of an answer."""
    part: Row[Any] = session.execute(_PART_NAMES.where(Part.id == key.part_id)).one()
    return names_json(part, place_of(session, key.location_id))


def move(
    posting: Posting,
    out: Leg,
    into: Leg,
    quantity_milli: int,
    note: str,
    origin_id: str | None = None,
) -> int:
    """Write both legs of a transfer; the seq of the one that leaves."""
    cost, value = posting.at_average(out.key, quantity_milli)
    leaving, arriving = (
        Entry(
            kind,
            leg.key,
            sign * quantity_milli,
            cost,
            sign * value,
            leg.at_us,
            work_id=leg.work_id,
            note=note,
            origin_id=origin_id,
        )
        for kind, leg, sign in (
            (MovementKind.TRANSFER_OUT, out, -1),
            (MovementKind.TRANSFER_IN, into, 1),
        )
    )
    seq = posting.append(leaving)
    posting.append(arriving)
    return seq


def check_stock(
    posting: Posting, key: Key, taken_milli: int, names: tuple[str, str, str]
) -> list[dict[str, str]]:
    """Warnings about taking more than the books hold; under strict stock it is refused instead."""
    part_name, location_name, unit = names
    before = posting.balance(key)
    if before >= taken_milli:
        return []
    held = f"{location_name} holds {format_quantity(before)} {unit} of {part_name} on the books"
    if load(posting.session).strict_stock:
        raise RuleBroken(
            f"{held}. Count the bin, then take it.",
            code="no_stock",
            on_hand=format_quantity(before),
        )
    return [{"code": "negative_stock", "message": f"{held}. Count the bin."}]


def shift_json(posting: Posting, key: Key, before_milli: int) -> dict[str, str]:
    """The balance before and after, as the answer shows it."""
    return {
        "before": format_quantity(before_milli),
        "after": format_quantity(posting.balance(key)),
    }


def _row(session: Session, kind: Kind, op: Op, field: str) -> Row[Any]:
    connection, code = session.connection(), read(op[field]).code
    row = connection.execute(_ROWS_BY_CODE[kind], {"code": code}).first() if code else None
    if row is not None:
        return row
    return connection.execute(_ROWS[kind], {"of": find(session, kind, field, op[field])}).one()


def _corrected(session: Session, corrected_id: str, key: Key) -> Movement:
    """The row whose place a correction takes: of the same key, else the operation's last."""
    rows = last_goods(session, corrected_id)
    known = session.get(Operation, corrected_id)
    if not rows and known is not None and known.status == "applied":
        raise Invalid("What this corrects moved no goods.", field="corrects")
    if not rows:
        raise NeedsAttention(
            "What this corrects has not arrived yet. It is applied when that arrives.",
            code="waits_for_operation",
            waits_for=corrected_id,
        )
    same = [row for row in rows if key_of(row) == key]
    return (same or rows)[0]


def _line_named(session: Session, op: Op, key: Key) -> CountLine | None:
    line_id = op.before_count or op.after_count
    if not line_id:
        return None
    line = current(session, line_id)
    if line is None or key_of(line) != key or not line.counted_us:
        message = "That count is not about this part in this bin. Look at the counts and try again."
        raise Invalid(message, field="before_count" if op.before_count else "after_count")
    return line
