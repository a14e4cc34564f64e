"""The words and formulas of reports."""

from enum import StrEnum


class Disposition(StrEnum):
    """What was done with stock that nobody needs any more."""

    SOLD = "sold"
    RETURNED = "returned"
    DONATED = "donated"
    SCRAPPED = "scrapped"
