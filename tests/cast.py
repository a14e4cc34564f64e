"""The fixed cast, by role: who plays in the tests, and how they sign in."""

import time
import uuid
from dataclasses import dataclass
from typing import Final

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Role
from stockscan.domain.codes import Kind
from stockscan.services import access
from stockscan.services.work import Context, unit_of_work
from stockscan.store.codes import claim_code
from stockscan.store.people import Person

PASSWORD: Final = "a password of the cast"
DEVICE: Final = "a-device-of-the-tests"


@dataclass(frozen=True, slots=True)
class Player:
    """Someone of the cast, once they are in the database."""

    id: int
    code: str
    name: str
    username: str
    role: Role

    @property
    def actor(self) -> Actor:
        """This person as the services see them."""
        return Actor(self.id, self.name, self.role, DEVICE)


@dataclass(frozen=True, slots=True)
class Cast:
    """One person of each role."""

    viewer: Player
    technician: Player
    storekeeper: Player
    supervisor: Player
    admin: Player

    def of(self, role: Role) -> Player:
        """The one with that role."""
        player: Player = getattr(self, role.value)
        return player


NAMES: Final = {
    Role.VIEWER: "Vera Lind",
    Role.TECHNICIAN: "Dana Reyes",
    Role.STOREKEEPER: "Marco Silva",
    Role.SUPERVISOR: "Ines Weber",
    Role.ADMIN: "Ada Admin",
}


def hire(app: Flask) -> Cast:
    """Put the whole cast into the database; they can sign in by `sign_in`, without a password."""
    with app.app_context(), unit_of_work() as session:
        rows = [_row(session, name, role) for role, name in NAMES.items()]
        session.add_all(rows)
        session.flush()
        return Cast(**{row.role: _player(row) for row in rows})


def context(player: Player | None = None, now_us: int | None = None) -> Context:
    """A context in which `player` acts (the console's admin when nobody is named)."""
    actor = player.actor if player else Actor(0, "Command line", Role.ADMIN, "console")
    return Context(actor=actor, now_us=now_us or _now_us(), new_id=new_id)


def new_id() -> str:
    """A fresh id for an operation."""
    return str(uuid.uuid4())


def sign_in(client: FlaskClient, player: Player) -> None:
    """Sign the browser in as `player`, with the CSRF header that our pages' scripts send.

    Goes by the door's own session, but without the password hash, which is slow on purpose; the
    sign-in form itself is tested in tests/web/test_people.py.
    """
    app = client.application
    with app.app_context(), unit_of_work() as session:
        token = access.start_session(context(player), session, player.id, DEVICE)
    client.set_cookie("stockscan", token)
    give_csrf_token(client)


def browser(app: Flask, player: Player) -> FlaskClient:
    """A new browser on which `player` has signed in."""
    client = app.test_client()
    sign_in(client, player)
    return client


def give_csrf_token(client: FlaskClient) -> None:
    """Let each request of this browser carry a valid CSRF token in its header."""
    with client.session_transaction() as form_session:
        form_session["csrf_token"] = "the tests' own"
    signer = URLSafeTimedSerializer(str(client.application.secret_key), salt="wtf-csrf-token")
    client.environ_base["HTTP_X_CSRFTOKEN"] = signer.dumps("the tests' own")


def _row(session: Session, name: str, role: Role) -> Person:
    username, now_us = name.split(maxsplit=1)[0].lower(), _now_us()
    code = claim_code(session, Kind.PERSON, now_us)
    return Person(code=code, name=name, username=username, role=role.value, created_us=now_us)


def _player(row: Person) -> Player:
    return Player(row.id, row.code, row.name, row.username or "", Role(row.role))


def _now_us() -> int:
    return time.time_ns() // 1000
