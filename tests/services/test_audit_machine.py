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

# Few things and places, so that much of it is about the same.
ASSETS, PLACES = ("truck", "pump"), ("hall1", "hall2")
# What happened, in the order in which it did: what was seen where, what was moved on record, what
# was handed out, which sighting was a mistake.
HAPPENED = st.lists(
    st.tuples(
        st.sampled_from(["audit", "audit", "move_asset", "check_out", "reverse"]),
        st.sampled_from(ASSETS),
        st.sampled_from(PLACES),
    ),
    min_size=6,
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
            random.shuffle(order)
            again = random.sample(order, k=min(2, len(order)))
            mixed, plain = _outcomes(Halls(shop), happened, [*order, *again], early)
            assert mixed == plain

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


def _outcomes(
    halls: Halls, happened: Happened, order: list[int], early: int
) -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
    """What two audits make of it: one is told in that order, the other as it happened.

    So much arrives before the first is submitted; what is moved on record both hear of then.
    """
    shop, opened_us = halls.shop, halls.shop.now_us
    crate = shop.asset(name="Crate", location=halls.shed)
    mixed, plain = halls.open(), halls.open()
    for audit in (mixed, plain):
        # Nobody decides about the crate, so the audits stay open for what arrives late.
        halls.see(crate, halls.hall1, audit)
    shop.now_us = opened_us + 60 * SECOND
    ids = [str(uuid.uuid4()) for _ in happened]
    for nth, index in enumerate(order):
        if nth == early:
            counts.submit_audit(shop.context(), mixed)
        _arrives(halls, mixed, happened, ids, index)
    others = [str(uuid.uuid4()) for _ in happened]
    for index, (kind, _, _) in enumerate(happened):
        if kind in {"audit", "reverse"}:
            _arrives(halls, plain, happened, others, index)
    for audit in (mixed, plain):
        counts.submit_audit(shop.context(), audit)
    return halls.states(mixed), halls.states(plain)


def _arrives(halls: Halls, audit: str, happened: Happened, ids: list[str], index: int) -> None:
    raw = _raw(halls, audit, happened, ids, index)
    said = {**raw, "id": ids[index], "age_ms": 40_000 - 1000 * index}
    outcome = operations.apply(halls.shop.context(), said)
    assert outcome.status != "rejected", outcome


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
