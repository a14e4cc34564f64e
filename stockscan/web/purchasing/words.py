"""What will be short, in sentences: who needs it, what is here, what to order and by when."""

from datetime import date
from typing import Final, NamedTuple

from stockscan.domain.maintenance import Basis
from stockscan.domain.purchasing import Lead, LeadFrom, RequisitionState
from stockscan.services.purchasing import Cause, Danger
from stockscan.store.purchasing.coming import Coming
from stockscan.web.filters import day, qty

_WAITS: Final[dict[str, str]] = {
    RequisitionState.RAISED: "waits for approval",
    RequisitionState.APPROVED: "is approved",
}
_BY: Final[dict[str, str]] = {
    LeadFrom.DELIVERIES: "as its deliveries took",
    LeadFrom.SUPPLIER: "as the supplier's other parts",
    LeadFrom.SETTING: "as in Settings",
}
_ES = ("s", "x", "z", "ch", "sh")


class Step(NamedTuple):
    """How far something that is asked for is, in words, and whether it will be late."""

    words: str
    is_late: bool


def sentence(danger: Danger, today: date) -> str:
    """Such as "12 laptops reach the age for Battery next month, 4 in stock"."""
    said = " and ".join(_needs(cause) for cause in danger.causes[:2])
    if len(danger.causes) > 2:
        said += f" and {len(danger.causes) - 2} more"
    if not said:
        keep = qty(danger.short.safety_milli)
        return f"{keep} are to be kept, {qty(danger.here_milli)} in stock"
    first = min(cause.first_on for cause in danger.causes)
    when = time_words(first, danger.short.need_by, today)
    return f"{said} {when}, {qty(danger.here_milli)} in stock"


def what_to_do(danger: Danger, today: date) -> str:
    """Such as "Order 8 by Thu 19 Nov"; for what is asked for, how much that is."""
    if danger.is_covered:
        return f"{qty(danger.coming_milli)} {danger.part.unit} asked for"
    more = " more" if danger.lines else ""
    by = day(danger.short.order_by, today)
    return f"Order {qty(danger.short.quantity_milli)}{more} by {by}"


def is_late(danger: Danger, today: date) -> bool:
    """Whether what is asked for does not come in time as things stand."""
    return any(step(line, danger, today).is_late for line in danger.lines)


def is_safe(danger: Danger, today: date) -> bool:
    """Whether enough is on order and comes in time; what nobody ordered yet is not safe."""
    ordered = all(line.state == RequisitionState.ORDERED for line in danger.lines)
    return danger.is_covered and ordered and not is_late(danger, today)


def step(line: Coming, danger: Danger, today: date) -> Step:
    """How far a line that is asked for is: "to approve, order by Thu 19 Nov"."""
    if line.state != RequisitionState.ORDERED:
        short = danger.short
        last = (line.need_by or short.need_by) - (short.need_by - short.order_by)
        waits = _WAITS[line.state]
        if last < today:
            return Step(f"{waits}, was to be ordered by {day(last, today)}", is_late=True)
        return Step(f"{waits}, order by {day(last, today)}", is_late=False)
    if line.expected_on is None:
        return Step("is on order", is_late=False)
    when = day(line.expected_on, today)
    if line.expected_on < today:
        return Step(f"was to come {when}: call the supplier", is_late=True)
    too_late = line.is_late(today)
    return Step(f"comes {when}{', too late' if too_late else ''}", is_late=too_late)


def lead_words(lead: Lead) -> str:
    """How long a part takes to come of which nobody has said it; "" where somebody has."""
    if lead.is_known:
        return ""
    days = "1 day" if lead.days == 1 else f"{lead.days} days"
    return f"Lead time unknown: {days}, {_BY[lead.source]}"


def time_words(first: date, last: date, today: date) -> str:
    """From the first day to the last as one speaks of it: next month, until March."""
    if (first.year, first.month) == (last.year, last.month):
        return month_words(last, today)
    return f"until {month_words(last, today).removeprefix('in ')}"


def month_words(when: date, today: date) -> str:
    """A day as one speaks of it: this month, next month, in March."""
    months = (when.year - today.year) * 12 + when.month - today.month
    if months <= 1:
        return "this month" if months <= 0 else "next month"
    return f"in {when:%B}"


def plural(word: str) -> str:
    """Several of a thing: laptop, laptops; battery, batteries. Names with digits stay."""
    if not word or word[-1].isdigit() or not word[-1].isalpha():
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(_ES) else f"{word}s"


def _needs(cause: Cause) -> str:
    one = cause.assets == 1
    who = _who(cause)
    if cause.basis is None:
        return f"{who} need{'s' if one else ''} it for {cause.name}"
    if cause.basis is Basis.AGE:
        return f"{who} reach{'es' if one else ''} the age for {cause.name}"
    return f"{who} {'is' if one else 'are'} due for {cause.name}"


def _who(cause: Cause) -> str:
    if cause.assets == 1:
        return cause.kind_of_asset or "1 asset"
    kind = cause.kind_of_asset or "asset"
    several = plural(kind)
    # Two capitals or more are a name, such as VW; one is the beginning of a sentence.
    plain = several[:1].lower() + several[1:]
    return f"{cause.assets} {plain if plain.islower() else several}"
