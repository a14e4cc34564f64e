"""Finding things by what people type: order, spelling, codes, and what must not be syntax."""

from collections.abc import Iterator
from random import Random

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql
from sqlalchemy import update

from stockscan.domain.errors import NotAllowed
from stockscan.services import search
from stockscan.services.work import Context, unit_of_work
from stockscan.store.parts import Part
from stockscan.store.searchable import words_as_told
from tests.cast import hire, new_id
from tests.shop import Shop


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    with app.app_context():
        yield Shop(hire(app))


def names(shop: Shop, text: str) -> list[str]:
    return [hit.name for hit in search.search(shop.context(), text)]


def test_words_are_found_in_any_order_case_and_accent(shop: Shop) -> None:
    shop.make("model", name="H25", manufacturer="Linde")
    code = shop.asset(name="Electric forklift", tag="A-0001", serial="SN-77/3", model="H25")
    shop.make("person", name="Jiří Dvořák", role="technician")
    for text in ("forklift electric", "FORK", "linde elec", "a0001", "a-0001", "sn773", "sn-77",
                 code.lower()):  # fmt: skip
        assert names(shop, text) == ["Electric forklift"], text
    for text in ("dvorak", "DVOŘÁK jiri", "dvořák"):
        assert names(shop, text) == ["Jiří Dvořák"], text
    assert names(shop, "forklift petrol") == []


def test_barcodes_and_other_numbers_are_found_and_gone_things_are_not(shop: Shop) -> None:
    part = shop.part(name="Oil filter", part_number="OF-2", barcode="4006381333931")
    assert names(shop, "4006381") == names(shop, "04006381") == ["Oil filter"]
    with unit_of_work() as session:
        session.execute(update(Part).where(Part.code == part).values(active=False))
    assert names(shop, "oil") == []


# Raw changes of what things are found by: whoever writes, the index follows.
CHANGES = (
    "UPDATE asset SET name = '{0}' WHERE id % 3 = 0",
    "UPDATE asset SET tag = '{0}' || id, serial = '{1}'",
    "UPDATE asset SET model_id = NULL WHERE id % 2 = 0",
    "UPDATE asset_model SET name = '{0}', manufacturer = '{1}'",
    "UPDATE part SET part_number = '{0}' || id, category = '{1}'",
    "UPDATE location SET name = '{0}'",
    "UPDATE person SET name = '{0}', email = '{1}' WHERE id = 1",
    "UPDATE alias SET text = '{0}' || text",
    "UPDATE alias SET code = (SELECT min(code) FROM asset)",
    "DELETE FROM alias WHERE text LIKE '%{1}%'",
    (
        "INSERT INTO supplier_part (part_id, supplier_id, number, pack_milli)"
        " SELECT p.id, s.id, '{0}', 1000 FROM part p, supplier s WHERE true ON CONFLICT DO NOTHING"
    ),
    "UPDATE supplier_part SET number = '{1}'",
    "DELETE FROM supplier_part",
)
TEXTS = ("Öl-Filter", "A.1/2_3", "Straße 7", "Насос", "x", "", "l''été", "  b  c ")


@pytest.mark.parametrize("seed", range(3))
def test_the_index_is_what_a_new_one_would_be(shop: Shop, seed: int) -> None:
    shop.make("model", name="H25", manufacturer="Linde")
    for number in range(4):
        shop.asset(name="Forklift", model="H25", alias=f"OLD-{seed}-{number}")
        shop.part(name="Oil filter", supplier="Brennan", barcode=f"40063813339{number}")
        shop.bin()
    drawn = Random(seed)
    for _ in range(25):
        change = drawn.choice(CHANGES).format(drawn.choice(TEXTS), drawn.choice(TEXTS))
        with unit_of_work() as session:
            session.execute(sql(change))
    with unit_of_work() as session:
        assert list(words_as_told(session)) == []
        session.execute(sql("DELETE FROM search_entry WHERE id % 2 = 0"))
        assert list(words_as_told(session)) != []


def test_the_best_stands_first(shop: Shop) -> None:
    for name in ("Pump for drill", "Drill stand", "Drill"):
        shop.asset(name=name)
    assert names(shop, "drill") == ["Drill", "Drill stand", "Pump for drill"]


def test_a_slip_of_the_finger_finds_the_nearest_word(shop: Shop) -> None:
    shop.asset(name="Electric forklift", tag="A-0001")
    found = search.find_everything(shop.context(), "forklit", limit=5)
    assert (found.text, found.spelled) == ("forklift", True)
    for text in ("forklit", "froklift", "electrik forklift", "AOOO1", "a-ooo1"):
        assert names(shop, text) == ["Electric forklift"], text
    exact = search.find_everything(shop.context(), "Forklift", limit=5)
    assert (exact.text, exact.spelled) == ("Forklift", False)
    assert names(shop, "xylophone") == []


SYNTAX = (
    *('"', '" OR "', "NEAR(a b)", "a*", "-a", "words:a", "a & !b", "a:*", "'", "\\", "%", "_"),
    *("a | b", "(", ")))", "^a", "{a b}: c", "AND", "a\x00b", "\u202e", "<->", "a'b:AB*"),
)


def test_text_is_never_syntax(shop: Shop) -> None:
    shop.asset(name="Forklift")
    for typed in SYNTAX:
        assert names(shop, f"qqq {typed}") == []
        assert search.find_everything(shop.context(), typed, limit=3).spelled is False


def test_any_text_is_a_question(shop: Shop) -> None:
    shop.asset(name="Forklift")

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=40))
    def ask(typed: str) -> None:
        found = search.find_everything(shop.context(), typed, limit=3)
        assert all(len(hits) <= 4 for hits in found.kinds.values())

    ask()


def test_strangers_find_nothing(shop: Shop) -> None:
    nobody = Context(None, 0, new_id)
    with pytest.raises(NotAllowed):
        search.search(nobody, "forklift")
