"""ABC classes: what little there is of the parts that most of the money goes through."""

from collections.abc import Mapping
from typing import Final

# A up to four fifths of what all parts cost in a year, B up to nineteen twentieths, C the rest.
A_PERCENT: Final = 80
B_PERCENT: Final = 95

# So many days of use say how dear a part is.
USAGE_DAYS: Final = 365


def classes(usage_e4: Mapping[str, int]) -> dict[str, str]:
    """The class of each part number, from the value that was used of it in a year.

    In descending order of value (ties by part number), a part is in the class of the share that
    the dearer ones reach *before* it: A below 80 %, B below 95 %, else C. So the dearest part is A
    whatever its share. What was not used is C. (Heizer and Render, Operations Management, 12.)
    """
    total = sum(value for value in usage_e4.values() if value > 0)
    found, before = {}, 0
    for number, value in sorted(usage_e4.items(), key=lambda pair: (-pair[1], pair[0])):
        found[number] = _class(value, before, total)
        before += max(value, 0)
    return found


def _class(value: int, before: int, total: int) -> str:
    if value <= 0 or before * 100 >= total * B_PERCENT:
        return "C"
    return "A" if before * 100 < total * A_PERCENT else "B"
