"""Choosing what gets a label: things, a place and all in it, blank labels, cards."""

from collections.abc import Sequence

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.cards import CARDS, card
from stockscan.domain.codes import Kind, as_code, read
from stockscan.domain.errors import Invalid, NotFound, TooLarge
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store.catalogue import labels as queries
from stockscan.store.catalogue.labels import LabelText
from stockscan.store.codes import claim_code
from stockscan.store.scanning import resolve

# More than this in one file is a job for several.
MOST_LABELS = 20_000
MOST_BLANKS = 500


def make_blanks(ctx: Context, number: int) -> list[str]:
    """Fresh labels that are on nothing yet, 1 to 500 of them; their codes.

    They are one batch: `chosen_labels` finds them by the time of their making, `ctx.now_us`.
    """
    require(ctx.actor, Permission.LABEL_PRINT)
    if not 1 <= number <= MOST_BLANKS:
        raise Invalid(f"Make 1 to {MOST_BLANKS} blank labels at once.", field="number")
    with unit_of_work() as session:
        return [claim_code(session, Kind.BLANK, ctx.now_us) for _ in range(number)]


def chosen_labels(
    ctx: Context,
    references: Sequence[str],
    *,
    place: str = "",
    batch_us: int | None = None,
    cards: bool = False,
) -> list[LabelText]:
    """The words on the labels of these things, then of a place and all that is in it.

    After them a batch of blank labels, and all cards for the scan screen. Raises `NotFound` that
    names the reference which is nothing we know, and `TooLarge`.
    """
    require(ctx.actor, Permission.READ)
    if len(references) > MOST_LABELS:
        raise _too_many()
    with reading() as connection:
        codes = _codes(connection, references)
        if place:
            codes += _codes_at(connection, place)
        if batch_us is not None:
            codes += queries.blanks_of(connection, batch_us)
        if cards:
            codes += CARDS
        if len(codes) > MOST_LABELS:
            raise _too_many()
        found = _texts(connection, codes)
    return [found[code] for code in codes]


def _codes(connection: Connection, references: Sequence[str]) -> list[str]:
    """The code behind each reference; codes as such are looked up all at once."""
    spelled = {reference: as_code(reference) for reference in references}
    known = _texts(connection, [code for code in spelled.values() if code])
    found: list[str] = []
    for reference in references:
        code = spelled[reference]
        found.append(code if code in known else _resolved(connection, reference))
    return found


def _texts(connection: Connection, codes: Sequence[str]) -> dict[str, LabelText]:
    cards = {code: card(code) for code in codes}
    return queries.texts(connection, codes) | {
        code: LabelText(code, "card", known.title, "Scan it on the scan screen")
        for code, known in cards.items()
        if known
    }


def _resolved(connection: Connection, reference: str) -> str:
    thing = resolve(connection, read(reference), _LABELLED)
    if thing is None:
        message = f"{reference[:60]!r} is nothing we know. Scan its label, or search by name."
        raise NotFound(message, field="items", code="unknown_reference")
    return thing.code


def _codes_at(connection: Connection, place: str) -> list[str]:
    found = resolve(connection, read(place), (Kind.LOCATION,))
    if found is None or found.id is None:
        message = f"{place[:60]!r} is not a place we know."
        raise NotFound(message, field="place", code="unknown_reference")
    return queries.codes_at(connection, found.id)


def _too_many() -> TooLarge:
    return TooLarge(f"That is more than {MOST_LABELS:,} labels. Print them in parts.")


_LABELLED = (Kind.ASSET, Kind.PART, Kind.LOCATION, Kind.PERSON, Kind.BLANK, Kind.COMMAND)
