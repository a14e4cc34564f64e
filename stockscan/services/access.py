"""Who is let in: signing in and out, the sessions of browsers and the tokens of programs."""

import logging
import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, Role, require
from stockscan.domain.errors import NotAllowed, NotFound, TooMany
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import access as store
from stockscan.store.access import SessionRow
from stockscan.store.passwords import hash_token, is_password
from stockscan.store.people import ApiToken, SignInSession, find_person, sign_in_name

SECOND_US: Final = 1_000_000
HOUR_US: Final = 3600 * SECOND_US
IDLE_US: Final = 12 * HOUR_US
LONGEST_SESSION_US: Final = 7 * 24 * HOUR_US
NOTE_USE_AFTER_US: Final = 60 * SECOND_US
FORGET_AFTER_US: Final = 24 * HOUR_US
FREE_TRIES: Final = 4
LONGEST_WAIT_S: Final = 900


@dataclass(frozen=True, slots=True)
class SignedIn:
    """For whom a browser or a program acts, and that person's label code."""

    actor: Actor
    code: str


def sign_in(ctx: Context, username: str, password: str, device: str) -> str:
    """Let someone in and return the token of a new session.

    Raises `NotAllowed` for a wrong name or password, alike and after the same work, and `TooMany`
    (with `wait_s`) while the account or the device has to wait after several failures.
    """
    name = sign_in_name(username)
    subjects = retrying(lambda: _take_tries(ctx, name, device))
    with reading() as connection:
        stored = store.find_password(connection, name)
    fits = is_password(stored.password_hash if stored else None, password)
    if stored is None or not fits:
        raise NotAllowed("Wrong name or password.", code="wrong_password")
    return retrying(lambda: _let_in(ctx, stored.person_id, device, subjects))


def start_session(ctx: Context, session: Session, person_id: int, device: str) -> str:
    """Open a session for a person whose identity is proven, and return its token."""
    # A secret, not an id: drawn where it is hashed, not in a context that much code can see.
    token = secrets.token_urlsafe(32)
    row = SignInSession(
        id_hash=hash_token(token),
        person_id=person_id,
        device=device,
        created_us=ctx.now_us,
        seen_us=ctx.now_us,
        expires_us=ctx.now_us + LONGEST_SESSION_US,
    )
    session.add(row)
    session.flush()
    return token


def sign_out(ctx: Context, token: str) -> None:
    """End a session at once; one that is unknown or over is no error."""
    with unit_of_work() as session:
        store.revoke_sessions(session, ctx.now_us, id_hash=hash_token(token))


def signed_in(token: str, now_us: int) -> SignedIn | None:
    """Whose session this is; None when it is over or the person may not sign in any more."""
    id_hash = hash_token(token)
    with reading() as connection:
        found = store.find_session(connection, id_hash, now_us, now_us - IDLE_US)
    if found is not None and now_us - found.seen_us > NOTE_USE_AFTER_US:
        _note_use(id_hash, now_us)
    return _as_signed_in(found)


def token_bearer(token: str) -> SignedIn | None:
    """Whose API token this is; None when it is revoked or the person is not active."""
    with reading() as connection:
        return _as_signed_in(store.find_token(connection, hash_token(token)))


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


def wait_s(failures: int) -> int:
    """How long the next try waits after so many failures: from the fifth on 1, 2, 4 ... 900 s."""
    over = failures - FREE_TRIES - 1
    return 0 if over < 0 else min(2 ** min(over, 10), LONGEST_WAIT_S)


def _take_tries(ctx: Context, username: str, device: str) -> list[str]:
    """Count a failure in advance for whom it may concern, and return who that is."""
    with unit_of_work() as session:
        store.forget_tries(session, (), ctx.now_us - FORGET_AFTER_US)
        subjects = _subjects(session, username, device)
        waits = [store.take_try(session, subject, ctx.now_us, _delay_us) for subject in subjects]
        if any(waits):
            wait = -(-max(waits) // SECOND_US)
            raise TooMany(f"Too many wrong tries. Wait {wait} s, then try again.", wait_s=wait)
    return subjects


def _subjects(session: Session, username: str, device: str) -> list[str]:
    """Whose failures count: the account's and the device's.

    A device that was let in as this person before counts for itself, so that strangers who guess
    elsewhere can't keep people out of their own account.
    """
    person = find_person(session, username)
    if person is not None and store.has_signed_in(session, person.id, device):
        return [hash_token(f"both {username} {device}")]
    return [hash_token(f"account {username}"), hash_token(f"device {device}")]


def _delay_us(failures: int) -> int:
    return wait_s(failures) * SECOND_US


def _let_in(ctx: Context, person_id: int, device: str, subjects: list[str]) -> str:
    with unit_of_work() as session:
        store.forget_tries(session, subjects, ctx.now_us - FORGET_AFTER_US)
        return start_session(ctx, session, person_id, device)


def _note_use(id_hash: str, now_us: int) -> None:
    try:
        with unit_of_work() as session:
            store.touch_session(session, id_hash, now_us)
    except OperationalError:
        # On a full or read-only disk people must still be able to read.
        logging.getLogger(__name__).warning("can't note the use of a session", exc_info=True)


def _as_signed_in(found: SessionRow | None) -> SignedIn | None:
    if found is None:
        return None
    actor = Actor(found.person_id, found.name, Role(found.role), found.device)
    return SignedIn(actor=actor, code=found.code)
