"""How a part ran in and out of stock: times out, deliveries in time, and stock-outs avoided."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from stockscan.domain.figures import divide


class Moment(NamedTuple):
    """How much of a part was there before and after all that moved at one moment.

    `is_delivery` where goods came, `ordered` where they came by a requisition.
    """

    at_us: int
    before_milli: int
    after_milli: int
    is_delivery: bool = False
    ordered: bool = False


class Out(NamedTuple):
    """Nothing was left from one moment until another; `until_us` is None for still."""

    at_us: int
    until_us: int | None


class Came(NamedTuple):
    """A delivery of a part that was kept; `in_time` where some were left when it came."""

    at_us: int
    in_time: bool


@dataclass(slots=True)
class Run:
    """What happened to one part in a time.

    `outs` are the times for which it ran out, `out_us` how long it was out in all, also since
    before the time. `avoided_us` are the moments at which ordered goods came in time and were then
    needed: without them it would have run out before the next delivery.
    """

    outs: list[Out] = field(default_factory=list)
    out_us: int = 0
    came: list[Came] = field(default_factory=list)
    avoided_us: list[int] = field(default_factory=list)

    @property
    def deliveries(self) -> int:
        """How many deliveries came."""
        return len(self.came)

    @property
    def in_time(self) -> int:
        """How many of them came before the part had run out."""
        return sum(each.in_time for each in self.came)


class Span(NamedTuple):
    """The time that is looked at: how much of a part was there when it began, and in the end.

    `was_kept` says that the part counts as out already at the start where nothing was there; else
    it can only run out after some were there.
    """

    from_us: int
    until_us: int
    opening_milli: int
    closing_milli: int
    was_kept: bool


def run(moments: Iterable[Moment], span: Span) -> Run:
    """Follow a part through its moments, in order.

    Those at which goods came, and those at which it ran out or came back, have to be among them;
    others change nothing.
    """
    found = Run()
    last: Moment | None = None
    out_since = span.from_us if span.opening_milli <= 0 and span.was_kept else None
    for moment in moments:
        before, after = moment.before_milli, moment.after_milli
        if moment.is_delivery and after > before:
            _settle(found, last, before)
            if before > 0 or out_since is not None:
                found.came.append(Came(moment.at_us, before > 0))
            last = moment
        if before > 0 >= after:
            found.outs.append(Out(moment.at_us, None))
            out_since = moment.at_us
        elif before <= 0 < after and out_since is not None:
            _back(found, out_since, moment.at_us)
            out_since = None
    _settle(found, last, span.closing_milli)
    if out_since is not None:
        found.out_us += max(span.until_us - out_since, 0)
    return found


def _back(found: Run, since_us: int, at_us: int) -> None:
    found.out_us += at_us - since_us
    if found.outs and found.outs[-1].until_us is None:
        found.outs[-1] = Out(since_us, at_us)


def _settle(found: Run, last: Moment | None, on_hand: int) -> None:
    """Before the next delivery, or at the end: was more used than had been there without the last?

    Of what came with it some was needed where less is left than it brought.
    """
    if last is None or not last.ordered or last.before_milli <= 0:
        return
    if on_hand < last.after_milli - last.before_milli:
        found.avoided_us.append(last.at_us)


def service_level(in_time: int, deliveries: int) -> int | None:
    """The share of replenishment cycles without a stock-out, in basis points; None without one.

    It is the probability that the safety stock is reckoned for (survey 4.1, z).
    """
    return divide(in_time * 10_000, deliveries) if deliveries else None
