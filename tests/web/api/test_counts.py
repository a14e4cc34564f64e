"""Counts over JSON: opened, counted, submitted, posted, cancelled; blind while they must be."""

import uuid
from typing import Any

import pytest

from tests.web.api.test_operations import Program, op, program

__all__ = ["program"]


def opened(program: Program, *bins: str, **values: Any) -> Any:
    """A new count of these bins."""
    response = program.post("/counts", {"locations": list(bins), **values})
    assert response.status_code == 201, response.json
    return response.json


def stocked(program: Program, quantity: int = 10) -> tuple[str, str]:
    shop = program.shop
    bin_, part = shop.bin(), shop.part()
    shop.ok("receive", part=part, location=bin_, quantity=quantity)
    return bin_, part


def test_a_count_goes_from_opening_to_the_books(program: Program) -> None:
    bin_, part = stocked(program)
    count = opened(program, bin_)
    assert (count["number"], count["state"], count["blind"]) == ("CC-1", "OPEN", True)
    (line,) = count["lines"]
    assert (line["part"], line["location"], line["state"]) == (part, bin_, "PENDING")
    (result,) = program.send(op("count", count=count["id"], part=part, location=bin_, quantity=8))
    assert (result["status"], result["result"]["line"]) == ("applied", line["line"])
    assert result["result"]["state"] == "COUNTED"
    submitted = program.post(f"/counts/{count['id']}/submission", {}).json
    assert (submitted["state"], submitted["sums"]) == (
        "SUBMITTED",
        {"NEEDS_RECOUNT": 1, "PENDING": 1},
    )
    program.send(op("count", count=count["id"], part=part, location=bin_, quantity=8))
    body = {"approve": True, "lines": [line["line"]], "seen": {str(line["line"]): "-2"}}
    posted = program.post(f"/counts/{count['id']}/posting", body).json
    assert posted["lines"][0]["state"] == "POSTED"
    assert program.shop.on_hand(part, bin_) == 8


def test_repeating_submission_posting_and_cancellation_changes_nothing(program: Program) -> None:
    bin_, part = stocked(program)
    count = opened(program, bin_, max_attempts=1)
    program.send(op("count", count=count["id"], part=part, location=bin_, quantity=8))
    for noun, body in (("submission", {}), ("posting", {"approve": True})):
        answers = [program.post(f"/counts/{count['id']}/{noun}", body) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json == answers[1].json
    assert program.shop.on_hand(part, bin_) == 8
    other = opened(program, bin_)
    answers = [program.post(f"/counts/{other['id']}/cancellation", {}) for _ in range(2)]
    assert [answer.json["state"] for answer in answers] == ["CANCELLED", "CANCELLED"]
    assert program.post(f"/counts/{other['id']}/submission", {}).status_code == 409
    assert program.get(f"/counts/{other['id']}").json["sums"] == {"NOT_COUNTED": 1}


def test_the_same_id_opens_one_count(program: Program) -> None:
    bin_, _ = stocked(program)
    body = {"id": str(uuid.uuid4()), "locations": [bin_]}
    first, again = (program.post("/counts", body) for _ in range(2))
    assert (first.status_code, first.json) == (201, again.json)
    assert program.post("/counts", {**body, "blind": False}).status_code == 409


def test_a_blind_count_tells_nothing_of_the_books_until_it_is_judged(program: Program) -> None:
    bin_, part = stocked(program, 73519)
    count = opened(program, bin_)
    assert "book" not in count["lines"][0]
    assert "73519" not in str(program.get(f"/counts/{count['id']}").json)
    program.send(op("count", count=count["id"], part=part, location=bin_, quantity=8))
    assert "73519" not in str(program.get(f"/counts/{count['id']}").json)
    seen = opened(program, bin_, blind=False)
    assert seen["lines"][0]["book"] == "73519"


def test_counts_are_listed_in_pages_and_by_state(program: Program) -> None:
    bin_, _ = stocked(program)
    made = [opened(program, bin_)["number"] for _ in range(3)]
    program.post(f"/counts/{opened(program, bin_)['id']}/cancellation", {})
    first = program.get("/counts?state=OPEN&limit=2").json
    rest = program.get(f"/counts?state=OPEN&limit=2&after={first['next']}").json
    listed = [row["number"] for page in (first, rest) for row in page["counts"]]
    assert listed == list(reversed(made))
    assert rest["next"] is None
    assert program.get("/counts?state=CANCELLED").json["counts"][0]["sums"] == {"NOT_COUNTED": 1}


def test_a_count_can_be_asked_for_in_every_way(program: Program) -> None:
    bin_, part = stocked(program)
    counter = program.shop.cast.technician.code
    count = opened(program, bin_, parts=[part], name="Aisle A", counters=[counter],
                   max_attempts=3, due_on="2026-12-24", posts_itself=True,
                   tolerance={"abs_tol": "2", "pct_tol": {"A": 0}, "value_tol": "100"})  # fmt: skip
    assert (count["name"], count["lines"][0]["counter"]) == ("Aisle A", "Dana Reyes")
    program.act_as(program.shop.cast.technician)
    program.send(op("count", count=count["id"], part=part, location=bin_, quantity=9))
    assert program.post(f"/counts/{count['id']}/submission", None).json["state"] == "POSTED"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"locations": ["NOPE123"]}, 404),
        ({"locations": "\x00"}, 422),
        ({"max_attempts": 0}, 422),
        ({"strange": 1}, 422),
        ({"tolerance": {"all": 1}}, 422),
        ({"tolerance": {"pct_tol": {"D": 1}}}, 422),
        ({"why": ["whim"]}, 422),
        ({"id": "no id"}, 400),
        ({"locations": []}, 422),
    ],
)
def test_what_can_t_be_opened_is_refused(program: Program, body: Any, status: int) -> None:
    assert program.post("/counts", body).status_code == status


def test_who_may_not_is_refused(program: Program) -> None:
    bin_, _ = stocked(program)
    count = opened(program, bin_)
    program.act_as(program.shop.cast.technician)
    assert program.post("/counts", {"locations": [bin_]}).status_code == 403
    for noun in ("submission", "cancellation"):
        body = {"mine": False} if noun == "submission" else {}
        assert program.post(f"/counts/{count['id']}/{noun}", body).status_code == 403
    assert program.post(f"/counts/{count['id']}/posting", {"approve": True}).status_code == 403
    for noun in ("submission", "posting", "cancellation"):
        assert program.post(f"/counts/{uuid.uuid4()}/{noun}", {}).status_code in {403, 404}
    assert program.get(f"/counts/{uuid.uuid4()}").status_code == 404
