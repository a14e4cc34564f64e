"""The pages of plans: a new one by each basis, its kit, its next days; calendar and board."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.domain.access import Role
from stockscan.services.settings import settings_in_force
from tests.cast import Cast, browser, context, new_id
from tests.shop import Shop
from tests.web.pages import hidden_fields, text_of, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BASES = {
    "age": ({"every": "36"}, "36 months after it was bought"),
    "calendar": (
        {"every": "3", "unit": "month", "starts_on": "2026-01-31", "counts_from": "planned"},
        "Every 3 months, fixed days",
    ),
    "meter": ({"meter": "Hours", "every_meter": "1500.5"}, "Every 1,500.5 on the meter Hours"),
}


@pytest.fixture
def planner(app: Flask, cast: Cast) -> FlaskClient:
    return browser(app, cast.supervisor)


@pytest.fixture
def truck(app: Flask, cast: Cast) -> str:
    with app.app_context():
        return Shop(cast, now_us=context().now_us).asset(tag="FL-01", name="Forklift")


def typed(**values: str) -> dict[str, str]:
    """A form for one asset, with what a browser sends of the other bases too."""
    unasked = {"every": "", "unit": "month", "starts_on": "2026-11-23", "counts_from": "done"}
    plan = {"id": new_id(), "name": "Service", "asset": "FL-01", "horizon_days": "14"}
    return {**unasked, **plan, **values}


def made(client: FlaskClient, **values: str) -> str:
    """A plan made by the form; its address."""
    answer = client.post("/plans", data=typed(**values))
    assert answer.status_code == 303, words(answer.get_data(as_text=True))
    return str(answer.headers["Location"])


@pytest.mark.parametrize("basis", sorted(BASES))
@pytest.mark.usefixtures("truck")
def test_a_plan_by_each_basis(planner: FlaskClient, basis: str) -> None:
    fields, rule = BASES[basis]
    page = text_of(planner, made(planner, basis=basis, **fields))
    assert rule in page
    assert "For FL-01 Forklift" in page
    assert rule in text_of(planner, "/plans?q=forklift")
    assert "No plan fits that" in text_of(planner, "/plans?q=crane")


@pytest.mark.usefixtures("truck")
def test_what_is_missing_is_said(planner: FlaskClient) -> None:
    for wrong, sentence in (
        ({"asset": ""}, "Choose a model, or scan one asset."),
        ({"basis": "meter"}, "Say which meter"),
        ({"basis": "calendar"}, "Say how often."),
        ({"basis": "calendar", "every": "often"}, "Every must be a whole number"),
        ({"basis": "age", "every": "6", "part": "no such part"}, "is not a part we know"),
    ):
        answer = planner.post("/plans", data=typed(**wrong))
        assert answer.status_code == 422
        assert sentence in words(answer.get_data(as_text=True))


@pytest.mark.usefixtures("truck")
def test_a_plan_is_changed_and_its_kit_filled(app: Flask, cast: Cast, planner: FlaskClient) -> None:
    with app.app_context():
        part = Shop(cast, now_us=context().now_us).part(part_number="F-1")
    path = made(planner, basis="calendar", every="1", unit="week")
    form = hidden_fields(planner, path, f"{path}/parts")
    kit = {**form, "part": "F-1", "quantity": "2", "probability": "25"}
    assert planner.post(f"{path}/parts", data=kit).status_code == 303
    assert "2 pcs, in 25 % of the jobs · F-1" in text_of(planner, path)
    refused = planner.post(f"{path}/parts", data={**kit, "id": new_id(), "probability": "0"})
    assert refused.status_code == 422
    edit = hidden_fields(planner, f"{path}/edit", f"{path}/edit")
    values = {"name": "Grease", "every": "2", "unit": "week", "starts_on": "2026-11-23"}
    rest = {"counts_from": "done", "horizon_days": "14", "active": "y"}
    assert planner.post(f"{path}/edit", data={**edit, **values, **rest}).status_code == 303
    page = text_of(planner, path)
    assert "Grease" in page
    assert "Every 2 weeks after it was done" in page
    gone = hidden_fields(planner, path, f"{path}/parts/removal")
    assert gone["part"] == part
    planner.post(f"{path}/parts/removal", data=gone)
    assert "Nothing yet." in text_of(planner, path)


@pytest.mark.usefixtures("truck")
def test_calendar_and_board(planner: FlaskClient) -> None:
    today = context().today
    made(planner, basis="calendar", every="1", unit="week", starts_on=today.isoformat(),
         horizon_days="0")  # fmt: skip
    assert "Service planned" in text_of(planner, "/jobs/calendar")
    answer = planner.post("/plans/jobs")
    assert answer.headers["Location"] == "/jobs/board"
    board = text_of(planner, "/jobs/board")
    assert "1 job made." in board
    assert "Service J-1 · FL-01 Forklift" in board
    assert "Service FL-01" in text_of(planner, "/jobs/calendar")
    ahead = (today + timedelta(days=60)).strftime("%Y-%m")
    assert "Service planned" in text_of(planner, f"/jobs/calendar?month={ahead}")
    for odd in ("never", "2026-13", "0001-01", "9999-12"):
        assert planner.get(f"/jobs/calendar?month={odd}").status_code == 200


def test_settings_of_maintenance(app: Flask, cast: Cast) -> None:
    admin = browser(app, cast.admin)
    with app.app_context():
        place = Shop(cast).bin("Kits")
    answer = admin.post("/settings/maintenance",
                        data={"labour_hour_minor": "45", "kit_place": "Kits"})  # fmt: skip
    assert answer.status_code == 303
    with app.app_context():
        now = settings_in_force()
    assert (now.labour_hour_minor, now.kit_place) == (4_500, place)
    page = admin.get("/settings/maintenance").get_data(as_text=True)
    shown = re.search(r'name="kit_place"[^>]*value="([^"]*)"', page)
    assert shown
    unchanged = {"labour_hour_minor": "45.00", "kit_place": shown[1]}
    assert admin.post("/settings/maintenance", data=unchanged).status_code == 303
    with app.app_context():
        assert settings_in_force() == now
    wrong = admin.post("/settings/maintenance", data={"labour_hour_minor": "a lot"})
    assert wrong.status_code == 422
    assert "Enter an amount of money" in words(wrong.get_data(as_text=True))


@pytest.mark.parametrize("role", sorted(Role))
def test_who_may(app: Flask, cast: Cast, role: Role) -> None:
    """All look; supervisors plan; storekeepers make the jobs that are due."""
    client, plans = browser(app, cast.of(role)), role in {Role.ADMIN, Role.SUPERVISOR}
    assert client.get("/plans").status_code == 200
    assert client.get("/plans/new").status_code == (200 if plans else 403)
    may_make = plans or role == Role.STOREKEEPER
    assert client.post("/plans/jobs").status_code == (303 if may_make else 403)
