"""What the company's settings may be: each value with its rule, and what to say when it breaks."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from stockscan.domain.access import GRANTS, Permission
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import parse_money
from stockscan.domain.operations import LONGEST_CARRY_MIN

LONGEST_COMPANY: Final = 80
LONGEST_CONTACT: Final = 200
DEAREST_MINOR: Final = 10**12
MOST_ATTEMPTS: Final = 9
MOST_OFF_MILLI: Final = 10**9
LONGEST_DAYS: Final = 3650

_APPROVERS: Final = tuple(
    role.value for role, granted in GRANTS.items() if Permission.COUNT_APPROVE in granted
)
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_PERCENT: Final = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?")
_TIME: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_WHOLE: Final = re.compile(r"[0-9]{1,6}")
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


def read_percent(raw: str | None) -> int | None:
    """A percentage as people type it, such as 2.5, in hundredths of a percent; None for none."""
    text = (raw or "").strip().removesuffix("%").rstrip().replace(",", ".")
    found = _PERCENT.fullmatch(text)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None


def read_whole(raw: str | None) -> int | None:
    """A whole number as people type it; None for anything else."""
    text = (raw or "").strip()
    return int(text) if _WHOLE.fullmatch(text) else None


def _is_text(raw: Any, shortest: int, longest: int) -> bool:
    return isinstance(raw, str) and shortest <= len(raw) <= longest and not _UNSEEN.search(raw)


def _is_whole(raw: Any, most: int, least: int = 0) -> bool:
    return isinstance(raw, int) and least <= raw <= most


def _share(word: str) -> tuple[Callable[[Any], bool], str]:
    return lambda raw: _is_whole(raw, 10_000), f"Enter {word} from 0 to 100, such as 2.5."


_DAYS: Final = (lambda raw: _is_whole(raw, LONGEST_DAYS, 1), "Enter whole days, from 1 to 3650.")
_OPTIONAL_MONEY: Final = (
    lambda raw: raw is None or _is_whole(raw, DEAREST_MINOR),
    "Enter an amount of money, or nothing.",
)
_MONEY: Final = (
    lambda raw: _is_whole(raw, DEAREST_MINOR),
    "Enter an amount of money, 0 or more, such as 1200.",
)
_TIMES: Final = (
    lambda raw: _is_whole(raw, 1_000_000, 10_001),
    "Enter how many times, above 1, such as 2.",
)


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
    "count_attempts": (
        lambda raw: _is_whole(raw, MOST_ATTEMPTS, 1),
        f"Enter a number from 1 to {MOST_ATTEMPTS}.",
    ),
    "count_approver": (
        lambda raw: raw in _APPROVERS,
        "Choose who decides about counts.",
    ),
    "count_tolerance_a_bp": _share("a percentage"),
    "count_tolerance_b_bp": _share("a percentage"),
    "count_tolerance_c_bp": _share("a percentage"),
    "count_tolerance_milli": (
        lambda raw: _is_whole(raw, MOST_OFF_MILLI),
        "Enter a quantity, 0 or more.",
    ),
    "count_tolerance_minor": _OPTIONAL_MONEY,
    "count_interval_a_days": _DAYS,
    "count_interval_b_days": _DAYS,
    "count_interval_c_days": _DAYS,
    "count_target_bp": _share("a percentage"),
    "count_low_bp": _share("a percentage"),
    "count_turnover_minor": _OPTIONAL_MONEY,
    "plan_ahead_days": _DAYS,
    "order_review_days": _DAYS,
    "lead_days": _DAYS,
    "order_buffer_days": (
        lambda raw: _is_whole(raw, LONGEST_DAYS),
        "Enter whole days, from 0 to 3650.",
    ),
    "service_level_bp": (
        lambda raw: _is_whole(raw, 9_999, 5_000),
        "Enter a percentage from 50 to 99.99, such as 95.",
    ),
    "order_cost_minor": (
        lambda raw: _is_whole(raw, DEAREST_MINOR),
        "Enter an amount of money, 0 or more, such as 25.",
    ),
    "labour_hour_minor": (
        lambda raw: _is_whole(raw, DEAREST_MINOR),
        "Enter an amount of money, 0 or more, such as 45.",
    ),
    "kit_place": (
        lambda raw: _is_text(raw, 0, LONGEST_COMPANY),
        "Scan the place, or type its name. Leave it empty for none.",
    ),
    "capital_bp": _share("a percentage"),
    "storage_year_minor": _MONEY,
    "insurance_year_minor": _MONEY,
    "slow_days": _DAYS,
    "peer_ratio_bp": _TIMES,
    "peer_least_minor": _MONEY,
    "anomaly_ratio_bp": _TIMES,
    "nightly_at": (
        lambda raw: isinstance(raw, str) and _TIME.fullmatch(raw) is not None,
        "Enter a time of the day, such as 03:00.",
    ),
}
