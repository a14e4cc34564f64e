"""What became of an operation, as every client is told."""

from dataclasses import dataclass
from typing import Any

from stockscan.domain.errors import StockScanError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one operation: applied, duplicate, attention or rejected."""

    id: Any
    status: str
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None

    @property
    def done(self) -> bool:
        """Whether it holds in the books."""
        return self.status in {"applied", "duplicate"}

    @property
    def message(self) -> str:
        """What to tell the person about it; "" where nothing is wrong."""
        waits = (self.result or {}).get("attention", "")
        return str((self.error or {}).get("message", waits))

    def json(self) -> dict[str, Any]:
        """The outcome as the API answers it."""
        answer: dict[str, Any] = {"id": self.id, "status": self.status}
        if self.result is not None:
            answer["result"] = self.result
        if self.error is not None:
            answer["error"] = self.error
        return answer


def error_json(error: StockScanError) -> dict[str, Any]:
    """An error as every client gets it."""
    return {"code": error.code, "message": error.message, "field": error.field, **error.details}
