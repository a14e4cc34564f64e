"""Operations, resolving and counts over JSON: the contract of docs and clients."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.services import access, operations
from tests.cast import Player, hire
from tests.shop import Shop


@dataclass
class Program:
    """A program with a token."""

    shop: Shop
    client: FlaskClient
    token: str

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(
            f"/api/v1{path}", json=body, headers={"Authorization": f"Bearer {self.token}"}
        )

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.token}"})

    def send(self, *operations: Any) -> list[dict[str, Any]]:
        """Send operations; their results."""
        response = self.post("/operations", {"operations": list(operations)})
        assert response.status_code == 200
        results: list[dict[str, Any]] = response.json["results"]
        return results

    def act_as(self, player: Player) -> None:
        self.token = access.issue_token(self.shop.context(), player.username, "tests")


@pytest.fixture
def program(app: Flask, client: FlaskClient) -> Iterator[Program]:
    with app.app_context():
        shop = Shop(hire(app))
        yield Program(
            shop, client, access.issue_token(shop.context(), shop.cast.admin.username, "tests")
        )


def op(kind: str, **values: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "kind": kind, **values}


def test_batch_is_applied_in_order_and_a_bad_one_stops_nothing(program: Program) -> None:
    bin_, part, asset = program.shop.bin(), program.shop.part(), program.shop.asset()
    sent = [
        op("receive", part=part, location=bin_, quantity="10", unit_cost="2.50"),
        "nonsense",
        {"id": "x", "kind": "install"},
        op("dance"),
        op("install", part=part, asset=asset, location=bin_, quantity=2),
        op("install", part="unknown", asset=asset, quantity=2),
        op("count", part=part, location=bin_, quantity=8),
    ]
    results = program.send(*sent)
    assert [row["status"] for row in results] == [
        "applied", "rejected", "rejected", "rejected", "applied", "rejected", "applied",
    ]  # fmt: skip
    assert results[2]["id"] == "x"
    assert results[3]["error"]["code"] == "unknown_kind"
    assert results[5]["error"]["code"] == "unknown_reference"
    assert results[6]["result"]["state"] == "POSTED"
    assert program.shop.on_hand(part, bin_) == 8
    shown = program.get(f"/assets/{asset}").json
    assert shown["costs"]["parts_total"] == "5.00"


def test_duplicates_and_reused_ids(program: Program) -> None:
    bin_, part = program.shop.bin(), program.shop.part()
    first = op("receive", part=part, location=bin_, quantity=2, unit_cost="1.00")
    results = program.send(
        first,
        {**first, "quantity": "2.0", "age_ms": 99, "queued": True, "device": "phone"},
        {**first, "id": first["id"].upper()},
        {**first, "quantity": 3},
    )
    assert [row["status"] for row in results] == ["applied", "duplicate", "duplicate", "rejected"]
    assert results[1]["result"] == results[0]["result"]
    assert results[3]["error"]["code"] == "id_reused"
    assert program.shop.on_hand(part, bin_) == 2


@pytest.mark.parametrize(
    ("body", "status"), [({}, 400), ([], 400), ({"operations": "x"}, 400), (None, 400)]
)
def test_malformed_bodies(program: Program, body: Any, status: int) -> None:
    response = program.post("/operations", body)
    assert response.status_code == status
    assert response.json["error"]["message"]


def test_more_than_five_hundred(program: Program) -> None:
    assert program.post("/operations", {"operations": [{}] * 501}).status_code == 413


def test_odd_values_are_answered_one_by_one(program: Program) -> None:
    odd = ["\ud800", "\x00", "x" * 3000, [], {}, True, -1, 1e300, "NaN", "١٢", 2**70]
    fields = ["part", "location", "note", "quantity", "device", "seen", "id", "kind"]
    sent = [
        {**op("receive", part="p", location="l", quantity=1), field: value}
        for field in fields
        for value in odd
    ]
    assert {row["status"] for row in program.send(*sent)} == {"rejected"}


def test_race_lost_offline_needs_attention(program: Program) -> None:
    shop = program.shop
    asset = shop.asset()
    shop.ok("check_out", asset=asset, to_person=shop.cast.technician.code)
    online = op("check_out", asset=asset, to_person=shop.cast.storekeeper.code)
    queued = {**online, "id": str(uuid.uuid4()), "queued": True}
    refused, kept = program.send(online, queued)
    assert (refused["status"], refused["error"]["code"]) == ("rejected", "already_out")
    assert refused["error"]["holder"]["name"] == shop.cast.technician.name
    assert (kept["status"], kept["error"]["code"]) == ("attention", "already_out")
    assert program.send(queued)[0]["status"] == "attention"


def test_reversal_that_arrives_first_is_applied_when_its_operation_arrives(
    program: Program,
) -> None:
    bin_, part = program.shop.bin(), program.shop.part()
    receive = op("receive", part=part, location=bin_, quantity=5)
    [early] = program.send(op("reverse", operation=receive["id"]))
    assert early["status"] == "attention"
    program.send(receive)
    assert program.shop.on_hand(part, bin_) == 0


def test_correction_takes_the_place_of_what_it_corrects(program: Program) -> None:
    bin_, part, asset = program.shop.bin(), program.shop.part(), program.shop.asset()
    wrong = op("install", part=part, asset=asset, location=bin_, quantity=2)
    program.send(
        op("receive", part=part, location=bin_, quantity=10),
        wrong,
        op("reverse", operation=wrong["id"]),
        op("install", part=part, asset=asset, location=bin_, quantity=1, corrects=wrong["id"]),
    )
    rows = program.get("/movements?limit=50").json["movements"]
    places = {row["effective_at"] for row in rows if row["kind"] in ("install", "reversal")}
    assert len(places) == 1
    assert program.shop.on_hand(part, bin_) == 9


def test_resolve_knows_every_spelling_and_changes_nothing(program: Program) -> None:
    asset = program.shop.asset(tag="FL-07", serial="H2X393")
    spelled = [asset, asset.lower(), f"{asset[:3]} {asset[3:]}", "fl-07", "h2x393",
               f"https://ANY.HOST:8443/S/{asset}", f"]Q1{asset}"]  # fmt: skip
    for raw in spelled:
        found = program.client.get(
            "/api/v1/resolve",
            query_string={"code": raw},
            headers={"Authorization": f"Bearer {program.token}"},
        ).json
        assert (found["kind"], found["code"]) == ("asset", asset)
        assert found["url"] == f"/assets/{asset}"
        assert "check_out" in found["actions"]
    assert program.get("/resolve?code=nothing").json["kind"] == "unknown"


def test_scan_log_keeps_the_unknown(program: Program) -> None:
    response = program.post("/scans", {"code": "4006381333931"})
    assert (response.status_code, response.json["kind"]) == (201, "unknown")


def test_nobody_else_sends_what_a_phone_captured_for_a_person(program: Program) -> None:
    cast = program.shop.cast
    for path, body in (("/scans", {"code": "4006381333931"}), ("/operations", {"operations": []})):
        refused = program.post(path, {**body, "person": cast.technician.code})
        assert (refused.status_code, refused.json["error"]["code"]) == (409, "other_person")
        assert program.post(path, {**body, "person": cast.admin.code}).status_code in {200, 201}


def test_operations_of_one_action_are_one(program: Program) -> None:
    action, asset = str(uuid.uuid4()), program.shop.asset()
    cast = program.shop.cast
    taken = op("check_out", asset=asset, to_person=cast.technician.code, action=action)
    back = op("check_in", asset=asset, action=action)
    sent = program.send(taken, back, op("check_in", asset=asset, action="one"))
    assert [one["status"] for one in sent] == ["applied", "applied", "rejected"]
    assert sent[2]["error"]["field"] == "action"
    of_action = operations.of_action(program.shop.context(), action)
    assert [row.id for row in of_action] == [taken["id"], back["id"]]


def test_count_that_waits_is_posted_by_an_approver(program: Program) -> None:
    bin_, part = program.shop.bin(), program.shop.part()
    _, counted = program.send(
        op("receive", part=part, location=bin_, quantity=10),
        op("count", part=part, location=bin_, quantity=6),
    )
    count_id, line = counted["result"]["count"], counted["result"]["line"]
    shown = program.get(f"/counts/{count_id}").json
    assert shown["lines"][0]["variance"] == "-4"
    body = {"lines": [line], "approve": True, "seen": {str(line): "-4"}}
    assert program.post(f"/counts/{count_id}/posting", body).json["state"] == "POSTED"
    assert program.post(f"/counts/{count_id}/posting", body).status_code == 200
    assert program.shop.on_hand(part, bin_) == 6


def test_count_changed_since_it_was_seen_goes_back_to_review(program: Program) -> None:
    bin_, part = program.shop.bin(), program.shop.part()
    _, counted = program.send(
        op("receive", part=part, location=bin_, quantity=10),
        op("count", part=part, location=bin_, quantity=6),
    )
    count_id, line = counted["result"]["count"], counted["result"]["line"]
    body = {"approve": True, "seen": {str(line): "-3"}}
    answer = program.post(f"/counts/{count_id}/posting", body).json
    assert answer["lines"][0]["state"] == "NEEDS_REVIEW"
    assert answer["lines"][0]["reason"]
    assert program.shop.on_hand(part, bin_) == 10


def test_checks_permission(program: Program) -> None:
    bin_, part = program.shop.bin(), program.shop.part()
    program.act_as(program.shop.cast.technician)
    [refused] = program.send(op("receive", part=part, location=bin_, quantity=1))
    assert refused["error"]["code"] == "not_allowed"
    program.token = "no token"
    assert program.get("/resolve?code=x").status_code == 401


def test_reversal_waits_through_a_chain_of_waiting_operations(program: Program) -> None:
    """Take back a return whose install is not there yet: all is well once the install arrives."""
    bin_, part, asset = program.shop.bin(), program.shop.part(), program.shop.asset()
    returned = op("return_part", asset=asset, part=part, location=bin_, quantity=1)
    program.send(
        op("receive", part=part, location=bin_, quantity=10),
        op("reverse", operation=returned["id"]),
        returned,
        op("install", asset=asset, part=part, location=bin_, quantity=1),
    )
    assert program.shop.on_hand(part, bin_) == 9


def test_nested_and_split_bodies_are_refused(program: Program) -> None:
    deep = "[" * 5000 + "]" * 5000
    headers = {"Authorization": f"Bearer {program.token}", "Content-Type": "application/json"}
    for path in ("operations", "scans", "labels", "assets"):
        response = program.client.post(f"/api/v1/{path}", data=deep, headers=headers)
        assert response.status_code == 400
    bin_, part = program.shop.bin(), program.shop.part()
    odd_id = {**op("receive", part=part, location=bin_, quantity=1), "id": [[[]]]}
    blank = {**op("receive", part=part, location=bin_, quantity=1), "age_ms": " " * 20 + "5"}
    assert [row["status"] for row in program.send(odd_id, blank)] == ["rejected", "rejected"]
    assert program.post("/scans", {"code": "\ud800"}).status_code == 422


@pytest.mark.parametrize("quantity", ["1,000", "1_0", "1e3", "0x10", "²", ""])
def test_a_number_is_never_guessed(program: Program, quantity: str) -> None:
    bin_, part = program.shop.bin(), program.shop.part()
    [refused] = program.send(op("receive", part=part, location=bin_, quantity=quantity))
    assert refused["status"] == "rejected"


def test_dates_have_one_spelling(program: Program) -> None:
    asset, person = program.shop.asset(), program.shop.cast.technician.code
    [refused, taken] = program.send(
        op("check_out", asset=asset, to_person=person, due_on="20300101"),
        op("check_out", asset=asset, to_person=person, due_on="2030-01-01"),
    )
    assert (refused["status"], taken["status"]) == ("rejected", "applied")


def test_count_reference_that_fits_nothing_is_refused(program: Program) -> None:
    bin_, part = program.shop.bin(), program.shop.part()
    issue = {"part": part, "location": bin_, "quantity": 1, "reason": "used"}
    _, unknown, both = program.send(
        op("receive", part=part, location=bin_, quantity=10),
        op("issue", **issue, before_count=999999),
        op("issue", **issue, before_count=1, after_count=1),
    )
    assert (unknown["status"], both["status"]) == ("rejected", "rejected")
    assert program.get("/counts/%00").status_code == 400


def test_feed_names_the_job_that_goods_are_for(program: Program) -> None:
    bin_, part, asset = program.shop.bin(), program.shop.part(), program.shop.asset()
    job = program.shop.make("job", asset=asset, title="Service")
    program.send(
        op("receive", part=part, location=bin_, quantity=5),
        op("install", part=part, asset=asset, location=bin_, quantity=1, work=job),
    )
    rows = program.get("/movements").json["movements"]
    assert [row["work"] for row in rows] == [None, job]


def test_feed_says_what_a_correction_corrects(program: Program) -> None:
    bin_, part, asset = program.shop.bin(), program.shop.part(), program.shop.asset()
    wrong = op("receive", part=part, location=bin_, quantity=5)
    out = op("check_out", asset=asset, to_person=program.shop.cast.technician.code)
    right = op("receive", part=part, location=bin_, quantity=4, corrects=wrong["id"])
    nothing = op("receive", part=part, location=bin_, quantity=4, corrects=out["id"])
    results = program.send(wrong, op("reverse", operation=wrong["id"]), right, out, nothing)
    assert [row["status"] for row in results][2:] == ["applied", "applied", "rejected"]
    rows = program.get("/movements").json["movements"]
    assert rows[2]["corrects"] == rows[0]["seq"]
