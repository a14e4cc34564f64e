"""Sign-in badges as hashes, PINs, and the log of who gave and took access."""

from typing import NamedTuple

from sqlalchemy import Connection, ForeignKey, Index, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from stockscan.domain.access import Actor
from stockscan.store.access import revoke_sessions
from stockscan.store.db import Base, Big
from stockscan.store.devices import Device
from stockscan.store.people import Person

_STILL_GOOD = text("revoked_us IS NULL")


class Badge(Base):
    """A badge that signs one person in; its secret is on paper only."""

    __tablename__ = "badge"
    __table_args__ = (
        Index(
            "uq_badge_one_each",
            "person_id",
            unique=True,
            sqlite_where=_STILL_GOOD,
            postgresql_where=_STILL_GOOD,
        ),
    )

    id_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issued_us: Mapped[int] = mapped_column(Big)
    used_us: Mapped[int | None] = mapped_column(Big)
    revoked_us: Mapped[int | None] = mapped_column(Big)


class AccessEvent(Base):
    """Who gave or took access, from whom and on which device; never changed."""

    __tablename__ = "access_event"

    seq: Mapped[int] = mapped_column(Big, primary_key=True)
    at_us: Mapped[int] = mapped_column(Big)
    kind: Mapped[str]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))


class HolderRow(NamedTuple):
    """An active person as the sign-in needs them, PIN included."""

    person_id: int
    code: str
    name: str
    username: str | None
    role: str
    pin_hash: str | None


class BadgeRow(NamedTuple):
    """When somebody's badge was issued and last used, in microseconds."""

    issued_us: int
    used_us: int | None


class EventRow(NamedTuple):
    """One line of the access log; `by` is empty for the server's own command line."""

    at_us: int
    kind: str
    by: str | None
    person: str | None
    device: str | None


_HOLDER = (Person.id, Person.code, Person.name, Person.username, Person.role, Person.pin_hash)


def holder_of_badge(connection: Connection, id_hash: str) -> HolderRow | None:
    """The active person whose badge this is, unless it is revoked."""
    query = (
        select(*_HOLDER)
        .join(Badge, Badge.person_id == Person.id)
        .where(Badge.id_hash == id_hash, Badge.revoked_us.is_(None), Person.active)
    )
    row = connection.execute(query).first()
    return HolderRow(*row) if row else None


def holder(connection: Connection, person_id: int) -> HolderRow | None:
    """The person with that id, unless they are out."""
    row = connection.execute(select(*_HOLDER).where(Person.id == person_id, Person.active)).first()
    return HolderRow(*row) if row else None


def holder_by_code(connection: Connection, code: str) -> HolderRow | None:
    """The person with that label code, unless they are out."""
    row = connection.execute(select(*_HOLDER).where(Person.code == code, Person.active)).first()
    return HolderRow(*row) if row else None


def badge_of(connection: Connection, person_id: int) -> BadgeRow | None:
    """The badge that a person can sign in with."""
    query = select(Badge.issued_us, Badge.used_us).where(
        Badge.person_id == person_id, Badge.revoked_us.is_(None)
    )
    row = connection.execute(query).first()
    return BadgeRow(*row) if row else None


def end_badge(session: Session, person_id: int, now_us: int) -> bool:
    """Revoke a person's badge, if there is one, and end the sessions that it opened."""
    query = (
        update(Badge)
        .where(Badge.person_id == person_id, Badge.revoked_us.is_(None))
        .values(revoked_us=now_us)
        .returning(Badge.id_hash)
    )
    id_hash = session.execute(query).scalar()
    if id_hash:
        revoke_sessions(session, now_us, badge_hash=id_hash)
    return id_hash is not None


def note_badge_use(session: Session, id_hash: str, now_us: int) -> None:
    """Note that a badge signed somebody in."""
    session.execute(update(Badge).where(Badge.id_hash == id_hash).values(used_us=now_us))


def log_access(
    session: Session,
    kind: str,
    now_us: int,
    by: Actor,
    *,
    person_id: int | None = None,
    device_id: int | None = None,
) -> None:
    """Append a line to the access log; the command line (person 0) is nobody."""
    values = {"at_us": now_us, "kind": kind, "person_id": person_id, "device_id": device_id}
    session.execute(insert(AccessEvent).values(by_person_id=by.person_id or None, **values))


def access_log(
    connection: Connection, *, person_id: int | None = None, limit: int
) -> list[EventRow]:
    """What was given to and taken from a person, else what happened to devices; newest first."""
    by, subject = aliased(Person), aliased(Person)
    query = (
        select(AccessEvent.at_us, AccessEvent.kind, by.name, subject.name, Device.name)
        .outerjoin(by, by.id == AccessEvent.by_person_id)
        .outerjoin(subject, subject.id == AccessEvent.person_id)
        .outerjoin(Device, Device.id == AccessEvent.device_id)
        .order_by(AccessEvent.seq.desc())
        .limit(limit)
    )
    if person_id is None:
        query = query.where(AccessEvent.device_id.is_not(None))
    else:
        query = query.where(AccessEvent.person_id == person_id)
    return [EventRow(*row) for row in connection.execute(query)]
