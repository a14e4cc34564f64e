"""What a program asks to be counted, as JSON: checked for shape, references as they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from stockscan.domain.counts.scope import Why
from stockscan.domain.counts.tolerance import Tolerance
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import E4, MINOR, parse_money, parse_quantity, parse_scaled
from stockscan.domain.operations.values import (
    Parser,
    as_day,
    as_flag,
    as_references,
    as_text,
    one_of,
    whole,
)

MOST_ATTEMPTS: Final = 9
_CLASSES: Final = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program asks to be counted; None is as the company's settings say.

    `locations`, `parts` and `counters` are any text that names one; with `independent` two people
    count each record.
    """

    name: str = ""
    locations: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    why: tuple[Why, ...] = ()
    counters: tuple[str, ...] = ()
    independent: bool = False
    blind: bool | None = None
    max_attempts: int | None = None
    tolerance: Tolerance | None = None
    posts_itself: bool = False
    due_on: date | None = None
    draft: bool = False

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Asked":
        """What the body of a request asks. Raises `Invalid` that names the field."""
        strange = [name for name in body if name not in {*_FIELDS, "id"}]
        if strange:
            name = str(strange[0])[:40]
            raise Invalid(f"Unknown field {name!r}.", field=name, code="malformed")
        given = {name: value for name, value in body.items() if value is not None and name != "id"}
        return cls(**{name: _FIELDS[name](name, value) for name, value in given.items()})


def _tuple_of(parse: Parser) -> Parser:
    def listed(name: str, raw: Any) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            raise Invalid(f"{name} must be a list.", field=name, code="malformed")
        return tuple(parse(name, each) for each in raw)

    return listed


def _references(name: str, raw: Any) -> tuple[str, ...]:
    return tuple(as_references(name, raw))


def _tolerance(name: str, raw: Any) -> Tolerance:
    """`abs_tol` in units, `pct_tol` in per cent for all or by class, `value_tol` in money."""
    if not isinstance(raw, Mapping) or not {"abs_tol", "pct_tol", "value_tol"}.issuperset(raw):
        message = f"{name} may have abs_tol, pct_tol and value_tol."
        raise Invalid(message, field=name, code="malformed")
    absolute, share, value = (raw.get(key) for key in ("abs_tol", "pct_tol", "value_tol"))
    minor = None if value is None else parse_money(value, field=name)
    return Tolerance(
        absolute_milli=parse_quantity(absolute or 0, field=name, zero=True),
        basis_points=_by_class(name, share),
        value_e4=None if minor is None else minor * (E4 // MINOR),
    )


def _by_class(name: str, raw: Any) -> tuple[tuple[str, int], ...]:
    usual = dict(Tolerance().basis_points)
    if raw is None:
        return tuple(usual.items())
    shares = raw if isinstance(raw, Mapping) else dict.fromkeys(_CLASSES, raw)
    if not set(_CLASSES).issuperset(shares):
        raise Invalid(f"{name}: the classes are A, B and C.", field=name, code="malformed")
    read = {
        each: parse_scaled(share, scale=100, field=name, minimum=Decimal(0))
        for each, share in shares.items()
    }
    return tuple({**usual, **read}.items())


_FIELDS: Final[dict[str, Parser]] = {
    "name": as_text,
    "locations": _references,
    "parts": _references,
    "classes": _tuple_of(one_of(*_CLASSES)),
    "why": _tuple_of(lambda name, raw: Why(one_of(*Why)(name, raw))),
    "counters": _references,
    "independent": as_flag,
    "blind": as_flag,
    "max_attempts": whole(1, MOST_ATTEMPTS),
    "tolerance": _tolerance,
    "posts_itself": as_flag,
    "due_on": as_day,
    "draft": as_flag,
}
