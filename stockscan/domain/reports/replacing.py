"""Repair or replace: the 50 % rule and the equivalent annual cost, side by side.

The two often disagree, so nothing here decides: it says what each of them says, with its numbers.
Formulas: the 50 % rule of maintenance practice; equivalent annual cost without interest,
repair (R + n x m) / n against new (P - S) / L + m'.
"""

from enum import StrEnum
from typing import NamedTuple

from stockscan.domain.figures import divide

RULE_BP = 5_000
# From this share of a new one's price on, a year of upkeep is usually looked at again.
UPKEEP_BP = 3_000
WHOLE_BP = 10_000


class Says(StrEnum):
    """What one way of looking at it says."""

    REPAIR = "repair"
    REPLACE = "replace"


class Inputs(NamedTuple):
    """What the answer follows from; amounts are minor units, spans are whole years.

    `repair_minor` brings the old one back for `repair_years`, in which it costs
    `repair_upkeep_minor` a year; the new one costs `new_minor`, fetches `salvage_minor` after
    `new_years`, and costs `new_upkeep_minor` a year.
    """

    repair_minor: int
    repair_years: int
    repair_upkeep_minor: int
    new_minor: int
    salvage_minor: int
    new_years: int
    new_upkeep_minor: int


class Weighed(NamedTuple):
    """Both ways of looking at it: shares in basis points, yearly costs in minor units.

    A share is None where no price of a new one is known.
    """

    repair_bp: int | None
    rule: Says | None
    upkeep_bp: int | None
    repair_year_minor: int
    new_year_minor: int
    yearly: Says | None

    @property
    def agree(self) -> bool:
        """Whether both say the same."""
        return self.rule is not None and self.rule is self.yearly

    @property
    def saved_minor(self) -> int:
        """What the cheaper of the two saves a year."""
        return abs(self.repair_year_minor - self.new_year_minor)

    @property
    def upkeep_is_high(self) -> bool:
        """Whether a year of upkeep alone is a reason to look again."""
        return self.upkeep_bp is not None and self.upkeep_bp >= UPKEEP_BP


def weigh(given: Inputs) -> Weighed:
    """Both figures for the same machine; spans below a year count as one."""
    price = given.new_minor
    repair_bp = divide(given.repair_minor * WHOLE_BP, price) if price else None
    upkeep_bp = divide(given.repair_upkeep_minor * WHOLE_BP, price) if price else None
    kept, new = _kept_minor(given), _new_minor(given)
    cheaper = Says.REPLACE if new < kept else Says.REPAIR
    return Weighed(
        repair_bp=repair_bp,
        rule=_by_rule(given) if price else None,
        upkeep_bp=upkeep_bp,
        repair_year_minor=kept,
        new_year_minor=new,
        yearly=cheaper if price else None,
    )


def _by_rule(given: Inputs) -> Says:
    dear = given.repair_minor * WHOLE_BP >= RULE_BP * given.new_minor
    return Says.REPLACE if dear else Says.REPAIR


def _kept_minor(given: Inputs) -> int:
    years = max(given.repair_years, 1)
    return divide(given.repair_minor + years * given.repair_upkeep_minor, years)


def _new_minor(given: Inputs) -> int:
    lost = given.new_minor - given.salvage_minor
    return divide(lost, max(given.new_years, 1)) + given.new_upkeep_minor
