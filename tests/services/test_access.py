"""Who is let in, and how fast somebody may guess."""

import pytest
from flask import Flask
from sqlalchemy import select

from stockscan.domain.errors import NotAllowed, NotFound, StockScanError, TooMany
from stockscan.services import access, people
from stockscan.services.access import HOUR_US, SECOND_US, wait_s
from stockscan.services.work import reading, unit_of_work
from stockscan.store.access import has_signed_in
from stockscan.store.passwords import hash_token
from stockscan.store.people import ApiToken, Person, SignInSession, SignInThrottle
from tests.cast import PASSWORD, Cast, context, hire

START_US = 1_700_000_000_000_000


def prepared(app: Flask) -> Cast:
    """The cast; the technician has a password."""
    cast = hire(app)
    people.grant_sign_in(context(), "dana", username="dana", password=PASSWORD)
    return cast


def guess(username: str, device: str, at_us: int, password: str = "wrong") -> bool | int:
    """True when let in, False when evaluated and wrong, else how many seconds to wait."""
    try:
        access.sign_in(context(now_us=at_us), username, password, device)
    except NotAllowed:
        return False
    except TooMany as error:
        return int(error.details["wait_s"])
    return True


def test_waits_grow_from_the_fifth_failure_on() -> None:
    assert [wait_s(failures) for failures in (1, 4, 5, 6, 7, 14, 15, 99)] == [
        0, 0, 1, 2, 4, 512, 900, 900,
    ]  # fmt: skip


def test_nobody_guesses_more_than_20_times_an_hour(app: Flask) -> None:
    with app.app_context():
        prepared(app)
        evaluated, at_us = 0, START_US
        while at_us < START_US + HOUR_US:
            answer = guess("dana", f"another device each time {at_us}", at_us)
            evaluated += answer is False
            at_us += SECOND_US if answer is False else int(answer) * SECOND_US
        assert 10 <= evaluated <= 20


def test_a_device_waits_whoever_it_tries_to_be(app: Flask) -> None:
    with app.app_context():
        answers = [guess(f"nobody {number}", "one device", START_US) for number in range(7)]
        assert answers == [False] * 5 + [1, 1]


def test_the_right_password_waits_too_and_then_all_is_forgotten(app: Flask) -> None:
    with app.app_context():
        prepared(app)
        assert [guess("dana", "d", START_US) for _ in range(6)] == [False] * 5 + [1]
        assert guess("dana", "d", START_US, PASSWORD) == 1
        assert guess("dana", "d", START_US + SECOND_US, PASSWORD) is True
        assert [guess("dana", "e", START_US + SECOND_US) for _ in range(4)] == [False] * 4


def test_strangers_can_not_keep_someone_out_of_their_own_device(app: Flask) -> None:
    with app.app_context():
        prepared(app)
        assert guess("dana", "her own phone", START_US, PASSWORD) is True
        for number in range(20):
            guess("dana", f"strange {number}", START_US)
        assert guess("dana", "a new phone", START_US, PASSWORD) is not True
        assert guess("dana", "her own phone", START_US, PASSWORD) is True


def test_failures_are_forgotten_after_a_day(app: Flask) -> None:
    with app.app_context():
        prepared(app)
        for _ in range(6):
            guess("dana", "d", START_US)
        guess("vera", "other", START_US + 25 * HOUR_US)
        with reading() as connection:
            kept = connection.execute(select(SignInThrottle.failures)).scalars().all()
        assert kept == [1, 1]


def test_only_hashes_are_stored(app: Flask) -> None:
    with app.app_context():
        cast = prepared(app)
        session_token = access.sign_in(context(), "dana", PASSWORD, "d")
        api_token = access.issue_token(context(), "dana", "test")
        with unit_of_work() as session:
            stored = [
                *session.scalars(select(SignInSession.id_hash)),
                *session.scalars(select(ApiToken.id_hash)),
                *session.scalars(
                    select(Person.password_hash).where(Person.id == cast.technician.id)
                ),
            ]
            assert has_signed_in(session, cast.technician.id, hash_token("d"))
    assert stored[2].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not {session_token, api_token, PASSWORD} & set(stored)


def test_a_stolen_hash_opens_nothing_without_the_secret_key(app: Flask) -> None:
    with app.app_context():
        prepared(app)
        assert guess("dana", "d", START_US, PASSWORD) is True
        app.secret_key = "the key of another installation"
        assert guess("dana", "d", START_US, PASSWORD) is False


def test_nobody_without_a_password_or_not_active_gets_in(app: Flask) -> None:
    with app.app_context():
        cast = prepared(app)
        assert guess("vera", "d", START_US, "") is False
        people.set_active(context(), cast.technician.code, active=False)
        assert guess("dana", "d", START_US, PASSWORD) is False


@pytest.mark.parametrize("username", ["", " ", "\x00", "x" * 101])
def test_a_name_that_can_not_be_is_refused(app: Flask, username: str) -> None:
    with app.app_context(), pytest.raises(StockScanError):
        access.sign_in(context(), username, PASSWORD, "d")


def test_tokens_are_issued_by_admins_to_people_who_are_here(app: Flask) -> None:
    with app.app_context():
        cast = hire(app)
        with pytest.raises(NotAllowed):
            access.issue_token(context(cast.supervisor), "dana", "test")
        with pytest.raises(NotFound):
            access.issue_token(context(cast.admin), "nobody", "test")
        found = access.token_bearer(access.issue_token(context(cast.admin), "DANA", "test"))
        assert found is not None
        assert found.actor.person_id == cast.technician.id
