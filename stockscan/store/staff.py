"""Who works here: found by any reference, added, changed; the last admin stays."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from stockscan.domain.access import Role
from stockscan.domain.codes import Kind
from stockscan.domain.errors import RuleBroken
from stockscan.store.access import revoke_sessions
from stockscan.store.codes import claim_code
from stockscan.store.db import on_postgresql
from stockscan.store.people import Person, PersonRow, active_admins, get_person, hold_admins
from stockscan.store.scanning import thing_called
from stockscan.store.unique import update_unique

_TAKEN = "Someone else signs in with that name. Choose another."


def find(connection: Connection | Session, ref: str) -> PersonRow:
    """A person by label code or sign-in name. Raises `NotFound`."""
    return get_person(connection, thing_called(connection, ref, Kind.PERSON).id)


def is_first(session: Session) -> bool:
    """Whether nobody is here yet; held until the commit, so that of two only one is the first."""
    if on_postgresql(session.connection()):
        session.execute(text("LOCK TABLE person IN SHARE ROW EXCLUSIVE MODE"))
    return session.execute(select(Person.id).limit(1)).first() is None


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
    return get_person(session, row.id)


def change(session: Session, now_us: int, person_id: int, values: Mapping[str, Any]) -> PersonRow:
    """Set columns of a person; end their sessions when they are out or have a new password.

    Without a sign-in name there is no password. Raises `Conflict` for the sign-in name of someone
    else, and `RuleBroken` when the last admin who can sign in would be none any more.
    """
    had_admins = bool(hold_admins(session))
    if "username" in values and values["username"] is None:
        values = {**values, "password_hash": None}
    update_unique(session, Person, person_id, values, taken=_TAKEN, field="username")
    if had_admins and not active_admins(session):
        raise RuleBroken("This is the last admin. Make someone else an admin first.")
    person = get_person(session, person_id)
    if "password_hash" in values or not person.active:
        revoke_sessions(session, now_us, person_id=person_id)
    return person
