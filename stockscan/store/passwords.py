"""How secrets are kept: passwords as peppered argon2id, tokens as plain SHA-256."""

import base64
import hashlib
import hmac
import threading
import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

# 19 MiB, two passes, one lane: about 50 ms; two at a time, or a crowd signing in eats the machine.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_SEATS: Final = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """The stored form of a password; useless without the app's secret key, kept elsewhere."""
    with _SEATS:
        return _HASHER.hash(_peppered(password))


def is_password(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`; takes as long when nothing is stored."""
    with _SEATS:
        try:
            _HASHER.verify(stored or _nobody(), _peppered(password))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def hash_token(token: str) -> str:
    """The stored form of a random 256-bit token; being random it needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_code(purpose: str) -> str:
    """60 bits for a purpose as 12 capitals and digits; nobody guesses them without our key."""
    key = str(current_app.secret_key).encode()
    digest = hmac.digest(key, f"stockscan code: {purpose}".encode(), "sha256")
    return base64.b32encode(digest).decode()[:12]


def _peppered(password: str) -> bytes:
    key = str(current_app.secret_key).encode()
    pepper = hmac.digest(key, b"stockscan password pepper", "sha256")
    text = unicodedata.normalize("NFKC", password)
    return hmac.digest(pepper, text.encode("utf-8", "surrogatepass"), "sha256")


@cache
def _nobody() -> str:
    return _HASHER.hash(b"nobody has this password")
