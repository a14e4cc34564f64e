"""Invitations: used once, within a week, by somebody who is active; and one's own password."""

import pytest
from flask import Flask

from stockscan.domain.access import Role
from stockscan.domain.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken, TooMany
from stockscan.services import access, people
from stockscan.services.access import INVITATION_US
from stockscan.services.work import Context
from tests.cast import PASSWORD, Cast, context, hire

BROWSER = "a browser of the invited"


def nobody(now_us: int | None = None) -> Context:
    ctx = context(now_us=now_us)
    return Context(None, ctx.now_us, ctx.new_id)


def accept(
    token: str, *, now_us: int | None = None, username: str = "priya", device: str = BROWSER
) -> str:
    return access.accept_invitation(
        nobody(now_us), token, username=username, password=PASSWORD, device=device
    )


def test_an_invitation_works_once(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        token = access.invite(context(cast.admin), cast.viewer.code).token
        opened = access.signed_in(accept(token), context().now_us)
        assert opened is not None
        assert opened.actor.person_id == cast.viewer.id
        assert access.sign_in(nobody(), "Priya", PASSWORD, "another browser")
        with pytest.raises(NotFound):
            accept(token)


def test_a_new_invitation_voids_the_one_before_and_old_sessions_end(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        admin = context(cast.admin)
        first, second = (access.invite(admin, cast.viewer.code).token for _ in range(2))
        with pytest.raises(NotFound):
            accept(first)
        before = accept(second)
        accept(access.invite(admin, cast.viewer.code).token)
        assert access.signed_in(before, context().now_us) is None


def test_an_invitation_ends(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        admin = context(cast.admin)
        late = access.invite(admin, cast.viewer.code).token
        with pytest.raises(NotFound):
            accept(late, now_us=admin.now_us + INVITATION_US, device="a browser a week later")
        access.withdraw_invitation(admin, cast.viewer.code)
        with pytest.raises(NotFound):
            accept(late)
        void = access.invite(admin, cast.viewer.code).token
        people.set_active(admin, cast.viewer.code, active=False)
        people.set_active(admin, cast.viewer.code, active=True)
        with pytest.raises(NotFound):
            accept(void)


def test_what_can_not_be_does_not_use_it_up(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        token = access.invite(context(cast.admin), cast.viewer.code).token
        with pytest.raises(Conflict):
            accept(token, username="DANA")
        with pytest.raises(Invalid):
            access.accept_invitation(
                nobody(), token, username="priya", password="short", device=BROWSER
            )
        assert accept(token)


def test_guessing_at_links_is_slowed(app: Flask) -> None:
    hire(app)
    with app.app_context():
        for _ in range(5):
            with pytest.raises(NotFound):
                access.invited(nobody(), "x" * 43, BROWSER)
        with pytest.raises(TooMany):
            access.invited(nobody(), "x" * 43, BROWSER)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_admins_invite(app: Flask, role: Role) -> None:
    cast = hire(app)
    with app.app_context():
        for refused in (access.invite, access.withdraw_invitation):
            with pytest.raises(NotAllowed):
                refused(context(cast.of(role)), cast.viewer.code)


def test_who_is_not_active_is_not_invited(app: Flask) -> None:
    cast: Cast = hire(app)
    with app.app_context():
        people.set_active(context(cast.admin), cast.viewer.code, active=False)
        with pytest.raises(RuleBroken):
            access.invite(context(cast.admin), cast.viewer.code)


def test_ones_own_password_needs_the_old_one_and_ends_other_sessions(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        people.grant_sign_in(context(), cast.viewer.code, username="vera", password=PASSWORD)
        other = access.sign_in(nobody(), "vera", PASSWORD, "other")
        me = context(cast.viewer)
        with pytest.raises(NotAllowed):
            access.change_password(me, "not this one", "a new long one", BROWSER)
        mine = access.change_password(me, PASSWORD, "a new long one", BROWSER)
        assert access.signed_in(other, me.now_us) is None
        assert [each.is_here for each in access.own_sessions(me, mine)] == [True]
        access.sign_out_everywhere(me)
        assert access.signed_in(mine, me.now_us) is None
