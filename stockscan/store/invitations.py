"""Invitations: links by which people set their own password, once; stored as hashes."""

from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.orm import Session

from stockscan.store.people import Invitation, Person, PersonRow, get_person


class OpenInvitation(NamedTuple):
    """Until when somebody can use the link that they were given, in microseconds."""

    created_us: int
    expires_us: int


def renew_invitation(
    session: Session, token_hash: str, person_id: int, now_us: int, expires_us: int
) -> None:
    """Invite a person; the links that they had before open nothing any more."""
    end_invitations(session, person_id)
    values = {"token_hash": token_hash, "person_id": person_id, "created_us": now_us}
    session.execute(insert(Invitation).values(**values, expires_us=expires_us))


def end_invitations(session: Session, person_id: int) -> bool:
    """Take back what a person was sent and has not used; whether there was anything."""
    theirs = (Invitation.person_id == person_id, Invitation.used_us.is_(None))
    gone = delete(Invitation).where(*theirs).returning(Invitation.token_hash)
    return session.execute(gone).first() is not None


def open_invitation(connection: Connection, person_id: int, now_us: int) -> OpenInvitation | None:
    """The invitation that a person can still use."""
    query = select(Invitation.created_us, Invitation.expires_us).where(
        Invitation.person_id == person_id, Invitation.used_us.is_(None),
        Invitation.expires_us > now_us,
    )  # fmt: skip
    row = connection.execute(query).first()
    return OpenInvitation(*row) if row else None


def invited(connection: Connection, token_hash: str, now_us: int) -> PersonRow | None:
    """Whom a link is for; None when it was used, is over, or the person is not active."""
    query = (
        select(Person.id)
        .join(Invitation, Invitation.person_id == Person.id)
        .where(
            Invitation.token_hash == token_hash,
            Invitation.used_us.is_(None),
            Invitation.expires_us > now_us,
            Person.active,
        )
    )
    person_id = connection.execute(query).scalar()
    return get_person(connection, person_id) if person_id else None


def use_invitation(session: Session, token_hash: str, now_us: int) -> PersonRow | None:
    """Use a link up and say whom it was for; of two who try at once one gets the person."""
    query = (
        update(Invitation)
        .where(
            Invitation.token_hash == token_hash,
            Invitation.used_us.is_(None),
            Invitation.expires_us > now_us,
            Invitation.person_id.in_(select(Person.id).where(Person.active)),
        )
        .values(used_us=now_us)
        .returning(Invitation.person_id)
        .execution_options(synchronize_session=False)
    )
    person_id = session.execute(query).scalar()
    return get_person(session, person_id) if person_id else None
