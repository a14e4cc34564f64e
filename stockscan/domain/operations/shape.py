"""Which fields one kind of write must and may have."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stockscan.domain.operations.values import Parser


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of one kind.

    An empty field counts as not given; where the kind `clears`, an empty optional field is "" and
    empties what it names. What is `lasting` can be changed but not emptied: a thing always has it.
    """

    required: Mapping[str, Parser]
    optional: Mapping[str, Parser] = field(default_factory=dict)
    exactly_one: tuple[str, ...] = ()
    at_least_one: tuple[str, ...] = ()
    clears: bool = False
    lasting: frozenset[str] = frozenset()
