"""What a plan must say before it can make anything due."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from stockscan.domain.errors import Invalid
from stockscan.domain.maintenance import Basis

FIRST_DAY: Final = date(1990, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)

_NEEDED: Final = {
    Basis.CALENDAR: {
        "every": "Say how often.",
        "unit": "Say how often: days, weeks, months or years.",
        "starts_on": "Say when it is first due.",
    },
    Basis.METER: {
        "meter": "Say which meter: hours, km.",
        "every_milli": "Say after how much of the meter.",
    },
    Basis.AGE: {"every": "Say after how many months."},
}
_FIELDS: Final = {"every_milli": "every_meter"}


def check_plan(values: Mapping[str, Any]) -> None:
    """Nothing for a plan that can be followed; raises `Invalid` for what its basis lacks."""
    for name, sentence in _NEEDED[Basis(values["basis"])].items():
        if not values[name]:
            raise Invalid(sentence, field=_FIELDS.get(name, name))
    starts_on = values["starts_on"]
    if starts_on is not None and not FIRST_DAY <= starts_on <= LAST_DAY:
        raise Invalid("Enter a day between 1990 and 2199.", field="starts_on")
