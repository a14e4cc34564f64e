"""The company's settings: as every page needs them, and changing them."""

import re
from collections.abc import Callable
from typing import Any, Final

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid
from stockscan.domain.operations import LONGEST_CARRY_MIN
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store import settings as store
from stockscan.store.settings import Settings

LONGEST_COMPANY: Final = 80
LONGEST_CONTACT: Final = 200
DEAREST_MINOR: Final = 10**12

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def settings_in_force() -> Settings:
    """The settings as they are now; no permission needed, they hold no secret."""
    with reading() as connection:
        return store.load(connection)


def change(ctx: Context, **values: Any) -> Settings:
    """Change some settings and return all of them; the same change twice is one change.

    Raises `Invalid` whose `details["faults"]` says for each wrong field what is wrong with it.
    """
    require(ctx.actor, Permission.SETTINGS_EDIT)
    faults = {
        name: sentence
        for name, (fits, sentence) in _RULES.items()
        if name in values and not fits(values[name])
    }
    if faults:
        field = next(iter(faults))
        raise Invalid(faults[field], field=field, faults=faults)
    with unit_of_work() as session:
        return store.save(session, **values)


def _is_text(raw: Any, shortest: int, longest: int) -> bool:
    return isinstance(raw, str) and shortest <= len(raw) <= longest and not _UNSEEN.search(raw)


# What a value must be, and what to say when it is not.
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
        lambda raw: isinstance(raw, int) and 0 <= raw <= DEAREST_MINOR,
        "Enter an amount of money, 0 or more.",
    ),
    "carry_min": (
        lambda raw: isinstance(raw, int) and 0 <= raw <= LONGEST_CARRY_MIN,
        f"Enter whole minutes, from 0 to {LONGEST_CARRY_MIN} (a week).",
    ),
}
