"""Adding people, letting them sign in, and the last admin."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from stockscan.domain.access import Actor, Role
from stockscan.domain.codes import as_code
from stockscan.domain.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from stockscan.services import operations, people
from stockscan.services.operations import Outcome
from stockscan.services.work import Context
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
    with app.app_context(), pytest.raises(Conflict):
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


def test_a_person_is_edited_and_everybody_sees_what_changed(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        ctx = context(cast.admin)
        site = make_place(ctx, "Hall A, north")
        raw = {"role": "storekeeper", "email": "v@example.com", "username": " Vera L ",
               "places": [site]}  # fmt: skip
        assert edit(ctx, cast.viewer.code, **raw).done
        page = people.person(ctx, cast.viewer.code)
        texts = people.person_texts(page.person, page.places)
        assert texts == {
            "name": "Vera Lind", "role": "storekeeper", "email": "v@example.com",
            "username": "vera l", "places": site,
        }  # fmt: skip
        assert page.person.limited
        assert edit(ctx, cast.viewer.code, **texts).done
        assert people.person(ctx, cast.viewer.code).version == page.version
        assert edit(ctx, cast.viewer.code, places="", email="").done
        emptied = people.person(ctx, cast.viewer.code)
        assert (emptied.person.limited, emptied.person.email, emptied.places) == (False, "", [])


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": f"{'x' * 250}@x.org"}, "email"),
        ({"username": "DANA"}, "username"),
        ({"places": ["nowhere"]}, "places"),
        ({"role": "boss"}, "role"),
        ({"name": ""}, "name"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_person_can_not_be(app: Flask, fields: dict[str, Any], field: str) -> None:
    cast = hire(app)
    with app.app_context():
        before = people.person(context(cast.admin), cast.viewer.code)
        outcome = edit(context(cast.admin), cast.viewer.code, **fields)
        assert outcome.error is not None
        assert outcome.error["field"] == field
        assert people.person(context(cast.admin), cast.viewer.code) == before


def test_people_change_their_own_name_and_e_mail_alone(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        me = context(cast.technician)
        assert edit(me, cast.technician.code, name="Dana R.", email="d@example.com").done
        for fields in ({"role": "admin"}, {"username": "d"}, {"places": ""}):
            assert refused(edit(me, cast.technician.code, **fields))
        assert refused(edit(me, cast.viewer.code, name="X"))


def test_the_last_admin_keeps_role_and_sign_in_name(app: Flask) -> None:
    with app.app_context():
        admin = people.add_user(context(), username="a", role=Role.ADMIN, password=PASSWORD)
        for fields in ({"role": "viewer"}, {"username": ""}):
            actor = Actor(admin.id, admin.name, Role.ADMIN)
            outcome = edit(replace(context(), actor=actor), admin.code, **fields)
            assert outcome.error is not None
            assert "last admin" in outcome.error["message"]


def make_place(ctx: Context, name: str) -> str:
    """A site; its code, by which it is named where its name has a comma."""
    raw = {"id": new_id(), "name": name, "kind_of_place": "site"}
    outcome = operations.create(ctx, "create_location", raw)
    assert outcome.result is not None
    return str(outcome.result["code"])


def edit(ctx: Context, code: str, **fields: Any) -> Outcome:
    """Change a person."""
    return operations.edit(ctx, "edit_person", {"id": new_id(), "person": code, **fields})


def refused(outcome: Outcome) -> bool:
    """Whether the role was too little for it."""
    return outcome.error is not None and outcome.error["code"] == "not_allowed"
