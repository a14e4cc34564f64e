"""Phones that people share: making one, the list of them, and what to do when one is lost."""

import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from stockscan.domain.access import LOW_RISK, Actor, Permission, require
from stockscan.domain.badges import refuse_badge
from stockscan.domain.errors import Invalid, NotFound
from stockscan.services.access.sessions import IDLE_US, SHARED_SESSION_US
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store import devices as store
from stockscan.store.badges import EventRow, access_log, log_access
from stockscan.store.devices import Device, DeviceRow, KnownRow, UsedDeviceRow
from stockscan.store.passwords import hash_token

LONGEST_NAME: Final = 60
IDLE_MINUTES: Final = (1, 2, 5, 10, 30)
FACES: Final = 3
LOGGED: Final = 30


@dataclass(frozen=True, slots=True)
class DevicesPage:
    """All shared devices, and what was done to devices lately."""

    devices: list[UsedDeviceRow]
    log: list[EventRow]


def share_device(ctx: Context, device: str, name: str, idle_min: int) -> str:
    """Make this browser's device a shared one and return its new secret, which it must keep.

    It is trusted from now on: a badge alone signs in there. One that is shared already gets the
    new name and time, and keeps its secret. Raises `Invalid`, also for another shared phone's name.
    """
    actor = require(ctx.actor, Permission.DEVICE_SHARE)
    name = " ".join(name.split())
    refuse_badge(name)
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise Invalid(f"Enter a name of 1 to {LONGEST_NAME} characters.", field="name")
    if idle_min not in IDLE_MINUTES:
        raise Invalid("Choose after how many minutes it locks.", field="idle")
    with unit_of_work() as session:
        known = store.find_device(session, hash_token(device))
        if store.is_name_taken(session, name, known.id if known else 0):
            raise Invalid("Another shared phone has that name. Choose another.", field="name")
        if known is None:
            device, device_id = _trust(session, ctx, actor, name, idle_min * 60)
        else:
            device_id = known.id
            store.change_device(session, device_id, name, idle_min * 60)
        log_access(session, "device_shared", ctx.now_us, actor, device_id=device_id)
    return device


def shared_device(device: str) -> DeviceRow | None:
    """The shared device that this browser is on; asked before anybody is signed in."""
    with reading() as connection:
        return store.find_device(connection, hash_token(device))


def people_known_here(device: str) -> list[KnownRow]:
    """Who may sign in by PIN alone on this shared device, the last one first; at most three."""
    id_ = hash_token(device)
    with reading() as connection:
        if store.find_device(connection, id_) is None:
            return []
        return store.known_people(connection, id_, sorted(LOW_RISK), FACES)


def devices(ctx: Context) -> DevicesPage:
    """Every shared device and who is signed in there."""
    require(ctx.actor, Permission.ACCESS_END)
    with reading() as connection:
        found = store.list_devices(connection, ctx.now_us, ctx.now_us - IDLE_US)
        return DevicesPage(found, access_log(connection, limit=LOGGED))


def unshare_device(ctx: Context, device_id: int) -> str:
    """Make a device an ordinary one again; everybody is signed out there. Returns its name."""
    require(ctx.actor, Permission.DEVICE_SHARE)
    return _end(ctx, device_id, "device_unshared")


def lose_device(ctx: Context, device_id: int) -> str:
    """A phone is lost: everybody is signed out there at once, and it is trusted no more."""
    require(ctx.actor, Permission.ACCESS_END)
    return _end(ctx, device_id, "device_lost")


def _trust(session: Session, ctx: Context, actor: Actor, name: str, idle_s: int) -> tuple[str, int]:
    """The new secret and the id of a device; who is signed in there stays so, for 12 hours."""
    # Drawn anew, so that whoever had the phone before does not know it.
    secret = secrets.token_urlsafe(24)
    row = Device(id_hash=hash_token(secret), name=name, idle_s=idle_s, shared_us=ctx.now_us)
    session.add(row)
    session.flush()
    until_us = ctx.now_us + SHARED_SESSION_US
    store.move_sessions(session, actor.device, row.id_hash, ctx.now_us, until_us)
    return secret, row.id


def _end(ctx: Context, device_id: int, kind: str) -> str:
    assert ctx.actor is not None
    with unit_of_work() as session:
        device = store.revoke_device(session, device_id, ctx.now_us)
        if device is None:
            raise NotFound("This device is not a shared one any more.")
        log_access(session, kind, ctx.now_us, ctx.actor, device_id=device_id)
        return device.name
