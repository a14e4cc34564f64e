"""The people who work here: adding and changing them, what they may sign in with and did last."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, Role, require
from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid
from stockscan.domain.operations import Op
from stockscan.domain.passwords import check_password
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store import badges, edits, goods, limits, linking, staff
from stockscan.store import people as store
from stockscan.store.catalogue.listing import people as listing
from stockscan.store.catalogue.listing.people import PeopleFilters
from stockscan.store.counts.blindness import blindness
from stockscan.store.home import MovedRow, moved_by
from stockscan.store.invitations import end_invitations
from stockscan.store.limits import PlaceRow
from stockscan.store.locks import hold_row
from stockscan.store.passwords import hash_password
from stockscan.store.people import HeldRow, PersonRow, sign_in_name
from stockscan.store.scanning import Found

PAGE: Final = 100
RECENT: Final = 10
# What people change of themselves; the rest is for those who run the list.
OWN_FIELDS: Final = frozenset({"person", "based_on", "name", "email"})
MOST_AREAS: Final = 200
LONGEST_EMAIL: Final = 254

_EMAIL: Final = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Some people by name, and the code after which the next page begins."""

    people: list[PersonRow]
    after: str | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person, where they may change things (nowhere named: everywhere), what they have and did.

    `version` is what a form that changes them is based on.
    """

    person: PersonRow
    places: list[PlaceRow]
    held: list[HeldRow]
    recent: list[MovedRow]
    version: int


def people(
    ctx: Context, after: str | None = None, *, sort: str = "name", **asked: str
) -> PeoplePage:
    """A page of people by name; `after` is the code of the last one seen.

    `asked` are the fields of `PeopleFilters`. Raises `Invalid` for what can't be asked.
    """
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        chosen = listing.people_ids(connection, PeopleFilters(**asked))
        order = listing.people_order(sort)
        found = listing.people_page(connection, chosen, order, after or "", PAGE)
    return PeoplePage(found[:PAGE], found[PAGE - 1].code if len(found) > PAGE else None)


def person(ctx: Context, ref: str) -> PersonPage:
    """A person by label code or sign-in name. Raises `NotFound`."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        found = staff.find(connection, ref)
        return PersonPage(
            person=found,
            places=limits.places_of(connection, found.id),
            held=store.held_assets(connection, found.id, PAGE),
            recent=moved_by(connection, found.id, blindness(connection, actor), RECENT),
            version=edits.version(connection, edits.Thing("person", found.id)),
        )


def areas(ctx: Context) -> list[PlaceRow]:
    """The sites and areas that somebody's work may be limited to, by name; at most 200."""
    require(ctx.actor, Permission.PEOPLE_EDIT)
    with reading() as connection:
        return limits.areas(connection, MOST_AREAS)


def create_person(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Add a person with a role and a label code; they sign in once they have a password."""
    require(ctx.actor, Permission.PEOPLE_EDIT)
    code = linking.own_code(session, op, Kind.PERSON, ctx.now_us)
    added = staff.add(session, ctx.now_us, op["name"], Role(op["role"]), code=code)
    made = Found(Kind.PERSON, added.id, added.code, added.name)
    linking.link_new(session, op, made, ctx.now_us, "alias")
    return person_json(_set_fields(ctx, session, op, added.id))


def edit_person(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Change what the books say about a person; people do it for their own name and e-mail.

    Raises `RuleBroken` when the last admin would lose that role, `Conflict` for the sign-in name
    of someone else.
    """
    actor = require(ctx.actor, Permission.READ)
    # Admins first, as everyone who changes a person does; then nobody else changes this one.
    store.hold_admins(session)
    hold_row(session, store.Person, staff.find(session, op["person"]).id)
    before = staff.find(session, op["person"])
    if actor.person_id != before.id or not op.fields.keys() <= OWN_FIELDS:
        require(actor, Permission.PEOPLE_EDIT)
    named = {name: op[name] for name in ("name", "username") if op[name]}
    linking.refuse_labels(session, named)
    old = person_texts(before, limits.places_of(session, before.id))
    after = _set_fields(ctx, session, op, before.id)
    new = person_texts(after, limits.places_of(session, before.id))
    edits.record(session, op, edits.Thing("person", before.id), actor.person_id, old, new)
    return person_json(after)


def person_texts(row: PersonRow, places: list[PlaceRow]) -> dict[str, str]:
    """What people may edit of a person, as they read it."""
    return {
        "name": row.name,
        "role": row.role,
        "email": row.email,
        "username": row.username or "",
        "places": ", ".join(place.called for place in places),
    }


def person_json(row: PersonRow) -> dict[str, Any]:
    """A person as the API shows them."""
    return {
        "kind": "person",
        "code": row.code,
        "name": row.name,
        "role": row.role,
        "active": row.active,
        "url": f"/people/{row.code}",
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
    hashed = hash_password(check_password(password))
    with unit_of_work() as session:
        known = store.find_person(session, username)
        person_id = known.id if known else staff.add(session, ctx.now_us, name or username, role).id
        values = {"username": username, "password_hash": hashed, "role": role, "active": True}
        return staff.change(session, ctx.now_us, person_id, values)


def grant_sign_in(ctx: Context, ref: str, *, username: str, password: str) -> PersonRow:
    """Give a person a sign-in name and a password, or new ones; their sessions end.

    Raises `Conflict` when someone else has that name.
    """
    require(ctx.actor, Permission.PEOPLE_EDIT)
    values = {
        "username": sign_in_name(username),
        "password_hash": hash_password(check_password(password)),
    }
    with unit_of_work() as session:
        return staff.change(session, ctx.now_us, staff.find(session, ref).id, values)


def set_active(ctx: Context, ref: str, *, active: bool) -> PersonRow:
    """Let a person in or out; out means out at the next request, and the badge opens nothing more.

    Raises `RuleBroken` when the last admin would leave.
    """
    actor = require(ctx.actor, Permission.PEOPLE_EDIT)
    with unit_of_work() as session:
        found = staff.find(session, ref)
        changed = staff.change(session, ctx.now_us, found.id, {"active": active})
        if not active:
            end_invitations(session, found.id)
            if badges.end_badge(session, found.id, ctx.now_us):
                badges.log_access(session, "badge_ended", ctx.now_us, actor, person_id=found.id)
        return changed


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
        return store.is_anyone_here(connection)


def _set_fields(ctx: Context, session: Session, op: Op, person_id: int) -> PersonRow:
    """Set what the operation says of a person; a field that it does not name stays."""
    values = {name: op.fields[name] for name in ("name", "role", "email") if name in op.fields}
    _check(values)
    if "username" in op.fields:
        values["username"] = sign_in_name(op["username"]) if op["username"] else None
    if "places" in op.fields:
        named = [goods.find(session, Kind.LOCATION, "places", each) for each in op["places"] or ()]
        limits.limit_to(session, person_id, named)
    return staff.change(session, ctx.now_us, person_id, values)


def _check(values: Mapping[str, str]) -> None:
    email = values.get("email", "")
    if email and (len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email)):
        raise Invalid("Enter an e-mail address like name@example.com.", field="email")
