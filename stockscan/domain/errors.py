"""What can go wrong, in a few kinds; the docstring of a kind is its default message."""

from typing import Any


class StockScanError(Exception):
    """Something went wrong. Try again."""

    code = "error"

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        field: str | None = None,
        **details: Any,
    ) -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.code = code or self.code
        self.field = field
        self.details = details
        super().__init__(self.message)


class NotFound(StockScanError):
    """Nothing here goes by that code. Check it, or search by name."""

    code = "not_found"


class NotSignedIn(StockScanError):
    """Sign in first."""

    code = "not_signed_in"


class NotAllowed(StockScanError):
    """Your role does not allow this. Ask a supervisor."""

    code = "not_allowed"


class Invalid(StockScanError):
    """This value can't be used. Correct it and send it again."""

    code = "invalid"


class RuleBroken(StockScanError):
    """This can't be done as things stand."""

    code = "rule_broken"


class Conflict(StockScanError):
    """Someone changed this meanwhile. Look again."""

    code = "conflict"


class TooLarge(StockScanError):
    """That is more than StockScan takes at once. Send less."""

    code = "too_large"


class TooMany(StockScanError):
    """Too many tries. Wait a little and try again."""

    code = "too_many"


class NeedsAttention(StockScanError):
    """This waits for a person to decide."""

    code = "attention"

    def __init__(self, message: str, *, waits_for: str | None = None, **details: Any) -> None:
        super().__init__(message, **details)
        self.waits_for = waits_for
