"""The sessions of browsers and the tokens of programs: whose they are, locked or over."""

import logging
import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, Role, require
from stockscan.domain.errors import NotFound
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store import access as store
from stockscan.store.access import SessionRow
from stockscan.store.devices import find_device
from stockscan.store.passwords import hash_token
from stockscan.store.people import ApiToken, SignInSession, find_person, sign_in_name

SECOND_US: Final = 1_000_000
HOUR_US: Final = 3600 * SECOND_US
IDLE_US: Final = 12 * HOUR_US
LONGEST_SESSION_US: Final = 7 * 24 * HOUR_US
SHARED_SESSION_US: Final = 12 * HOUR_US
NOTE_USE_AFTER_US: Final = 60 * SECOND_US
# A shared phone locks after minutes, so its rest is measured more finely.
NOTE_SHARED_USE_AFTER_US: Final = 15 * SECOND_US


@dataclass(frozen=True, slots=True)
class SignedIn:
    """For whom a browser or a program acts, and that person's label code.

    `shared` is the name of the shared device this is on, empty for one's own; it locks after
    `idle_s` seconds of rest. A `locked` session may do nothing until its person is back.
    """

    actor: Actor
    code: str
    shared: str = ""
    idle_s: int = 0
    locked: bool = False


def start_session(
    ctx: Context,
    session: Session,
    person_id: int,
    device: str,
    *,
    badge_hash: str | None = None,
    until_us: int | None = None,
) -> str:
    """Open a session for a person whose identity is proven, and return its token.

    It ends `until_us`, or after a week, on a shared device after 12 hours. `badge_hash` is the
    badge that opened it: when the badge is lost, the session is over.
    """
    # A secret, not an id: drawn where it is hashed, not in a context that much code can see.
    token, id_ = secrets.token_urlsafe(32), hash_token(device)
    longest_us = SHARED_SESSION_US if find_device(session, id_) else LONGEST_SESSION_US
    row = SignInSession(
        id_hash=hash_token(token),
        person_id=person_id,
        device=id_,
        badge_hash=badge_hash,
        created_us=ctx.now_us,
        seen_us=ctx.now_us,
        expires_us=until_us or ctx.now_us + longest_us,
    )
    session.add(row)
    session.flush()
    return token


def sign_out(ctx: Context, token: str) -> None:
    """End a session at once; one that is unknown or over is no error."""
    with unit_of_work() as session:
        store.revoke_sessions(session, ctx.now_us, id_hash=hash_token(token))


def lock(ctx: Context, token: str) -> None:
    """Lock a session until its person proves again who they are; a locked one stays so."""
    with unit_of_work() as session:
        store.lock_session(session, hash_token(token), ctx.now_us)


def signed_in(token: str, now_us: int) -> SignedIn | None:
    """Whose session this is; None when it is over or the person may not sign in any more."""
    id_hash = hash_token(token)
    with reading() as connection:
        found = store.find_session(connection, id_hash, now_us, now_us - IDLE_US)
    if found is None:
        return None
    person = _as_signed_in(found, locked=is_locked(found, now_us))
    note_after_us = NOTE_SHARED_USE_AFTER_US if found.shared else NOTE_USE_AFTER_US
    if not person.locked and now_us - found.seen_us > note_after_us:
        _note_use(id_hash, now_us)
    return person


def is_locked(found: SessionRow, now_us: int) -> bool:
    """Whether a session was locked, or has rested on a shared device for too long."""
    if found.idle_s is None:
        return False
    return found.locked_us is not None or now_us - found.seen_us > found.idle_s * SECOND_US


def token_bearer(token: str) -> SignedIn | None:
    """Whose API token this is; None when it is revoked or the person is not active."""
    with reading() as connection:
        found = store.find_token(connection, hash_token(token))
    return _as_signed_in(found) if found else None


def issue_token(ctx: Context, username: str, name: str) -> str:
    """A new API token of the person with that sign-in name, shown this once."""
    require(ctx.actor, Permission.TOKEN_ISSUE)
    token = secrets.token_urlsafe(32)
    with unit_of_work() as session:
        person = find_person(session, sign_in_name(username))
        if person is None or not person.active:
            raise NotFound(f"Nobody signs in as {username!r}.")
        row = ApiToken(
            id_hash=hash_token(token), person_id=person.id, name=name, created_us=ctx.now_us
        )
        session.add(row)
    return token


def _note_use(id_hash: str, now_us: int) -> None:
    try:
        with unit_of_work() as session:
            store.touch_session(session, id_hash, now_us)
    except OperationalError:
        # On a full or read-only disk people must still be able to read.
        logging.getLogger(__name__).warning("can't note the use of a session", exc_info=True)


def _as_signed_in(found: SessionRow, *, locked: bool = False) -> SignedIn:
    actor = Actor(found.person_id, found.name, Role(found.role), found.device, found.limited)
    return SignedIn(actor, found.code, found.shared or "", found.idle_s or 0, locked)
