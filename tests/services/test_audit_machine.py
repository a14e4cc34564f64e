"""Audits whatever the order in which the same sightings arrive, late or twice: one outcome."""

import uuid
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockscan.services import checking, counts, operations
from tests.auditing import Halls
from tests.cast import hire
from tests.shop import SECOND, Shop

ASSETS, PLACES = ("truck", "drill", "lamp", "pump"), ("hall1", "hall2", "shelf", "shed")
# What happened, in the order in which it did: what was seen where, what was moved on record, what
# was handed out, which sighting was a mistake.
HAPPENED = st.lists(
    st.tuples(
        st.sampled_from(["audit", "audit", "move_asset", "check_out", "reverse"]),
        st.sampled_from(ASSETS),
        st.sampled_from(PLACES),
    ),
    max_size=8,
)
Happened = list[tuple[str, str, str]]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_order_of_arrival_makes_no_difference(app: Flask) -> None:
    with app.app_context():
        shop = Shop(hire(app))

        @given(HAPPENED, st.randoms(use_true_random=False), st.integers(0, 8))
        @settings(
            max_examples=12,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture],
        )
        def check(happened: Happened, random: Random, early: int) -> None:
            happened = _possible(happened)
            order = list(range(len(happened)))
            told_in_order = _outcome(shop, happened, order, len(order))
            random.shuffle(order)
            again = random.sample(order, k=min(2, len(order)))
            assert _outcome(shop, happened, [*order, *again], early) == told_in_order

        check()
        assert checking.check(shop.context()) == []


def _possible(happened: Happened) -> Happened:
    """Without what the books refuse: an asset is handed out once; a mistake is of a sighting."""
    kept: Happened = []
    for kind, asset, place in happened:
        out = kind == "check_out" and any(each[:2] == (kind, asset) for each in kept)
        sightings = [each for each in kept if each[:2] == ("audit", asset)]
        undone = [each for each in kept if each[:2] == ("reverse", asset)]
        if not out and (kind != "reverse" or len(undone) < len(sightings)):
            kept.append((kind, asset, place))
    return kept


def _outcome(
    shop: Shop, happened: Happened, order: list[int], early: int
) -> dict[str, tuple[str, str]]:
    """What an audit of the works makes of it; so much arrives before it is submitted."""
    halls, opened_us = Halls(shop), shop.now_us
    crate = shop.asset(name="Crate", location=halls.shed)
    audit = halls.open()
    # Nobody decides about the crate, so the audit stays open for what arrives late.
    halls.see(crate, halls.hall1, audit)
    ids = [str(uuid.uuid4()) for _ in happened]
    now_us = opened_us + 60 * SECOND
    for nth, index in enumerate(order):
        if nth == early:
            counts.submit_audit(shop.context(), audit)
        shop.now_us = now_us
        raw = _raw(halls, audit, happened, ids, index)
        outcome = operations.apply(
            shop.context(), {**raw, "id": ids[index], "age_ms": 40_000 - 1000 * index}
        )
        assert outcome.status != "rejected", outcome
    counts.submit_audit(shop.context(), audit)
    return halls.states(audit)


def _raw(
    halls: Halls, audit: str, happened: Happened, ids: list[str], index: int
) -> dict[str, Any]:
    kind, name, place = happened[index]
    asset, location = getattr(halls, name), getattr(halls, place)
    if kind == "audit":
        return {"kind": kind, "asset": asset, "location": location, "count": audit}
    if kind == "move_asset":
        return {"kind": kind, "asset": asset, "location": location}
    if kind == "check_out":
        holder = halls.shop.cast.technician.code
        return {"kind": kind, "asset": asset, "to_person": holder, "queued": True}
    # The nth mistake of an asset is its nth sighting.
    nth = sum(each[:2] == (kind, name) for each in happened[:index])
    seen = [at for at, each in enumerate(happened) if each[:2] == ("audit", name)]
    return {"kind": kind, "operation": ids[seen[nth]]}
