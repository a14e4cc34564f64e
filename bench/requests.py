"""The product's own requests, called inside this process: processor time without any server."""

import io
import json
import time
from collections.abc import Callable

from flask import Flask

from bench.floors import caller, cpu_s, environ
from bench.house import House, new_id
from stockscan.domain.access import Role
from stockscan.services import operations
from stockscan.services.work import Context
from stockscan.store.db import dispose
from stockscan.web import create_app
from tests.cast import hire, sign_in


def measure(house: House) -> dict[str, float]:
    """Seconds of processor time of each request, signed in as a browser is."""
    app = create_app(dict(house.settings))
    try:
        return {name: cpu_s(action) for name, action in actions(app).items()}
    finally:
        dispose(app)


def actions(app: Flask) -> dict[str, Callable[[], bytes]]:
    """The requests by name; installs carry an id of their own each time."""
    player = hire(app).of(Role.ADMIN)
    client = app.test_client()
    sign_in(client, player)
    names = ("stockscan", "stockscan-form")
    cookies = "; ".join(f"{name}={getattr(client.get_cookie(name), 'value', '')}" for name in names)
    signed_in = {"HTTP_COOKIE": cookies,
                 "HTTP_X_CSRFTOKEN": client.environ_base["HTTP_X_CSRFTOKEN"]}  # fmt: skip
    asset, part = _things(app, Context(player.actor, time.time_ns() // 1000, new_id))

    def get(path: str, **headers: str) -> Callable[[], bytes]:
        return caller(app, environ(path, **signed_in, **headers))

    def install() -> bytes:
        raw = {"id": new_id(), "kind": "install", "asset": asset, "part": part, "quantity": "1"}
        body = json.dumps({"operations": [raw]}).encode()
        answer = caller(app, environ(
            "/api/v1/operations", "POST", **signed_in, CONTENT_TYPE="application/json",
            CONTENT_LENGTH=str(len(body)), **{"wsgi.input": io.BytesIO(body)},
        ))()  # fmt: skip
        assert b'"applied"' in answer, answer
        return answer

    fragment = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}
    return {
        "resolve (API)": get(f"/api/v1/resolve?code={part}"),
        "resolve (fragment)": get(f"/scan?on={part}", **fragment),
        "resolve (page)": get(f"/scan?on={part}"),
        "install": install,
    }


def _things(app: Flask, ctx: Context) -> tuple[str, str]:
    with app.app_context():

        def make(kind: str, **fields: str) -> str:
            outcome = operations.create(ctx, f"create_{kind}", {"id": new_id(), **fields})
            assert outcome.result, outcome
            return str(outcome.result["code"])

        shelf = make("location", name=f"Bin {new_id()}", kind_of_place="bin")
        part = make("part", name="Filter", part_number=new_id(), location=shelf)
        asset = make("asset", name="Pump")
        raw = {"id": new_id(), "kind": "receive", "part": part, "location": shelf,
               "quantity": 1_000_000}  # fmt: skip
        assert operations.apply(ctx, raw).done
    return asset, part
