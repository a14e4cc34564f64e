"""For those who watch the server: does it live, and can it serve."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from stockscan.services.health import readiness

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process lives."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The database answers and its schema is the one of this version."""
    state = readiness()
    ready = all(state.values())
    return {"status": "ready" if ready else "not ready", **state}, 200 if ready else 503
