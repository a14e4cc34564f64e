"""The sample warehouse: believable, true in its books, and the same however often it is filled."""

import stat
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from stockscan.domain.figures import from_us
from stockscan.domain.maintenance import Readiness
from stockscan.services import access, assets, checking, models, operations, parts, people
from stockscan.services.counts.accuracy import headline
from stockscan.services.demo import Demo, fill
from stockscan.services.demo.events import Event
from stockscan.services.demo.warehouse import TELLERS, Warehouse, id_of
from stockscan.services.demo.year import DAY_US, HOUR_US, history
from stockscan.services.settings import settings_in_force
from stockscan.services.work import Context, reading
from stockscan.store.counts import CountLine, CountSession
from stockscan.store.maintenance.readiness import readiness
from stockscan.store.maintenance.rows import Job
from stockscan.store.purchasing.rows import Requisition
from tests.cast import new_id

NOW_US = 1_780_000_000_000_000
DAYS = 30

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def context(later_days: int = 0) -> Context:
    return Context(people.console_actor(), NOW_US + later_days * DAY_US, new_id)


@on_sqlite
def test_tells_a_company_whose_books_are_right(app: Flask) -> None:
    with app.app_context():
        demo = fill(context(), days=DAYS)
        assert demo.refused == 0
        assert checking.check(context()) == []
        assert settings_in_force().company == "Nordkai Logistics"
        assert_things_are_there(demo)
        assert_something_needs_doing()
        assert_work_is_planned_and_bought()
        assert_one_password_lets_one_of_each_role_in(demo)
        assert fill(context(later_days=3), days=DAYS) == replace(demo, made=0)


@on_sqlite
def test_an_interrupted_one_is_completed_as_it_was_meant(app: Flask) -> None:
    begun_us = NOW_US - 2 * DAY_US - HOUR_US
    with app.app_context():
        people.add_user(context(), username="boss", role=people.Role.ADMIN, password="my own one")
        begun = Warehouse(people.console_actor(), begun_us)
        begun.set_up("interrupted", NOW_US)
        told = history(NOW_US - 2 * DAY_US, NOW_US)
        begun.play(told[:40])
        demo = fill(context(later_days=3), days=2)
        assert demo.refused == 0
        plain = [event for event in told if event.kind not in TELLERS]
        assert all(operations.get(context(), id_of(event.name)) for event in plain)
        assert fill(context(later_days=3), days=2).made == 0
        assert demo.sign_ins == ("ines", "marco", "dana", "vera")
        assert access.sign_in(context(), "boss", "my own one", "phone")
        assert checking.check(context()) == []


@on_sqlite
def test_leaves_a_company_of_its_own_alone(app: Flask) -> None:
    with app.app_context():
        people.add_user(context(), username="boss", role=people.Role.ADMIN, password="my own one")
        values = {"id": new_id(), "name": "Our bin", "kind_of_place": "bin"}
        operations.create(context(), "create_location", values)
        assert fill(context()) == Demo(left_out=True)
        assert parts.part_list(context()).rows == []


def test_a_year_is_the_same_every_time_and_in_order() -> None:
    year = history(NOW_US - 365 * DAY_US, NOW_US)
    assert year == history(NOW_US - 365 * DAY_US, NOW_US)
    assert [event.at_us for event in year] == sorted(event.at_us for event in year)
    assert year[-1].at_us <= NOW_US
    assert len({event.name for event in year}) == len(year)
    assert 900 < len(year) < 2500
    assert installs_on("FL-07", year) > max(installs_on(f"FL-0{n}", year) for n in range(1, 7))


def assert_things_are_there(demo: Demo) -> None:
    listed = assets.asset_list(context(), limit=100)
    assert (len(listed.rows), demo.assets) == (41, 41)
    assert parts.part_list(context(), limit=500).counts["all"] == demo.parts
    assert len(models.model_page(context(), "Linde H25D").usual) > 10
    assert {person.name for person in people.people(context()).people} >= {"Jiří Dvořák"}
    spent = {row.tag: row.parts_e4 for row in listed.rows if row.model == "Linde H25D"}
    assert max(spent, key=lambda tag: spent[tag]) == "FL-07"


def assert_something_needs_doing() -> None:
    out = assets.asset_list(context(), show="out").rows
    today = from_us(NOW_US).date()
    assert [row.tag for row in out if row.due_on and row.due_on < today] == ["LT-05", "TW-02"]
    low = parts.part_list(context(), show="low").rows
    assert any(row.on_hand_milli == 0 for row in low)
    assert sum(row.on_hand_milli > 0 for row in low) >= 3
    with reading() as connection:
        states = select(CountSession.name, CountSession.state)
        planned = connection.execute(states.where(CountSession.number.is_not(None))).all()
        newest = [(name, state) for name, state in planned if not name.startswith("Rack")]
        assert newest == [
            ("Mast and forks, Hall 2", "SUBMITTED"),
            ("Packing and cleaning, Bremen", "OPEN"),
            ("Hall 1, every filter", "DRAFT"),
        ]
        lines = select(CountLine.state).where(CountLine.state.in_(["NEEDS_REVIEW", "COUNTED"]))
        assert set(connection.scalars(lines)) == {"NEEDS_REVIEW", "COUNTED"}
    measured, _ = headline(context(), DAYS)
    assert measured.records > measured.exact > 0


def assert_work_is_planned_and_bought() -> None:
    with reading() as connection:
        orders = set(connection.scalars(select(Requisition.state)))
        assert orders == {"raised", "approved", "ordered", "received"}
        listed = connection.execute(select(Job.kind, Job.state).distinct())
        states = {f"{kind} {state}" for kind, state in listed}
        assert states == {"planned open", "planned done", "fault open", "fault done"}
        today = from_us(NOW_US).date()
        ready = readiness(connection, today).values()
        assert {each.state for each in ready} >= {Readiness.READY, Readiness.SHORT}


def assert_one_password_lets_one_of_each_role_in(demo: Demo) -> None:
    assert demo.password_file is not None
    assert stat.S_IMODE(demo.password_file.stat().st_mode) == 0o600
    password = demo.password_file.read_text().splitlines()[0].rpartition(" ")[2]
    roles = set()
    for name in demo.sign_ins:
        token = access.sign_in(context(), name, password, "a phone")
        found = access.signed_in(token, NOW_US)
        assert found is not None
        roles.add(found.actor.role)
    assert roles == set(people.Role)


def installs_on(tag: str, events: list[Event]) -> int:
    return sum(event.kind == "install" and event.fields["asset"] == tag for event in events)
