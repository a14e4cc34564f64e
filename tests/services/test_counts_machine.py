"""Planned counts in random histories: the books equal the shelf, whatever happens in between.

The same histories are played with other rules than ours, and with a piece of ours taken out: each
time some shelf must come out wrong, so it is known that they would tell.
"""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from stockscan.domain.ledger import Key
from stockscan.services import checking
from stockscan.services.work import unit_of_work
from stockscan.store import ledger, placing
from stockscan.store.counts import CountLine, CountSession, lines
from stockscan.store.counts.anchors import same_key
from stockscan.store.ledger import Posting
from stockscan.store.stock import Movement, balance_of, book_at_count
from tests.cast import hire
from tests.counting_world import CountingWorld
from tests.shop import Shop
from tests.world import World

EVENTS = 40
# Histories of a world that are tried before a rule is said to be right.
TRIES = 60


@pytest.fixture
def histories(request: pytest.FixtureRequest) -> int:
    """How many histories to play."""
    return int(request.config.getoption("--histories"))


def test_books_equal_the_shelf_with_planned_counts(app: Flask, histories: int) -> None:
    with app.app_context():
        cast = hire(app)
        for seed in range(histories):
            CountingWorld(cast).play(Random(seed), EVENTS, check=False)
        for seed in range(histories // 8):
            CountingWorld(cast, lots=("A", "B")).play(Random(seed), EVENTS, check=False)
        assert checking.check(Shop(cast).context()) == []


@pytest.mark.torture
@pytest.mark.parametrize("thousand", range(10))
def test_books_equal_the_shelf_in_a_thousand_histories(app: Flask, thousand: int) -> None:
    """With both databases: 20,000 in all, half of them by plan."""
    with app.app_context():
        cast = hire(app)
        for seed in range(1000 * thousand, 1000 * thousand + 1000):
            kind, random = (CountingWorld if seed % 2 else World), Random(seed)
            kind(cast).play(random, random.randint(8, 32), check=False)
        assert checking.check(Shop(cast).context()) == []


def set_to_counted(session: Session, key: Key, _counted_us: int) -> int:
    """What the books say now, whenever it was counted: what moved since is erased."""
    return balance_of(session, key)


def snapshot_difference(session: Session, key: Key, counted_us: int) -> int:
    """What the books said when the count was opened: what moved until it was counted is doubled."""
    opened_us = session.scalar(
        select(func.max(CountSession.opened_us)).where(CountSession.opened_us <= counted_us)
    )
    known = select(func.coalesce(func.sum(Movement.quantity_milli), 0)).where(
        *same_key(Movement, key), Movement.recorded_us <= (opened_us or 0)
    )
    return int(session.scalar(known) or 0)


def as_first_seen() -> Callable[[Session, Key, int], int]:
    """The book as it was the first time anybody asked: nothing is computed again."""
    seen: dict[tuple[Key, int], int] = {}

    def book(session: Session, key: Key, counted_us: int) -> int:
        return seen.setdefault((key, counted_us), book_at_count(session, key, counted_us))

    return book


def nothing(*_: Any, **__: Any) -> tuple[()]:
    return ()


WRONG_RULES: dict[str, dict[str, Any]] = {
    "set to counted": {"book": set_to_counted, "anchor": None},
    "snapshot difference": {"book": snapshot_difference, "anchor": None},
    "no anchor": {"anchor": None},
    "no recompute": {"book": as_first_seen},
    "no window": {"window": nothing},
}


def comes_out_wrong(cast: Any, seed: int) -> bool:
    """Whether some shelf does in this history."""
    try:
        CountingWorld(cast).play(Random(seed), EVENTS, check=False)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("rule", sorted(WRONG_RULES))
def test_another_rule_is_found_out(app: Flask, rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = WRONG_RULES[rule]
    if "book" in changes:
        book = changes["book"]
        book = book() if book is as_first_seen else book
        monkeypatch.setattr(ledger, "book_at_count", book)
        monkeypatch.setattr(lines, "book_at_count", book)
    if "anchor" in changes:
        monkeypatch.setattr(ledger, "first_anchor_behind", lambda *_: None)
        monkeypatch.setattr(Posting, "_line_complete_bins", lambda *_: None)
    if "window" in changes:
        monkeypatch.setattr(placing, "moved_during", changes["window"])
        monkeypatch.setattr(placing, "unvoided_lines", changes["window"])
    with app.app_context():
        cast = hire(app)
        found = next(seed for seed in range(TRIES) if comes_out_wrong(cast, seed))
        monkeypatch.undo()
        # With our rule the same history comes out right.
        assert not comes_out_wrong(cast, found)


@pytest.mark.parametrize("index", ["uq_count_line_one_open", "uq_movement_one_adjust"])
def test_the_database_itself_refuses_what_would_count_twice(shop: Shop, index: str) -> None:
    """Two open lines of one key and person, two adjustments of one line: only without the index."""
    part, place = shop.part(cost="1"), shop.bin()
    shop.ok("receive", part=part, location=place, quantity=3)
    done = shop.ok("count", part=part, location=place, quantity=3)
    twice = _two_open_lines if index == "uq_count_line_one_open" else _two_adjustments
    with pytest.raises(IntegrityError), unit_of_work() as session:
        twice(session, done["line"])
    with unit_of_work() as session:
        session.execute(text(f"DROP INDEX {index}"))
        twice(session, done["line"])
        session.rollback()


def _two_open_lines(session: Session, line_id: int) -> None:
    for _ in range(2):
        _copy(session, CountLine, {"state": "PENDING", "id": None}, CountLine.id == line_id)


def _two_adjustments(session: Session, line_id: int) -> None:
    seq = session.scalar(select(func.max(Movement.seq))) or 0
    of_line = (Movement.count_line_id == line_id, Movement.kind == "count_adjust")
    _copy(session, Movement, {"seq": seq + 1, "leg": 1000}, *of_line)


def _copy(session: Session, table: Any, other: dict[str, Any], *which: Any) -> None:
    """A row once more, with some values changed; None leaves one to the database."""
    row = dict(session.execute(select(table.__table__).where(*which)).mappings().one())
    values = {name: value for name, value in (row | other).items() if value is not None}
    session.execute(insert(table), values)
