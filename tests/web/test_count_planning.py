"""The pages that plan counts: a new one, who counts what, the board, the calendar, the settings."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.domain.access import Role
from stockscan.services.settings import settings_in_force
from tests.cast import Cast, browser, new_id
from tests.shop import Shop
from tests.web.pages import FRAGMENT, hidden_fields, text_of, words

SETTINGS = {
    "count_tolerance_a_bp": "0.5", "count_tolerance_b_bp": "2,5", "count_tolerance_c_bp": "10 %",
    "count_tolerance_milli": "2", "count_tolerance_minor": "", "count_attempts": "3",
    "count_approver": "admin", "count_blind": "y", "count_interval_a_days": "30",
    "count_interval_b_days": "60", "count_interval_c_days": "90", "count_turnover_minor": "1000",
    "count_low_bp": "75", "count_target_bp": "98",
}  # fmt: skip
_TICKED = {"stocked": "y", "active": "y", "tracking": "none"}


@pytest.fixture
def bins(app: Flask, cast: Cast) -> list[str]:
    """Three bins with a part in each."""
    with app.app_context():
        shop = Shop(cast)
        places = [shop.bin(f"A-{n}") for n in (1, 2, 10)]
        part = shop.part(name="V-belt", part_number="V-1")
        for place in places:
            shop.ok("receive", part=part, location=place, quantity=4)
    return places


@pytest.fixture
def planner(app: Flask, cast: Cast) -> FlaskClient:
    return browser(app, cast.storekeeper)


def plan(client: FlaskClient, **values: object) -> str:
    """Open a count by the form; the address that it leads to."""
    data = {"id": new_id(), "what": "places", "blind": "y", "do": "start", **values}
    answer = client.post("/counts", data=data)
    assert answer.status_code == 303, words(answer.get_data(as_text=True))
    return answer.headers["Location"]


def figures(page: str) -> tuple[str, ...]:
    """Lines and bins, as the form says how much it is."""
    found = re.search(r"Lines (\S+) Bins (\S+)", page)
    assert found, page
    return found.groups()


def test_a_new_count_works_without_javascript(
    cast: Cast, bins: list[str], planner: FlaskClient
) -> None:
    assert figures(text_of(planner, "/counts/new")) == ("3", "3")
    asked = f"/counts/new?id={new_id()}&what=places&places={bins[0]}&place=A-10&blind=y"
    assert figures(text_of(planner, asked)) == ("2", "2")
    path = plan(planner, places=[bins[0]], place="A-10", who=[cast.technician.id])
    page = text_of(planner, path)
    assert "CC-1 is open." in page
    assert "A-1 to A-10 2 bins · 2 of 2 left" in page
    assert "A-1, A-10" in text_of(planner, "/counts")


def test_how_much_it_is_as_a_fragment(bins: list[str], planner: FlaskClient) -> None:
    page = planner.get("/counts/new?what=negative", headers=FRAGMENT).get_data(as_text=True)
    assert 'id="chosen"' in page
    assert "<html" not in page
    assert "Nothing there is to be counted." in words(page)


def test_what_names_nothing_is_said_and_the_rest_stays(
    bins: list[str], planner: FlaskClient
) -> None:
    asked = f"id={new_id()}&what=places&places={bins[0]}&place=nowhere&most=many"
    page = text_of(planner, f"/counts/new?{asked}")
    assert "No place is called “nowhere”. Scan its label." in page
    assert figures(page) == ("1", "1")
    answer = planner.post("/counts", data={"id": new_id(), "what": "zero", "do": "start"})
    assert answer.status_code == 422
    assert "There is nothing to count." in words(answer.get_data(as_text=True))
    wrong = planner.post("/counts", data={"id": new_id(), "what": "due", "most": "many"})
    assert "Enter a number." in words(wrong.get_data(as_text=True))


def test_what_is_typed_in_part_finds_the_only_one_or_names_some(
    bins: list[str], planner: FlaskClient
) -> None:
    asked = f"/counts/new?id={new_id()}&what=parts&part=belt"
    assert figures(text_of(planner, asked)) == ("3", "3")
    page = text_of(planner, f"/counts/new?id={new_id()}&what=places&place=A")
    assert "“A” may be A-1, A-10, A-2. Type one of them." in page


def test_opening_is_idempotent(bins: list[str], planner: FlaskClient) -> None:
    same = new_id()
    assert plan(planner, id=same) == plan(planner, id=same) == f"/counts/{same}/people"
    assert "CC-2" not in text_of(planner, "/counts")


def test_ticked_parts_are_counted(app: Flask, bins: list[str], planner: FlaskClient) -> None:
    code = re.search(r'name="code" value="(\w+)"', planner.get("/parts").get_data(as_text=True))
    assert code
    answer = planner.get(f"/parts?do=count&code={code[1]}")
    assert answer.headers["Location"] == f"/counts/new?what=parts&parts={code[1]}"
    page = planner.get(answer.headers["Location"]).get_data(as_text=True)
    assert figures(words(page)) == ("3", "3")
    assert f'name="parts" value="{code[1]}" checked' in page


def test_a_draft_is_started_or_thrown_away(
    cast: Cast, bins: list[str], planner: FlaskClient
) -> None:
    path = plan(planner, do="draft", place="A-2", who=[cast.technician.id])
    page = text_of(planner, path)
    assert "1 line in 1 bin as of now" in page
    assert f"Where A-2 Who counts {cast.technician.name}" in page
    assert planner.post(path.replace("people", "cancellation")).status_code == 303
    path = plan(planner, do="draft")
    assert "Drafts" in text_of(planner, "/counts")
    assert planner.post(path.replace("people", "start")).headers["Location"] == path
    assert "A-1 to A-10 3 bins · 3 of 3 left" in text_of(planner, path)
    other = plan(planner, do="draft")
    assert planner.post(other.replace("people", "cancellation")).status_code == 303
    assert "Drafts" not in text_of(planner, "/counts")


def test_bins_change_hands(app: Flask, cast: Cast, bins: list[str], planner: FlaskClient) -> None:
    path = plan(planner, who=[cast.technician.id])
    base = path.removesuffix("/people")
    taken = {"first": "1", "last": "3", "second": "0", "person": str(cast.technician.id)}
    given = {"first": bins[1], "last": "A-10", "person": str(cast.supervisor.id)}
    assert planner.post(f"{base}/handing", data=given).headers["Location"] == path
    assert "A-2 to A-10 2 bins" in text_of(planner, path)
    technician = browser(app, cast.technician)
    assert technician.post(f"{base}/stretches", data=taken).headers["Location"] == path
    assert "A-1 to A-10 3 bins" in text_of(technician, path)
    both = {"who": [cast.technician.id, cast.supervisor.id]}
    assert planner.post(path, data=both).headers["Location"] == path
    wrong = planner.post(f"{base}/handing", data={**given, "first": "nowhere"})
    assert "“nowhere” is no bin of this count." in words(wrong.get_data(as_text=True))
    nobody = planner.post(path, data={})
    assert "Tick who counts." in words(nobody.get_data(as_text=True))
    assert technician.post(path, data=both).status_code == 403
    assert technician.post(f"{base}/handing", data=given).status_code == 403


def test_the_board_shows_a_counter_their_own_first(
    app: Flask, cast: Cast, bins: list[str], planner: FlaskClient
) -> None:
    path = plan(planner, who=[cast.technician.id])
    technician = browser(app, cast.technician)
    page = technician.get("/counts").get_data(as_text=True)
    assert "Continue CC-1" in words(page)
    assert path.replace("people", "sheet") in page
    assert "New count" not in words(page)
    assert "CC-1 A-1" not in text_of(browser(app, cast.viewer), "/")
    assert "To count CC-1" in text_of(technician, "/")


def test_what_is_due(app: Flask, cast: Cast, bins: list[str], planner: FlaskClient) -> None:
    assert "3 to count 3 overdue" in text_of(planner, "/counts/due")
    assert 'hx-get="/counts/due"' in planner.get("/").get_data(as_text=True)
    assert "Class C 3 overdue" in text_of(planner, "/counts")
    page = text_of(planner, "/counts/schedule")
    assert "Due now 3 3 overdue" in page
    assert "C 365 d 3 3 0 3" in page
    assert planner.post("/counts/classes").headers["Location"] == "/counts/schedule"
    assert "Nothing changed." in text_of(planner, "/counts/schedule")
    assert browser(app, cast.technician).post("/counts/classes").status_code == 403


def test_a_part_is_classed_by_hand_or_by_usage(
    app: Flask, cast: Cast, planner: FlaskClient
) -> None:
    made = {"id": new_id(), "name": "Hose", "part_number": "H-1", "unit": "m", "abc_class": "B"}
    path = planner.post("/parts", data=made).headers["Location"]
    assert "Class B by hand" in text_of(planner, path)
    hidden = hidden_fields(planner, f"{path}/edit", f"{path}/edit")
    planner.post(f"{path}/edit", data={**made, **hidden, "abc_class": "", **_TICKED})
    assert "Class B by usage" in text_of(planner, path)


def test_settings_of_counts_work(app: Flask, cast: Cast) -> None:
    client = browser(app, cast.admin)
    answer = client.post("/settings/counts", data=SETTINGS)
    assert answer.headers["Location"] == "/settings/counts", words(answer.get_data(as_text=True))
    with app.app_context():
        now = settings_in_force()
    assert (now.count_tolerance_a_bp, now.count_tolerance_b_bp, now.count_tolerance_c_bp) == (
        50, 250, 1000,
    )  # fmt: skip
    assert (now.count_tolerance_milli, now.count_tolerance_minor) == (2000, None)
    assert (now.count_attempts, now.count_approver, now.count_blind) == (3, "admin", True)
    assert (now.count_posts_itself, now.single_user, now.count_turnover_minor) == (
        False, False, 100_000,
    )  # fmt: skip
    assert (now.count_interval_a_days, now.count_low_bp) == (30, 7500)
    page = client.get("/settings/counts").get_data(as_text=True)
    for shown in ("0.5", "2.5", "10", "1000.00", "75"):
        assert f'value="{shown}"' in page


def test_settings_of_counts_say_what_is_wrong(app: Flask, cast: Cast) -> None:
    wrong = {
        **SETTINGS, "count_tolerance_a_bp": "120", "count_attempts": "0", "count_approver": "cat",
        "count_tolerance_minor": "much", "count_interval_a_days": "often",
    }  # fmt: skip
    answer = browser(app, cast.admin).post("/settings/counts", data=wrong)
    assert answer.status_code == 422
    page = words(answer.get_data(as_text=True))
    assert "5 things to put right" in page
    with app.app_context():
        assert settings_in_force().count_attempts == 2


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TECHNICIAN])
def test_planning_checks_permission(app: Flask, cast: Cast, role: Role) -> None:
    client = browser(app, cast.of(role))
    assert client.get("/counts/new").status_code == 403
    assert client.post("/counts", data={"id": new_id(), "what": "places"}).status_code == 403
    assert client.get("/settings/counts").status_code == 403
    assert client.get("/counts").status_code == 200


def test_unknown_counts(app: Flask, planner: FlaskClient) -> None:
    for path in (f"/counts/{new_id()}/people", "/counts/nothing/people"):
        assert planner.get(path).status_code == 404
    assert planner.post(f"/counts/{new_id()}/start").status_code == 404
