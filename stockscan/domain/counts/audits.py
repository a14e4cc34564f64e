"""What an audit makes of an asset: one that was seen, against where the books had it then."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from stockscan.domain.counts.states import AuditState

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Books:
    """Where the books had an asset at an instant; `path` is that place and those around it.

    Who has it is a person or another asset; what was lent to a place stands there.
    """

    place_id: int | None
    path: frozenset[int]
    with_person: bool = False
    with_asset: bool = False

    def agree(self, found_id: int) -> bool:
        """Whether it is no surprise to see it there: in just that place, with nobody."""
        return not self.with_person and self.place_id == found_id


def judge_seen(books: Books, found_id: int, roots: frozenset[int] | None) -> AuditState:
    """FOUND where the books agree, MOVED where they have it elsewhere in the audit's places.

    UNEXPECTED where they have it outside these. `roots` None means an audit of every place.
    """
    if books.agree(found_id):
        return AuditState.FOUND
    if roots is None or roots & books.path:
        return AuditState.MOVED
    return AuditState.UNEXPECTED


def decisive(sightings: Sequence[tuple[int, T]]) -> T:
    """The sighting that counts, of (place, sighting) in the order in which it was seen.

    Where it was seen last, since when: seeing it there once more changes nothing.
    """
    place_id, first = sightings[-1]
    for place, sighting in reversed(sightings):
        if place != place_id:
            break
        first = sighting
    return first
