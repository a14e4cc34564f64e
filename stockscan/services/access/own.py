"""One's own way in: the password, and the browsers that are signed in."""

from dataclasses import dataclass

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.errors import NotAllowed
from stockscan.domain.passwords import check_password
from stockscan.services.access.sessions import IDLE_US, start_session
from stockscan.services.access.throttle import forgive, take_tries
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import access as store
from stockscan.store import staff
from stockscan.store.access import OpenSession, revoke_sessions
from stockscan.store.badges import log_access
from stockscan.store.passwords import hash_password, hash_token, is_password
from stockscan.store.people import get_person


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A browser on which somebody is signed in; `is_here` tells the one that asks."""

    session: OpenSession
    is_here: bool


def own_sessions(ctx: Context, token: str) -> list[OwnSession]:
    """Where the person who asks is signed in, the one used last first."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        found = store.open_sessions(connection, actor.person_id, ctx.now_us, ctx.now_us - IDLE_US)
    here = hash_token(token)
    return [OwnSession(row, row.id_hash == here) for row in found]


def change_password(ctx: Context, old: str, new: str, device: str) -> str:
    """Set one's own password and return the token of a new session; all others end.

    Raises `NotAllowed` for a wrong old one, `TooMany` after several, `Invalid` for the new one.
    """
    actor = require(ctx.actor, Permission.READ)
    check_password(new)
    prove(ctx, actor.person_id, old, device)
    hashed = hash_password(new)

    def change() -> str:
        with unit_of_work() as session:
            staff.change(session, ctx.now_us, actor.person_id, {"password_hash": hashed})
            log_access(session, "password_set", ctx.now_us, actor, person_id=actor.person_id)
            return start_session(ctx, session, actor.person_id, device)

    return retrying(change)


def sign_out_everywhere(ctx: Context) -> None:
    """End every session of the person who asks, this one too."""
    actor: Actor = require(ctx.actor, Permission.READ)
    with unit_of_work() as session:
        revoke_sessions(session, ctx.now_us, person_id=actor.person_id)


def prove(ctx: Context, person_id: int, password: str, device: str) -> None:
    """Let the person go on who knows their own password.

    Raises `NotAllowed` for a wrong one, and `TooMany` after several.
    """
    with reading() as connection:
        username = get_person(connection, person_id).username
        stored = store.find_password(connection, username) if username else None
    subjects = retrying(lambda: take_tries(ctx, f"person {person_id}", person_id, device))
    if not is_password(stored.password_hash if stored else None, password):
        raise NotAllowed("Wrong password.", code="wrong_password")
    with unit_of_work() as session:
        forgive(session, ctx, subjects)
