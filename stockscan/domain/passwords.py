"""What a password may be: long enough; nothing else makes one better."""

from typing import Final

from stockscan.domain.errors import Invalid

SHORTEST_PASSWORD: Final = 8
LONGEST_PASSWORD: Final = 200


def check_password(raw: str) -> str:
    """The password, if it may be one. Raises `Invalid` that says how long it must be."""
    if not SHORTEST_PASSWORD <= len(raw) <= LONGEST_PASSWORD:
        message = f"Choose a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
        raise Invalid(message, field="password")
    return raw
