"""Following the catalogue by its cursors: nothing is missed, whoever writes at the same time."""

import shutil
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from stockscan.domain.errors import Invalid, NotAllowed
from stockscan.services import sync
from stockscan.services.work import reading
from stockscan.store import sync as store
from stockscan.store.db import db, dispose
from tests.cast import hire
from tests.crowd import at_once, operation, say
from tests.follower import Follower, change, everything
from tests.postgres import Server
from tests.shop import Shop
from tests.world import HABITS, World

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
WRITERS = 6


def test_pages_name_everything_once_and_what_changes_meanwhile_again(shop: Shop) -> None:
    part, bin_ = shop.part(), shop.bin()
    phone = Follower(shop.context, limit=3)
    first = phone.ask()
    assert (first["more"], first["whole"]) == (True, True)
    for number in range(6):
        shop.ok("receive", part=part, location=bin_, quantity=number + 1)
    late = shop.asset()
    codes = [*(thing["code"] for thing in first["things"]), *phone.catch_up()]
    assert set(codes) | {late} == set(everything(shop.context))
    assert len(codes) == len(set(codes))
    again = phone.ask()
    assert (again["more"], again["whole"]) == (False, False)
    assert {thing["code"] for thing in again["things"]} == {late, part}
    assert phone.things == everything(shop.context)
    assert phone.catch_up() == []


@only_postgresql
def test_what_commits_late_is_not_missed(shop: Shop) -> None:
    part, unused, bin_ = shop.part(), shop.part(), shop.bin()
    phone = Follower(shop.context)
    phone.catch_up()
    with db.engine.connect() as slow, slow.begin():
        slow.execute(text("UPDATE part SET name = 'Late' WHERE code = :c"), {"c": unused})
        shop.ok("receive", part=part, location=bin_, quantity=1)
        assert phone.catch_up() == [part]
    assert unused in phone.catch_up()
    assert phone.things == everything(shop.context)
    assert phone.catch_up() == []


def test_a_follower_among_writers_misses_nothing(app: Flask, shop: Shop) -> None:
    part = shop.part()
    places = [(shop.asset(), shop.bin()) for _ in range(WRITERS)]
    actor, person = shop.cast.admin.actor, shop.cast.viewer.code
    ended = threading.Semaphore(0)
    phone = Follower(shop.context, limit=4)

    def write(asset: str, bin_: str) -> None:
        for number in range(8):
            for raw in (
                operation("receive", part=part, location=bin_, quantity=1),
                operation("check_out", asset=asset, to_person=person),
                operation("link", text=f"{asset} {number}", thing=asset),
                operation("check_in", asset=asset),
            ):
                assert say(actor, raw).status == "applied"
        ended.release()

    def follow() -> None:
        working = WRITERS
        while working:
            working -= ended.acquire(blocking=False)
            phone.ask()

    at_once(app, [*(partial(write, *place) for place in places), follow])
    phone.catch_up()
    phone.catch_up()
    assert phone.things == everything(shop.context)


@only_postgresql
def test_changes_of_another_server_do_not_repeat_for_ever(shop: Shop) -> None:
    """A restored dump brings numbers that this server's transactions will reach only later."""
    part, bin_ = shop.part(), shop.bin()
    change("UPDATE catalogue_change SET changed = changed + 1000000")
    phone = Follower(shop.context)
    assert set(phone.catch_up()) >= {part, bin_}
    assert phone.catch_up() == []
    shop.ok("receive", part=part, location=bin_, quantity=1)
    assert phone.catch_up() == [part]


def test_a_new_epoch_starts_everyone_anew(shop: Shop) -> None:
    phone = Follower(shop.context)
    phone.catch_up()
    before = sync.epoch(shop.context())
    assert before == sync.epoch(shop.context())
    sync.new_epoch(shop.context())
    page = phone.ask()
    assert page["epoch"] == sync.epoch(shop.context()) != before
    assert page["whole"]
    assert len(page["things"]) == len(phone.things)
    with pytest.raises(NotAllowed):
        sync.new_epoch(shop.context(shop.cast.supervisor))


@only_sqlite
def test_a_file_that_was_put_back_has_another_epoch(app: Flask, tmp_path: Path) -> None:
    with app.app_context(), reading() as connection:
        before = store.epoch(connection)
        path = Path(connection.engine.url.database or "")
    dispose(app)
    shutil.copyfile(path, tmp_path / "backup").replace(path)
    with app.app_context(), reading() as connection:
        assert store.epoch(connection) != before


@only_postgresql
def test_a_copy_of_the_database_has_another_epoch(
    app: Flask, postgresql_server: Server, postgresql_template: str
) -> None:
    with app.app_context(), reading() as connection:
        before = store.epoch(connection)
    postgresql_server.create("restored", postgresql_template)
    engine = create_engine(
        postgresql_server.url("restored").replace("postgresql:", "postgresql+psycopg:")
    )
    with engine.connect() as connection:
        assert store.epoch(connection) != before
    engine.dispose()
    postgresql_server.drop("restored")


@only_sqlite
def test_what_is_no_cursor_is_refused(shop: Shop) -> None:
    epoch = sync.epoch(shop.context())
    for odd in ("x", "{}.1", "{}.x.1.", "{}.-1.1.", "{}.1.9999999999999999999.", "{}.1.1.'"):
        with pytest.raises(Invalid):
            sync.catalogue(shop.context(), since=odd.format(epoch), limit=1, last="")


MORE_HABITS = ("check_out", "check_in", "link", "undo", "rename", "make", "sleep", "wake")


class Busy(World):
    """A world in which things also change hands, names and labels."""

    def check_out(self, random: Random) -> None:
        holder = random.choice([{"to_person": self.shop.cast.viewer.code},
                                {"to_location": random.choice(self.bins)}])  # fmt: skip
        self.shop.do("check_out", asset=self.machine, **holder)

    def check_in(self, random: Random) -> None:
        self.shop.do("check_in", asset=self.machine, location=random.choice(self.bins))

    def link(self, random: Random) -> None:
        thing = random.choice([self.machine, self.part])
        self.shop.do("link", text=f"L-{random.random()}", thing=thing)

    def undo(self, random: Random) -> None:
        done = [outcome.id for outcome in self.shop.outcomes if outcome.done]
        if done:
            self.shop.do("reverse", operation=random.choice(done))

    def rename(self, random: Random) -> None:
        table = random.choice(["asset", "part", "location", "person"])
        change(f"UPDATE {table} SET name = :name", name=str(random.random()))  # noqa: S608

    def make(self, random: Random) -> None:
        random.choice([self.shop.asset, self.shop.part])()

    def sleep(self, random: Random) -> None:
        table = random.choice(["part", "location", "person"])
        change(f"UPDATE {table} SET active = false WHERE id % 2 = 0")  # noqa: S608

    def wake(self, random: Random) -> None:
        for table in ("part", "location", "person"):
            change(f"UPDATE {table} SET active = true")  # noqa: S608


def test_following_random_histories_ends_at_the_full_picture(app: Flask) -> None:
    with app.app_context():
        cast = hire(app)

        @settings(
            max_examples=10, deadline=timedelta(minutes=1), suppress_health_check=list(HealthCheck)
        )
        @given(
            habits=st.lists(st.sampled_from([*HABITS, *MORE_HABITS, "follow"]), max_size=25),
            random=st.randoms(use_true_random=False),
            limit=st.integers(1, 9),
        )
        def play(habits: list[str], random: Random, limit: int) -> None:
            world = Busy(cast)
            phone = Follower(world.shop.context, limit)
            for habit in habits:
                if habit == "follow":
                    phone.ask()
                else:
                    getattr(world, habit)(random)
            phone.catch_up()
            phone.catch_up()
            assert phone.things == everything(world.shop.context)

        play()
