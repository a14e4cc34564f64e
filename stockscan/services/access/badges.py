"""Badges and PINs: issuing, printing once, taking away, and what was done about them."""

import secrets
from dataclasses import dataclass
from functools import cache
from typing import Final

from stockscan import paths
from stockscan.domain.access import Permission, require
from stockscan.domain.badges import check_pin, make_badge, read_badge
from stockscan.domain.errors import Invalid, RuleBroken
from stockscan.domain.figures import from_us
from stockscan.labelling.errors import LabellingError
from stockscan.labelling.files import load_layouts, load_stocks
from stockscan.labelling.printing import Printed, render
from stockscan.labelling.spec import Label, Layout, Stock
from stockscan.services.access.own import prove
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store import badges as store
from stockscan.store import settings
from stockscan.store.access import revoke_sessions
from stockscan.store.badges import Badge, BadgeRow, EventRow
from stockscan.store.invitations import OpenInvitation, open_invitation
from stockscan.store.passwords import hash_password, hash_token
from stockscan.store.people import Person, PersonRow
from stockscan.store.staff import find

USUAL_BADGE_STOCK: Final = "avery-l7163"
# From this size on the name is read across a counter, and any camera reads the secret.
_LEAST_WIDTH_MM, _LEAST_HEIGHT_MM = 50.0, 25.0
LOGGED: Final = 10


@dataclass(frozen=True, slots=True)
class PersonAccess:
    """How somebody can be let in besides the password, what they were sent, and what was done."""

    badge: BadgeRow | None
    has_pin: bool
    invitation: OpenInvitation | None
    log: list[EventRow]


def person_access(ctx: Context, ref: str) -> PersonAccess | None:
    """Badge, PIN and log of a person: for those who may end access, and for the person.

    None for everybody else.
    """
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        person = find(connection, ref)
        if actor.person_id != person.id and not actor.may(Permission.ACCESS_END):
            return None
        holder = store.holder(connection, person.id)
        return PersonAccess(
            store.badge_of(connection, person.id),
            holder is not None and holder.pin_hash is not None,
            open_invitation(connection, person.id, ctx.now_us),
            store.access_log(connection, person_id=person.id, limit=LOGGED),
        )


def issue_badge(ctx: Context, ref: str) -> str:
    """The text of a person's new badge, this once; the one before it opens nothing any more.

    Raises `NotFound`, `RuleBroken` for somebody who is not active, `Invalid` for a name that can't
    be printed.
    """
    actor = require(ctx.actor, Permission.PEOPLE_EDIT)
    # A secret, not an id: drawn where it is hashed, like a session's token.
    text = make_badge(secrets.choice)
    with unit_of_work() as session:
        person = find(session, ref)
        if not person.active:
            raise RuleBroken(f"{person.name} is not active and gets no badge.")
        _draw(text, person, USUAL_BADGE_STOCK, settings.load(session).company, ctx.now_us)
        store.end_badge(session, person.id, ctx.now_us)
        session.add(Badge(id_hash=hash_token(text), person_id=person.id, issued_us=ctx.now_us))
        store.log_access(session, "badge_issued", ctx.now_us, actor, person_id=person.id)
    return text


def print_badge(ctx: Context, ref: str, text: str, stock: str) -> Printed:
    """The badge that was just issued, as a PDF.

    Raises `RuleBroken` when it is not the person's badge any more, `Invalid` for a stock that
    badges are not printed on.
    """
    require(ctx.actor, Permission.PEOPLE_EDIT)
    if stock not in badge_stocks():
        raise Invalid("Badges are not printed on that. Choose from the list.", field="stock")
    badge = read_badge(text)
    with reading() as connection:
        person = find(connection, ref)
        holder = store.holder_of_badge(connection, hash_token(badge))
        company = settings.load(connection).company
    if holder is None or holder.person_id != person.id:
        raise RuleBroken(f"This is not {person.name}'s badge any more. Print a new one.")
    return _draw(badge, person, stock, company, ctx.now_us)


def badge_stocks() -> dict[str, Stock]:
    """Every stock that holds a badge, by its slug."""
    return {
        slug: stock
        for slug, stock in _stocks().items()
        if stock.area.width_mm >= _LEAST_WIDTH_MM and stock.area.height_mm >= _LEAST_HEIGHT_MM
    }


def lose_badge(ctx: Context, ref: str) -> PersonRow:
    """A badge is lost: it opens nothing any more, and what it opened is closed at once."""
    actor = require(ctx.actor, Permission.ACCESS_END)
    with unit_of_work() as session:
        person = find(session, ref)
        if store.end_badge(session, person.id, ctx.now_us):
            store.log_access(session, "badge_lost", ctx.now_us, actor, person_id=person.id)
        return person


def set_pin(ctx: Context, ref: str, pin: str, *, password: str, device: str) -> PersonRow:
    """Give a person a new PIN: an admin does, or they themself with their password.

    One set by an admin ends the person's sessions. Raises `Invalid` for a PIN that others guess,
    `NotAllowed`, and `TooMany` after several wrong passwords.
    """
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        person = find(connection, ref)
    if actor.person_id == person.id:
        prove(ctx, person.id, password, device)
    else:
        require(actor, Permission.PEOPLE_EDIT)
    hashed = hash_password(check_pin(pin, person.code, person.username or ""))
    with unit_of_work() as session:
        session.get_one(Person, person.id).pin_hash = hashed
        if actor.person_id != person.id:
            revoke_sessions(session, ctx.now_us, person_id=person.id)
        store.log_access(session, "pin_set", ctx.now_us, actor, person_id=person.id)
    return person


def _draw(text: str, person: PersonRow, stock: str, company: str, now_us: int) -> Printed:
    label = Label(
        address=text,
        code="",
        title=person.name,
        subtitle=f"Sign-in badge, {from_us(now_us).astimezone():%-d %b %Y}",
        company=company,
    )
    try:
        return render("pdf", _stocks()[stock], _layout(), [label])
    except LabellingError as error:
        raise Invalid(f"{error}", code="label_not_printable") from error


@cache
def _stocks() -> dict[str, Stock]:
    return load_stocks(paths.LABELS / "stock")


@cache
def _layout() -> Layout:
    return load_layouts(paths.LABELS / "badges")["badge"]
