"""Sign-in sessions, API tokens and the throttle: who is let in, and when."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, delete, select, update
from sqlalchemy.orm import Session

from stockscan.store.db import insert_into
from stockscan.store.devices import Device
from stockscan.store.people import ApiToken, Person, SignInSession, SignInThrottle


class SessionRow(NamedTuple):
    """Who is behind a session or token, as one query finds it.

    `shared` names the shared device on which the session is, with the seconds of rest after which
    it locks; a token and a phone of one's own have none.
    """

    person_id: int
    name: str
    role: str
    code: str
    device: str
    seen_us: int
    expires_us: int = 0
    locked_us: int | None = None
    badge_hash: str | None = None
    shared: str | None = None
    idle_s: int | None = None
    limited: bool = False


# Asked by every request, so built once.
_FIND_SESSION = (
    select(
        Person.id,
        Person.name,
        Person.role,
        Person.code,
        SignInSession.device,
        SignInSession.seen_us,
        SignInSession.expires_us,
        SignInSession.locked_us,
        SignInSession.badge_hash,
        Device.name,
        Device.idle_s,
        Person.limited,
    )
    .join(Person, Person.id == SignInSession.person_id)
    .outerjoin(Device, and_(Device.id_hash == SignInSession.device, Device.revoked_us.is_(None)))
    .where(
        SignInSession.id_hash == bindparam("id_hash"),
        SignInSession.revoked_us.is_(None),
        SignInSession.expires_us > bindparam("now_us"),
        SignInSession.seen_us > bindparam("idle_since_us"),
        Person.active,
    )
)
_FIND_TOKEN = (
    select(
        Person.id,
        Person.name,
        Person.role,
        Person.code,
        ApiToken.name,
        ApiToken.created_us,
        Person.limited,
    )
    .join(Person, Person.id == ApiToken.person_id)
    .where(ApiToken.id_hash == bindparam("id_hash"), ApiToken.revoked_us.is_(None), Person.active)
)


class OpenSession(NamedTuple):
    """One signed-in browser; `shared` names the shared device that it is."""

    id_hash: str
    shared: str | None
    created_us: int
    seen_us: int


class PasswordRow(NamedTuple):
    """The stored password of someone who may sign in."""

    person_id: int
    password_hash: str | None


def find_session(
    connection: Connection, id_hash: str, now_us: int, idle_since_us: int
) -> SessionRow | None:
    """The active person behind a session that is neither revoked, expired nor idle for too long."""
    values = {"id_hash": id_hash, "now_us": now_us, "idle_since_us": idle_since_us}
    row = connection.execute(_FIND_SESSION, values).first()
    return SessionRow(*row) if row else None


def find_token(connection: Connection, id_hash: str) -> SessionRow | None:
    """The active person behind an API token that is not revoked."""
    row = connection.execute(_FIND_TOKEN, {"id_hash": id_hash}).first()
    return SessionRow(*row[:-1], limited=row[-1]) if row else None


def find_password(connection: Connection, username: str) -> PasswordRow | None:
    """The stored password behind a sign-in name, unless the person is out."""
    query = select(Person.id, Person.password_hash).where(
        Person.username == username, Person.active
    )
    row = connection.execute(query).first()
    return PasswordRow(*row) if row else None


def has_signed_in(session: Session, person_id: int, device: str) -> bool:
    """Whether this device has been let in as this person before."""
    query = select(SignInSession.id_hash).where(
        SignInSession.person_id == person_id, SignInSession.device == device
    )
    return session.execute(query.limit(1)).first() is not None


def open_sessions(
    connection: Connection, person_id: int, now_us: int, idle_since_us: int
) -> list[OpenSession]:
    """Where a person is signed in, the session used last first."""
    query = (
        select(SignInSession.id_hash, Device.name, SignInSession.created_us, SignInSession.seen_us)
        .outerjoin(
            Device, and_(Device.id_hash == SignInSession.device, Device.revoked_us.is_(None))
        )
        .where(
            SignInSession.person_id == person_id,
            SignInSession.revoked_us.is_(None),
            SignInSession.expires_us > now_us,
            SignInSession.seen_us > idle_since_us,
        )
        .order_by(SignInSession.seen_us.desc())
    )
    return [OpenSession(*row) for row in connection.execute(query)]


def touch_session(session: Session, id_hash: str, now_us: int) -> None:
    """Note that a session was used."""
    session.execute(
        update(SignInSession).where(SignInSession.id_hash == id_hash).values(seen_us=now_us)
    )


def lock_session(session: Session, id_hash: str, now_us: int) -> None:
    """Note since when a session is locked; a session that is locked already stays so."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.id_hash == id_hash, SignInSession.locked_us.is_(None))
        .values(locked_us=now_us)
    )


def revoke_sessions(
    session: Session, now_us: int, *, id_hash: str = "", person_id: int = 0, badge_hash: str = ""
) -> None:
    """End one session, all that a badge opened, or all of a person."""
    theirs = SignInSession.person_id == person_id
    if id_hash:
        theirs = SignInSession.id_hash == id_hash
    elif badge_hash:
        theirs = SignInSession.badge_hash == badge_hash
    session.execute(
        update(SignInSession)
        .where(theirs, SignInSession.revoked_us.is_(None))
        .values(revoked_us=now_us)
    )


def take_try(session: Session, subject: str, now_us: int, delay_us: Callable[[int], int]) -> int:
    """Count a try of `subject` as failed before it is evaluated, so that racing tries all count.

    Returns 0 when the try may be evaluated, else how many microseconds it must still wait; then
    nothing is counted.
    """
    fresh = insert_into(session.connection(), SignInThrottle).values(
        subject=subject, failures=0, next_try_us=0
    )
    session.execute(fresh.on_conflict_do_nothing())
    throttle = session.get_one(SignInThrottle, subject, with_for_update=True)
    if throttle.next_try_us > now_us:
        return throttle.next_try_us - now_us
    throttle.failures += 1
    throttle.next_try_us = now_us + delay_us(throttle.failures)
    session.flush()
    return 0


def forget_tries(session: Session, subjects: Collection[str], older_than_us: int) -> None:
    """Forget the failures of `subjects`, and those of everyone whose last wait is long over."""
    done = SignInThrottle.subject.in_(subjects) | (SignInThrottle.next_try_us < older_than_us)
    session.execute(delete(SignInThrottle).where(done))
