"""Printing over the wire, on a real server that behaves as printers do, well and badly."""

from functools import partial
from uuid import uuid4

import pytest
from flask import Flask

from stockscan.domain.errors import Conflict, RuleBroken
from stockscan.labelling.printing import render
from stockscan.labelling.zpl import each_label
from stockscan.services import labels
from stockscan.services.labels import Paper, Wanted, running, trying
from stockscan.services.labels.sending import MOST_WAITING, Sent, send
from stockscan.services.labels.zebra import PrinterTrouble
from stockscan.store.once import Once
from stockscan.store.printers import WHOLE_E5, PrinterRow
from tests.cast import hire
from tests.crowd import at_once
from tests.labelling.cast import LAYOUTS, STOCKS
from tests.labelling.cast import labels as some_labels
from tests.services.labels.paper import setup
from tests.shop import Shop
from tests.zebra import QUICK, free_port, plugged_in

LABELS = list(
    each_label(render("zpl", STOCKS["zebra-2x1"], LAYOUTS["standard"], some_labels(4)).data)
)
NOTHING_PRINTED = "Nothing was printed."


def printer(port: int, **values: object) -> PrinterRow:
    """A printer of the list that listens here."""
    usual = {"host": "127.0.0.1", "active": True, **values}
    return PrinterRow(1, "Packing", 203, 0, 0, WHOLE_E5, WHOLE_E5, port=port, **usual)  # type: ignore[arg-type]


def go_on(_: int) -> bool:
    return True


def trouble(port: int, zpl: list[bytes] = LABELS) -> PrinterTrouble:
    """Print what cannot be printed; the error."""
    with pytest.raises(PrinterTrouble) as caught:
        send(printer(port), zpl, go_on, QUICK)
    assert caught.value.message.startswith("Packing: ")
    return caught.value


def test_labels_are_handed_over_one_by_one_in_their_order() -> None:
    told: list[int] = []

    def tell(handed_over: int) -> bool:
        told.append(handed_over)
        return True

    with plugged_in() as zebra:
        assert send(printer(zebra.port, host="localhost"), LABELS, tell, QUICK) == Sent(4, 0)
        assert zebra.labels == LABELS
    assert told == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("mood", "code", "words"),
    [
        ("head_open", "printer_head_open", "The print head is open. Close it."),
        ("paper_out", "printer_out_of_labels", "Out of labels. Load a roll."),
        ("paused", "printer_paused", "Paused. Press the pause button on the printer."),
        ("ribbon_out", "printer_out_of_ribbon", "Out of ribbon. Put in a new one."),
    ],
)
def test_a_printer_that_cannot_print_gets_nothing_and_says_what_to_do(
    mood: str, code: str, words: str
) -> None:
    with plugged_in(**{mood: True}) as zebra:
        error = trouble(zebra.port)
        assert zebra.labels == []
    assert (error.code, error.message) == (code, f"Packing: {words} {NOTHING_PRINTED}")
    assert error.details == {"handed_over": 0, "perhaps": 0}


def test_one_that_is_silent_while_it_is_stopped_is_asked_for_its_errors() -> None:
    with plugged_in(sullen=True, paper_out=True, paused=True) as zebra:
        error = trouble(zebra.port)
        assert (error.code, zebra.labels) == ("printer_out_of_labels", [])
        zebra.be(sullen=True)
        assert send(printer(zebra.port), LABELS, go_on, QUICK) == Sent(4, 0)


def test_a_printer_that_is_off_is_told_with_what_to_look_at() -> None:
    error = trouble(free_port())
    assert error.code == "printer_unreachable"
    assert "takes nothing at port" in error.message


@pytest.mark.parametrize("host", ["169.254.169.254", "224.0.0.1", "::", "::ffff:169.254.1.1"])
def test_an_address_that_no_printer_has_is_never_connected_to(host: str) -> None:
    with pytest.raises(PrinterTrouble, match="an address that no printer has"):
        send(printer(9100, host=host), LABELS, go_on, QUICK)


def test_one_that_does_not_tell_its_state_is_printed_on_all_the_same() -> None:
    with plugged_in(mute=True) as zebra:
        assert send(printer(zebra.port), LABELS, go_on, QUICK) == Sent(4, None)
    assert zebra.labels == LABELS


def test_what_answers_but_is_no_printer_gets_nothing() -> None:
    with plugged_in(odd=True) as zebra:
        assert trouble(zebra.port).code in {"printer_unknown", "printer_broke"}
        assert zebra.labels == []


def test_a_break_in_the_middle_says_what_is_sure_and_is_not_repeated() -> None:
    with plugged_in(breaks_after=2) as zebra:
        error = trouble(zebra.port)
        assert (zebra.labels, zebra.connections) == (LABELS[:2], 1)
    assert error.details == {"handed_over": 1, "perhaps": 2}
    assert "1 label was handed over for sure; look whether the next one came out" in error.message


def test_running_out_in_the_middle_says_how_many_the_printer_has() -> None:
    with plugged_in(empty_after=2) as zebra:
        error = trouble(zebra.port)
        assert zebra.labels == LABELS[:2]
    assert (error.code, error.details["handed_over"]) == ("printer_out_of_labels", 2)
    assert "2 labels were handed over, the rest not." in error.message


def test_running_out_at_the_end_is_no_failure_but_is_told() -> None:
    with plugged_in(empty_after=4) as zebra:
        ended = send(printer(zebra.port), LABELS, go_on, QUICK)
    assert ended == Sent(4, 1, "Out of labels. Load a roll.")


def test_who_cancels_gets_no_more_labels() -> None:
    with plugged_in() as zebra:
        ended = send(printer(zebra.port), LABELS, lambda sure: sure < 2, QUICK)
        assert zebra.labels == LABELS[:2]
    assert (ended.handed_over, ended.cancelled) == (2, True)


def test_a_printer_never_holds_more_than_a_few_labels() -> None:
    with plugged_in(slow=True) as zebra:
        error = trouble(zebra.port, LABELS * 5)
        assert len(zebra.labels) == MOST_WAITING == error.details["handed_over"]
    assert error.code == "printer_stalled"


def test_half_a_label_of_an_earlier_break_is_thrown_away_first() -> None:
    with plugged_in(half_label=True) as zebra:
        send(printer(zebra.port), LABELS, go_on, QUICK)
    assert (zebra.forgot, zebra.labels) == (1, LABELS)


def test_one_out_of_use_or_without_an_address_is_not_printed_on() -> None:
    for row, why in ((printer(9100, active=False), "out of use"), (printer(1, host=""), "address")):
        with pytest.raises(RuleBroken, match=why):
            send(row, LABELS, go_on, QUICK)


def listed(shop: Shop, port: int) -> int:
    """A printer on the list that listens here; its number."""
    ways = {"offset_x": "0", "offset_y": "0", "scale_x": "100", "scale_y": "100", "active": True}
    body = {"name": "Packing", "dpi": "203", "host": "127.0.0.1", "port": port, **ways}
    return labels.save_printer(shop.context(), Once(str(uuid4()), body))


def test_two_requests_with_the_same_id_at_once_print_once(app: Flask) -> None:
    with app.app_context(), plugged_in() as zebra:
        shop = Shop(hire(app))
        codes = [shop.asset(), shop.asset()]
        paper = Paper("zebra-2x1", "standard", printer=listed(shop, zebra.port))

        def print_it(uid: str) -> int:
            ctx = shop.context()
            made = labels.order_print(ctx, setup(), Wanted(codes), paper, "printer", uid)
            if made.is_waiting:
                running.work(ctx, setup(), made.print.number, lambda: shop.now_us)
            return made.print.number

        numbers = at_once(app, [partial(print_it, str(uuid4()))] * 4)
        assert len(set(numbers)) == 1
        assert len(zebra.labels) == len(codes)


def test_one_test_label_comes_out_however_often_it_is_asked_for(app: Flask) -> None:
    with app.app_context(), plugged_in() as zebra:
        shop = Shop(hire(app))
        number, uid = listed(shop, zebra.port), str(uuid4())

        def tap() -> str:
            try:
                trying.print_test(shop.context(), setup(), number, "zebra-2x1", uid)
            except Conflict as error:
                return error.message
            return "printed"

        answers = at_once(app, [tap] * 3)
        assert sorted(answers)[:2] == ["This label was sent already. Print another one."] * 2
        assert sorted(answers)[2] == "printed"
        assert tap() != "printed"
        assert len(zebra.labels) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_printer_tells_how_it_is(shop: Shop) -> None:
    with plugged_in() as zebra:
        number = listed(shop, zebra.port)

        def now(**mood: bool) -> tuple[str, str, str]:
            zebra.be(**mood)
            found = trying.standing(shop.context(), number, QUICK)
            return found.tone, found.words, found.more

        assert now() == ("ok", "Ready", "")
        assert now(paper_out=True) == ("stop", "Out of labels", "Load a roll.")
        assert now(head_open=True, paused=True) == ("stop", "The print head is open", "Close it.")
        assert now(mute=True)[:2] == ("warn", "On")
    tone, words, _ = now()
    assert (tone, words) == ("stop", "Not reached")
