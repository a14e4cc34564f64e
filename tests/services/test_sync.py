"""What a phone is told of each thing: each change of it, nothing else, and no blind balance."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event

from stockscan.domain.errors import NotAllowed
from stockscan.services import operations, people, sync
from stockscan.services.work import Context, unit_of_work
from stockscan.store import sync as store
from stockscan.store.codes import claim_code
from stockscan.store.counts import CountLine, CountSession
from tests.follower import Follower, change, everything
from tests.shop import Shop


@dataclass
class Stage:
    """Things to change, and what was recorded about them last."""

    shop: Shop
    things: dict[str, str]
    last: str = ""

    def __getattr__(self, name: str) -> str:
        return self.things[name]

    def ok(self, kind: str, **values: Any) -> None:
        self.last = self.shop.ok(kind, **values)["operation"]

    def rename(self, table: str, name: str) -> None:
        change(f"UPDATE {table} SET name = 'Renamed' WHERE code = :c", c=self.things[name])  # noqa: S608

    def blank(self) -> str:
        with unit_of_work() as session:
            return claim_code(session, "blank", self.shop.now_us)


@pytest.fixture
def stage(shop: Shop) -> Stage:
    shop.make("model", name="Linde H25D")
    bin_, part = shop.bin("Shelf 1"), shop.part(part_number="HF-1", cost="2")
    shop.ok("receive", part=part, location=bin_, quantity=100)
    things = {
        "bin": bin_, "other": shop.bin("Shelf 2"), "part": part, "unused": shop.part(),
        "asset": shop.asset(model="Linde H25D", tag="FL-1"), "carrier": shop.asset(tag="FL-2"),
        "person": shop.make("person", name="Pat Doe", role="viewer"), "empty": shop.bin("Empty"),
    }  # fmt: skip
    return Stage(shop, things)


# What happens, and which things of the stage a phone is told of thereby.
Change = tuple[str, Callable[[Stage], object], str]
CHANGES: Iterable[Change] = (
    ("check out", lambda s: s.ok("check_out", asset=s.asset, to_person=s.person), "asset"),
    ("its holder's name", lambda s: s.rename("person", "person"), "asset person"),
    ("taken back", lambda s: s.ok("reverse", operation=s.last), "asset"),
    ("on an asset", lambda s: s.ok("check_out", asset=s.asset, to_asset=s.carrier), "asset"),
    ("its carrier's name", lambda s: s.rename("asset", "carrier"), "asset carrier"),
    ("check in", lambda s: s.ok("check_in", asset=s.asset, location=s.bin), "asset"),
    ("to a place", lambda s: s.ok("check_out", asset=s.asset, to_location=s.other), "asset"),
    ("its holder's name", lambda s: s.rename("location", "other"), "asset other"),
    ("move", lambda s: s.ok("move_asset", asset=s.carrier, location=s.bin), "carrier"),
    ("the same place", lambda s: s.ok("move_asset", asset=s.carrier, location=s.bin), ""),
    ("condition", lambda s: s.ok("condition", asset=s.carrier, value=2), ""),
    ("model", lambda _: change("UPDATE asset_model SET name = 'H30D'"), "asset"),
    ("down", lambda s: s.shop.ok("set_status", asset=s.asset, status="down"),
     "asset"),
    ("notes", lambda _: change("UPDATE asset SET notes = 'Oily'"), ""),
    ("install", lambda s: s.ok("install", asset=s.carrier, part=s.part, quantity=1, location=s.bin),
     "part"),
    ("taken back", lambda s: s.ok("reverse", operation=s.last), "part"),
    ("receive", lambda s: s.ok("receive", part=s.unused, location=s.other, quantity=1), "unused"),
    ("transfer", lambda s: s.ok("transfer", part=s.part, from_location=s.bin, quantity=1,
                                to_location=s.other), "part"),
    ("a count that is right", lambda s: s.shop.counted(part=s.part, location=s.bin, quantity=99),
     ""),
    ("a count that is posted", lambda s: s.shop.counted(part=s.part, location=s.bin, quantity=7),
     "part"),
    ("link", lambda s: s.ok("link", text="4006381333931", thing=s.part), "part"),
    ("taken back", lambda s: s.ok("reverse", operation=s.last), "part"),
    ("claim", lambda s: s.ok("claim", label=s.blank(), thing=s.asset), "asset"),
    ("blank labels", lambda s: s.blank(), ""),
    ("part's bin", lambda s: change(
        "UPDATE part SET default_location_id = (SELECT id FROM location WHERE code = :c)"
        " WHERE code = :p", c=s.bin, p=s.part), "part"),
    ("part's cost", lambda _: change("UPDATE part SET list_cost_e4 = 7"), ""),
    ("part out of use", lambda s: change("UPDATE part SET active = false WHERE code = :c",
                                         c=s.unused), "unused"),
    ("place out of use", lambda s: change("UPDATE location SET active = false WHERE code = :c",
                                          c=s.empty), "empty"),
    ("place gone", lambda s: change("DELETE FROM location WHERE code = :c", c=s.empty), "empty"),
    ("code gone", lambda s: change("DELETE FROM code WHERE code = :c", c=s.empty), "empty"),
    ("person out", lambda s: people.set_active(s.shop.context(), s.person, active=False),
     "person"),
    ("person back", lambda s: people.set_active(s.shop.context(), s.person, active=True),
     "person"),
    ("password", lambda _: change("UPDATE person SET password_hash = 'x'"), ""),
)  # fmt: skip


def test_each_change_reaches_the_phone_and_nothing_else_does(stage: Stage) -> None:
    phone = Follower(stage.shop.context)
    phone.catch_up()
    for name, happen, told in CHANGES:
        happen(stage)
        came = set(phone.catch_up())
        assert came == {stage.things[thing] for thing in told.split()}, name
        assert phone.things == everything(stage.shop.context), name
    stage.things["new"] = stage.shop.asset()
    assert phone.catch_up() == [stage.new]


def test_a_phone_is_told_what_it_needs(stage: Stage) -> None:
    blank = stage.blank()
    stage.ok("claim", label=blank, thing=stage.asset)
    stage.ok("link", text="4006381333931", thing=stage.part)
    stage.ok("check_out", asset=stage.asset, to_person=stage.person)
    things = everything(stage.shop.context)
    assert things[stage.asset] == {
        "kind": "asset", "code": stage.asset, "title": "Forklift FL-1", "refs": ["FL-1", blank],
        "tag": "FL-1", "model": "Linde H25D", "out": True, "holder": "Pat Doe",
        "location": None, "retired": False,
    }  # fmt: skip
    assert things[stage.part] == {
        "kind": "part", "code": stage.part, "title": "Filter", "refs": ["HF-1", "04006381333931"],
        "number": "HF-1", "unit": "pcs", "location": None, "tracking": "none",
        "balances": [[stage.bin, "100"]], "blind": [],
    }  # fmt: skip
    assert things[stage.empty] == {
        "kind": "location", "code": stage.empty, "title": "Bin Empty", "refs": ["EMPTY"],
        "type": "bin",
    }  # fmt: skip
    assert things[stage.person] == {
        "kind": "person", "code": stage.person, "title": "Pat Doe", "refs": [],
    }  # fmt: skip


def test_the_fullest_bins_of_a_part_are_told(stage: Stage) -> None:
    bins = [stage.shop.bin() for _ in range(store.MOST_BALANCES + 2)]
    for number, bin_ in enumerate(bins):
        stage.shop.ok("receive", part=stage.part, location=bin_, quantity=number + 1)
    told = everything(stage.shop.context)[stage.part]["balances"]
    fullest = [[bin_, str(number + 1)] for number, bin_ in enumerate(bins)][: -len(bins) - 1 : -1]
    assert told == [[stage.bin, "100"], *fullest][: store.MOST_BALANCES]


@pytest.fixture
def blind_count(stage: Stage) -> str:
    """The part of the stage is being counted blind in its bin."""
    key = stage.shop.key(stage.part, stage.bin)
    with unit_of_work() as session:
        session.add(
            CountSession(
                id="c", method="cycle", state="OPEN", created_by=stage.shop.cast.admin.id,
                opened_us=stage.shop.now_us,
            )
        )  # fmt: skip
        session.flush()
        session.add(CountLine(session_id="c", state="PENDING", **key._asdict()))
    return "c"


@pytest.mark.parametrize("end", ["POSTED", "CANCELLED"])
def test_a_blind_count_shows_no_balance_until_it_ends(
    stage: Stage, request: pytest.FixtureRequest, end: str
) -> None:
    phone = Follower(stage.shop.context)
    phone.catch_up()
    stage.ok("transfer", part=stage.part, from_location=stage.bin, to_location=stage.other,
             quantity=10)  # fmt: skip
    request.getfixturevalue("blind_count")
    assert phone.catch_up() == [stage.part]
    told = phone.things[stage.part]
    assert (told["balances"], told["blind"]) == ([[stage.other, "10"]], [stage.bin])
    stage.ok("install", asset=stage.asset, part=stage.part, quantity=1, location=stage.bin)
    phone.catch_up()
    assert phone.things == everything(stage.shop.context)
    assert phone.things[stage.part] == told
    change("UPDATE count_session SET state = 'SUBMITTED'")
    phone.catch_up()
    assert phone.things[stage.part] == told
    change(f"UPDATE count_session SET state = '{end}'")  # noqa: S608
    assert phone.catch_up() == [stage.part]
    told = phone.things[stage.part]
    assert (told["balances"], told["blind"]) == ([[stage.bin, "89"], [stage.other, "10"]], [])


def test_more_things_need_no_more_queries(app: Flask, stage: Stage) -> None:
    asked: list[str] = []
    engine = app.extensions["stockscan.read_engine"]
    event.listen(
        engine, "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement)
    )
    few = sync.catalogue(stage.shop.context(), since="", limit=500, last="")
    for _ in range(5):
        part, bin_ = stage.shop.part(), stage.shop.bin()
        stage.shop.ok("receive", part=part, location=bin_, quantity=1)
        stage.shop.asset()
    asked.clear()
    many = sync.catalogue(stage.shop.context(), since="", limit=500, last="")
    assert len(many["things"]) == len(few["things"]) + 15
    assert len(asked) == 11


def test_only_who_may_scan_is_told(stage: Stage) -> None:
    nobody = Context(None, stage.shop.now_us, lambda: "")
    with pytest.raises(NotAllowed):
        sync.catalogue(nobody, since="", limit=1, last="")


def test_a_further_supplier_is_told_and_forgotten(stage: Stage) -> None:
    phone = Follower(stage.shop.context)
    phone.catch_up()
    offer = {"part": stage.part, "supplier": "Second Source", "number": "SS-77"}
    edited(stage, "set_supplier_part", **offer)
    assert phone.catch_up() == [stage.part]
    assert "SS-77" in phone.things[stage.part]["refs"]
    edited(stage, "remove_supplier_part", part=stage.part, supplier="Second Source")
    phone.catch_up()
    assert "SS-77" not in phone.things[stage.part]["refs"]


def edited(stage: Stage, kind: str, **values: str) -> None:
    """Change what the books say about a thing."""
    outcome = operations.edit(stage.shop.context(), kind, {"id": str(uuid4()), **values})
    assert outcome.done, outcome
