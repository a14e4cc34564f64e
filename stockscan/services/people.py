"""The people who work here: adding them, letting them sign in, what they have and did last."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, Role, require
from stockscan.domain.codes import Kind, read
from stockscan.domain.errors import Invalid, NotFound, RuleBroken
from stockscan.domain.operations import Op
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store import badges, linking
from stockscan.store import people as store
from stockscan.store.access import revoke_sessions
from stockscan.store.codes import claim_code
from stockscan.store.home import MovedRow, moved_by
from stockscan.store.passwords import hash_password
from stockscan.store.people import HeldRow, Person, PersonRow, sign_in_name
from stockscan.store.scanning import Found, resolve

SHORTEST_PASSWORD: Final = 8
LONGEST_PASSWORD: Final = 200
PAGE: Final = 100
RECENT: Final = 10


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Some people by name, and the code after which the next page begins."""

    people: list[PersonRow]
    after: str | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person, what they have and what they did last."""

    person: PersonRow
    held: list[HeldRow]
    recent: list[MovedRow]


def people(ctx: Context, after: str | None = None) -> PeoplePage:
    """A page of people by name; `after` is the code of the last one seen."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        last = _find(connection, after) if after else None
        found = store.list_people(connection, last, PAGE + 1)
    return PeoplePage(found[:PAGE], found[PAGE - 1].code if len(found) > PAGE else None)


def person(ctx: Context, ref: str) -> PersonPage:
    """A person by label code or sign-in name. Raises `NotFound`."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        found = _find(connection, ref)
        held = store.held_assets(connection, found.id, PAGE)
        return PersonPage(found, held, moved_by(connection, found.id, RECENT))


def create_person(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Add a person with a role and a label code, who can't sign in yet."""
    require(ctx.actor, Permission.PEOPLE_EDIT)
    code = linking.own_code(session, op, Kind.PERSON, ctx.now_us)
    added = add(session, ctx.now_us, op["name"], Role(op["role"]), code=code)
    made = Found(Kind.PERSON, added.id, added.code, added.name)
    linking.link_new(session, op, made, ctx.now_us, "alias")
    url = f"/people/{added.code}"
    return {
        "kind": "person",
        "code": added.code,
        "name": added.name,
        "role": added.role,
        "url": url,
    }


def add_user(
    ctx: Context, *, username: str, role: Role, password: str, name: str = ""
) -> PersonRow:
    """Add a person who can sign in; where the sign-in name exists, set its role and password.

    Raises `Invalid` for a name or password that can't be used, and `RuleBroken` when the last
    admin would lose that role.
    """
    require(ctx.actor, Permission.PEOPLE_EDIT)
    username = sign_in_name(username)
    hashed = hash_password(_new_password(password))
    with unit_of_work() as session:
        known = store.find_person(session, username)
        person_id = known.id if known else add(session, ctx.now_us, name or username, role).id
        values = {"username": username, "password_hash": hashed, "role": role, "active": True}
        return _change(session, ctx.now_us, person_id, values)


def grant_sign_in(ctx: Context, ref: str, *, username: str, password: str) -> PersonRow:
    """Give a person a sign-in name and a password, or new ones; their sessions end.

    Raises `Invalid` when someone else has that name.
    """
    require(ctx.actor, Permission.PEOPLE_EDIT)
    username = sign_in_name(username)
    hashed = hash_password(_new_password(password))
    with unit_of_work() as session:
        other = store.find_person(session, username)
        person_id = _find(session, ref).id
        if other is not None and other.id != person_id:
            raise Invalid("Someone else signs in with that name. Choose another.", field="username")
        values = {"username": username, "password_hash": hashed}
        return _change(session, ctx.now_us, person_id, values)


def set_active(ctx: Context, ref: str, *, active: bool) -> PersonRow:
    """Let a person in or out; out means out at the next request, and the badge opens nothing more.

    Raises `RuleBroken` when the last admin would leave.
    """
    actor = require(ctx.actor, Permission.PEOPLE_EDIT)
    with unit_of_work() as session:
        person = _change(session, ctx.now_us, _find(session, ref).id, {"active": active})
        if not active and badges.end_badge(session, person.id, ctx.now_us):
            badges.log_access(
                session,
                "badge_ended",
                at_us=ctx.now_us,
                by_person_id=actor.person_id,
                person_id=person.id,
            )
        return person


def console_actor() -> Actor:
    """Who acts at the server's own command line: the first admin, or nobody yet.

    Whoever reaches the command line reaches the database too, so nothing more is asked.
    """
    with reading() as connection:
        admins = store.active_admins(connection)
    if admins:
        return Actor(admins[0].id, admins[0].name, Role.ADMIN, device="console")
    return Actor(0, "Command line", Role.ADMIN, device="console")


def is_anyone_here() -> bool:
    """Whether the database knows a single person."""
    with reading() as connection:
        return bool(store.list_people(connection, None, 1))


def _find(connection: Connection | Session, ref: str) -> PersonRow:
    found = resolve(connection, read(ref), {Kind.PERSON})
    if found is None or found.id is None:
        raise NotFound
    return store.get_person(connection, found.id)


def add(
    session: Session,
    now_us: int,
    name: str,
    role: Role,
    *,
    username: str | None = None,
    code: str | None = None,
) -> PersonRow:
    """Append a person with a label code of their own, a fresh one if none is given."""
    code = code or claim_code(session, Kind.PERSON, now_us)
    row = Person(code=code, name=name, username=username, role=role, active=True, created_us=now_us)
    session.add(row)
    session.flush()
    return store.get_person(session, row.id)


def _change(session: Session, now_us: int, person_id: int, values: dict[str, Any]) -> PersonRow:
    """Set columns of a person; end their sessions when they are out or have a new password."""
    had_admins = bool(store.hold_admins(session))
    row = session.get_one(Person, person_id)
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
    if had_admins and not store.active_admins(session):
        raise RuleBroken("This is the last admin. Make someone else an admin first.")
    if "password_hash" in values or not row.active:
        revoke_sessions(session, now_us, person_id=person_id)
    return store.get_person(session, person_id)


def _new_password(raw: str) -> str:
    if not SHORTEST_PASSWORD <= len(raw) <= LONGEST_PASSWORD:
        message = f"Choose a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
        raise Invalid(message, field="password")
    return raw
