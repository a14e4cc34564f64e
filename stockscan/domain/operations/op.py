"""One intended write: its shape, and what makes two writes the same."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from stockscan.domain.errors import Invalid
from stockscan.domain.ledger import Timing, timing
from stockscan.domain.operations.kinds import ENVELOPE
from stockscan.domain.operations.shape import Shape
from stockscan.domain.operations.values import parse_id

_RESERVED: Final = frozenset({"id", "kind", *ENVELOPE})

_LAST_12: Final = (1 << 48) - 1
# An operation that has not been received yet has no time.
_NEVER: Final = Timing(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Op:
    """One intended write, checked for shape only.

    `fields` holds the kind's own fields, already parsed (quantities in thousandths, costs in
    1/10,000, dates as dates); the rest says when and how it was captured, and `action_id` which
    others were meant as one action with it.
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
    action_id: str = ""
    timing: Timing = _NEVER

    def __getitem__(self, name: str) -> Any:
        """A field of the kind, None where it was not given."""
        return self.fields.get(name)

    def after(self, earlier_us: int) -> "Op":
        """The same operation, not before what its phone captured earlier, nor after its arrival.

        Between two batches the network may be slow once and quick once; ages alone would turn
        their order around.
        """
        timing = self.timing
        if timing.effective_us > earlier_us:
            return self
        effective_us = min(earlier_us + 1, timing.received_us)
        uncertain_us = timing.effective_us - timing.earliest_us
        return replace(
            self, timing=Timing(timing.received_us, effective_us, effective_us - uncertain_us)
        )

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
        for name, parse in ENVELOPE.items()
        if raw.get(name) is not None
    }
    if "before_count" in envelope and "after_count" in envelope:
        raise Invalid("Give before_count or after_count, not both.", field="after_count",
                      code="malformed")  # fmt: skip
    seen, action_id = envelope.pop("seen", None), envelope.pop("action", "")
    content = canonical({"kind": kind, **fields, "corrects": envelope.get("corrects")})
    return Op(
        id=identity,
        kind=kind,
        fields=fields,
        content=content,
        digest=digest(content),
        seen_us=seen,
        action_id=action_id,
        **envelope,
    )


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
    """The id of one of several operations that a person meant as one action.

    The action's own, counted up from 1 in its last 12 digits: a phone can do the same without
    the server.
    """
    whole = uuid.UUID(action_id).int
    last = (whole + index + 1) & _LAST_12
    return str(uuid.UUID(int=whole & ~_LAST_12 | last))


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
    cleared = [name for name in shape.optional if shape.clears and raw.get(name) == ""]
    missing = [name for name in shape.required if name not in given]
    if missing:
        raise Invalid(f"{missing[0]} is missing.", field=missing[0], code="malformed")
    emptied = [name for name in cleared if name in shape.lasting]
    if emptied:
        raise Invalid(f"{emptied[0]} can't be empty. Type one.", field=emptied[0])
    if shape.at_least_one and not any(name in given for name in shape.at_least_one):
        first = shape.at_least_one[0]
        raise Invalid(f"{first} is missing.", field=first, code="malformed")
    chosen = [name for name in shape.exactly_one if name in given]
    if shape.exactly_one and len(chosen) != 1:
        names = ", ".join(shape.exactly_one)
        raise Invalid(f"Give exactly one of {names}.", field=shape.exactly_one[0], code="malformed")
    parsed = {name: known[name](name, value) for name, value in given.items()}
    return {**parsed, **dict.fromkeys(cleared, "")}
