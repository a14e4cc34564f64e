"""Adding people, letting them sign in, and the last admin."""

import pytest
from flask import Flask

from stockscan.domain.access import Role
from stockscan.domain.codes import as_code
from stockscan.domain.errors import Invalid, NotAllowed, NotFound, RuleBroken
from stockscan.services import operations, people
from tests.cast import PASSWORD, context, hire, new_id


def test_everyone_has_a_label_code_of_their_own(app: Flask) -> None:
    cast = hire(app)
    codes = {cast.of(role).code for role in Role}
    assert len(codes) == len(Role)
    assert all(as_code(code) == code for code in codes)


def test_a_person_is_found_by_code_and_sign_in_name(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        ctx = context(cast.viewer)
        by_code = people.person(ctx, cast.technician.code.lower())
        assert by_code.person.name == "Dana Reyes"
        assert people.person(ctx, "Dana").person == by_code.person
        with pytest.raises(NotFound):
            people.person(ctx, "nobody")


def test_people_come_in_pages(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = hire(app)
    monkeypatch.setattr(people, "PAGE", 2)
    with app.app_context():
        names, after = [], None
        for _ in range(3):
            page = people.people(context(cast.viewer), after)
            names += [row.name for row in page.people]
            after = page.after
    assert names == sorted(cast.of(role).name for role in Role)
    assert after is None


def test_create_person_applies_once(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        ctx, raw = context(cast.admin), {"id": new_id(), "name": "Priya Nair", "role": "viewer"}
        first = operations.create(ctx, "create_person", raw)
        again = operations.create(ctx, "create_person", raw)
        assert first.status == "applied"
        assert again.status == "duplicate"
        assert first.result is not None
        assert first.result == again.result
        assert people.person(ctx, first.result["code"]).person.username is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_admins_edit_people(app: Flask, role: Role) -> None:
    cast = hire(app)
    with app.app_context():
        ctx, code = context(cast.of(role)), cast.viewer.code
        raw = {"id": new_id(), "name": "X", "role": "admin"}
        outcome = operations.create(ctx, "create_person", raw)
        assert outcome.error is not None
        assert outcome.error["code"] == "not_allowed"
        with pytest.raises(NotAllowed):
            people.add_user(ctx, username="x", role=Role.ADMIN, password=PASSWORD)
        with pytest.raises(NotAllowed):
            people.grant_sign_in(ctx, code, username="x", password=PASSWORD)
        with pytest.raises(NotAllowed):
            people.set_active(ctx, code, active=False)


def test_add_user_again_changes_role_and_password_but_not_the_person(app: Flask) -> None:
    with app.app_context():
        first = people.add_user(
            context(), username="Dana  R.", name="Dana", role=Role.VIEWER, password=PASSWORD
        )
        again = people.add_user(
            context(), username="dana r.", role=Role.TECHNICIAN, password=PASSWORD
        )
        assert (again.id, again.code, again.name) == (first.id, first.code, "Dana")
        assert (again.username, again.role) == ("dana r.", Role.TECHNICIAN)


@pytest.mark.parametrize(
    ("username", "password", "field"),
    [("", PASSWORD, "username"), ("dana", "7 signs", "password"), ("dana", "x" * 201, "password")],
)
def test_names_and_passwords_that_can_not_be(
    app: Flask, username: str, password: str, field: str
) -> None:
    with app.app_context(), pytest.raises(Invalid) as caught:
        people.add_user(context(), username=username, role=Role.VIEWER, password=password)
    assert caught.value.field == field


def test_a_sign_in_name_belongs_to_one_person(app: Flask) -> None:
    cast = hire(app)
    with app.app_context(), pytest.raises(Invalid):
        people.grant_sign_in(context(), cast.viewer.code, username="DANA", password=PASSWORD)


def test_the_last_admin_who_can_sign_in_stays(app: Flask) -> None:
    with app.app_context():
        first = people.add_user(context(), username="a", role=Role.ADMIN, password=PASSWORD)
        with pytest.raises(RuleBroken):
            people.set_active(context(), first.code, active=False)
        with pytest.raises(RuleBroken):
            people.add_user(context(), username="a", role=Role.VIEWER, password=PASSWORD)
        people.add_user(context(), username="b", role=Role.ADMIN, password=PASSWORD)
        assert not people.set_active(context(), first.code, active=False).active


def test_the_console_acts_as_the_first_admin(app: Flask) -> None:
    with app.app_context():
        assert people.console_actor().person_id == 0
        admin = people.add_user(context(), username="a", role=Role.ADMIN, password=PASSWORD)
        assert people.console_actor().person_id == admin.id
