"""What the company's settings may be: each value with its rule, and what to say when it breaks."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from stockscan.domain.errors import Invalid
from stockscan.domain.figures import parse_money
from stockscan.domain.operations import LONGEST_CARRY_MIN

LONGEST_COMPANY: Final = 80
LONGEST_CONTACT: Final = 200
DEAREST_MINOR: Final = 10**12

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def check_settings(values: Mapping[str, Any]) -> None:
    """Nothing for settings that can be used.

    Raises `Invalid` whose `details["faults"]` says for each wrong field what is wrong with it.
    """
    faults = {
        name: sentence
        for name, (fits, sentence) in _RULES.items()
        if name in values and not fits(values[name])
    }
    if faults:
        field = next(iter(faults))
        raise Invalid(faults[field], field=field, faults=faults)


def read_money(raw: str | None) -> int | None:
    """An amount as people type it, in cents; None for what is no amount."""
    try:
        return parse_money((raw or "").strip(), field="amount")
    except Invalid:
        return None


def _is_text(raw: Any, shortest: int, longest: int) -> bool:
    return isinstance(raw, str) and shortest <= len(raw) <= longest and not _UNSEEN.search(raw)


def _is_whole(raw: Any, most: int) -> bool:
    return isinstance(raw, int) and 0 <= raw <= most


_RULES: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "company": (
        lambda raw: _is_text(raw, 1, LONGEST_COMPANY),
        f"Enter the company's name, at most {LONGEST_COMPANY} characters.",
    ),
    "currency": (
        lambda raw: isinstance(raw, str) and _CURRENCY.fullmatch(raw) is not None,
        "Enter a currency by its three letters, such as EUR or USD.",
    ),
    "found_contact": (
        lambda raw: _is_text(raw, 0, LONGEST_CONTACT),
        f"Enter at most {LONGEST_CONTACT} characters.",
    ),
    "asset_threshold_minor": (
        lambda raw: _is_whole(raw, DEAREST_MINOR),
        "Enter an amount of money, 0 or more, such as 500.",
    ),
    "carry_min": (
        lambda raw: _is_whole(raw, LONGEST_CARRY_MIN),
        f"Enter whole minutes, from 0 to {LONGEST_CARRY_MIN} (a week).",
    ),
}
