"""Invitations: a link by which somebody sets their own password, once, within a week."""

import secrets
from dataclasses import dataclass
from typing import Final

from stockscan.domain.access import Actor, Permission, Role, require
from stockscan.domain.errors import NotFound, RuleBroken
from stockscan.domain.passwords import check_password
from stockscan.services.access.sessions import HOUR_US, start_session
from stockscan.services.access.throttle import take_secret_try
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import invitations as store
from stockscan.store import staff
from stockscan.store.badges import log_access
from stockscan.store.passwords import hash_password, hash_token
from stockscan.store.people import PersonRow, sign_in_name

INVITATION_DAYS: Final = 7
INVITATION_US: Final = INVITATION_DAYS * 24 * HOUR_US
_OVER: Final = "This invitation is not valid any more. Ask an admin for a new one."


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a link is for; its token is shown this once."""

    person: PersonRow
    token: str


def invite(ctx: Context, ref: str) -> Invited:
    """A new link for a person to set their sign-in name and password; the one before is void.

    Raises `RuleBroken` for somebody who is not active.
    """
    actor = require(ctx.actor, Permission.PEOPLE_EDIT)
    # A secret, not an id: drawn where it is hashed, like a session's token.
    token = secrets.token_urlsafe(32)
    with unit_of_work() as session:
        person = staff.find(session, ref)
        if not person.active:
            raise RuleBroken(f"{person.name} is not active. Activate them first.")
        until_us = ctx.now_us + INVITATION_US
        store.renew_invitation(session, hash_token(token), person.id, ctx.now_us, until_us)
        log_access(session, "invited", ctx.now_us, actor, person_id=person.id)
    return Invited(person, token)


def withdraw_invitation(ctx: Context, ref: str) -> PersonRow:
    """Take a person's invitation back; none is no error."""
    actor = require(ctx.actor, Permission.PEOPLE_EDIT)
    with unit_of_work() as session:
        person = staff.find(session, ref)
        if store.end_invitations(session, person.id):
            log_access(session, "invitation_ended", ctx.now_us, actor, person_id=person.id)
        return person


def invited(ctx: Context, token: str, device: str) -> PersonRow:
    """Whom a link is for; asked before anybody is signed in.

    Raises `NotFound` for one that was used, is over or never was, and `TooMany` after several.
    """
    with reading() as connection:
        person = store.invited(connection, hash_token(token), ctx.now_us)
    if person is None:
        raise _unknown(ctx, device)
    return person


def accept_invitation(
    ctx: Context, token: str, *, username: str, password: str, device: str
) -> str:
    """Set the password of the person whom a link is for and return the token of a new session.

    The link is used up. Raises `Invalid`, `Conflict` for the sign-in name of someone else, and
    what `invited` raises; then it is not.
    """
    invited(ctx, token, device)
    values = {
        "username": sign_in_name(username),
        "password_hash": hash_password(check_password(password)),
    }

    def accept() -> str | None:
        with unit_of_work() as session:
            person = store.use_invitation(session, hash_token(token), ctx.now_us)
            if person is None:
                return None
            staff.change(session, ctx.now_us, person.id, values)
            actor = Actor(person.id, person.name, Role(person.role))
            log_access(session, "invitation_used", ctx.now_us, actor, person_id=person.id)
            return start_session(ctx, session, person.id, device)

    opened = retrying(accept)
    if opened is None:
        raise _unknown(ctx, device)
    return opened


def _unknown(ctx: Context, device: str) -> NotFound:
    """Whoever guesses at links is slowed like whoever guesses at passwords."""
    retrying(lambda: take_secret_try(ctx, "links", device))
    return NotFound(_OVER)
