"""Kits: kept, picked, used, put back and taken back in any order; the figures stay true."""

import random
from collections import Counter
from datetime import date
from functools import partial
from typing import Any

import pytest
from flask import Flask

from stockscan.domain.maintenance import Readiness
from stockscan.domain.maintenance.kits import JobReadiness
from stockscan.services import checking, operations, settings
from stockscan.services.maintenance import kit_pages
from stockscan.services.maintenance.kit_pages import Asked
from stockscan.services.work import reading
from stockscan.store.maintenance import pick_list
from stockscan.store.maintenance.job import job_id_of
from stockscan.store.maintenance.kits import held_for, kit_lines
from stockscan.store.maintenance.pick_list import Kit
from stockscan.store.maintenance.readiness import readiness
from tests.crowd import at_once, operation, say
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PIECE = 1000


def a_cart(shop: Shop) -> str:
    """A place where kits lie; its code."""
    cart = shop.bin("Cart")
    settings.change(shop.context(), kit_place=cart)
    return cart


def a_job(shop: Shop, asset: str, **needs: int) -> str:
    """A job on an asset that needs so many of these parts; its name."""
    job = shop.make("job", asset=asset, title="Service")
    for part, many in needs.items():
        shop.ok("set_job_part", job=job, part=part, quantity=many)
    return job


def kit(shop: Shop, job: str) -> Kit:
    with reading() as connection:
        return pick_list.kit(connection, shop.context().today, job_id_of(connection, job))


def figures(shop: Shop, job: str, part: str) -> tuple[int, int, int, int]:
    """Needed, used, in the kit and kept, in whole pieces."""
    row = next(row for row in kit(shop, job).rows if row.line.code == part)
    amounts = row.line.amounts
    four = (amounts.needed_milli, amounts.used_milli, amounts.lying_milli, amounts.reserved_milli)
    return four[0] // PIECE, four[1] // PIECE, four[2] // PIECE, four[3] // PIECE


def state(shop: Shop, job: str) -> Readiness | None:
    found = kit(shop, job).ready
    return found.state if found else None


def test_from_the_shelf_into_the_machine(shop: Shop) -> None:
    a_cart(shop)
    shelf, dana = shop.bin("A-1"), shop.cast.technician
    asset, part = shop.asset(tag="FL-1"), shop.part(location=shelf)
    shop.ok("receive", part=part, location=shelf, quantity=5, unit_cost="2")
    job, later = a_job(shop, asset, **{part: 4}), a_job(shop, asset, **{part: 3})
    assert [state(shop, one) for one in (job, later)] == [Readiness.READY, Readiness.SHORT]
    shop.ok("reserve_kit", job=later)
    assert figures(shop, later, part) == (3, 0, 0, 3)
    assert [state(shop, one) for one in (job, later)] == [Readiness.SHORT, Readiness.READY]
    told = shop.ok("pick", by=dana, work=later, part=part, location=shelf, quantity=2)
    assert (told["before"], told["after"], told["left_to_pick"]) == ("5", "3", "1")
    assert figures(shop, later, part) == (3, 0, 2, 3)
    shop.ok("install", by=dana, asset=asset, part=part, quantity=1, work=later)
    assert figures(shop, later, part) == (3, 1, 1, 2)
    assert shop.on_hand(part, shelf) == 3
    back = shop.ok("put_back", by=dana, work=later, part=part, quantity=1)
    assert (back["to_location_name"], figures(shop, later, part)) == ("A-1", (3, 1, 0, 2))
    shop.ok("reverse", operation=back["operation"])
    assert figures(shop, later, part) == (3, 1, 1, 2)
    with reading() as connection:
        part_id = shop.key(part, shelf).part_id
        assert [(row.number, row.held_milli) for row in held_for(connection, part_id)] == [
            (2, 2000)
        ]
    shop.ok("release_kit", job=later)
    assert figures(shop, later, part) == (3, 1, 1, 0)
    assert checking.check(shop.context()) == []


@on_sqlite
def test_what_is_refused_says_why(shop: Shop) -> None:
    cart, shelf = shop.bin("Cart"), shop.bin()
    asset, part, foreign = shop.asset(tag="FL-1"), shop.part(), shop.part(stocked=False)
    shop.ok("receive", part=part, location=shelf, quantity=2)
    job = a_job(shop, asset, **{part: 2})

    def code(kind: str, **values: Any) -> str:
        outcome = shop.do(kind, **{"part": part, "work": job, "quantity": 1, **values})
        assert outcome.error, outcome
        return str(outcome.error["code"])

    assert code("pick", location=shelf) == "no_kit_place"
    settings.change(shop.context(), kit_place=cart)
    assert code("pick", location=shelf, part=foreign) == "not_stocked"
    assert code("put_back", location=shelf) == "not_in_kit"
    shop.ok("pick", work=job, part=part, location=shelf, quantity=2)
    assert code("put_back", location=shelf, quantity=3) == "not_in_kit"
    assert code("put_back", location=cart) == "invalid"
    shop.ok("cancel_job", job=job)
    assert code("pick", location=shelf) == "work_closed"
    shop.ok("put_back", work=job, part=part, location=shelf, quantity=2)
    assert shop.on_hand(part, shelf) == 2


@on_sqlite
def test_what_expires_first_is_picked_first_and_nothing_expired(shop: Shop) -> None:
    a_cart(shop)
    near, far = shop.bin("A-1"), shop.bin("A-2")
    part = shop.part(tracking="lot", location=near)
    today = shop.context().today
    for lot, shelf, days in (("OLD", near, -1), ("LATE", near, 400), ("SOON", far, 40)):
        expires = date.fromordinal(today.toordinal() + days).isoformat()
        shop.ok("receive", part=part, location=shelf, quantity=2, lot=lot, expires_on=expires)
    job = a_job(shop, shop.asset(tag="FL-1"), **{part: 3})
    way = [(stop.name, take.lot, take.quantity_milli // PIECE)
           for stop in kit(shop, job).way for _, take in stop.takes]  # fmt: skip
    assert way == [("A-1", "LATE", 1), ("A-2", "SOON", 2)]
    shop.ok("set_job_part", job=job, part=part, quantity=5)
    assert state(shop, job) is Readiness.SHORT


def scan(shop: Shop, job: str, asked: Asked, part: str, **marks: str) -> Asked | dict[str, Any]:
    page = kit_pages.pick_page(shop.context(), job, asked._replace(part=""))
    return kit_pages.scanned(page, asked, part, **marks)


@on_sqlite
def test_a_scan_is_one_more_until_it_is_all(shop: Shop) -> None:
    cart, shelf = a_cart(shop), shop.bin("A-1")
    three, one = (shop.part(location=shelf) for _ in range(2))
    drive = shop.part(location=shelf, tracking="serial")
    for part in (three, one):
        shop.ok("receive", part=part, location=shelf, quantity=9)
    shop.ok("receive", part=drive, location=shelf, serials=["S1", "S2"])
    job = a_job(shop, shop.asset(tag="FL-1"), **{three: 3, one: 1, drive: 1})
    asked: Any = Asked(bin=shelf)
    for times in (1, 2):
        asked = scan(shop, job, asked, three)
        assert (asked.part, asked.scanned) == (three, times)
    said = scan(shop, job, asked, three)
    assert said == {
        "kind": "pick", "work": job, "part": three, "location": shelf, "to_location": cart,
        "quantity": "3",
    }  # fmt: skip
    assert scan(shop, job, Asked(bin=shelf), one)["quantity"] == "1"  # type: ignore[call-overload]
    # Without its bin nothing is picked by a scan alone, and which of two serials is asked for.
    assert scan(shop, job, Asked(), one) == Asked(bin=shelf, part=one, scanned=1)
    assert isinstance(scan(shop, job, Asked(bin=shelf), drive), Asked)
    meant = scan(shop, job, Asked(bin=shelf), drive, serial="S2")
    assert (meant["quantity"], meant["serial"]) == ("1", "S2")  # type: ignore[call-overload]


class Workshop:
    """Two jobs that want the same two parts, and what must be true of them, kept by hand."""

    def __init__(self, shop: Shop, dice: random.Random) -> None:
        self.shop, self.dice = shop, dice
        self.cart, self.shelf = a_cart(shop), shop.bin("A-1")
        self.assets = [shop.asset(tag=f"FL-{number}") for number in (1, 2)]
        self.parts = [shop.part(location=self.shelf) for _ in range(2)]
        self.jobs = [
            a_job(shop, asset, **{part: dice.randint(1, 4) for part in self.parts})
            for asset in self.assets
        ]
        self.used: Counter[tuple[str, str]] = Counter()
        self.lying: Counter[tuple[str, str]] = Counter()
        self.undo: list[tuple[str, Counter[tuple[str, str]], Counter[tuple[str, str]]]] = []

    def step(self) -> None:
        """Something that may happen in a workshop, or be refused."""
        number = self.dice.randrange(2)
        job, part, many = self.jobs[number], self.dice.choice(self.parts), self.dice.randint(1, 3)
        kind = self.dice.choice(
            ("receive", "reserve_kit", "release_kit", "pick", "pick", "put_back", "install",
             "install", "return_part", "issue", "undo", "undo", "set_job_part")
        )  # fmt: skip
        asset, key = self.assets[number], (job, part)
        goods = {"part": part, "quantity": many}
        used, lying = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        match kind:
            case "undo":
                return self.take_back()
            case "receive":
                raw = {"location": self.shelf, **goods}
            case "issue":
                raw = {"location": self.shelf, "reason": "used", **goods}
            case "reserve_kit" | "release_kit" | "set_job_part":
                some = {"part": part} if many > 1 else {}
                raw = {"job": job, **(goods if kind == "set_job_part" else some)}
            case "pick":
                raw, lying[key] = {"work": job, "location": self.shelf, **goods}, many
            case "put_back":
                raw, lying[key] = {"work": job, "location": self.shelf, **goods}, -many
            case "install":
                raw, used[key] = {"asset": asset, "work": job, **goods}, many
                from_kit = self.lying[key] > 0
                lying[key] = -many if from_kit else 0
            case _:
                raw, used[key] = {"asset": asset, "location": self.shelf, **goods}, -many
        outcome = self.shop.do(kind, **raw)
        if outcome.status == "attention":
            operations.dismiss(self.shop.context(), str(outcome.id))
        elif outcome.done and kind not in {"reserve_kit", "release_kit", "set_job_part"}:
            self.count(used, lying, 1)
            self.undo.append((str(outcome.id), used, lying))
        return None

    def count(
        self, used: Counter[tuple[str, str]], lying: Counter[tuple[str, str]], sign: int
    ) -> None:
        for key in used:
            self.used[key] += sign * used[key]
        for key in lying:
            self.lying[key] += sign * lying[key]

    def take_back(self) -> None:
        """One of the latest things was recorded wrong."""
        if self.undo:
            chosen = self.dice.randrange(max(0, len(self.undo) - 3), len(self.undo))
            outcome = self.shop.do("reverse", operation=self.undo[chosen][0])
            if outcome.done:
                _, used, lying = self.undo.pop(chosen)
                self.count(used, lying, -1)

    def hold(self) -> None:
        """Everything that is always so."""
        for job in self.jobs:
            for line in self.lines(job):
                amounts, key = line.amounts, (job, line.code)
                assert min(amounts) >= 0
                assert 0 <= amounts.reserved_milli <= amounts.left_milli
                assert amounts.left_milli == max(0, amounts.needed_milli - amounts.used_milli)
                assert amounts.used_milli == self.used[key] * PIECE
                assert amounts.lying_milli == max(0, self.lying[key]) * PIECE
        assert self.told() == self.by_hand()

    def lines(self, job: str) -> list[Any]:
        with reading() as connection:
            return kit_lines(connection, job_id_of(connection, job))

    def told(self) -> dict[str, dict[str, int]]:
        """What the application says is missing: job to part to pieces."""
        today = self.shop.context().today
        with reading() as connection:
            found = readiness(connection, today)
            by_name = {job: found[job_id_of(connection, job)] for job in self.jobs}
        return {job: self.named(ready) for job, ready in by_name.items()}

    def named(self, ready: JobReadiness) -> dict[str, int]:
        assert (ready.state is Readiness.READY) == (not ready.missing)
        codes = {self.shop.key(part, self.shelf).part_id: part for part in self.parts}
        return {codes[one.part_id]: one.short_milli // PIECE for one in ready.missing}

    def by_hand(self) -> dict[str, dict[str, int]]:
        """The same from what lies on the shelf and on the cart: first what is held, then by age."""
        missing: dict[str, dict[str, int]] = {job: {} for job in self.jobs}
        for part in self.parts:
            there = sum(self.shop.on_hand(part, place) for place in (self.shelf, self.cart))
            amounts = {
                job: line.amounts
                for job in self.jobs
                for line in self.lines(job)
                if line.code == part
            }
            left = {job: each.left_milli // PIECE for job, each in amounts.items()}
            pieces = max(0, there)
            for job, each in amounts.items():
                given = min(pieces, max(each.reserved_milli, each.lying_milli) // PIECE)
                pieces -= given
                left[job] = max(0, left[job] - given)
            for job, lacks in left.items():
                given = min(pieces, lacks)
                pieces -= given
                if lacks > given:
                    missing[job][part] = lacks - given
        return missing


@on_sqlite
@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_the_figures_stay_true(shop: Shop, seed: int) -> None:
    workshop = Workshop(shop, random.Random(seed))
    for _ in range(45):
        workshop.step()
        workshop.hold()
    assert checking.check(shop.context()) == []


def test_two_who_keep_at_once_never_keep_the_same_piece(app: Flask, shop: Shop) -> None:
    shelf, part = shop.bin(), shop.part()
    shop.ok("receive", part=part, location=shelf, quantity=7)
    jobs = [a_job(shop, shop.asset(tag=f"FL-{number}"), **{part: 4}) for number in range(4)]
    marco = shop.cast.storekeeper.actor
    keeps = [partial(say, marco, operation("reserve_kit", job=job)) for job in jobs]
    assert {outcome.status for outcome in at_once(app, keeps)} == {"applied"}
    assert sorted(figures(shop, job, part)[3] for job in jobs) == [0, 0, 3, 4]
