"""The first start: a code from the console, one first admin, and never a second time."""

import threading
from typing import Any

import pytest
from flask import Flask

from stockscan.domain.access import Role
from stockscan.domain.errors import Invalid, NotAllowed, RuleBroken, StockScanError
from stockscan.services import access, demo, home, people, setup
from stockscan.services.settings import settings_in_force
from stockscan.services.setup import FirstAdmin
from stockscan.services.work import Context
from tests.cast import PASSWORD, context, hire
from tests.shop import Shop

PAT = FirstAdmin("Pat Gray", "Pat", PASSWORD)
COMPANY: dict[str, Any] = {"company": "Nordkai", "currency": "USD", "asset_threshold_minor": 80_000}


def nobody() -> Context:
    """The context of a browser that nobody has signed in on."""
    ctx = context()
    return Context(None, ctx.now_us, ctx.new_id)


def test_the_code_makes_the_first_admin(app: Flask) -> None:
    with app.app_context():
        code = setup.setup_code()
        assert code is not None
        assert setup.setup_code() == code
        admin = setup.set_up(nobody(), f" {code.lower()} ", PAT, **COMPANY)
        assert (admin.name, admin.username, admin.role) == ("Pat Gray", "pat", Role.ADMIN)
        now = settings_in_force()
        assert (now.company, now.currency, now.asset_threshold_minor) == tuple(COMPANY.values())
        assert access.sign_in(nobody(), "pat", PASSWORD, "a browser")
        assert setup.setup_code() is None
        with pytest.raises(RuleBroken):
            setup.set_up(nobody(), code, PAT, **COMPANY)


def test_no_other_code_does(app: Flask) -> None:
    with app.app_context():
        for code in ("", "AAAA-AAAA-AAAA", "x" * 500, "ÄÖÜ"):
            with pytest.raises(NotAllowed):
                setup.set_up(nobody(), code, PAT, **COMPANY)
        assert not people.is_anyone_here()


def test_everything_that_is_wrong_is_said_at_once(app: Flask) -> None:
    wrong, unnamed = FirstAdmin(" ", "", "short"), {**COMPANY, "company": ""}
    with app.app_context():
        code = setup.setup_code() or ""
        with pytest.raises(Invalid) as caught:
            setup.set_up(nobody(), code, wrong, **unnamed)
    assert set(caught.value.details["faults"]) == {"company", "name", "username", "password"}


def test_of_two_at_once_one_is_the_first(app: Flask) -> None:
    with app.app_context():
        code = setup.setup_code() or ""
    start, made = threading.Barrier(2), list[str]()

    def race(name: str) -> None:
        with app.app_context():
            start.wait()
            try:
                setup.set_up(nobody(), code, FirstAdmin(name, name, PASSWORD), **COMPANY)
                made.append(name)
            except StockScanError:
                pass

    racers = [threading.Thread(target=race, args=(name,)) for name in ("one", "two")]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert len(made) == 1
    with app.app_context():
        assert [person.username for person in people.people(context()).people] == made


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_examples_come_into_an_empty_database_alone_and_once(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        ctx = context(cast.admin)
        assert demo.load_examples(ctx) > 200
        assert demo.load_examples(ctx) == 0
        steps = home.home(ctx).steps
        assert steps is not None
        assert (steps.places, steps.things, steps.labels, steps.scans) == (True, True, False, False)
        assert demo.fill(ctx).left_out
        with pytest.raises(NotAllowed):
            demo.load_examples(context(cast.supervisor))


def test_examples_stay_out_of_a_company_with_things(app: Flask) -> None:
    with app.app_context():
        shop = Shop(hire(app))
        shop.bin()
        with pytest.raises(RuleBroken):
            demo.load_examples(shop.context())
