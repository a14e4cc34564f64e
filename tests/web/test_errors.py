"""Each error answers with a clear sentence, its status and a request id, never a stack trace."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.domain.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    RuleBroken,
    StockScanError,
    TooLarge,
    TooMany,
)
from stockscan.web import errors
from stockscan.web.errors import refusal, status_of
from tests.cast import browser, hire

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotSignedIn(), 401),
        (NotAllowed(), 403),
        (NotFound(), 404),
        (Conflict(), 409),
        (TooLarge(), 413),
        (Invalid(), 422),
        (RuleBroken(), 422),
        (TooMany(), 429),
        (StockScanError(), 400),
    ],
)
def test_each_kind_has_its_status(error: StockScanError, status: int) -> None:
    assert status_of(error) == status


def test_a_page_tells_what_to_do(client: FlaskClient) -> None:
    answer = client.get("/nothing")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert "Scan the code again" in page
    assert answer.headers["X-Request-ID"] in page


def test_the_api_answers_in_json(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert answer.json is not None
    assert answer.json["error"]["code"] == "not_found"
    assert answer.json["error"]["request_id"] == answer.headers["X-Request-ID"]


def test_a_fragment_gets_a_notice_and_the_page_stays(app: Flask) -> None:
    client = browser(app, hire(app).viewer)
    answer = client.get("/people/nobody", headers=FRAGMENT)
    assert answer.status_code == 404
    text = answer.get_data(as_text=True)
    assert 'id="toast"' in text
    assert "hx-swap-oob" in text
    assert "<main" not in text


def test_a_fault_of_ours_shows_no_trace(app: Flask, client: FlaskClient) -> None:
    def fall_over() -> str:
        raise ZeroDivisionError("a secret of the code")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.view_functions["health.healthz"] = fall_over
    answer = client.get("/healthz")
    assert answer.status_code == 500
    assert "secret" not in answer.get_data(as_text=True)
    assert answer.headers["X-Request-ID"] in answer.get_data(as_text=True)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_body_over_the_limit_is_refused(app: Flask) -> None:
    client = browser(app, hire(app).admin)
    big = {"name": "x" * 17 * 1024 * 1024, "role": "viewer"}
    assert client.post("/people", data=big).status_code == 413


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.post("/healthz")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_rejected_operation_becomes_the_error_it_was() -> None:
    missing = {"code": "not_allowed", "message": "No.", "field": None}
    assert isinstance(refusal(missing), NotAllowed)
    taken = refusal({"code": "taken", "message": "Taken.", "field": "tag"})
    assert isinstance(taken, Conflict)
    assert errors.body_of(taken) == {"code": "taken", "message": "Taken.", "field": "tag"}
    assert isinstance(refusal(None), Invalid)
