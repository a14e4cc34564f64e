"""Which digests people want by e-mail, and to whom a letter is still to be sent."""

import json
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, ForeignKey, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from stockscan.domain.digests import Choice, Digest
from stockscan.domain.figures import midnight_us
from stockscan.store.db import Base, Big, insert_into
from stockscan.store.people import Person


class DigestChoice(Base):
    """Which digests a person wants by e-mail: a JSON list of kinds, and how often."""

    __tablename__ = "digest_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kinds: Mapped[str] = mapped_column(default="[]")
    weekly: Mapped[bool] = mapped_column(default=False)
    sent_us: Mapped[int | None] = mapped_column(Big)


class Subscriber(NamedTuple):
    """Somebody who chose digests and can be written to; `sent_us` is when they last were."""

    person_id: int
    name: str
    role: str
    email: str
    choice: Choice
    sent_us: int | None


def choice_of(connection: Connection, person_id: int) -> Choice:
    """What a person chose; nothing, where they never chose."""
    query = select(DigestChoice.kinds, DigestChoice.weekly)
    row = connection.execute(query.where(DigestChoice.person_id == person_id)).one_or_none()
    return _choice(*row) if row else Choice()


def keep_choice(session: Session, person_id: int, choice: Choice) -> None:
    """Remember what a person chose."""
    chosen = {"kinds": json.dumps(sorted(choice.kinds)), "weekly": choice.weekly}
    statement = insert_into(session.connection(), DigestChoice)
    session.execute(
        statement.values(person_id=person_id, **chosen).on_conflict_do_update(
            index_elements=[DigestChoice.person_id], set_=chosen
        )
    )


def subscribers(connection: Connection, today: date) -> list[Subscriber]:
    """Who chose digests, works here, has an e-mail address, and was not written to today."""
    begins_us = midnight_us(today)
    rows = connection.execute(
        select(Person.id, Person.name, Person.role, Person.email, *_CHOSEN)
        .join(DigestChoice, DigestChoice.person_id == Person.id)
        .where(Person.active, Person.email != "", DigestChoice.kinds != "[]")
        .where(func.coalesce(DigestChoice.sent_us, 0) < begins_us)
        .order_by(Person.id)
    )
    return [
        Subscriber(
            row.id, row.name, row.role, row.email, _choice(row.kinds, row.weekly), row.sent_us
        )
        for row in rows
    ]


def claim(session: Session, subscriber: Subscriber, now_us: int) -> bool:
    """Whether nobody else has begun to write to this person since they were read."""
    claimed: Any = session.execute(
        update(DigestChoice)
        .where(
            DigestChoice.person_id == subscriber.person_id,
            DigestChoice.sent_us.is_not_distinct_from(subscriber.sent_us),
        )
        .values(sent_us=now_us)
    )
    return bool(claimed.rowcount)


def unclaim(session: Session, subscriber: Subscriber) -> None:
    """The letter did not leave."""
    ours = update(DigestChoice).where(DigestChoice.person_id == subscriber.person_id)
    session.execute(ours.values(sent_us=subscriber.sent_us))


_CHOSEN: Final = (DigestChoice.kinds, DigestChoice.weekly, DigestChoice.sent_us)


def _choice(kinds: str, weekly: bool) -> Choice:  # noqa: FBT001 - a column's value
    known = {kind.value for kind in Digest}
    return Choice(frozenset(Digest(kind) for kind in json.loads(kinds) if kind in known), weekly)
