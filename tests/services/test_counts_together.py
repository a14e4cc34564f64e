"""Many people at the same count at the same moment: nothing is lost, doubled, or left behind."""

import uuid
from collections import Counter
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from stockscan.domain.counts import LineState
from stockscan.domain.counts.scope import Scope
from stockscan.domain.errors import Conflict
from stockscan.services import counts
from stockscan.services.counts import Opened, Plan
from stockscan.services.work import reading
from stockscan.store.counts import CountLine, CountSession
from stockscan.store.stock import Movement
from tests.cast import Cast, Player, context
from tests.crowd import at_once, operation, say_all
from tests.shop import Shop

CLIENTS = 6
BINS = 12


def stocked(shop: Shop) -> tuple[list[str], list[str], tuple[int, ...]]:
    """Bins with ten of a part each: their codes, the parts', and the numbers of the bins."""
    bins, parts = [shop.bin() for _ in range(BINS)], [shop.part() for _ in range(BINS)]
    for bin_, part in zip(bins, parts, strict=True):
        shop.ok("receive", part=part, location=bin_, quantity=10)
    return bins, parts, tuple(shop.key(parts[0], bin_).location_id for bin_ in bins)


def opened(shop: Shop, places: tuple[int, ...], **values: Any) -> Opened:
    plan = Plan(scope=Scope(locations=places), **values)
    return counts.open_count(shop.context(), str(uuid.uuid4()), plan)


def states(count_id: str) -> Counter[str]:
    with reading() as connection:
        return Counter(
            connection.scalars(select(CountLine.state).where(CountLine.session_id == count_id))
        )


def adjustments() -> Counter[int]:
    """How many adjustments stand on each line."""
    with reading() as connection:
        return Counter(
            connection.scalars(
                select(Movement.count_line_id).where(Movement.kind == "count_adjust")
            )
        )


def test_counters_submit_at_once_while_parts_move(app: Flask, cast: Cast, shop: Shop) -> None:
    bins, parts, places = stocked(shop)
    people = (cast.technician, cast.storekeeper)
    count = opened(shop, places, counters=tuple(each.id for each in people), posts_itself=True)

    def count_all(player: Player) -> list[Any]:
        said = say_all(
            player.actor,
            [
                operation("count", count=count.id, part=part, location=bin_, quantity=10)
                for part, bin_ in zip(parts, bins, strict=True)
            ],
        )
        counts.submit(context(player), count.id, mine=True)
        return said

    def move_all() -> list[Any]:
        return say_all(
            cast.supervisor.actor,
            [
                operation("issue", part=part, location=bin_, quantity=1, reason="used")
                for part, bin_ in zip(parts, bins, strict=True)
            ],
        )

    outcomes = at_once(app, [*(partial(count_all, each) for each in people), move_all])
    assert {outcome.status for each in outcomes for outcome in each} <= {"applied", "attention"}
    counts.close(context(cast.supervisor), count.id)
    counts.post(context(cast.admin), count.id, approve=True)
    assert set(states(count.id)) <= {"POSTED", "REJECTED", "NOT_COUNTED"}
    assert set(adjustments().values()) == {1}


def test_nothing_counted_is_left_behind_when_the_whole_is_submitted_meanwhile(
    app: Flask, cast: Cast, shop: Shop
) -> None:
    bins, parts, places = stocked(shop)
    count = opened(shop, places)

    def count_all(player: Player) -> None:
        for part, bin_ in zip(parts, bins, strict=True):
            raw = operation("count", count=count.id, part=part, location=bin_, quantity=10)
            say_all(player.actor, [raw])

    def submit() -> None:
        counts.submit(context(cast.supervisor), count.id)

    at_once(app, [partial(count_all, cast.technician), submit, submit])
    assert LineState.COUNTED not in states(count.id)
    assert LineState.PENDING not in states(count.id)


def test_everybody_counts_again_at_once_and_nobody_is_turned_away(
    app: Flask, cast: Cast, shop: Shop
) -> None:
    bins, parts, places = stocked(shop)
    count = opened(shop, places)
    for part, bin_ in zip(parts, bins, strict=True):
        shop.ok("count", count=count.id, part=part, location=bin_, quantity=8)
    counts.submit(shop.context(), count.id)

    def count_again(nth: int) -> list[Any]:
        mine = list(zip(parts, bins, strict=True))[nth::CLIENTS]
        raws = [
            operation("count", count=count.id, part=part, location=bin_, quantity=8)
            for part, bin_ in mine
        ]
        return say_all(cast.storekeeper.actor, raws)

    outcomes = at_once(app, [partial(count_again, nth) for nth in range(CLIENTS)])
    assert {outcome.status for each in outcomes for outcome in each} == {"applied"}
    assert states(count.id) == {"NEEDS_RECOUNT": BINS, "NEEDS_REVIEW": BINS}


def test_of_many_postings_one_books(app: Flask, cast: Cast, shop: Shop) -> None:
    bins, parts, places = stocked(shop)
    count = opened(shop, places, max_attempts=1)
    for number, (part, bin_) in enumerate(zip(parts, bins, strict=True)):
        quantity = 10 if number % 2 else 7
        shop.ok("count", count=count.id, part=part, location=bin_, quantity=quantity)
    counts.submit(shop.context(), count.id)

    def post() -> str:
        return str(counts.post(context(cast.supervisor), count.id, approve=True)["state"])

    def move_all() -> str:
        for part, bin_ in zip(parts, bins, strict=True):
            raw = operation("issue", part=part, location=bin_, quantity=1, reason="used")
            say_all(cast.storekeeper.actor, [raw])
        return "POSTED"

    assert set(at_once(app, [*[post] * (CLIENTS - 1), move_all])) == {"POSTED"}
    assert states(count.id) == {"POSTED": BINS}
    assert set(adjustments().values()) == {1}
    on_hand = [shop.on_hand(part, bin_) for part, bin_ in zip(parts, bins, strict=True)]
    assert on_hand == [6, 9] * (BINS // 2)


def test_counts_are_opened_at_once_over_the_same_bins(app: Flask, cast: Cast, shop: Shop) -> None:
    _, _, places = stocked(shop)
    same = str(uuid.uuid4())
    plan = Plan(scope=Scope(locations=places), counters=(cast.technician.id,))

    def open_one(count_id: str) -> tuple[int, int]:
        made = counts.open_count(context(cast.supervisor), count_id, plan)
        return made.number, made.lines

    ids = [same, same, *(str(uuid.uuid4()) for _ in range(CLIENTS - 2))]
    made = at_once(app, [partial(open_one, each) for each in ids])
    assert made[0] == made[1]
    numbers = {number for number, _ in made}
    assert numbers == set(range(1, CLIENTS))
    assert sum(lines for _, lines in dict(made).items()) == BINS
    with reading() as connection:
        assert connection.scalar(select(func.count()).select_from(CountSession)) == CLIENTS - 1


def test_a_count_is_cancelled_while_it_is_posted(app: Flask, cast: Cast, shop: Shop) -> None:
    bins, parts, places = stocked(shop)
    count = opened(shop, places, max_attempts=1)
    for part, bin_ in zip(parts, bins, strict=True):
        shop.ok("count", count=count.id, part=part, location=bin_, quantity=7)
    counts.submit(shop.context(), count.id)

    def post() -> bool:
        try:
            counts.post(context(cast.supervisor), count.id, approve=True)
        except Conflict:
            return False
        return True

    def cancel() -> bool:
        try:
            counts.cancel(context(cast.supervisor), count.id)
        except Conflict:
            return False
        return True

    won = at_once(app, [post, cancel])
    assert sorted(won) == [False, True]
    booked = BINS if won[0] else 0
    assert len(adjustments()) == booked


def test_misplaced_goods_are_moved_once(app: Flask, cast: Cast, shop: Shop) -> None:
    bins, parts, places = stocked(shop)
    count = opened(shop, places, max_attempts=1, posts_itself=True)
    said = [
        shop.ok("count", count=count.id, part=parts[0], location=bin_, quantity=quantity)
        for bin_, quantity in ((bins[0], 6), (bins[1], 4))
    ]
    counts.submit(shop.context(), count.id)
    one, two = (each["line"] for each in said)
    moved = str(uuid.uuid4())

    def settle() -> Any:
        return counts.settle_misplaced(context(cast.supervisor), one, two, moved)["quantity"]

    assert at_once(app, [settle] * CLIENTS) == ["4"] * CLIENTS
    assert [shop.on_hand(parts[0], bin_) for bin_ in bins[:2]] == [6, 4]
    assert states(count.id)["POSTED"] == 2


def test_a_count_is_taken_back_while_it_is_booked(app: Flask, cast: Cast, shop: Shop) -> None:
    bins, parts, _ = stocked(shop)
    said = [
        shop.ok("count", part=part, location=bin_, quantity=7)
        for part, bin_ in zip(parts, bins, strict=True)
    ]

    def post() -> None:
        for each in said:
            counts.post(context(cast.supervisor), each["count"], approve=True)

    def take_back() -> None:
        raws = [operation("reverse", operation=each["operation"]) for each in said]
        assert {outcome.status for outcome in say_all(cast.admin.actor, raws)} == {"applied"}

    at_once(app, [post, take_back])
    on_hand = [shop.on_hand(part, bin_) for part, bin_ in zip(parts, bins, strict=True)]
    assert on_hand == [10] * BINS
