"""Who changed which particulars of a thing, from what to what; nobody overwrites unseen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stockscan.domain.errors import Conflict
from stockscan.domain.operations import Op
from stockscan.store.db import Base, Big
from stockscan.store.people import Person


class Edit(Base):
    """Some fields of one thing changed; `changes` is JSON: field to [before, after]."""

    __tablename__ = "edit"
    __table_args__ = (Index("ix_edit_thing", "kind", "thing_id", "id"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    kind: Mapped[str]
    thing_id: Mapped[int] = mapped_column(Big)
    at_us: Mapped[int] = mapped_column(Big)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    operation_id: Mapped[str]
    changes: Mapped[str]


@dataclass(frozen=True, slots=True)
class Edited:
    """One edit as a history shows it."""

    id: int
    at_us: int
    person: str
    changes: dict[str, tuple[str, str]]


class Thing(NamedTuple):
    """What is edited: its kind (asset, part, location, model, person) and number."""

    kind: str
    id: int


def version(connection: Connection | Session, thing: Thing) -> int:
    """The number of a thing's last edit, 0 for none: what a form is based on."""
    return connection.execute(select(func.max(Edit.id)).where(*_of(thing))).scalar() or 0


def changed_since(session: Session, thing: Thing, version: int) -> dict[str, str]:
    """Which fields of a thing were changed after a version, each with who did it last."""
    rows = session.execute(
        select(Edit.changes, Person.name)
        .join(Person, Person.id == Edit.person_id)
        .where(*_of(thing), Edit.id > version)
        .order_by(Edit.id)
    )
    return {name: person for encoded, person in rows for name in json.loads(encoded)}


def last_operation(connection: Connection | Session, thing: Thing, field: str) -> str:
    """The operation that changed a field of a thing last; "" for none."""
    # A quote inside of a text stands behind a backslash.
    of_it = Edit.changes.contains(f'"{field}": ', autoescape=True)
    last = select(Edit.operation_id).where(*_of(thing), of_it).order_by(Edit.id.desc()).limit(1)
    return connection.execute(last).scalar() or ""


def record(
    session: Session,
    op: Op,
    thing: Thing,
    person_id: int,
    before: Mapping[str, str],
    after: Mapping[str, str],
) -> dict[str, tuple[str, str]]:
    """Keep what an edit changed and return it; an edit that changes nothing leaves no trace.

    `before` and `after` are all editable fields of the thing as people read them. Raises
    `Conflict` (`edited_since`) when someone changed one of these fields after `op["based_on"]`,
    the version that the form was filled from.
    """
    changes = {name: (before[name], text) for name, text in after.items() if before[name] != text}
    _refuse_stale(session, op, thing, changes)
    if changes:
        encoded = json.dumps(changes, ensure_ascii=False)
        row = Edit(
            kind=thing.kind,
            thing_id=thing.id,
            at_us=op.timing.received_us,
            person_id=person_id,
            operation_id=op.id,
            changes=encoded,
        )
        session.add(row)
        session.flush()
    return changes


def edits_of(connection: Connection | Session, thing: Thing, *, limit: int) -> list[Edited]:
    """The last edits of a thing, newest first."""
    rows = connection.execute(
        select(Edit.id, Edit.at_us, Person.name, Edit.changes)
        .join(Person, Person.id == Edit.person_id)
        .where(*_of(thing))
        .order_by(Edit.id.desc())
        .limit(limit)
    )
    return [Edited(*row[:3], json.loads(row[3])) for row in rows]


def _refuse_stale(
    session: Session, op: Op, thing: Thing, changes: dict[str, tuple[str, str]]
) -> None:
    if op["based_on"] is None:
        return
    since = session.execute(
        select(Edit.changes, Person.name)
        .join(Person, Person.id == Edit.person_id)
        .where(*_of(thing), Edit.id > op["based_on"])
        .order_by(Edit.id.desc())
    )
    for encoded, person in since:
        for name in json.loads(encoded).keys() & changes.keys():
            now = changes[name][0] or "nothing"
            message = f"{person} changed this meanwhile, to {now}. Look at it and save again."
            raise Conflict(message, code="edited_since", field=name)


def _of(thing: Thing) -> tuple[Any, ...]:
    return (Edit.kind == thing.kind, Edit.thing_id == thing.id)
