"""Prints that go to a network printer: each label once, and a person decides about the rest."""

from pathlib import Path
from uuid import uuid4

import pytest

from stockscan.domain.errors import Conflict, Invalid, RuleBroken
from stockscan.services import labels
from stockscan.services.labels import Again, LabelSetup, Ordered, Paper, Print, Wanted, running
from stockscan.services.labels.prints import STILL_US, print_of
from stockscan.services.work import unit_of_work
from stockscan.store.labels import LabelPrint
from stockscan.store.once import Once
from tests.shop import Shop
from tests.zebra import Zebra, free_port, plugged_in

SETUP = LabelSetup("https://stock.example.com", Path("no-folder-of-the-company"))

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def printer(shop: Shop, port: int, host: str = "127.0.0.1") -> int:
    """A printer of the list; its number."""
    body = {"name": f"Zebra {port}", "dpi": 203, "offset_x": "0", "offset_y": "0",
            "scale_x": "100", "scale_y": "100", "host": host, "port": port,
            "active": True}  # fmt: skip
    return labels.save_printer(shop.context(), Once(str(uuid4()), body))


def order(shop: Shop, number: int | None, codes: list[str], uid: str = "") -> Ordered:
    paper = Paper("zebra-2x1", "standard", copies=2, printer=number)
    uid = uid or str(uuid4())
    return labels.order_print(shop.context(), SETUP, Wanted(codes), paper, "printer", uid)


def work(shop: Shop, ordered: Ordered) -> Print:
    running.work(shop.context(), SETUP, ordered.print.number, lambda: shop.now_us)
    return print_of(shop.context(), ordered.print.number)


def printed(zebra: Zebra) -> list[bytes]:
    """The labels without their numbers of copies, as they came."""
    return list(zebra.labels)


def test_each_label_is_sent_once_whatever_is_repeated(shop: Shop) -> None:
    codes, uid = [shop.asset() for _ in range(3)], str(uuid4())
    with plugged_in() as zebra:
        number = printer(shop, zebra.port)
        ordered = order(shop, number, codes, uid)
        assert (ordered.is_waiting, ordered.file) == (True, None)
        sent = work(shop, ordered)
        assert (sent.state, sent.done, sent.total) == ("done", 6, 6)
        assert not order(shop, number, codes, uid).is_waiting
        work(shop, ordered)
        assert len(printed(zebra)) == 6
        assert printed(zebra)[0] == printed(zebra)[1] != printed(zebra)[2]


def test_an_interruption_is_told_and_the_rest_is_a_print_of_its_own(shop: Shop) -> None:
    codes = [shop.asset() for _ in range(3)]
    with plugged_in(breaks_after=3) as zebra:
        number = printer(shop, zebra.port)
        ordered = order(shop, number, codes)
        broken = work(shop, ordered)
        assert broken.state == "failed"
        assert broken.trouble
        assert broken.done <= 3
        with pytest.raises(Conflict, match="on paper"):
            running.make_again(shop.context(), broken.number)
        assert work(shop, ordered).state == "failed"
        zebra.be()
        before = len(printed(zebra))
        rest = labels.print_again(
            shop.context(), SETUP, broken.number, Again("rest", first=4), "printer", str(uuid4())
        )
        assert work(shop, rest).state == "done"
        assert len(printed(zebra)) - before == 3
        assert rest.print.paper.printer == number


def test_a_printer_that_is_off_is_told_in_words(shop: Shop) -> None:
    failed = work(shop, order(shop, printer(shop, free_port()), [shop.asset()]))
    assert (failed.state, failed.done) == ("failed", 0)
    assert "Nothing was printed" in failed.trouble


def test_without_a_printer_on_the_network_nothing_is_ordered(shop: Shop) -> None:
    with pytest.raises(Invalid, match="Choose the printer"):
        order(shop, None, [shop.asset()])
    with pytest.raises(RuleBroken, match="no address"):
        order(shop, printer(shop, 9100, host=""), [shop.asset()])


def test_what_was_broken_off_by_a_restart_is_never_sent_again_by_itself(shop: Shop) -> None:
    with plugged_in() as zebra:
        ordered = order(shop, printer(shop, zebra.port), [shop.asset()])
        with unit_of_work() as session:
            session.get_one(LabelPrint, ordered.print.number).done = 1
        shop.now_us += STILL_US + 1
        assert print_of(shop.context(), ordered.print.number).is_still
        with pytest.raises(Conflict):
            running.make_again(shop.context(), ordered.print.number)
        assert printed(zebra) == []


def test_the_rest_of_a_print_is_never_sent_beside_it(shop: Shop) -> None:
    codes = [shop.asset() for _ in range(3)]
    with plugged_in() as zebra:
        ordered = order(shop, printer(shop, zebra.port), codes)
        number, uid = ordered.print.number, str(uuid4())

        def again() -> Ordered:
            which = Again("rest", first=3)
            return labels.print_again(shop.context(), SETUP, number, which, "printer", uid)

        with pytest.raises(Conflict, match="cancel it first"):
            again()
        shop.now_us += STILL_US + 1
        rest = again()
        assert again().print.number == rest.print.number
        assert work(shop, ordered).state == "failed", "its worker was only slow"
        assert printed(zebra) == []
        assert work(shop, rest).state == "done"
        assert len(printed(zebra)) == 4


def test_who_cancels_gets_no_more(shop: Shop) -> None:
    with plugged_in() as zebra:
        ordered = order(shop, printer(shop, zebra.port), [shop.asset() for _ in range(3)])
        running.cancel(shop.context(), ordered.print.number)
        assert work(shop, ordered).state == "cancelled"
        assert printed(zebra) == []
