"""People, their sign-in sessions, API tokens and the throttle of sign-ins."""

import unicodedata
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    func,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from stockscan.domain.access import Role
from stockscan.domain.badges import refuse_badge
from stockscan.domain.errors import Invalid
from stockscan.store.assets import Asset
from stockscan.store.db import Base, Big


class Person(Base):
    """Someone who works here; only those with a username can sign in."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(
            "role IN ('viewer', 'technician', 'storekeeper', 'supervisor', 'admin')", name="role"
        ),
        Index("uq_person_username_lower", func.lower("username"), unique=True),
        Index("ix_person_name_lower", func.lower("name"), "id"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("code.code"), unique=True)
    name: Mapped[str]
    username: Mapped[str | None] = mapped_column(unique=True)
    role: Mapped[str]
    password_hash: Mapped[str | None]
    pin_hash: Mapped[str | None]
    email: Mapped[str] = mapped_column(default="")
    limited: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_us: Mapped[int] = mapped_column(Big)


class PersonLocation(Base):
    """Where a person whose work is `limited` may change things: this place and all inside it."""

    __tablename__ = "person_location"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True)


class Invitation(Base):
    """A link by which someone sets their own password, once; kept as a hash."""

    __tablename__ = "invitation"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_us: Mapped[int] = mapped_column(Big)
    expires_us: Mapped[int] = mapped_column(Big)
    used_us: Mapped[int | None] = mapped_column(Big)


class SignInSession(Base):
    """One signed-in browser; the ids are stored as hashes, so a stolen database opens no door.

    `device` is the hash of the browser's own secret; `badge_hash` tells which badge opened it.
    """

    __tablename__ = "sign_in_session"

    id_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    device: Mapped[str] = mapped_column(default="", index=True)
    badge_hash: Mapped[str | None]
    created_us: Mapped[int] = mapped_column(Big)
    seen_us: Mapped[int] = mapped_column(Big)
    expires_us: Mapped[int] = mapped_column(Big)
    locked_us: Mapped[int | None] = mapped_column(Big)
    revoked_us: Mapped[int | None] = mapped_column(Big)


class ApiToken(Base):
    """A bearer token of a person, kept as a hash."""

    __tablename__ = "api_token"

    id_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    created_us: Mapped[int] = mapped_column(Big)
    revoked_us: Mapped[int | None] = mapped_column(Big)


class SignInThrottle(Base):
    """Failed sign-ins of one account or device, and when the next try is evaluated."""

    __tablename__ = "sign_in_throttle"

    subject: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    next_try_us: Mapped[int] = mapped_column(Big)


class PersonRow(NamedTuple):
    """A person as lists and pages show them."""

    id: int
    code: str
    name: str
    username: str | None
    role: str
    active: bool
    created_us: int
    email: str = ""
    limited: bool = False


class HeldRow(NamedTuple):
    """An asset in someone's hands."""

    code: str
    tag: str
    name: str
    out_since_us: int | None
    due_on: date | None


_PERSON = (
    Person.id,
    Person.code,
    Person.name,
    Person.username,
    Person.role,
    Person.active,
    Person.created_us,
    Person.email,
    Person.limited,
)


def sign_in_name(raw: str) -> str:
    """A sign-in name in the one spelling that is stored: lower-case, single spaces.

    Raises `Invalid` for none at all, for more than 100 characters and for a sign-in badge.
    """
    refuse_badge(raw)
    text = unicodedata.normalize("NFKC", raw)
    name = " ".join("".join(sign for sign in text if sign.isprintable()).lower().split())
    if not 1 <= len(name) <= 100:
        raise Invalid("Enter a sign-in name of 1 to 100 characters.", field="username")
    return name


@cache  # put together once: that costs more than running it
def person_rows() -> Any:
    """The query of people as `PersonRow` has them; the caller says which and in what order."""
    return select(*_PERSON)


def find_person(connection: Connection | Session, username: str) -> PersonRow | None:
    """The person with a sign-in name."""
    row = connection.execute(select(*_PERSON).where(Person.username == username)).first()
    return PersonRow(*row) if row else None


def get_person(connection: Connection | Session, person_id: int) -> PersonRow:
    """A person that is known to exist."""
    return PersonRow(*connection.execute(select(*_PERSON).where(Person.id == person_id)).one())


def list_people(connection: Connection, after: PersonRow | None, limit: int) -> list[PersonRow]:
    """A page of people by name, those still here first."""
    query = select(*_PERSON).order_by(Person.name, Person.id).limit(limit)
    if after is not None:
        query = query.where(tuple_(Person.name, Person.id) > (after.name, after.id))
    return [PersonRow(*row) for row in connection.execute(query)]


def is_anyone_here(connection: Connection) -> bool:
    """Whether the database knows a single person."""
    return connection.execute(select(Person.id).limit(1)).first() is not None


def hold_admins(session: Session) -> list[PersonRow]:
    """The admins who can sign in, locked until the commit, so that the last two can't both go."""
    # Not against those who only refer to one, such as an operation by an admin: this one has, too.
    admins = select(Person.id).where(Person.role == Role.ADMIN).order_by(Person.id)
    session.execute(admins.with_for_update(key_share=True))
    return active_admins(session)


def active_admins(connection: Connection | Session) -> list[PersonRow]:
    """The admins who can sign in, the first one first."""
    query = select(*_PERSON).where(
        Person.role == Role.ADMIN, Person.active, Person.password_hash.is_not(None)
    )
    return [PersonRow(*row) for row in connection.execute(query.order_by(Person.id))]


def held_assets(connection: Connection, person_id: int, limit: int) -> list[HeldRow]:
    """What is in a person's hands, what is due first on top."""
    query = (
        select(Asset.code, Asset.tag, Asset.name, Asset.out_since_us, Asset.due_on)
        .where(Asset.custodian_person_id == person_id)
        .order_by(Asset.due_on.is_(None), Asset.due_on, Asset.out_since_us, Asset.id)
        .limit(limit)
    )
    return [HeldRow(*row) for row in connection.execute(query)]
