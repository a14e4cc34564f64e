"""The review of a count in a browser without JavaScript: figures, story, deciding, ending."""

import re
from collections.abc import Iterator
from itertools import combinations

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from stockscan.store.counts.reviewing import Show
from stockscan.web.counts.drawing import NARROW, WIDE, draw
from tests.aisle import Aisle, pins
from tests.cast import browser
from tests.shop import Shop
from tests.web.pages import FRAGMENT, hidden_fields, text_of, words

# What the pages ask of the database is tried on both in tests/services/test_counts_review.py.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def aisle(shop: Shop) -> Aisle:
    return pins(shop)


@pytest.fixture
def supervisor(app: Flask, shop: Shop) -> Iterator[FlaskClient]:
    yield browser(app, shop.cast.supervisor)
    vars(g).clear()


def line_at(aisle: Aisle, place: str) -> int:
    return aisle.review(Show.DECIDE, place=place).rows[0].id


def send(client: FlaskClient, aisle: Aisle, deed: str, **form: str) -> str:
    """Send a form of the review as a browser would; the words of the page behind it."""
    vars(g).clear()
    answer = client.post(f"/counts/{aisle.count_id}/{deed}", data=form)
    assert answer.status_code == 303, words(answer.get_data(as_text=True))
    return text_of(client, answer.headers["Location"])


def story_form(client: FlaskClient, aisle: Aisle, place: str) -> dict[str, str]:
    """What the form of a story sends along."""
    vars(g).clear()
    page = client.get(f"/counts/{aisle.count_id}/lines/{line_at(aisle, place)}").text
    form = re.search(r'<form id="decide".*?</form>', page, re.DOTALL)
    assert form
    return dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form.group()))


def test_review_works(aisle: Aisle, supervisor: FlaskClient) -> None:
    shown = text_of(supervisor, f"/counts/{aisle.count_id}")
    assert "Count CC-1, small parts" in shown
    assert "33.3 % 1 of 3, target 97" in shown
    assert "+€46.00 1 record" in shown
    assert "−€46.00 1 record" in shown
    assert "To decide 2" in shown


def test_review_as_a_fragment(aisle: Aisle, supervisor: FlaskClient) -> None:
    page = supervisor.get(f"/counts/{aisle.count_id}", headers=FRAGMENT).get_data(as_text=True)
    assert "Fork pin" in page
    assert "<html" not in page


def test_story_says_what_was_found_and_what_may_explain_it(
    aisle: Aisle, supervisor: FlaskClient
) -> None:
    path = f"/counts/{aisle.count_id}/lines/{line_at(aisle, 'C-04-2')}"
    shown = text_of(supervisor, path)
    assert "Two people counted on their own. Both found 4 fewer than the books" in shown
    assert "The 2 used" in shown
    assert "Next bin C-04-3 has 4 too many of the same part." in shown
    assert "Move 4 to C-04-3" in shown
    assert "Write off €46.00" in shown
    picture = re.search(r'role="img" aria-label="([^"]*)"', supervisor.get(path).text)
    assert picture
    assert re.fullmatch(
        r"Books: 18 at .*, 16 from .*\. First count 14 at .*, second count 12 at .*\.",
        picture.group(1),
    )


def test_moving_the_record_settles_both_lines(aisle: Aisle, supervisor: FlaskClient) -> None:
    form = story_form(supervisor, aisle, "C-04-2")
    assert "Both lines agree" in send(supervisor, aisle, "settlement", **form)
    assert aisle.review().totals.shown[Show.DECIDE] == 0
    assert aisle.review().totals.short_e4 == 0


def test_writing_off_books_the_count_with_its_reason(aisle: Aisle, supervisor: FlaskClient) -> None:
    line = line_at(aisle, "C-04-2")
    form = story_form(supervisor, aisle, "C-04-2")
    shown = send(supervisor, aisle, "posting", cause="damaged", note="Rusty", **form)
    assert "1 line booked." in shown
    told = text_of(supervisor, f"/counts/{aisle.count_id}/lines/{line}")
    assert "by Ines Weber: damaged." in told
    assert "Rusty" in told
    again = send(supervisor, aisle, "posting", **form)
    assert "1 line booked." in again


def test_what_changed_meanwhile_goes_back_with_its_reason(
    aisle: Aisle, shop: Shop, supervisor: FlaskClient
) -> None:
    form = story_form(supervisor, aisle, "C-04-2")
    seen = next(name for name in form if name.startswith("seen-"))
    shown = send(supervisor, aisle, "posting", **{**form, seen: "-3000"})
    assert "Stock moved since you looked" in shown
    assert aisle.review().totals.shown[Show.DECIDE] == 2


def test_counting_again_puts_the_record_on_a_sheet(
    aisle: Aisle, shop: Shop, supervisor: FlaskClient
) -> None:
    form = story_form(supervisor, aisle, "C-04-2")
    shown = send(supervisor, aisle, "recounts", person=shop.cast.admin.code, **form)
    assert "To recount 1" in shown
    assert [row.counter for row in aisle.review(Show.RECOUNT).rows] == ["Ada Admin"]


def test_several_lines_are_decided_at_once(aisle: Aisle, supervisor: FlaskClient) -> None:
    lines = [str(row.id) for row in aisle.review(Show.DECIDE).rows]
    seen = {f"seen-{row.id}": str(row.variance_milli) for row in aisle.review(Show.DECIDE).rows}
    vars(g).clear()
    path = f"/counts/{aisle.count_id}/rejection"
    none = supervisor.post(path, data=seen)
    assert "Tick a line first" in text_of(supervisor, none.headers["Location"])
    answer = supervisor.post(path, data={"line": lines, **seen})
    assert "2 lines rejected" in text_of(supervisor, answer.headers["Location"])


def test_all_within_an_amount_are_booked_if_the_list_is_the_same(
    aisle: Aisle, supervisor: FlaskClient
) -> None:
    path = f"/counts/{aisle.count_id}?show=decide&most=50"
    action = f"/counts/{aisle.count_id}/posting?show=decide&most=50"
    form = hidden_fields(supervisor, path, action.replace("&", "&amp;"))
    assert (form["lines"], form["sum"]) == ("2", "0")
    vars(g).clear()
    other = supervisor.post(action, data={**form, "lines": "1", "all": "1"})
    assert other.status_code == 409
    answer = supervisor.post(action, data={**form, "all": "1"})
    assert "2 lines booked." in text_of(supervisor, answer.headers["Location"])
    assert "Write the amount" in text_of(supervisor, f"/counts/{aisle.count_id}?most=lots")


def test_what_agrees_is_booked_together_and_the_count_ends(
    aisle: Aisle, supervisor: FlaskClient
) -> None:
    assert "Book 1 that agree" in text_of(supervisor, f"/counts/{aisle.count_id}")
    assert "Booked" in send(supervisor, aisle, "acceptance")
    for place in ("C-04-2", "C-04-3"):
        send(supervisor, aisle, "posting", **story_form(supervisor, aisle, place))
    assert "closed" in text_of(supervisor, f"/counts/{aisle.count_id}")


def test_ending_names_what_nobody_counted(shop: Shop, supervisor: FlaskClient) -> None:
    aisle = Aisle(shop)
    aisle.stock(aisle.bin("U-1"), 4, name="Washer")
    aisle.open(shop.cast.storekeeper)
    shown = text_of(supervisor, f"/counts/{aisle.count_id}/ending")
    assert "1 not counted" in shown
    assert "Washer U-1 · Marco Silva" in shown
    send(supervisor, aisle, "closing")
    assert aisle.review().head.state == "POSTED"


def test_calling_off_books_nothing(aisle: Aisle, supervisor: FlaskClient) -> None:
    shown = text_of(supervisor, f"/counts/{aisle.count_id}/ending")
    assert "Close" not in shown, "nothing of it is still to be counted"
    assert "Cancel CC-1, book nothing more" in shown
    assert "cancelled" in send(supervisor, aisle, "cancellation")
    assert "CC-1 small parts cancelled" in text_of(supervisor, "/counts?ended=all")


def test_the_board_counts_what_the_review_lists(aisle: Aisle, supervisor: FlaskClient) -> None:
    assert "CC-1 small parts 1 more as the books say 2" in text_of(supervisor, "/counts")
    assert "1 count to decide" in text_of(supervisor, "/")


def test_who_still_counts_opens_a_count_that_nobody_began(app: Flask, shop: Shop) -> None:
    aisle = Aisle(shop)
    aisle.stock(aisle.bin("U-1"), 4, name="Washer")
    aisle.open(shop.cast.storekeeper)
    shown = text_of(browser(app, shop.cast.storekeeper), f"/counts/{aisle.count_id}")
    assert "You still count here" in shown


def test_deciding_checks_permission(app: Flask, aisle: Aisle, shop: Shop) -> None:
    line = line_at(aisle, "C-04-2")
    technician = browser(app, shop.cast.technician)
    vars(g).clear()
    path = f"/counts/{aisle.count_id}"
    shown = technician.get(f"{path}/lines/{line}").text
    assert 'id="decide"' not in shown
    form = {"line": str(line), f"seen-{line}": "-4000", "other": str(line)}
    for deed in ("posting", "rejection", "recounts", "closing", "cancellation"):
        assert technician.post(f"{path}/{deed}", data=form).status_code == 403, deed


def test_one_count_alone_is_its_own_story(shop: Shop, supervisor: FlaskClient) -> None:
    part, bin_ = shop.part(cost="2.00"), shop.bin("A-1")
    shop.ok("receive", part=part, location=bin_, quantity=9)
    counted = shop.ok("count", part=part, location=bin_, quantity=6, by=shop.cast.storekeeper)
    shown = text_of(supervisor, f"/counts/{counted['count']}")
    assert "Marco Silva counted 6 pcs" in shown
    assert "3 fewer than the books" in shown
    assert "Records right" not in shown


def test_a_line_of_another_count_or_none_is_not_found(
    aisle: Aisle, shop: Shop, supervisor: FlaskClient
) -> None:
    line = line_at(aisle, "C-04-2")
    text_of(supervisor, f"/counts/{shop.context().new_id()}", 404)
    text_of(supervisor, f"/counts/{shop.context().new_id()}/lines/{line}", 404)
    text_of(supervisor, f"/counts/{aisle.count_id}/lines/999", 404)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_picture_puts_each_count_at_its_distance_from_the_books(aisle: Aisle, width: int) -> None:
    story = aisle.story("C-04-2")
    chart = draw(story, width)
    assert chart
    levels = {text: y for y, text in chart.grid}
    pieces = (levels["14"] - levels["18"]) / 4
    first, second = chart.dots
    assert second[1] - first[1] == pytest.approx(2 * pieces, abs=0.2)
    drop = re.fullmatch(r"M[\d.]+ ([\d.]+)H[\d.]+V([\d.]+)H\d+", chart.line)
    assert drop
    assert float(drop[2]) - float(drop[1]) == pytest.approx(2 * pieces, abs=0.2)
    assert first[1] - float(drop[1]) == pytest.approx(4 * pieces, abs=0.2)
    assert chart.left <= first[0] < second[0] <= width


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_words_of_a_picture_never_lie_on_each_other(aisle: Aisle, width: int) -> None:
    chart = draw(aisle.story("C-04-2"), width)
    assert chart
    assert not any(one.meets(other) for one, other in combinations(chart.words, 2))
    assert all(one.left >= 0 and one.left + one.width <= width for one in chart.words)
    assert [one.text for one in chart.words].count("−4") == 2
