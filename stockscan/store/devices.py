"""Phones that people share: known by the hash of a secret that only the phone has."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from stockscan.store.db import Base, Big
from stockscan.store.people import Person, SignInSession


class Device(Base):
    """A phone or counter that the company shares; trusted until it is revoked."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    id_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    idle_s: Mapped[int]
    shared_us: Mapped[int] = mapped_column(Big)
    revoked_us: Mapped[int | None] = mapped_column(Big)


class DeviceRow(NamedTuple):
    """A shared device; `idle_s` is after how many seconds of rest it locks."""

    id: int
    name: str
    idle_s: int
    shared_us: int


class UsedDeviceRow(NamedTuple):
    """A shared device in the list: when it was used last, and who has it in use now."""

    id: int
    name: str
    idle_s: int
    shared_us: int
    seen_us: int | None
    people: tuple[str, ...]


class KnownRow(NamedTuple):
    """Somebody who was let in on a device before."""

    code: str
    name: str


_DEVICE = (Device.id, Device.name, Device.idle_s, Device.shared_us)


def find_device(connection: Connection | Session, id_hash: str) -> DeviceRow | None:
    """The shared device with that secret, unless it is revoked."""
    query = select(*_DEVICE).where(Device.id_hash == id_hash, Device.revoked_us.is_(None))
    row = connection.execute(query).first()
    return DeviceRow(*row) if row else None


def is_name_taken(session: Session, name: str, but_id: int) -> bool:
    """Whether a shared device other than `but_id` has that name, in whatever case."""
    query = select(Device.id).where(
        func.lower(Device.name) == func.lower(name),
        Device.revoked_us.is_(None),
        Device.id != but_id,
    )
    return session.execute(query.limit(1)).first() is not None


def was_revoked(session: Session, id_hash: str) -> bool:
    """Whether this was a shared device and is none any more."""
    query = select(Device.id).where(Device.id_hash == id_hash, Device.revoked_us.is_not(None))
    return session.execute(query).first() is not None


def change_device(session: Session, device_id: int, name: str, idle_s: int) -> None:
    """Give a shared device another name and another time after which it locks."""
    query = update(Device).where(Device.id == device_id).values(name=name, idle_s=idle_s)
    session.execute(query)


def move_sessions(session: Session, before: str, now: str, now_us: int, until_us: int) -> None:
    """Let the sessions of a device go on under its new secret (both as hashes), `until_us`."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.device == before, SignInSession.revoked_us.is_(None))
        .values(device=now, seen_us=now_us, expires_us=until_us)
    )


def revoke_device(session: Session, device_id: int, now_us: int) -> Device | None:
    """Take the trust from a device and end every session on it; None when it had none."""
    device = session.get(Device, device_id, with_for_update=True)
    if device is None or device.revoked_us is not None:
        return None
    device.revoked_us = now_us
    session.execute(
        update(SignInSession)
        .where(SignInSession.device == device.id_hash, SignInSession.revoked_us.is_(None))
        .values(revoked_us=now_us)
    )
    session.flush()
    return device


def list_devices(connection: Connection, now_us: int, seen_since_us: int) -> list[UsedDeviceRow]:
    """All shared devices by name, with who is signed in there."""
    devices = connection.execute(
        select(*_DEVICE, func.max(SignInSession.seen_us))
        .outerjoin(SignInSession, SignInSession.device == Device.id_hash)
        .where(Device.revoked_us.is_(None))
        .group_by(*_DEVICE)
        .order_by(Device.name, Device.id)
    ).all()
    signed_in = connection.execute(
        select(Device.id, Person.name)
        .join(SignInSession, SignInSession.device == Device.id_hash)
        .join(Person, Person.id == SignInSession.person_id)
        .where(
            Device.revoked_us.is_(None),
            SignInSession.revoked_us.is_(None),
            SignInSession.expires_us > now_us,
            SignInSession.seen_us > seen_since_us,
            Person.active,
        )
        .order_by(SignInSession.seen_us.desc())
    ).all()
    return [
        UsedDeviceRow(*row, tuple(dict.fromkeys(name for id_, name in signed_in if id_ == row[0])))
        for row in devices
    ]


def known_people(
    connection: Connection, id_hash: str, roles: list[str], limit: int
) -> list[KnownRow]:
    """Who was let in on this device before and has a PIN and one of these roles, last first."""
    query = (
        select(Person.code, Person.name)
        .join(SignInSession, SignInSession.person_id == Person.id)
        .where(
            SignInSession.device == id_hash,
            Person.active,
            Person.pin_hash.is_not(None),
            Person.role.in_(roles),
        )
        .group_by(Person.id, Person.code, Person.name)
        .order_by(func.max(SignInSession.created_us).desc(), Person.id)
        .limit(limit)
    )
    return [KnownRow(*row) for row in connection.execute(query)]
