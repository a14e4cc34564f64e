"""Prints of labels as rows: recorded, found, held, listed newest first, and what is on them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Row, exists, func, insert, select
from sqlalchemy.orm import Session

from stockscan.domain.errors import NotFound
from stockscan.store.catalogue.paging import Query
from stockscan.store.files import Blob, forget_unused
from stockscan.store.labels import LabelCheck, LabelPrint, LabelPrinted
from stockscan.store.people import Person
from stockscan.store.printers import LabelPrinter

# A print with who made it and on which printer.
PrintRow = Row[*tuple[Any, ...]]

# Rows that are written in one statement.
_CHUNK: Final = 5000
_GONE: Final = "There is no such print. Look at the list of prints."


def record(session: Session, codes: Iterable[str], **values: Any) -> LabelPrint:
    """Note a print of these labels, in their order on the paper."""
    entry = LabelPrint(**values)
    session.add(entry)
    session.flush()
    places = enumerate(codes, start=1)
    while rows := [
        {"print_id": entry.id, "place": place, "code": code}
        for place, code in islice(places, _CHUNK)
    ]:
        session.execute(insert(LabelPrinted), rows)
    return entry


def by_uid(connection: Connection | Session, uid: str) -> PrintRow | None:
    """The print that was ordered under this id."""
    return connection.execute(_SHOWN.where(LabelPrint.uid == uid)).first()


def by_number(connection: Connection | Session, number: int) -> PrintRow:
    """A print with who made it and on which printer. Raises `NotFound`."""
    row = connection.execute(_SHOWN.where(LabelPrint.id == number)).first()
    if row is None:
        raise NotFound(_GONE)
    return row


def hold(session: Session, number: int) -> LabelPrint:
    """A print, held until the commit. Raises `NotFound`."""
    found = session.get(LabelPrint, number, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(_GONE)
    return found


def newest(
    connection: Connection, *, before: int | None, limit: int, **narrowed: Any
) -> Sequence[PrintRow]:
    """Prints, newest first, behind the one with the number `before`.

    `narrowed` by `person_id`, `format` or `state`.
    """
    query = _SHOWN.order_by(LabelPrint.id.desc()).limit(limit)
    for name, value in narrowed.items():
        query = query.where(getattr(LabelPrint, name) == value)
    if before is not None:
        query = query.where(LabelPrint.id < before)
    return connection.execute(query).all()


def codes_of(
    connection: Connection | Session, number: int, *, after: int = 0, limit: int | None = None
) -> list[tuple[int, str]]:
    """The places and codes of a print behind a place, in their order on the paper."""
    query = (
        select(LabelPrinted.place, LabelPrinted.code)
        .where(LabelPrinted.print_id == number, LabelPrinted.place > after)
        .order_by(LabelPrinted.place)
        .limit(limit)
    )
    return [(row.place, row.code) for row in connection.execute(query)]


def unread_codes(connection: Connection, number: int) -> list[str]:
    """The codes of a print that nobody has scanned back as right, in their order."""
    read = exists().where(
        LabelCheck.print_id == LabelPrinted.print_id,
        LabelCheck.code == LabelPrinted.code,
        LabelCheck.verdict == "right",
    )
    query = (
        select(LabelPrinted.code)
        .where(LabelPrinted.print_id == number, ~read)
        .order_by(LabelPrinted.place)
    )
    return list(connection.execute(query).scalars())


def first_codes(
    connection: Connection, numbers: Collection[int], most: int
) -> Mapping[int, list[str]]:
    """The first few codes of each of these prints."""
    query = (
        select(LabelPrinted.print_id, LabelPrinted.code)
        .where(LabelPrinted.print_id.in_(numbers), LabelPrinted.place <= most)
        .order_by(LabelPrinted.print_id, LabelPrinted.place)
    )
    found: dict[int, list[str]] = {number: [] for number in numbers}
    for row in connection.execute(query):
        found[row.print_id].append(row.code)
    return found


def last_with(connection: Connection, code: str) -> PrintRow | None:
    """The newest finished print with this label on it."""
    query = (
        _SHOWN.join(LabelPrinted, LabelPrinted.print_id == LabelPrint.id)
        .where(LabelPrinted.code == code, LabelPrint.state == "done")
        .order_by(LabelPrint.id.desc())
        .limit(1)
    )
    return connection.execute(query).first()


def printing_people(connection: Connection) -> list[tuple[str, str]]:
    """The code and name of everyone who has printed, by name."""
    printed = exists().where(LabelPrint.person_id == Person.id)
    query = select(Person.code, Person.name).where(printed).order_by(func.lower(Person.name))
    return [(row.code, row.name) for row in connection.execute(query)]


def file_of(connection: Connection, sha256: str) -> bytes | None:
    """The file of a print, while it is kept."""
    found = connection.scalar(select(Blob.content).where(Blob.sha256 == sha256))
    return None if found is None else bytes(found)


def forget_files(session: Session, *, of_person: int, older_than_us: int) -> None:
    """Let go of the files of a person's prints, and of everyone's that are old."""
    session.flush()
    theirs = (LabelPrint.person_id == of_person) | (LabelPrint.at_us < older_than_us)
    held = select(LabelPrint).where(LabelPrint.sha256.is_not(None), theirs)
    hashes = []
    for row in session.scalars(held.with_for_update()):
        hashes.append(row.sha256)
        row.sha256 = None
    session.flush()
    forget_unused(session, [sha256 for sha256 in hashes if sha256])


_SHOWN: Final[Query] = (
    select(
        *LabelPrint.__table__.columns,
        Person.name.label("person"),
        Person.code.label("person_code"),
        func.coalesce(LabelPrinter.name, "").label("printer"),
    )
    .join(Person, Person.id == LabelPrint.person_id)
    .outerjoin(LabelPrinter, LabelPrinter.id == LabelPrint.printer_id)
)
