"""How fast somebody may guess: counted in the database, per account and per device."""

from typing import Final

from sqlalchemy.orm import Session

from stockscan.domain.errors import TooMany
from stockscan.services.work import Context, unit_of_work
from stockscan.store import access as store
from stockscan.store.devices import find_device, was_revoked
from stockscan.store.passwords import hash_token

SECOND_US: Final = 1_000_000
FORGET_AFTER_US: Final = 24 * 3600 * SECOND_US
FREE_TRIES: Final = 4
LONGEST_WAIT_S: Final = 900


def take_tries(ctx: Context, account: str, person_id: int | None, device: str) -> list[str]:
    """Count a failure in advance for whom it may concern, and return who that is.

    Raises `TooMany` (with `wait_s`) while one of them has to wait; then nothing is evaluated.
    """
    with unit_of_work() as session:
        store.forget_tries(session, (), ctx.now_us - FORGET_AFTER_US)
        subjects = _subjects(session, account, person_id, device)
        _take(session, ctx, subjects)
    return subjects


def take_secret_try(ctx: Context, secrets: str, device: str) -> None:
    """Count an unknown secret of these (badges, links) on this device: nobody's account is guessed.

    It slows neither PIN nor password there: a badge that was taken away may lie before the camera
    all day. Raises `TooMany` as `take_tries` does.
    """
    with unit_of_work() as session:
        _take(session, ctx, [hash_token(f"{secrets} on {device}")])


def forgive(session: Session, ctx: Context, subjects: list[str]) -> None:
    """Forget the failures of those who proved to be right."""
    store.forget_tries(session, subjects, ctx.now_us - FORGET_AFTER_US)


def wait_s(failures: int) -> int:
    """How long the next try waits after so many failures: from the fifth on 1, 2, 4 ... 900 s."""
    over = failures - FREE_TRIES - 1
    return 0 if over < 0 else min(2 ** min(over, 10), LONGEST_WAIT_S)


def _take(session: Session, ctx: Context, subjects: list[str]) -> None:
    waits = [store.take_try(session, subject, ctx.now_us, _delay_us) for subject in subjects]
    if any(waits):
        wait = -(-max(waits) // SECOND_US)
        raise TooMany(f"Too many wrong tries. Wait {wait} s, then try again.", wait_s=wait)


def _subjects(session: Session, account: str, person_id: int | None, device: str) -> list[str]:
    """Whose failures count: the account's and the device's.

    On a device that the company shares, or that was let in as this person before, the account
    counts for itself, so that strangers who guess elsewhere can't keep people out.
    """
    if person_id is not None and _is_trusted(session, person_id, device):
        return [hash_token(f"both {account} {device}"), _of_device(device)]
    return [hash_token(f"account {account}"), _of_device(device)]


def _is_trusted(session: Session, person_id: int, device: str) -> bool:
    hashed = hash_token(device)
    if find_device(session, hashed) is not None:
        return True
    known = store.has_signed_in(session, person_id, hashed)
    return known and not was_revoked(session, hashed)


def _of_device(device: str) -> str:
    return hash_token(f"device {device}")


def _delay_us(failures: int) -> int:
    return wait_s(failures) * SECOND_US
