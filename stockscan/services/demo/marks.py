"""The lots and serials on the sample's shelves: what comes in gets one, what goes out names one."""

from datetime import date, timedelta
from typing import Any, Final

from stockscan.domain.figures import MILLI, format_quantity
from stockscan.services.demo.catalogue import Stocked

# The opening stock keeps long; what is delivered later is bought short-dated, so some is due soon.
OPENING_LIFE_DAYS: Final = 540
SHELF_LIFE_DAYS: Final = 215
FIRST_SERIAL: Final = 48_201


class Marks:
    """What there is of each lot and serial, oldest first; each part in its own bin."""

    def __init__(self) -> None:
        self._left_milli: dict[str, dict[str, int]] = {}
        self._made = 0

    def arriving(self, part: Stocked, quantity_milli: int, today: date) -> list[dict[str, Any]]:
        """The fields of the receipts of a delivery: lots come in two halves, serials at once."""
        quantity = format_quantity(quantity_milli)
        if part.tracking == "serial":
            serials = [self._draw(part, "FZ", MILLI) for _ in range(quantity_milli // MILLI)]
            return [{"quantity": quantity, "serials": serials}]
        if part.tracking != "lot":
            return [{"quantity": quantity}]
        half_milli = quantity_milli // MILLI // 2 * MILLI
        life_days = SHELF_LIFE_DAYS if self._of(part) else OPENING_LIFE_DAYS
        expires_on = [today + timedelta(life_days + days) for days in (0, 45)]
        return [
            {
                "quantity": format_quantity(share_milli),
                "lot": self._draw(part, "G", share_milli),
                "expires_on": day.isoformat(),
            }
            for share_milli, day in zip(
                (half_milli, quantity_milli - half_milli), expires_on, strict=True
            )
        ]

    def leaving(self, part: Stocked, quantity_milli: int) -> dict[str, str] | None:
        """The lot or serial to take, the oldest that is enough; None where none is."""
        if not part.tracking:
            return {}
        for text, left_milli in self._of(part).items():
            if left_milli >= quantity_milli:
                self._of(part)[text] -= quantity_milli
                return {part.tracking: text}
        return None

    def coming_back(self, part: Stocked, mark: dict[str, str], quantity_milli: int) -> None:
        """What was taken and not needed lies there again."""
        for text in mark.values():
            self._of(part)[text] += quantity_milli

    def there(self, number: str) -> dict[str, int]:
        """What there is of each lot or serial of a part, in thousandths."""
        return {text: left for text, left in self._left_milli.get(number, {}).items() if left}

    def _of(self, part: Stocked) -> dict[str, int]:
        return self._left_milli.setdefault(part.number, {})

    def _draw(self, part: Stocked, letters: str, quantity_milli: int) -> str:
        text = f"{letters}{FIRST_SERIAL + 37 * self._made}"
        self._made += 1
        self._of(part)[text] = quantity_milli
        return text
