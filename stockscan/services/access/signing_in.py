"""Signing in by password, by badge, by PIN: what each of them opens, and where."""

from dataclasses import dataclass

from stockscan.domain.access import LOW_RISK
from stockscan.domain.badges import read_badge
from stockscan.domain.errors import NotAllowed
from stockscan.services.access.sessions import IDLE_US, is_locked, start_session
from stockscan.services.access.throttle import forgive, take_secret_try, take_tries
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import access as store
from stockscan.store import badges
from stockscan.store.badges import HolderRow
from stockscan.store.devices import find_device
from stockscan.store.passwords import hash_token, is_password
from stockscan.store.people import find_person, sign_in_name


@dataclass(frozen=True, slots=True)
class LetIn:
    """What a badge opened: a session's token, or, where that is empty, the question for the PIN.

    `badge` stands for the badge in that question, without being it. Where its person `acts`
    already, nothing is opened and nothing is asked.
    """

    token: str
    badge: str
    code: str
    acts: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose PIN is asked for, and what has been shown so far.

    `until_us` is when a locked session would have ended: a PIN alone doesn't make it longer.
    """

    person_id: int
    name: str
    code: str
    badge: str | None = None
    until_us: int | None = None


def sign_in(ctx: Context, username: str, password: str, device: str) -> str:
    """Let someone in by name and password and return the token of a new session.

    Raises `NotAllowed` for a wrong name or password, alike and after the same work, and `TooMany`
    (with `wait_s`) while the account or the device has to wait after several failures.
    """
    name = sign_in_name(username)
    with reading() as connection:
        person = find_person(connection, name)
    account = _account(person.id) if person else f"name {name}"
    known = person.id if person else None
    subjects = retrying(lambda: take_tries(ctx, account, known, device))
    with reading() as connection:
        stored = store.find_password(connection, name)
    fits = is_password(stored.password_hash if stored else None, password)
    if stored is None or not fits:
        raise NotAllowed("Wrong name or password.", code="wrong_password")
    asked = Asked(stored.person_id, "", "")
    return retrying(lambda: _let_in(ctx, asked, device, subjects))


def sign_in_by_badge(ctx: Context, raw: str, device: str) -> LetIn:
    """Let someone in who shows a badge, or ask for the PIN where the badge alone is too little.

    A badge alone is enough on a shared device for those who decide nothing about others. Raises
    `Invalid` for what is no badge, `NotAllowed` for one that is unknown or revoked, `TooMany`.
    """
    id_hash = hash_token(read_badge(raw))
    with reading() as connection:
        holder = badges.holder_of_badge(connection, id_hash)
        shared = find_device(connection, hash_token(device)) is not None
    if holder is None:
        retrying(lambda: take_secret_try(ctx, "badges", device))
        raise NotAllowed("This badge is not valid any more. Ask an admin.", code="wrong_badge")
    if ctx.actor is not None and ctx.actor.person_id == holder.person_id:
        return LetIn("", id_hash, holder.code, acts=True)
    if shared and holder.role in LOW_RISK:
        asked = _asked(holder, badge=id_hash)
        return LetIn(retrying(lambda: _let_in(ctx, asked, device, [])), id_hash, holder.code)
    if holder.pin_hash is None:
        message = "Here this badge needs a PIN, and there is none yet. Sign in with your password."
        raise NotAllowed(message, code="pin_missing")
    return LetIn("", id_hash, holder.code)


def asked_for_pin(
    ctx: Context, device: str, *, badge: str = "", token: str = "", code: str = ""
) -> Asked | None:
    """Whose PIN would let them in: of a shown badge, else of a locked session, else of a person.

    For a PIN without badge the device must be shared, and the person one who decides nothing
    about others. None where no PIN would do.
    """
    id_ = hash_token(device)
    with reading() as connection:
        if badge:
            holder = badges.holder_of_badge(connection, badge)
            return _asked(holder, badge=badge) if holder and holder.pin_hash else None
        if code:
            holder = badges.holder_by_code(connection, code)
            shared = find_device(connection, id_) is not None
            fits = holder and holder.pin_hash and holder.role in LOW_RISK and shared
            return _asked(holder) if holder and fits else None
        idle_since_us = ctx.now_us - IDLE_US
        found = store.find_session(connection, hash_token(token), ctx.now_us, idle_since_us)
        if found is None or not is_locked(found, ctx.now_us):
            return None
        holder = badges.holder(connection, found.person_id)
    if holder is None or holder.pin_hash is None:
        return None
    return _asked(holder, badge=found.badge_hash, until_us=found.expires_us)


def sign_in_by_pin(ctx: Context, asked: Asked, pin: str, device: str) -> str:
    """Let someone in by their PIN and return the token of a new session.

    Raises `NotAllowed` for a wrong one, and `TooMany` as `sign_in` does, by the same counters.
    """
    account = _account(asked.person_id)
    subjects = retrying(lambda: take_tries(ctx, account, asked.person_id, device))
    with reading() as connection:
        holder = badges.holder(connection, asked.person_id)
    if not is_password(holder.pin_hash if holder else None, pin) or holder is None:
        raise NotAllowed("Wrong PIN.", code="wrong_pin")
    return retrying(lambda: _let_in(ctx, asked, device, subjects))


def _let_in(ctx: Context, asked: Asked, device: str, subjects: list[str]) -> str:
    with unit_of_work() as session:
        if subjects:
            forgive(session, ctx, subjects)
        if asked.badge:
            badges.note_badge_use(session, asked.badge, ctx.now_us)
        return start_session(
            ctx,
            session,
            asked.person_id,
            device,
            badge_hash=asked.badge,
            until_us=asked.until_us,
        )


def _asked(holder: HolderRow, *, badge: str | None = None, until_us: int | None = None) -> Asked:
    return Asked(holder.person_id, holder.name, holder.code, badge, until_us)


def _account(person_id: int) -> str:
    """Password and PIN of a person are guessed at out of one purse."""
    return f"person {person_id}"
