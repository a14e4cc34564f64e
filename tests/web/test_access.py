"""The way in and out over HTTP: badge, PIN, lock, hand-over, lost phone, and no secret in a log."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from stockscan.domain.access import Role
from stockscan.services import access, people
from stockscan.services.work import reading, unit_of_work
from stockscan.store.people import SignInSession
from tests.badges import PIN, badge_of, give_pin, share
from tests.cast import Cast, Player, browser, context, give_csrf_token, hire
from tests.web.pages import FRAGMENT

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SECOND_US = 1_000_000


def phone(app: Flask, cast: Cast) -> FlaskClient:
    """A browser on a shared phone, with nobody signed in."""
    client = app.test_client()
    with app.app_context():
        client.set_cookie("stockscan-device", share(cast))
    give_csrf_token(client)
    return client


def badge(app: Flask, player: Player, *, with_pin: bool = False) -> str:
    """A new badge of this person."""
    with app.app_context():
        if with_pin:
            give_pin(player)
        return badge_of(player)


def show(client: FlaskClient, secret: str, next_: str = "/") -> str:
    """Show a badge; where that leads."""
    answer = client.post("/sign-in/badge", data={"badge": secret, "next": next_})
    give_csrf_token(client)
    return str(answer.location)


def enter(client: FlaskClient, pin: str = PIN, **fields: str) -> str:
    """Enter a PIN; where that leads."""
    answer = client.post("/sign-in/pin", data={"pin": pin, **fields})
    give_csrf_token(client)
    return str(answer.location)


def who_is_in(client: FlaskClient) -> str | None:
    """Who acts on this browser now."""
    answer = client.get("/api/v1/me")
    return answer.get_json()["person"]["name"] if answer.status_code == 200 else None


def rest(app: Flask, seconds: int) -> None:
    """Let every session have rested for so long."""
    with app.app_context(), unit_of_work() as session:
        for row in session.scalars(select(SignInSession)):
            row.seen_us -= seconds * SECOND_US


def stolen_cookie(app: Flask, client: FlaskClient) -> FlaskClient:
    """A thief's browser with all cookies of this one."""
    thief = app.test_client()
    for name in ("stockscan", "stockscan-device"):
        cookie = client.get_cookie(name)
        assert cookie is not None
        thief.set_cookie(name, cookie.value)
    return thief


def test_badge_and_pin_where_the_badge_alone_is_too_little(app: Flask, client: FlaskClient) -> None:
    cast = hire(app)
    secret = badge(app, cast.supervisor, with_pin=True)
    for device in (client, phone(app, cast)):
        give_csrf_token(device)
        assert show(device, secret, "/counts") == "/sign-in/pin?next=%2Fcounts"
        page = device.get("/sign-in/pin?next=/counts").get_data(as_text=True)
        assert "PIN of Ines Weber" in page
        assert secret not in page
        assert device.post("/sign-in/pin", data={"pin": "864209"}).status_code == 422
        assert enter(device, next="/counts") == "/counts"
        assert who_is_in(device) == cast.supervisor.name


def test_a_pin_needs_its_badge_before_it(app: Flask, client: FlaskClient) -> None:
    cast = hire(app)
    with app.app_context():
        give_pin(cast.technician)
    give_csrf_token(client)
    for code in ("", cast.technician.code):
        client.post("/sign-in/pin", data={"pin": PIN, "code": code})
        assert who_is_in(client) is None


def test_the_person_before_is_locked_while_another_is_asked_for_a_pin(app: Flask) -> None:
    cast = hire(app)
    client = phone(app, cast)
    show(client, badge(app, cast.technician))
    show(client, badge(app, cast.supervisor, with_pin=True), "/parts")
    assert who_is_in(client) is None
    page = client.get("/sign-in/pin?next=/parts").get_data(as_text=True)
    assert "PIN of Ines Weber" in page
    assert "Now your PIN" in page


def test_on_a_phone_of_ones_own_the_question_for_a_pin_has_a_way_back(app: Flask) -> None:
    cast = hire(app)
    client, secret = browser(app, cast.technician), badge(app, cast.supervisor, with_pin=True)
    show(client, secret, "/parts")
    assert who_is_in(client) == cast.technician.name
    page = client.get("/sign-in/pin?next=/parts").get_data(as_text=True)
    assert '<a class="btn square" href="/parts">' in page
    assert "stockscan-signed-out" not in page


def test_a_badge_that_stays_before_the_camera_opens_one_session(app: Flask) -> None:
    cast = hire(app)
    client, secret = phone(app, cast), badge(app, cast.technician)
    assert [show(client, secret, "/scan?mode=count") for _ in range(3)] == ["/scan?mode=count"] * 3
    with app.app_context(), reading() as connection:
        assert len(connection.execute(select(SignInSession.id_hash)).all()) == 1


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/lock", "/"),
        ("/sign-out", "/"),
        ("/parts?q=oil", "/parts?q=oil"),
        ("/no/page", "/no/page"),
    ],
)
def test_signing_in_leads_to_a_page_and_never_to_a_verb(
    app: Flask, wanted: str, leads_to: str
) -> None:
    cast = hire(app)
    client = phone(app, cast)
    assert show(client, badge(app, cast.technician), wanted) == leads_to
    assert client.get("/sign-in", query_string={"next": wanted}).location == leads_to


def test_a_face_and_a_pin_on_a_shared_phone(app: Flask) -> None:
    cast = hire(app)
    client, dana = phone(app, cast), cast.technician
    show(client, badge(app, dana, with_pin=True))
    assert client.post("/sign-out").location == "/sign-in"
    assert "Dana" in client.get("/sign-in").get_data(as_text=True)
    give_csrf_token(client)
    assert enter(client, code=dana.code, next="/parts") == "/parts"


def test_another_badge_hands_the_phone_over(app: Flask) -> None:
    cast = hire(app)
    client = phone(app, cast)
    dana, marco = badge(app, cast.technician), badge(app, cast.storekeeper)
    show(client, dana)
    thief = stolen_cookie(app, client)
    assert show(client, marco, "/scan?mode=install&on=7K3QX9A") == "/scan", "nothing stays chosen"
    assert who_is_in(client) == cast.storekeeper.name
    assert thief.get("/").status_code == 303, "the session before is over"
    assert show(client, marco, "/scan?mode=count") == "/scan?mode=count"
    assert show(client, "SSB1" + "A" * 26, "/scan?mode=count") == "/scan?mode=count"
    assert who_is_in(client) == cast.storekeeper.name


def test_a_shared_phone_locks_and_its_person_goes_on(app: Flask) -> None:
    cast = hire(app)
    client, secret = phone(app, cast), badge(app, cast.technician, with_pin=True)
    show(client, secret)
    rest(app, 4 * 60)
    assert client.get("/parts").status_code == 200
    rest(app, 6 * 60)
    assert client.get("/parts?q=oil").location == "/sign-in/pin?next=%2Fparts%3Fq%3Doil"
    assert client.get("/parts", headers=FRAGMENT).headers["HX-Redirect"].startswith("/sign-in/pin")
    refused = client.get("/api/v1/me")
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (401, "locked")
    assert "Locked" in client.get("/sign-in/pin").get_data(as_text=True)
    assert enter(client, next="/parts?q=oil") == "/parts?q=oil"
    assert who_is_in(client) == cast.technician.name


def test_another_badge_takes_over_a_locked_phone(app: Flask) -> None:
    cast = hire(app)
    client = phone(app, cast)
    show(client, badge(app, cast.technician))
    client.post("/lock", data={"next": "/parts"})
    assert who_is_in(client) is None
    assert show(client, badge(app, cast.storekeeper), "/parts?q=oil") == "/"
    assert who_is_in(client) == cast.storekeeper.name


def test_a_copied_cookie_is_useless_after_a_lock_and_after_the_unlock(app: Flask) -> None:
    cast = hire(app)
    client = phone(app, cast)
    show(client, badge(app, cast.technician, with_pin=True))
    thief = stolen_cookie(app, client)
    assert thief.get("/").status_code == 200
    client.post("/lock")
    assert thief.get("/").status_code == 303
    enter(client)
    assert who_is_in(client) == cast.technician.name
    assert thief.get("/").status_code == 303


def test_a_copied_cookie_is_useless_after_sign_out_and_hand_over(app: Flask) -> None:
    cast = hire(app)
    client, secret = phone(app, cast), badge(app, cast.technician)
    show(client, secret)
    thief = stolen_cookie(app, client)
    client.post("/sign-out")
    assert thief.get("/").status_code == 303


def test_a_lost_phone_is_out_at_the_next_request(app: Flask) -> None:
    cast = hire(app)
    client, ines = phone(app, cast), browser(app, cast.supervisor)
    show(client, badge(app, cast.technician, with_pin=True))
    page = ines.get("/devices").get_data(as_text=True)
    assert "Phone 3" in page
    assert cast.technician.name in page
    assert ines.post("/devices/1/loss").location == "/devices"
    assert client.get("/").status_code == 303
    assert "Reported lost, Phone 3" in ines.get("/devices").get_data(as_text=True)
    enter(client, code=cast.technician.code)
    assert who_is_in(client) is None


def test_a_lost_badge_is_out_at_the_next_request(app: Flask) -> None:
    cast = hire(app)
    client, ines = phone(app, cast), browser(app, cast.supervisor)
    show(client, badge(app, cast.technician))
    path = f"/people/{cast.technician.code}"
    assert ines.post(f"{path}/badge/loss").location == path
    assert client.get("/").status_code == 303


def test_a_disabled_person_is_out_at_the_next_request(app: Flask) -> None:
    cast = hire(app)
    client, secret = phone(app, cast), badge(app, cast.technician, with_pin=True)
    show(client, secret)
    with app.app_context():
        people.set_active(context(), cast.technician.code, active=False)
    assert client.get("/").status_code == 303
    show(client, secret)
    enter(client, code=cast.technician.code)
    assert who_is_in(client) is None


def test_addresses_of_clients_do_not_count(app: Flask, client: FlaskClient) -> None:
    cast = hire(app)
    secret = badge(app, cast.supervisor, with_pin=True)
    evaluated = 0
    for number in range(40):
        stranger = app.test_client()
        give_csrf_token(stranger)
        spoofed = {"X-Forwarded-For": f"10.1.2.{number}", "X-Real-IP": f"10.9.9.{number}"}
        stranger.post("/sign-in/badge", data={"badge": secret}, headers=spoofed)
        answer = stranger.post(
            "/sign-in/pin",
            data={"pin": f"86420{number % 10}"},
            headers=spoofed,
            environ_overrides={"REMOTE_ADDR": f"10.0.0.{number}"},
        )
        assert answer.status_code in {422, 429}
        evaluated += answer.status_code == 422
    assert evaluated <= 20


@pytest.mark.parametrize("role", list(Role))
def test_sharing_and_giving_check_permission(app: Flask, role: Role) -> None:
    cast = hire(app)
    with app.app_context():
        share(cast)
    client = browser(app, cast.of(role))
    takes, gives = role in {Role.SUPERVISOR, Role.ADMIN}, role is Role.ADMIN
    path = f"/people/{cast.viewer.code}"
    own = role is Role.VIEWER
    answers = {
        "devices": (client.get("/devices").status_code, 200 if takes else 403),
        "share": (
            client.post("/device/sharing", data={"name": "Phone 9", "idle": "5"}).status_code,
            303 if takes else 403,
        ),
        "badge": (
            client.post(f"{path}/badge").status_code,
            200 if gives else 403,
        ),
        "sheet": (
            client.post(f"{path}/badge/sheet", data={"stock": "none"}).status_code,
            422 if gives else 403,
        ),
        "loss": (client.post(f"{path}/badge/loss").status_code, 303 if takes else 403),
        "pin": (
            client.post(f"{path}/pin", data={"pin": PIN}).status_code,
            303 if gives else 422 if own else 403,
        ),
        "lost": (client.post("/devices/1/loss").status_code, 303 if takes else 403),
        "unshare": (client.post("/devices/1/withdrawal").status_code, 404 if takes else 403),
    }
    assert {name: got for name, (got, _) in answers.items()} == {
        name: wanted for name, (_, wanted) in answers.items()
    }


def test_the_phone_says_that_it_is_shared(app: Flask) -> None:
    cast = hire(app)
    client = browser(app, cast.supervisor)
    assert client.get("/device").get_data(as_text=True).count("idle-lock") == 0
    client.post("/device/sharing", data={"name": "Phone 9", "idle": "10"})
    page = client.get("/device").get_data(as_text=True)
    assert "Phone 9" in page
    assert 'data-idle-s="600"' in page
    assert "Hand over" in page
    assert client.post("/device/sharing", data={"name": "", "idle": "10"}).status_code == 422


def test_a_password_that_is_guessed_at_by_the_pin_form_waits_too(app: Flask) -> None:
    cast = hire(app)
    client = browser(app, cast.technician)
    form = {"pin": PIN, "own_password": "not this one"}
    path = f"/people/{cast.technician.code}/pin"
    pages = [client.post(path, data=form).get_data(as_text=True) for _ in range(6)]
    assert "Wrong password." in pages[4]
    assert "Too many wrong tries" in pages[5]


def test_access_is_seen_by_those_whom_it_concerns(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        give_pin(cast.technician)
        assert access.person_access(context(cast.viewer), cast.technician.code) is None
    path = f"/people/{cast.technician.code}"
    for role in (Role.TECHNICIAN, Role.SUPERVISOR, Role.ADMIN):
        assert "Badge and PIN" in browser(app, cast.of(role)).get(path).get_data(as_text=True)
    assert "Badge and PIN" not in browser(app, cast.viewer).get(path).get_data(as_text=True)
