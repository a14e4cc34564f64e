"""Badges, PINs and shared phones: what opens what, who may give it, how fast one guesses."""

import re

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from stockscan.domain.access import Role
from stockscan.domain.errors import Invalid, NotAllowed, NotFound, RuleBroken, TooMany
from stockscan.services import access, people
from stockscan.services.access import HOUR_US, SECOND_US, Asked, signed_in
from stockscan.services.work import reading, unit_of_work
from stockscan.store.badges import AccessEvent, Badge
from stockscan.store.devices import Device
from stockscan.store.people import Person
from tests.badges import PIN, badge_of, give_pin, share
from tests.cast import PASSWORD, Cast, context, hire

START_US = 1_700_000_000_000_000
MINUTE_US = 60 * SECOND_US
# `make torture` makes the 10,000.
GUESSES = [400, pytest.param(10_000, marks=pytest.mark.torture)]
OWN = "a phone of somebody's own"

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def asked(badge: str, device: str, now_us: int = START_US) -> Asked:
    """The question for the PIN after this badge was shown."""
    shown = access.sign_in_by_badge(context(now_us=now_us), badge, device)
    assert not shown.token
    found = access.asked_for_pin(context(now_us=now_us), device, badge=shown.badge)
    assert found is not None
    return found


def guess(question: Asked, pin: str, device: str, now_us: int) -> bool | int:
    """True when let in, False when evaluated and wrong, else how many seconds to wait."""
    try:
        access.sign_in_by_pin(context(now_us=now_us), question, pin, device)
    except NotAllowed:
        return False
    except TooMany as error:
        return int(error.details["wait_s"])
    return True


@pytest.fixture
def cast(app: Flask, cast: Cast) -> Cast:
    """The cast; everybody has a PIN."""
    with app.app_context():
        for role in Role:
            give_pin(cast.of(role))
    return cast


@pytest.mark.parametrize("role", list(Role))
def test_a_badge_alone_opens_shared_phones_for_those_who_decide_nothing(
    app: Flask, cast: Cast, role: Role
) -> None:
    with app.app_context():
        player, shared = cast.of(role), share(cast)
        badge = badge_of(player)
        low_risk = role in {Role.VIEWER, Role.TECHNICIAN, Role.STOREKEEPER}
        assert bool(access.sign_in_by_badge(context(), badge, shared).token) is low_risk
        assert not access.sign_in_by_badge(context(), badge, OWN).token
        token = access.sign_in_by_pin(context(), asked(badge, OWN), PIN, OWN)
        found = signed_in(token, context().now_us)
        assert found is not None
        assert (found.actor.person_id, found.shared) == (player.id, "")


@on_sqlite
def test_a_pin_alone_opens_shared_phones_for_those_who_decide_nothing(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        shared = share(cast)
        for role in Role:
            found = access.asked_for_pin(context(), shared, code=cast.of(role).code)
            assert (found is not None) is (role in {Role.VIEWER, Role.TECHNICIAN, Role.STOREKEEPER})
            assert access.asked_for_pin(context(), OWN, code=cast.of(role).code) is None
        question = access.asked_for_pin(context(), shared, code=cast.technician.code)
        assert question is not None
        assert access.sign_in_by_pin(context(), question, PIN, shared)
        names = [face.name for face in access.people_known_here(shared)]
        assert names == [cast.technician.name]
        assert access.people_known_here(OWN) == []


@on_sqlite
def test_a_badge_without_a_pin_says_so_where_one_is_needed(app: Flask) -> None:
    cast = hire(app)
    with app.app_context(), pytest.raises(NotAllowed) as caught:
        access.sign_in_by_badge(context(), badge_of(cast.supervisor), OWN)
    assert caught.value.code == "pin_missing"


def test_the_badge_is_stored_as_a_hash_and_reissue_ends_the_one_before(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        shared, first = share(cast), badge_of(cast.technician)
        token = access.sign_in_by_badge(context(), first, shared).token
        second = badge_of(cast.technician)
        assert first != second
        with pytest.raises(NotAllowed):
            access.sign_in_by_badge(context(), first, shared)
        assert signed_in(token, context().now_us) is None
        assert access.sign_in_by_badge(context(), second.lower(), shared).token
        with reading() as connection:
            rows = connection.execute(select(Badge.id_hash, Badge.revoked_us)).all()
        assert len(rows) == 2
        assert not any(secret.removeprefix("SSB1") in str(rows) for secret in (first, second))


def test_a_lost_badge_opens_nothing_and_closes_what_it_opened(app: Flask, cast: Cast) -> None:
    with app.app_context():
        shared, badge = share(cast), badge_of(cast.technician)
        by_badge = access.sign_in_by_badge(context(), badge, shared).token
        with unit_of_work() as session:
            by_password = access.start_session(context(), session, cast.technician.id, OWN)
        access.lose_badge(context(cast.supervisor), cast.technician.code)
        assert signed_in(by_badge, context().now_us) is None
        assert signed_in(by_password, context().now_us) is not None
        with pytest.raises(NotAllowed):
            access.sign_in_by_badge(context(), badge, shared)
        access.lose_badge(context(cast.supervisor), cast.technician.code)
        log = access.person_access(context(cast.supervisor), cast.technician.code)
        assert log is not None
        assert [event.kind for event in log.log] == ["badge_lost", "badge_issued"]
        assert log.log[0].by == cast.supervisor.name


def test_a_lost_phone_is_shut_out_at_once(app: Flask, cast: Cast) -> None:
    with app.app_context():
        shared, badge = share(cast), badge_of(cast.technician)
        token = access.sign_in_by_badge(context(), badge, shared).token
        (listed,) = access.devices(context(cast.supervisor)).devices
        assert listed.people == (cast.technician.name,)
        assert access.lose_device(context(cast.supervisor), listed.id) == "Phone 3"
        assert signed_in(token, context().now_us) is None
        assert access.shared_device(shared) is None
        assert not access.sign_in_by_badge(context(), badge, shared).token
        with pytest.raises(NotFound):
            access.lose_device(context(cast.supervisor), listed.id)
        kinds = [event.kind for event in access.devices(context(cast.supervisor)).log]
        assert kinds == ["device_lost", "device_shared"]


def test_the_log_is_never_changed(app: Flask, cast: Cast) -> None:
    with app.app_context():
        share(cast)
        for statement in ("UPDATE access_event SET kind = 'x'", "DELETE FROM access_event"):
            with pytest.raises(DBAPIError), unit_of_work() as session:
                session.execute(text(statement))
        with reading() as connection:
            assert len(connection.execute(select(AccessEvent.seq)).all()) == 1


def test_sharing_gives_the_phone_a_new_secret_once(app: Flask, cast: Cast) -> None:
    with app.app_context():
        secret = access.share_device(context(cast.supervisor), OWN, " Phone  3 ", 5)
        assert secret != OWN
        assert access.shared_device(OWN) is None
        again = access.share_device(context(cast.supervisor), secret, "Counter", 10)
        assert again == secret
        found = access.shared_device(secret)
        assert found is not None
        assert (found.name, found.idle_s) == ("Counter", 600)
        with reading() as connection:
            assert secret not in str(connection.execute(select(Device.id_hash)).all())


@on_sqlite
@pytest.mark.parametrize(
    ("name", "idle"),
    [("", 5), ("x" * 61, 5), ("a\x00b", 5), ("Phone", 7), ("SSB1ABCDEFGHIJKLMNOPQRSTUVWXYZ", 5)],
)
def test_names_and_times_that_can_not_be(app: Flask, cast: Cast, name: str, idle: int) -> None:
    with app.app_context(), pytest.raises(Invalid):
        access.share_device(context(cast.supervisor), OWN, name, idle)


@on_sqlite
def test_a_shared_phone_locks_when_nobody_touches_it(app: Flask, cast: Cast) -> None:
    with app.app_context():
        shared = share(cast, START_US)
        badge = badge_of(cast.technician)
        token = access.sign_in_by_badge(context(now_us=START_US), badge, shared).token
        now_us = START_US
        for _ in range(10):
            now_us += 4 * MINUTE_US
            found = signed_in(token, now_us)
            assert found is not None
            assert not found.locked
        now_us += 6 * MINUTE_US
        for _ in range(2):
            found = signed_in(token, now_us)
            assert found is not None
            assert found.locked, "looking at a locked session doesn't wake it"
        question = access.asked_for_pin(context(now_us=now_us), shared, token=token)
        assert question is not None
        fresh = access.sign_in_by_pin(context(now_us=now_us), question, PIN, shared)
        found = signed_in(fresh, now_us)
        assert found is not None
        assert not found.locked
        assert signed_in(fresh, START_US + access.SHARED_SESSION_US) is None, "12 hours in all"


@on_sqlite
def test_a_phone_of_ones_own_does_not_lock(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with unit_of_work() as session:
            token = access.start_session(context(now_us=START_US), session, cast.technician.id, OWN)
        access.lock(context(now_us=START_US), token)
        found = signed_in(token, START_US + 11 * HOUR_US)
        assert found is not None
        assert not found.locked


@on_sqlite
@pytest.mark.parametrize("guesses", GUESSES)
def test_pin_guesses_are_20_an_hour_and_the_right_person_gets_in(
    app: Flask, cast: Cast, guesses: int
) -> None:
    with app.app_context():
        stolen, her_phone = badge_of(cast.supervisor), share(cast, START_US)
        question = asked(stolen, OWN)
        evaluated = []
        for number in range(guesses):
            now_us = START_US + number * HOUR_US // guesses
            answer = guess(question, f"{number:06}", f"fresh cookie {number}", now_us)
            evaluated += [now_us] if answer is False else []
        assert 10 <= len(evaluated) <= 20
        now_us = START_US + HOUR_US
        assert guess(question, PIN, "another fresh cookie", now_us) is not True
        at_work = asked(stolen, her_phone, now_us)
        assert guess(at_work, PIN, her_phone, now_us) is True
        assert guess(question, PIN, "one more", now_us) is not True, "nobody is forgiven for her"


@on_sqlite
def test_one_shared_phone_does_not_guess_through_everybody(app: Flask, cast: Cast) -> None:
    with app.app_context():
        shared, answers = share(cast, START_US), []
        for role in (Role.VIEWER, Role.TECHNICIAN, Role.STOREKEEPER) * 3:
            code = cast.of(role).code
            question = access.asked_for_pin(context(now_us=START_US), shared, code=code)
            assert question is not None
            answers.append(guess(question, "730520", shared, START_US))
        assert answers == [False] * 5 + [1] * 4


@on_sqlite
def test_password_and_pin_are_guessed_out_of_one_purse(app: Flask, cast: Cast) -> None:
    with app.app_context():
        badge = badge_of(cast.supervisor)
        for number in range(5):
            with pytest.raises(NotAllowed):
                access.sign_in(context(now_us=START_US), "ines", "wrong", f"cookie {number}")
        assert guess(asked(badge, OWN), "730520", "cookie", START_US) == 1


@on_sqlite
def test_unknown_badges_slow_unknown_badges_alone(app: Flask, cast: Cast) -> None:
    with app.app_context():
        unknown = "SSB1" + "A" * 26
        for _ in range(5):
            with pytest.raises(NotAllowed):
                access.sign_in_by_badge(context(now_us=START_US), unknown, OWN)
        with pytest.raises(TooMany):
            access.sign_in_by_badge(context(now_us=START_US), unknown, OWN)
        question = asked(badge_of(cast.technician), OWN)
        assert guess(question, PIN, OWN, START_US) is True, "neither a good badge nor a PIN waits"


@on_sqlite
def test_who_is_out_has_no_way_in(app: Flask, cast: Cast) -> None:
    with app.app_context():
        shared, badge = share(cast), badge_of(cast.technician)
        question = asked(badge, OWN)
        people.set_active(context(), cast.technician.code, active=False)
        with pytest.raises(NotAllowed):
            access.sign_in_by_badge(context(), badge, shared)
        with pytest.raises(NotAllowed):
            access.sign_in_by_pin(context(), question, PIN, OWN)
        with pytest.raises(RuleBroken):
            badge_of(cast.technician)
        assert access.asked_for_pin(context(), shared, code=cast.technician.code) is None


@on_sqlite
def test_the_badge_of_who_acts_opens_nothing_new(app: Flask, cast: Cast) -> None:
    with app.app_context():
        shared, badge = share(cast), badge_of(cast.technician)
        shown = access.sign_in_by_badge(context(cast.technician), badge, shared)
        assert (shown.acts, shown.token) == (True, "")
        assert access.sign_in_by_badge(context(cast.storekeeper), badge, shared).token


@on_sqlite
def test_only_the_badge_of_now_is_printed(app: Flask, cast: Cast) -> None:
    with app.app_context():
        code, stock = cast.technician.code, "zebra-4x2"
        first = access.issue_badge(context(), code)
        assert access.print_badge(context(), code, first, stock).data
        second = access.issue_badge(context(), code)
        for person, text in ((code, first), (cast.viewer.code, second)):
            with pytest.raises(RuleBroken):
                access.print_badge(context(), person, text, stock)
        with pytest.raises(NotAllowed):
            access.print_badge(context(cast.supervisor), code, second, stock)


@on_sqlite
def test_who_left_has_no_badge_when_they_come_back(app: Flask, cast: Cast) -> None:
    with app.app_context():
        shared, badge = share(cast), badge_of(cast.technician)
        for active in (False, True):
            people.set_active(context(), cast.technician.code, active=active)
        with pytest.raises(NotAllowed):
            access.sign_in_by_badge(context(), badge, shared)
        seen = access.person_access(context(), cast.technician.code)
        assert seen is not None
        assert seen.log[0].kind == "badge_ended"


@on_sqlite
def test_two_shared_phones_have_two_names(app: Flask, cast: Cast) -> None:
    with app.app_context():
        secret = share(cast)
        ctx = context(cast.supervisor)
        with pytest.raises(Invalid):
            access.share_device(ctx, OWN, "phone 3", 5)
        assert access.share_device(ctx, secret, "Phone 3", 10) == secret


@on_sqlite
def test_a_pin_is_set_by_admins_or_by_oneself_with_the_password(app: Flask) -> None:
    cast = hire(app)
    dana = cast.technician
    with app.app_context():
        people.grant_sign_in(context(), "dana", username="dana", password=PASSWORD)
        for player, password in ((dana, "not this one"), (dana, ""), (cast.supervisor, PASSWORD)):
            with pytest.raises(NotAllowed):
                access.set_pin(context(player), dana.code, PIN, password=password, device=OWN)
        access.set_pin(context(dana), dana.code, PIN, password=PASSWORD, device=OWN)
        with pytest.raises(Invalid):
            access.set_pin(context(dana), dana.code, "123456", password=PASSWORD, device=OWN)
        with reading() as connection:
            stored = connection.execute(
                select(Person.pin_hash).where(Person.id == dana.id)
            ).scalar_one()
        assert re.match(r"\$argon2id\$v=19\$m=19456,t=2,p=1\$", str(stored))


@on_sqlite
@pytest.mark.parametrize("role", list(Role))
def test_who_may_give_and_take(app: Flask, cast: Cast, role: Role) -> None:
    with app.app_context():
        ctx, viewer = context(cast.of(role)), cast.viewer.code
        gives, takes = role is Role.ADMIN, role in {Role.SUPERVISOR, Role.ADMIN}
        for allowed, verb in (
            (gives, lambda: access.issue_badge(ctx, viewer)),
            (takes, lambda: access.lose_badge(ctx, viewer)),
            (takes, lambda: access.share_device(ctx, OWN, "Phone", 5)),
            (takes, lambda: access.devices(ctx)),
            (takes, lambda: access.lose_device(ctx, 1)),
        ):
            if allowed:
                verb()
            else:
                with pytest.raises(NotAllowed):
                    verb()
        sees = access.person_access(ctx, viewer) is not None
        assert sees is (takes or role is Role.VIEWER)
