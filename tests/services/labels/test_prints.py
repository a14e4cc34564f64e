"""Prints as jobs: ordered once, drawn by a worker, broken off, cancelled, kept, printed again."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from threading import Barrier, Thread
from uuid import uuid4

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import func, select

from stockscan.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from stockscan.services import labels
from stockscan.services.labels import Again, LabelSetup, Ordered, Paper, Print, Wanted, log, running
from stockscan.services.labels.prints import KEPT_US, STILL_US, print_of
from stockscan.services.work import reading, unit_of_work
from stockscan.store.files import Blob
from stockscan.store.labels import LabelPrint, LabelPrinted
from tests.cast import Player
from tests.shop import Shop

SETUP = LabelSetup("https://stock.example.com", Path("no-folder-of-the-company"))
L7160 = Paper("avery-l7160", "standard")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def order(
    shop: Shop, codes: list[str], paper: Paper = L7160, uid: str = "", by: Player | None = None
) -> Ordered:
    """Order a print of which no label is drawn at once, so that it waits for its worker."""
    uid = uid or str(uuid4())
    return labels.order_print(shop.context(by), SETUP, Wanted(codes), paper, "pdf", uid, at_once=0)


def work(shop: Shop, ordered: Ordered) -> Print:
    """Let the worker at it; the print as it is then."""
    running.work(shop.context(), SETUP, ordered.print.number, lambda: shop.now_us)
    return now(shop, ordered)


def now(shop: Shop, ordered: Ordered) -> Print:
    return print_of(shop.context(), ordered.print.number)


def count(table: type) -> int:
    with reading() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def pages(data: bytes) -> int:
    return len(pypdfium2.PdfDocument(BytesIO(data)))


def file_of(shop: Shop, ordered: Ordered) -> bytes:
    return labels.file_of(shop.context(), SETUP, ordered.print.number).data


def test_a_print_is_ordered_once_and_drawn_by_its_worker(shop: Shop) -> None:
    codes = [shop.asset(tag=f"FL-{number}") for number in range(12)]
    uid, paper = str(uuid4()), replace(L7160, copies=2)
    first, again = order(shop, codes, paper, uid), order(shop, codes, paper, uid)
    assert (first.is_waiting, again.is_waiting) == (True, False)
    assert again.print.number == first.print.number
    assert (count(LabelPrint), count(LabelPrinted)) == (1, 12)
    assert (first.print.state, first.print.total, first.print.labels) == ("running", 24, 12)
    made = work(shop, first)
    assert (made.state, made.done, made.paper) == ("done", 24, paper)
    assert pages(file_of(shop, first)) == 2
    with pytest.raises(Conflict, match="something else"):
        order(shop, codes[:3], paper, uid)


def test_what_stood_still_begins_anew_and_is_recorded_once(shop: Shop) -> None:
    ordered = order(shop, [shop.asset()])
    assert not now(shop, ordered).is_still
    with pytest.raises(Conflict):
        running.make_again(shop.context(), ordered.print.number)
    shop.now_us += STILL_US + 1
    assert now(shop, ordered).is_still
    running.make_again(shop.context(), ordered.print.number)
    assert not now(shop, ordered).is_still
    assert work(shop, ordered).state == "done"
    assert (count(LabelPrint), count(LabelPrinted)) == (1, 1)


def test_who_cancels_ends_the_drawing(shop: Shop) -> None:
    ordered = order(shop, [shop.asset() for _ in range(3)])
    running.cancel(shop.context(), ordered.print.number)
    assert work(shop, ordered).state == "cancelled"
    assert not now(shop, ordered).has_file
    with pytest.raises(Conflict):
        running.cancel(shop.context(), ordered.print.number)
    running.make_again(shop.context(), ordered.print.number)
    assert work(shop, ordered).state == "done"


@on_sqlite
def test_drawing_ends_in_the_middle_when_somebody_cancels(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "STEP", 2)
    ordered = order(shop, [shop.asset() for _ in range(9)])
    beats = iter(range(9))

    def clock() -> int:
        if next(beats) == 2:
            with unit_of_work() as session:
                session.get_one(LabelPrint, ordered.print.number).state = "cancelled"
        return shop.now_us

    running.work(shop.context(), SETUP, ordered.print.number, clock)
    assert (now(shop, ordered).state, now(shop, ordered).done) == ("cancelled", 2)


def test_a_file_is_kept_until_the_next_one_or_for_some_days(shop: Shop) -> None:
    codes, paper = [shop.asset() for _ in range(2)], replace(L7160, copies=151)
    first = order(shop, codes, paper)
    work(shop, first)
    second = order(shop, codes[::-1], paper)
    work(shop, second)
    assert count(Blob) == 1
    assert not now(shop, first).has_file
    with pytest.raises(NotFound, match="Make it again"):
        file_of(shop, first)
    running.make_again(shop.context(), first.print.number)
    work(shop, first)
    assert pages(file_of(shop, first)) == 15
    assert not now(shop, second).has_file
    shop.now_us += KEPT_US + 1
    other = order(shop, codes[:2], by=shop.cast.storekeeper)
    work(shop, other)
    assert not now(shop, first).has_file
    assert now(shop, other).has_file


def test_what_cannot_be_drawn_is_refused_and_not_recorded(shop: Shop) -> None:
    code = shop.asset()
    for paper in (replace(L7160, start=22), replace(L7160, copies=0)):
        with pytest.raises(Invalid):
            order(shop, [code], paper)
    with pytest.raises(NotFound):
        order(shop, [code], replace(L7160, stock="no-such-paper"))
    with pytest.raises(NotAllowed):
        order(shop, [code], by=shop.cast.technician)
    assert count(LabelPrint) == 0


@on_sqlite
def test_what_fails_later_says_why(shop: Shop) -> None:
    ordered = order(shop, [shop.asset()])
    with unit_of_work() as session:
        row = session.get_one(LabelPrint, ordered.print.number)
        row.choices = row.choices.replace("avery-l7160", "gone-stock")
    failed = work(shop, ordered)
    assert failed.state == "failed"
    assert "gone-stock" in failed.trouble


def test_printing_again(shop: Shop) -> None:
    codes = [shop.asset(tag=f"FL-{number}") for number in range(5)]
    first = order(shop, codes, replace(L7160, copies=2, start=7))
    work(shop, first)

    def again(which: Again) -> Print:
        ctx, number = shop.context(), first.print.number
        return labels.print_again(ctx, SETUP, number, which, "pdf", str(uuid4())).print

    def on(found: Print) -> list[str]:
        return [label.code for label in log.print_page(shop.context(), found.number).labels]

    everything = again(Again(start=3))
    assert on(everything) == codes
    assert (everything.paper.start, everything.paper.copies) == (3, 2)
    rest = again(Again("rest", first=4))
    assert on(rest) == [codes[1], *(code for code in codes[2:] for _ in range(2))]
    assert rest.total == 7
    assert on(again(Again("one", code=codes[3]))) == [codes[3]]
    with pytest.raises(Invalid, match="Nothing is left"):
        again(Again("rest", first=11))


def test_the_log_tells_what_was_printed(shop: Shop) -> None:
    codes = [shop.asset(name="Lift", tag=f"FL-{number}") for number in range(5)]
    work(shop, order(shop, codes))
    order(shop, codes[:1], by=shop.cast.storekeeper)
    page = log.prints(shop.context(), log.Asked())
    assert [line.print.person for line in page.lines] == ["Marco Silva", "Ada Admin"]
    assert (page.lines[1].names, page.lines[1].more) == (("Lift FL-0", "Lift FL-1", "Lift FL-2"), 2)
    assert [line.print.person for line in log.prints(shop.context(), log.Asked("me")).lines] == [
        "Ada Admin"
    ]
    marco = log.Asked(shop.cast.storekeeper.code)
    assert len(log.prints(shop.context(), marco).lines) == 1
    assert log.prints(shop.context(), log.Asked(way="zpl")).lines == ()
    last = log.last_print(shop.context(), codes[0])
    assert last is not None
    assert last.number == page.lines[1].print.number
    assert log.last_print(shop.context(shop.cast.technician), codes[0]) is None


@on_sqlite
def test_the_log_goes_on_behind_the_last_line(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "PAGE", 2)
    code = shop.asset()
    numbers = [order(shop, [code]).print.number for _ in range(3)]
    first = log.prints(shop.context(), log.Asked())
    assert [line.print.number for line in first.lines] == [numbers[2], numbers[1]]
    second = log.prints(shop.context(), log.Asked(), first.older)
    assert ([line.print.number for line in second.lines], second.older) == ([numbers[0]], None)


def test_two_orders_under_one_id_at_the_same_moment_are_one_print(app: Flask, shop: Shop) -> None:
    codes, uid, together = [shop.asset() for _ in range(3)], str(uuid4()), Barrier(2)
    waiting: list[bool] = []

    def run() -> None:
        with app.app_context():
            together.wait()
            waiting.append(order(shop, codes, uid=uid).is_waiting)

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waiting) == [False, True]
    assert (count(LabelPrint), count(LabelPrinted)) == (1, 3)


@on_sqlite
def test_prints_of_before_there_were_choices_keep_their_paper(shop: Shop) -> None:
    ordered = order(shop, [shop.asset()], replace(L7160, start=5))
    with unit_of_work() as session:
        session.get_one(LabelPrint, ordered.print.number).choices = "{}"
    assert now(shop, ordered).paper == replace(L7160, start=5)
