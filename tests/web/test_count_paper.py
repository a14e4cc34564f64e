"""Count sheets in the browser: printed without a figure of the books, typed in page by page."""

import re
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from stockscan.domain.counts.scope import Scope
from stockscan.domain.figures import from_us
from stockscan.services import counts
from tests.cast import browser, new_id
from tests.shop import Shop
from tests.web.pages import hidden_fields, text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def count(shop: Shop) -> str:
    """A blind count of two bins, opened an hour ago; 7331 lie in each by the books."""
    shop.now_us = time.time_ns() // 1000 - 3600 * 1_000_000
    bins = [shop.bin(name) for name in ("A-1", "A-2")]
    for bin_, number in zip(bins, ("P-1", "P-2"), strict=True):
        part = shop.part(part_number=number, name=f"Filter {number}")
        shop.ok("receive", part=part, location=bin_, quantity=7331)
    ids = tuple(shop.key(part, bin_).location_id for bin_ in bins)
    wanted = counts.Plan("Small parts", Scope(locations=ids))
    shop.now_us -= 60 * 1_000_000
    return counts.open_count(shop.context(), new_id(), wanted).id


def test_sheets_name_the_bins_and_hide_the_books(app: Flask, shop: Shop, count: str) -> None:
    client = browser(app, shop.cast.technician)
    page = client.get(f"/counts/{count}/paper").get_data(as_text=True)
    assert 'aria-label="QR code of CC-1"' in page
    words = text_of(client, f"/counts/{count}/paper")
    assert words.index("A-1") < words.index("Filter P-1") < words.index("A-2")
    assert "Page 1 of 1" in words
    assert "7331" not in page + client.get(f"/counts/{count}/typing").get_data(as_text=True)


def test_typed_page_by_page_without_javascript(app: Flask, shop: Shop, count: str) -> None:
    client = browser(app, shop.cast.storekeeper)
    first, second = lines_of(client, count)
    answer = send(client, count, {first: "7331"}, at(bins_of(client, count)[0], 10))
    assert answer.headers["Location"].startswith(f"/counts/{count}/typing")
    words = text_of(client, f"/counts/{count}/typing")
    assert "1 recorded" in words
    assert "Filter P-1" not in words
    assert lines_of(client, count) == [second]


def test_what_is_wrong_comes_back_as_it_was_typed(app: Flask, shop: Shop, count: str) -> None:
    client = browser(app, shop.cast.storekeeper)
    first, _ = lines_of(client, count)
    bin_ = bins_of(client, count)[0]
    for number, when, words in (
        ("12", {f"t-{bin_}": ""}, "Type the time that stands at this bin."),
        ("12", at(bin_, 300), "The count was opened at"),
        ("many", at(bin_, 10), "must be a number"),
    ):
        page = send(client, count, {first: number}, when, 422)
        text = page.get_data(as_text=True)
        assert words in text
        assert f'value="{number}"' in text
    fields = hidden_fields(client, f"/counts/{count}/typing", f"/counts/{count}/typing?person=")
    assert client.post(f"/counts/{count}/typing", data={**fields, "day": "soon"}).status_code == 422


def test_a_viewer_neither_prints_nor_types(app: Flask, shop: Shop, count: str) -> None:
    client = browser(app, shop.cast.viewer)
    assert client.get(f"/counts/{count}/paper").status_code == 403
    assert client.get(f"/counts/{count}/typing").status_code == 403


def send(
    client: FlaskClient,
    count: str,
    numbers: dict[str, str],
    times: dict[str, str],
    status: int = 303,
) -> TestResponse:
    """Fill in the page and send it."""
    path = f"/counts/{count}/typing"
    page = client.get(path).get_data(as_text=True)
    who = re.search(r'<option value="([^"]+)" selected>', page[page.index('id="who"') :])
    day = re.search(r'id="day"[^>]*value="([^"]+)"', page)
    assert who
    assert day
    fields = hidden_fields(client, path, f"{path}?person=")
    said = {**fields, "who": who[1], "day": day[1], **numbers, **times}
    answer = client.post(f"{path}?person=", data=said)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer


def lines_of(client: FlaskClient, count: str) -> list[str]:
    page = client.get(f"/counts/{count}/typing").get_data(as_text=True)
    return re.findall(r'name="(n-\d+)"', page)


def bins_of(client: FlaskClient, count: str) -> list[str]:
    page = client.get(f"/counts/{count}/typing").get_data(as_text=True)
    return re.findall(r'name="t-(\w+)"', page)


def at(bin_: str, minutes_ago: int) -> dict[str, str]:
    """The fields that say when the bin was counted; that may have been yesterday."""
    then = from_us(time.time_ns() // 1000 - minutes_ago * 60 * 1_000_000).astimezone()
    return {"day": f"{then:%Y-%m-%d}", f"t-{bin_}": f"{then:%H:%M}"}
