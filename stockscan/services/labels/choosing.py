"""Choosing what gets a label: things, a place, a list, a day's work, what needs one, blanks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection

from stockscan.domain.access import Permission, require
from stockscan.domain.cards import CARDS, card
from stockscan.domain.codes import Kind, as_code, read
from stockscan.domain.errors import Invalid, NotFound, TooLarge
from stockscan.domain.figures import midnight_us
from stockscan.domain.operations import parse_id
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store.catalogue import label_needs as needs
from stockscan.store.catalogue import label_sources as sources
from stockscan.store.catalogue import labels as words
from stockscan.store.catalogue.label_sources import INSIDE, Batch
from stockscan.store.catalogue.labels import LabelText
from stockscan.store.codes import claim_code
from stockscan.store.counts.blindness import SEEING, Blindness, blindness
from stockscan.store.once import Once, first_time
from stockscan.store.operations import recorded
from stockscan.store.scanning import resolve, thing_called

# More than this in one print is work for several.
MOST_LABELS = 20_000
MOST_BLANKS = 500
LISTS: Final = ("assets", "parts", "locations", "people")
DAYS_WORK: Final = ("received", "scanned")
_SHOWN_BATCHES: Final = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """All that a list shows: of one of `LISTS`, through its filters, in its order."""

    of: str
    asked: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Needed:
    """What needs a label: things of one kind and for one reason, "" for any.

    `public_url` is today's address: a label with another one is old.
    """

    public_url: str
    kind: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What gets a label, as somebody said it; what that is, is found out when it is printed.

    `inside` tells what of the place, one of `INSIDE`; `today` is one of `DAYS_WORK` or "";
    `batch_us` the moment of making of a batch of blank labels; `without` are codes left out.
    """

    references: Sequence[str] = ()
    place: str = ""
    inside: str = "all"
    listed: Listed | None = None
    needed: Needed | None = None
    today: str = ""
    batch_us: int | None = None
    cards: bool = False
    without: Sequence[str] = ()


def wanted_codes(ctx: Context, wanted: Wanted, most: int = MOST_LABELS) -> list[str]:
    """The codes of all that is wanted, in the order of printing.

    What was picked by hand comes first, as often as it was named; what a source brings comes once.
    Raises `NotFound` that names the reference which is nothing we know, `Invalid` for a source that
    there is not, and `TooLarge` for more than `most`.
    """
    require(ctx.actor, Permission.READ)
    if len(wanted.references) > most:
        raise _too_many(most)
    with reading() as connection:
        codes = _codes(connection, wanted.references)
        known = set(codes) | set(wanted.without)
        for code in _sources(ctx, connection, wanted, most + 1):
            if code not in known:
                known.add(code)
                codes.append(code)
    if len(codes) > most:
        raise _too_many(most)
    without = set(wanted.without)
    return [code for code in codes if code not in without]


def label_texts(codes: Sequence[str]) -> Iterator[LabelText]:
    """The words on the labels of these codes, in their order; some hundreds are read at a time.

    A code that is nothing any more, such as a blank label that was claimed meanwhile, is left out.
    """
    for start in range(0, len(codes), words.CHUNK):
        chunk = codes[start : start + words.CHUNK]
        with reading() as connection:
            found = _texts(connection, chunk)
        yield from (found[code] for code in chunk if code in found)


def wanted_labels(ctx: Context, wanted: Wanted) -> list[LabelText]:
    """The words on the labels of all that is wanted. Raises as `wanted_codes` does."""
    return list(label_texts(wanted_codes(ctx, wanted)))


def make_blanks(ctx: Context, number: int, uid: str) -> int:
    """Fresh labels that are on nothing yet, 1 to 500 of them, once under the client's id.

    They are one batch: `Wanted` finds them by the time of their making, which is the answer.
    Raises `Conflict` when the id was used for something else.
    """
    actor = require(ctx.actor, Permission.LABEL_PRINT)
    if not 1 <= number <= MOST_BLANKS:
        raise Invalid(f"Make 1 to {MOST_BLANKS} blank labels at once.", field="number")
    once = Once(parse_id(uid), {"number": number})

    def write() -> int:
        with unit_of_work() as session:
            if first_time(session, once, "make_blanks", actor.person_id, ctx.now_us):
                for _ in range(number):
                    claim_code(session, Kind.BLANK, ctx.now_us)
            known = recorded(session, once.id)
            assert known, "an id that was claimed is recorded"
            return known.received_us

    return retrying(write)


def blank_batches(ctx: Context) -> list[Batch]:
    """The newest batches of blank labels of which some are on nothing yet."""
    require(ctx.actor, Permission.LABEL_PRINT)
    with reading() as connection:
        return sources.blank_batches(connection, _SHOWN_BATCHES)


def label_needs(ctx: Context, public_url: str) -> dict[str, dict[str, int]]:
    """How many things need a label, by reason and then by kind; none is left out."""
    require(ctx.actor, Permission.LABEL_PRINT)
    with reading() as connection:
        rows = needs.counts_of_needs(connection, public_url)
    counted = {(row.why, row.kind): row.many for row in rows}
    return {
        why: {kind: counted[why, kind] for kind in needs.KINDS if (why, kind) in counted}
        for why in needs.WHY
    }


def _sources(ctx: Context, connection: Connection, wanted: Wanted, limit: int) -> Iterator[str]:
    """What each source that was named brings, no more of it than can be printed and one."""
    if wanted.place:
        place_id = _place(connection, wanted.place, "place")
        what = _one_of(INSIDE, wanted.inside, "inside")
        yield from sources.codes_at(connection, place_id, _blindness(ctx, connection), what)
    if wanted.listed:
        yield from _listed(ctx, connection, wanted.listed, limit)
    if asked := wanted.needed:
        kind = asked.kind and _one_of(needs.KINDS, asked.kind, "kind")
        why = asked.why and _one_of(needs.WHY, asked.why, "why")
        yield from needs.codes_in_need(connection, asked.public_url, kind, why, limit)
    if wanted.today and ctx.actor:
        of_day = {"received": sources.received_codes, "scanned": sources.scanned_codes}
        day = of_day[_one_of(DAYS_WORK, wanted.today, "today")]
        yield from day(connection, ctx.actor.person_id, midnight_us(ctx.today))
    if wanted.batch_us is not None:
        yield from sources.blanks_of(connection, wanted.batch_us)
    if wanted.cards:
        yield from CARDS


def _listed(ctx: Context, connection: Connection, listed: Listed, limit: int) -> list[str]:
    asked: dict[str, Any] = dict(listed.asked)
    if listed.of == "locations" and asked.get("inside"):
        asked["inside"] = _place(connection, asked["inside"], "inside")
    of = _one_of(LISTS, listed.of, "list")
    today = ctx.today
    blind = _blindness(ctx, connection)
    return sources.codes_listed(connection, of, asked, listed.sort, today, limit, blind)


def _blindness(ctx: Context, connection: Connection) -> Blindness:
    return blindness(connection, ctx.actor) if ctx.actor else SEEING


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
    return words.texts(connection, codes) | {
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


def _place(connection: Connection, place: str, name: str) -> int:
    return thing_called(connection, place, Kind.LOCATION, name).id


def _one_of(known: Sequence[str], asked: str, name: str) -> str:
    if asked not in known:
        raise Invalid(f"{name} must be one of {', '.join(known)}.", field=name)
    return asked


def _too_many(most: int) -> TooLarge:
    return TooLarge(
        f"That is more than {most:,} labels. Print them in parts: narrow the list, or take"
        " one place after the other."
    )


_LABELLED = (Kind.ASSET, Kind.PART, Kind.LOCATION, Kind.PERSON, Kind.BLANK, Kind.COMMAND)
