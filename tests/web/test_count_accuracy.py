"""The page of accuracy: its reading, its trend, the counts behind every number, its files."""

import csv
import io
import re
import time
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.domain.counts.accuracy import NOTHING, Measured
from stockscan.domain.counts.scope import Scope
from stockscan.domain.counts.spans import Span
from stockscan.domain.figures import from_us
from stockscan.services import counts
from stockscan.services.counts.accuracy import Point, headline
from stockscan.web.counts.trend import trend
from tests.cast import browser, new_id
from tests.shop import Shop
from tests.web.pages import text_of

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def counted(app: Flask, shop: Shop) -> dict[str, str]:
    """Two records of one bin, counted blind today: one right, one 2 short; the codes of things."""
    shop.now_us = _now_us() - 3600 * 1_000_000
    bin_ = shop.bin("A-1")
    parts = {
        number: shop.part(part_number=number, name=number, cost="5") for number in ("P-1", "P-2")
    }
    for part in parts.values():
        shop.ok("receive", part=part, location=bin_, quantity=10, unit_cost="5")
    shop.wait(60)
    scope = Scope(locations=(shop.key(parts["P-1"], bin_).location_id,))
    count = counts.open_count(shop.context(), new_id(), counts.Plan("Small parts", scope)).id
    for number, quantity in (("P-1", 10), ("P-2", 8)):
        shop.ok("count", by=shop.cast.technician, part=parts[number], location=bin_,
                quantity=quantity, count=count)  # fmt: skip
    shop.wait()
    counts.submit(shop.context(), count)
    return {"bin": bin_, "count": count, **parts}


def _now_us() -> int:
    return time.time_ns() // 1000


@on_sqlite
def test_the_reading_and_what_it_is_made_of(
    app: Flask, shop: Shop, counted: dict[str, str]
) -> None:
    client = browser(app, shop.cast.supervisor)
    words = text_of(client, "/counts/accuracy")
    assert "50.0 %" in words
    assert "1 of 2" in words
    assert "By units 90.0 %" in words
    assert "−€10.00" in words
    assert shop.cast.technician.name in words
    page = client.get("/counts/accuracy").get_data(as_text=True)
    behind = re.findall(r'href="(/counts/accuracy/records\?[^"]*show=wrong[^"]*)"', page)
    told = text_of(client, behind[0].replace("&amp;", "&"))
    assert "P-2" in told
    assert "P-1" not in told


@on_sqlite
def test_it_narrows_to_a_place_a_part_and_a_time(
    app: Flask, shop: Shop, counted: dict[str, str]
) -> None:
    client = browser(app, shop.cast.supervisor)
    assert "100.0 %" in text_of(client, f"/counts/accuracy?part={counted['P-1']}")
    assert "1 of 2" in text_of(client, f"/counts/accuracy?place={counted['bin']}&class=C")
    tomorrow = from_us(_now_us()).astimezone().date() + timedelta(days=1)
    assert "Nothing was counted blind" in text_of(client, f"/counts/accuracy?from={tomorrow}")
    assert "bin or place we know" in text_of(client, "/counts/accuracy?place=nowhere", 422)
    assert "Turn them round" in text_of(
        client, "/counts/accuracy?from=2026-02-01&to=2026-01-01", 422
    )


@on_sqlite
def test_people_are_compared_by_those_who_approve_alone(
    app: Flask, shop: Shop, counted: dict[str, str]
) -> None:
    client = browser(app, shop.cast.technician)
    assert "By person" not in text_of(client, "/counts/accuracy")
    refused = client.get(f"/counts/accuracy?person={shop.cast.storekeeper.code}")
    assert refused.status_code == 403


@on_sqlite
def test_later_movements_and_decisions_change_no_figure(
    app: Flask, shop: Shop, counted: dict[str, str]
) -> None:
    first = headline(shop.context())
    for part in (counted["P-1"], counted["P-2"]):
        late = {"age_ms": 90_000, "reason": "used", "quantity": 1}
        shop.ok("issue", part=part, location=counted["bin"], **late)
    counts.close(shop.context(), counted["count"])
    counts.reject_lines(shop.context(shop.cast.supervisor), counted["count"])
    assert headline(shop.context()) == first
    assert first[0].exact == 1


@on_sqlite
def test_who_counts_it_again_blind_is_told_nothing(
    app: Flask, shop: Shop, counted: dict[str, str]
) -> None:
    scope = Scope(locations=(shop.key(counted["P-1"], counted["bin"]).location_id,))
    people = (shop.cast.technician.id,)
    counts.open_count(shop.context(), new_id(), counts.Plan("Again", scope, people))
    client = browser(app, shop.cast.technician)
    assert "Nothing was counted blind" in text_of(client, "/counts/accuracy")
    assert "P-1" not in text_of(client, "/counts/accuracy/records")
    assert "1 of 2" in text_of(browser(app, shop.cast.supervisor), "/counts/accuracy")


@on_sqlite
def test_it_leaves_as_a_file(app: Flask, shop: Shop, counted: dict[str, str]) -> None:
    client = browser(app, shop.cast.supervisor)
    rows = csv_of(client, f"/export/accuracy.csv?part={counted['P-2']}")
    whole = next(row for row in rows if row["by"] == "all")
    assert (whole["records"], whole["right"], whole["records_right_percent"]) == ("1", "0", "0.00")
    assert client.get("/export/accuracy.xlsx").status_code == 200


def test_a_trend_is_drawn_between_round_shares() -> None:
    days = [date(2026, 1, 5) + timedelta(days=7 * week) for week in range(4)]
    shares = [(8, 10), None, (9, 10), (10, 10)]
    points = [
        Point(Span(day, day + timedelta(days=6), is_week=True), _measured(share))
        for day, share in zip(days, shares, strict=True)
    ]
    drawn = trend(points, target_bp=9_700)
    assert drawn is not None
    assert "W2 80.0, W4 90.0, W5 100.0; target 97.0" in drawn.label
    words = [each.text for each in drawn.sizes[0][1].words]
    assert words == ["80", "85", "90", "95", "100", "target", "100.0", "W2", "W3", "W4", "W5"]
    heights = [dot.y for dot in drawn.sizes[0][1].dots]
    assert heights == sorted(heights, reverse=True)
    assert trend([points[1]], target_bp=9_700) is None


def _measured(share: tuple[int, int] | None) -> Measured:
    if share is None:
        return NOTHING
    return Measured(share[1], share[0], share[0], 0, 0, 0, 0, 0)


def csv_of(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    answer = client.get(path)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
