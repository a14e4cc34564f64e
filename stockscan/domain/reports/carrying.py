"""What it costs to keep a stock: the room, the insurance, the loss and the money in it."""

from dataclasses import dataclass

from stockscan.domain.figures import divide


@dataclass(frozen=True, slots=True)
class Carrying:
    """The cost of keeping stock for a year (1/10,000), part by part; survey 4.6.

    `shrink_e4` is what was lost, scrapped or never found again, `capital_e4` what the money in the
    stock would earn elsewhere.
    """

    storage_e4: int
    insurance_e4: int
    shrink_e4: int
    capital_e4: int
    average_e4: int

    @property
    def total_e4(self) -> int:
        """All of it."""
        return self.storage_e4 + self.insurance_e4 + self.shrink_e4 + self.capital_e4

    @property
    def share_bp(self) -> int | None:
        """The total by what the stock was worth on average; None for an empty one."""
        return divide(self.total_e4 * 10_000, self.average_e4) if self.average_e4 > 0 else None


def capital(average_e4: int, capital_bp: int) -> int:
    """What the money in a stock costs in a year, at so many basis points."""
    return divide(average_e4 * capital_bp, 10_000)
