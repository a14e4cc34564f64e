"""Asset or inventory? The company's rule for a new kind of thing, with the reason in a sentence."""

from dataclasses import dataclass
from enum import StrEnum

from stockscan.domain.figures import E4, MINOR, format_money


class Answer(StrEnum):
    """What a thing is to the books."""

    ASSET = "asset"
    INVENTORY = "inventory"
    YOURS = "yours"


@dataclass(frozen=True, slots=True)
class Advice:
    """What the rule says of a thing, and why; `yours` where both are right."""

    answer: Answer
    reason: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """The price above which what lasts is an asset, in cents of a currency such as EUR."""

    amount_minor: int
    currency: str

    @property
    def shown(self) -> str:
        """The amount as the reasons name it: "EUR 500.00"."""
        return f"{self.currency} {format_money(self.amount_minor * (E4 // MINOR))}"


def advise(
    *, used_up: bool | None, lasts: bool | None, cost_minor: int | None, threshold: Threshold
) -> Advice:
    """Say what a thing is: `used_up` (or sold), `lasts` more than a year, what one costs in cents.

    None is "nobody said": the rule says then what it can.
    """
    if used_up:
        return Advice(Answer.INVENTORY, "It is sold or used up, so you count how many there are.")
    if lasts is False:
        return Advice(
            Answer.INVENTORY, "It is gone within a year, so you count how many there are."
        )
    costly = cost_minor is not None and cost_minor > threshold.amount_minor
    if costly and lasts:
        reason = f"It lasts more than a year and costs more than {threshold.shown}."
        return Advice(Answer.ASSET, reason)
    if costly:
        reason = f"It costs more than {threshold.shown}; if it lasts more than a year, it is one."
        return Advice(Answer.ASSET, reason)
    if cost_minor is None:
        reason = f"Without a price the rule can't tell: above {threshold.shown} it is an asset."
        return Advice(Answer.YOURS, reason)
    reason = (
        f"It costs no more than {threshold.shown}. Take an asset if you want to know who has"
        " which one; else count how many there are."
    )
    return Advice(Answer.YOURS, reason)
