"""The shape of every write: its kinds, their fields, and what makes two writes the same."""

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from stockscan.domain.access import Role
from stockscan.domain.codes import LONGEST_SCAN
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import parse_cost, parse_money, parse_quantity
from stockscan.domain.ledger import Timing, timing

LONGEST_TEXT: Final = 2000
# A lot or a serial; GS1 labels hold at most 20 characters.
LONGEST_MARK: Final = 100
MOST_MARKS: Final = 500
LONGEST_AGE_MS: Final = 10 * 365 * 86_400_000
LONGEST_CARRY_MIN: Final = 7 * 24 * 60
# Digits of the largest 64-bit integer.
LONGEST_WHOLE: Final = 19
# Hexadecimal digits of a clock that is good for the next 30,000 years.
LONGEST_SEEN: Final = 15

# Halves of surrogate pairs: JSON can spell them, no encoding can store them.
_NO_TEXT: Final = frozenset(map(chr, range(0xD800, 0xE000)))

_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_HEX: Final = frozenset("0123456789abcdef")

Parser = Callable[[str, Any], Any]


# An operation that has not been received yet has no time.
_NEVER: Final = Timing(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Op:
    """One intended write, checked for shape only.

    `fields` holds the kind's own fields, already parsed (quantities in thousandths, costs in
    1/10,000, dates as dates); the rest says when and how it was captured.
    """

    id: str
    kind: str
    fields: Mapping[str, Any]
    digest: str
    content: str
    age_ms: int = 0
    seen_us: int | None = None
    capture: int = 0
    queued: bool = False
    device: str = ""
    carry_min: int = 0
    before_count: int | None = None
    after_count: int | None = None
    corrects: str | None = None
    timing: Timing = _NEVER

    def __getitem__(self, name: str) -> Any:
        """A field of the kind, None where it was not given."""
        return self.fields.get(name)

    def received(self, now_us: int) -> "Op":
        """The same operation with its timing by the server's clock at arrival."""
        return replace(
            self,
            timing=timing(
                now_us=now_us,
                age_ms=self.age_ms,
                seen_us=self.seen_us,
                capture=self.capture,
                carry_min=self.carry_min,
            ),
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of one kind."""

    required: Mapping[str, Parser]
    optional: Mapping[str, Parser] = field(default_factory=dict)
    exactly_one: tuple[str, ...] = ()
    at_least_one: tuple[str, ...] = ()


def parse_op(raw: object, shapes: Mapping[str, Shape]) -> Op:
    """Check the shape of one operation of the kinds in `shapes`.

    Raises `Invalid` that names the field. References are not looked up here.
    """
    if not isinstance(raw, Mapping):
        raise Invalid("An operation must be a JSON object.", code="malformed")
    identity = parse_id(raw.get("id"))
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in shapes:
        raise Invalid(
            f"Unknown kind of operation: {str(kind)[:40]!r}.", field="kind", code="unknown_kind"
        )
    fields = _parse_fields(raw, shapes[kind])
    envelope = {
        name: parse(name, raw[name])
        for name, parse in _ENVELOPE.items()
        if raw.get(name) is not None
    }
    if "before_count" in envelope and "after_count" in envelope:
        raise Invalid("Give before_count or after_count, not both.", field="after_count",
                      code="malformed")  # fmt: skip
    seen = envelope.pop("seen", None)
    content = canonical({"kind": kind, **fields, "corrects": envelope.get("corrects")})
    return Op(
        id=identity,
        kind=kind,
        fields=fields,
        content=content,
        digest=digest(content),
        seen_us=seen,
        **envelope,
    )


def parse_id(raw: object, *, field: str = "id") -> str:
    """A client-made UUID in its canonical form; raises `Invalid` for anything else."""
    text = raw if isinstance(raw, str) else ""
    try:
        identity = uuid.UUID(text)
    except ValueError:
        identity = None
    if identity is None or len(text) != len(str(identity)):
        raise Invalid(f"{field} must be a UUID.", field=field, code="malformed")
    return str(identity)


def canonical(content: Mapping[str, Any]) -> str:
    """The content as JSON in one spelling: sorted keys, no blanks, absent fields left out."""
    present = {name: value for name, value in content.items() if value is not None}
    return json.dumps(
        present, sort_keys=True, separators=(",", ":"), default=str, ensure_ascii=False
    )


def digest(content: str) -> str:
    """A fixed-length fingerprint of the canonical content."""
    return hashlib.sha256(content.encode()).hexdigest()


def derived_id(action_id: str, index: int) -> str:
    """The id of one of several operations that a person meant as one action."""
    return str(uuid.uuid5(uuid.UUID(action_id), str(index)))


def ids_of(actions: str) -> list[str]:
    """The ids of the operations of some actions, in order.

    Actions are joined by dots; one of n operations is written `id*n`, one of a single operation is
    that operation's id. What is none of these, or too long, is left out.
    """
    ids: list[str] = []
    for action in actions.split("."):
        head, star, number = action.partition("*")
        if not _UUID.fullmatch(head) or (star and not re.fullmatch(r"[0-9]{1,3}", number)):
            continue
        ids += [derived_id(head, index) for index in range(int(number))] if star else [head]
    return ids


def seen_token(now_us: int) -> str:
    """What a client keeps and sends back as `seen`: the server's clock when it last answered."""
    return f"s{now_us:x}"


def _parse_fields(raw: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    known = {**shape.required, **shape.optional}
    strange = [name for name in raw if name not in known and name not in _RESERVED]
    if strange:
        raise Invalid(
            f"Unknown field {str(strange[0])[:40]!r}.", field=str(strange[0])[:40], code="malformed"
        )
    given = {name: raw[name] for name in known if raw.get(name) not in (None, "")}
    missing = [name for name in shape.required if name not in given]
    if missing:
        raise Invalid(f"{missing[0]} is missing.", field=missing[0], code="malformed")
    if shape.at_least_one and not any(name in given for name in shape.at_least_one):
        first = shape.at_least_one[0]
        raise Invalid(f"{first} is missing.", field=first, code="malformed")
    chosen = [name for name in shape.exactly_one if name in given]
    if shape.exactly_one and len(chosen) != 1:
        names = ", ".join(shape.exactly_one)
        raise Invalid(f"Give exactly one of {names}.", field=shape.exactly_one[0], code="malformed")
    return {name: known[name](name, value) for name, value in given.items()}


def _text(name: str, raw: Any) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise Invalid(f"{name} must be text.", field=name)
    text = str(raw).strip()
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"{name} is longer than {LONGEST_TEXT} characters.", field=name)
    if any(character in _NO_TEXT or character == "\x00" for character in text):
        raise Invalid(f"{name} has characters that are no text.", field=name)
    return text


def _reference(name: str, raw: Any) -> str:
    text = _text(name, raw)
    if not text or len(text) > LONGEST_SCAN:
        raise Invalid(f"{name} must be a code of 1 to {LONGEST_SCAN} characters.", field=name)
    return text


def _name(name: str, raw: Any) -> str:
    text = _text(name, raw)
    if not 1 <= len(text) <= 200:
        raise Invalid(f"{name} must have 1 to 200 characters.", field=name)
    return text


def _mark(name: str, raw: Any) -> str:
    text = _text(name, raw)
    if len(text) > LONGEST_MARK or not text.isprintable():
        raise Invalid(f"{name} must have 1 to {LONGEST_MARK} plain characters.", field=name)
    return text


def _marks(name: str, raw: Any) -> list[str]:
    """Serials as a list, or as one text between commas, semicolons or line ends; each once."""
    if isinstance(raw, str):
        raw = re.split(r"[,;\r\n]", raw)
    if not isinstance(raw, list) or len(raw) > MOST_MARKS:
        raise Invalid(f"{name} must be a list of at most {MOST_MARKS} serials.", field=name)
    first: dict[str, str] = {}
    for each in raw:
        mark = _mark(name, each)
        first.setdefault(mark.lower(), mark)
    return [mark for mark in first.values() if mark]


def _quantity(name: str, raw: Any) -> int:
    return parse_quantity(raw, field=name)


def _count(name: str, raw: Any) -> int:
    return parse_quantity(raw, field=name, zero=True)


def _cost(name: str, raw: Any) -> int:
    return parse_cost(raw, field=name)


def _money(name: str, raw: Any) -> int:
    return parse_money(raw, field=name)


def _day(name: str, raw: Any) -> date:
    try:
        day = date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        day = None
    # Other spellings of ISO 8601 are dates too, but one is enough to compare and to prove.
    if day is None or day.isoformat() != raw:
        raise Invalid(f"{name} must be a date like 2026-11-22.", field=name)
    return day


def _flag(name: str, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise Invalid(f"{name} must be true or false.", field=name)
    return raw


def _id(name: str, raw: Any) -> str:
    return parse_id(raw, field=name)


def _whole(minimum: int, maximum: int) -> Parser:
    def parse(name: str, raw: Any) -> int:
        if isinstance(raw, str) and raw.isascii() and raw.isdecimal() and len(raw) <= LONGEST_WHOLE:
            raw = int(raw)
        if isinstance(raw, bool) or not isinstance(raw, int) or not minimum <= raw <= maximum:
            raise Invalid(f"{name} must be a whole number from {minimum} to {maximum}.", field=name)
        return raw

    return parse


def _one_of(*allowed: str) -> Parser:
    def parse(name: str, raw: Any) -> str:
        if raw not in allowed:
            raise Invalid(f"{name} must be one of {', '.join(allowed)}.", field=name)
        return str(raw)

    return parse


def _seen(name: str, raw: Any) -> int:
    text = raw if isinstance(raw, str) else ""
    digits = text.removeprefix("s")
    if digits == text or not 1 <= len(digits) <= LONGEST_SEEN or set(digits) - _HEX:
        raise Invalid("seen must be what the server sent.", field=name, code="malformed")
    return int(digits, 16)


_ID64: Final = _whole(1, 2**63 - 1)

_ENVELOPE: Final[dict[str, Parser]] = {
    "age_ms": _whole(0, LONGEST_AGE_MS),
    "seen": _seen,
    "capture": _whole(0, 2**53),
    "queued": _flag,
    "device": _text,
    "carry_min": _whole(0, LONGEST_CARRY_MIN),
    "before_count": _ID64,
    "after_count": _ID64,
    "corrects": _id,
}
_RESERVED: Final = frozenset({"id", "kind", *_ENVELOPE})
_LOT: Final[dict[str, Parser]] = {"lot": _mark, "serial": _mark}
# A blank label that a new thing gets, and the scanned text that led to its making.
_LABEL: Final[dict[str, Parser]] = {"label": _reference, "alias": _reference}

KINDS: Final[dict[str, Shape]] = {
    "check_out": Shape(
        {"asset": _reference},
        {
            "to_person": _reference,
            "to_location": _reference,
            "to_asset": _reference,
            "due_on": _day,
            "note": _text,
        },
        exactly_one=("to_person", "to_location", "to_asset"),
    ),
    "check_in": Shape(
        {"asset": _reference},
        {"location": _reference, "condition": _whole(1, 5), "note": _text},
    ),
    "move_asset": Shape({"asset": _reference, "location": _reference}, {"note": _text}),
    "install": Shape(
        {"asset": _reference, "part": _reference, "quantity": _quantity},
        {"location": _reference, "removed_serial": _text, "work": _text, "note": _text, **_LOT},
    ),
    "return_part": Shape(
        {"asset": _reference, "part": _reference, "quantity": _quantity, "location": _reference},
        {"condition": _whole(1, 5), "note": _text, **_LOT},
    ),
    "receive": Shape(
        {"part": _reference, "location": _reference},
        {
            "quantity": _quantity,
            "serials": _marks,
            "unit_cost": _cost,
            "expires_on": _day,
            "requisition": _text,
            "note": _text,
            **_LOT,
        },
        at_least_one=("quantity", "serial", "serials"),
    ),
    "issue": Shape(
        {"part": _reference, "location": _reference, "quantity": _quantity, "reason": _text},
        {"note": _text, **_LOT},
    ),
    "transfer": Shape(
        {
            "part": _reference,
            "from_location": _reference,
            "to_location": _reference,
            "quantity": _quantity,
        },
        {"note": _text, **_LOT},
    ),
    "count": Shape(
        {"location": _reference, "part": _reference},
        {
            "quantity": _count,
            "serials": _marks,
            "count": _text,
            "window_ms": _whole(0, 86_400_000),
            "complete": _flag,
            "note": _text,
            **_LOT,
        },
        at_least_one=("quantity", "serials"),
    ),
    "scrap": Shape(
        {"part": _reference, "location": _reference, "quantity": _quantity, "reason": _text},
        {"note": _text, **_LOT},
    ),
    "condition": Shape({"asset": _reference, "value": _whole(1, 5)}, {"note": _text}),
    "link": Shape({"text": _reference, "thing": _reference}, {"note": _text}),
    "claim": Shape({"label": _reference, "thing": _reference}, {"note": _text}),
    "reverse": Shape({"operation": _id}, {"note": _text}),
    "retime": Shape({"operation": _id}, {"note": _text}),
}

# What the create endpoints and forms send; the same door, the same idempotency.
CREATE_KINDS: Final[dict[str, Shape]] = {
    "create_asset": Shape(
        {"name": _name},
        {
            "tag": _name,
            "model": _reference,
            "serial": _text,
            "location": _reference,
            "condition": _whole(1, 5),
            "purchase_date": _day,
            "purchase_cost": _money,
            "salvage": _money,
            "life_months": _whole(1, 1200),
            "warranty_until": _day,
            "notes": _text,
            **_LABEL,
        },
    ),
    "create_part": Shape(
        {"name": _name, "part_number": _name},
        {
            "unit": _name,
            "cost": _cost,
            "location": _reference,
            "supplier": _name,
            "supplier_part_number": _text,
            "category": _text,
            "manufacturer": _text,
            "manufacturer_part_number": _text,
            "pack": _quantity,
            "lead_time_days": _whole(0, 3650),
            "reorder_point": _count,
            "reorder_quantity": _quantity,
            "barcode": _reference,
            "abc_class": _one_of("A", "B", "C"),
            "stocked": _flag,
            "tracking": _one_of("none", "lot", "serial"),
            **_LABEL,
        },
    ),
    "create_location": Shape(
        {"name": _name, "kind_of_place": _one_of("site", "area", "bin")},
        {"parent": _reference, **_LABEL},
    ),
    "create_model": Shape(
        {"name": _name},
        {
            "manufacturer": _text,
            "model_number": _text,
            "category": _text,
            "life_months": _whole(1, 1200),
        },
    ),
    "create_person": Shape({"name": _name, "role": _one_of(*Role)}, _LABEL),
}
