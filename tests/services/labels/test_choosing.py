"""Choosing what gets a label: by hand, a place, a list, a day's work, what needs one, blanks."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from stockscan.domain.cards import CARDS
from stockscan.domain.errors import Invalid, NotAllowed, NotFound, TooLarge
from stockscan.services import labels, operations
from stockscan.services.labels import Paper, Wanted
from stockscan.services.labels.choosing import Listed, Needed
from stockscan.services.labels.remembering import last_paper
from stockscan.services.work import unit_of_work
from stockscan.store.codes import ScanEvent
from stockscan.store.db import db
from stockscan.store.labels import LabelCheck
from tests.cast import new_id
from tests.services.labels.paper import OLD, TODAY, print_of, setup
from tests.shop import Shop, blanks

DAY_US = 24 * 3600 * 1_000_000


def codes(shop: Shop, **wanted: object) -> list[str]:
    """What is wanted, for the storekeeper."""
    return labels.wanted_codes(shop.context(shop.cast.storekeeper), Wanted(**wanted))  # type: ignore[arg-type]


def test_things_may_be_named_by_any_reference(shop: Shop) -> None:
    asset, part = shop.asset(tag="FL-07"), shop.part(part_number="HF-6177")
    bin_ = shop.bin("B-12-3")
    assert codes(shop, references=["fl-07", part, "FL-07", "b-12-3"]) == [asset, part, asset, bin_]
    with pytest.raises(NotFound, match="'FL-99'"):
        codes(shop, references=["FL-99"])


def test_a_place_brings_what_is_asked_of_it(shop: Shop) -> None:
    site = shop.make("location", name="Hall", kind_of_place="site")
    area = shop.make("location", name="Spares", kind_of_place="area", parent=site)
    bin_ = shop.make("location", name="B-1", kind_of_place="bin", parent=area)
    asset, part = shop.asset(location=area), shop.part(location=bin_)
    shop.bin("Elsewhere")
    found = {what: codes(shop, place=site, inside=what) for what in ("all", "bins", "parts")}
    assert found == {"all": [bin_, site, area, asset], "bins": [bin_], "parts": [part]}
    # What a place brings comes once, behind what was picked; what is left out does not come.
    assert codes(shop, references=[asset], place=site, without=[bin_]) == [asset, site, area]
    with pytest.raises(Invalid, match="inside must be one of"):
        codes(shop, place=site, inside="shoes")
    with pytest.raises(NotFound, match="not a bin or place"):
        codes(shop, place=asset)


def test_a_list_brings_all_that_it_shows(shop: Shop) -> None:
    shop.asset(tag="A-1", name="Drill")
    first, second = shop.asset(tag="C-3", name="Saw"), shop.asset(tag="B-2", name="Saw")
    assert codes(shop, listed=Listed("assets", {"text": "saw"})) == [second, first]
    assert codes(shop, listed=Listed("assets", {"text": "saw"}, "-tag")) == [first, second]
    area = shop.make("location", name="Spares", kind_of_place="area")
    bin_ = shop.make("location", name="B-1", kind_of_place="bin", parent=area)
    assert codes(shop, listed=Listed("locations", {"inside": "Spares", "kind": "bin"})) == [bin_]
    assert codes(shop, listed=Listed("people", {"role": "viewer"})) == [shop.cast.viewer.code]
    with pytest.raises(Invalid, match="list must be one of"):
        codes(shop, listed=Listed("counts"))


def test_a_days_work_is_what_this_person_did_today(shop: Shop) -> None:
    storekeeper = shop.cast.storekeeper
    bin_ = shop.bin()
    filters, hoses, belts = shop.part(), shop.part(), shop.part()
    shop.ok("receive", by=storekeeper, part=belts, location=bin_, quantity="1")
    shop.now_us += 2 * DAY_US
    shop.ok("receive", by=storekeeper, part=hoses, location=bin_, quantity="5")
    shop.ok("receive", by=storekeeper, part=filters, location=bin_, quantity="2")
    shop.ok("receive", by=storekeeper, part=hoses, location=bin_, quantity="1")
    shop.ok("receive", by=shop.cast.supervisor, part=belts, location=bin_, quantity="1")
    made = {"id": new_id(), "name": "Saw"}
    ctx = replace(shop.context(storekeeper), now_us=shop.now_us + 1)
    saw = operations.create(ctx, "create_asset", made).result
    assert saw
    undone = shop.ok("receive", by=storekeeper, part=belts, location=bin_, quantity="1")
    shop.ok("reverse", by=storekeeper, operation=undone["operation"])
    assert codes(shop, today="received") == [hoses, filters, saw["code"]]
    with unit_of_work() as session:
        for number, code in enumerate([filters, bin_, filters, None]):
            at_us = shop.now_us + number
            known = {"raw": code or "4711", "kind": "part" if code else "unknown", "code": code}
            session.add(ScanEvent(person_id=storekeeper.id, at_us=at_us, **known))
    assert codes(shop, today="scanned") == [filters, bin_]


def test_what_needs_a_label(shop: Shop) -> None:
    good, old, torn, never = shop.asset(), shop.asset(), shop.asset(), shop.part()
    print_of(shop, old, address=OLD)
    number = print_of(shop, good, torn)
    checked(shop, number, torn, "unreadable")
    needs = labels.label_needs(shop.context(), TODAY)
    assert needs["old"] == {"asset": 1}
    assert needs["unreadable"] == {"asset": 1}
    assert needs["never"] == {"part": 1, "person": 5}
    assert codes(shop, needed=Needed(TODAY, "asset")) == [old, torn]
    assert codes(shop, needed=Needed(TODAY, "part", "never")) == [never]
    # Read again, or printed again: then it is well.
    checked(shop, number, torn, "right")
    print_of(shop, old)
    assert codes(shop, needed=Needed(TODAY, "asset")) == []


def test_blank_labels_and_cards(shop: Shop) -> None:
    ctx = shop.context(shop.cast.storekeeper)
    made = blanks(ctx, 3)
    asset = shop.asset()
    shop.ok("claim", label=made[0], thing=asset)
    assert codes(shop, batch_us=ctx.now_us) == sorted(made[1:])
    (batch,) = labels.blank_batches(ctx)
    assert (batch.made_us, batch.labels, batch.left) == (ctx.now_us, 3, 2)
    assert codes(shop, cards=True) == list(CARDS)
    assert codes(shop, references=[made[0]]) == [asset]
    with pytest.raises(Invalid, match="1 to 500"):
        blanks(ctx, 501)


def test_the_words_of_each_kind(shop: Shop) -> None:
    site = shop.make("location", name="Hall", kind_of_place="site")
    area = shop.make("location", name="Spares", kind_of_place="area", parent=site)
    bin_ = shop.make("location", name="B-1", kind_of_place="bin", parent=area)
    shop.make("model", name="H25D", model_number="393")
    asset = shop.asset(tag="FL-7", name="Forklift", model="H25D", serial="S-9", location=area)
    part = shop.part(name="Filter", part_number="HF-1", location=bin_)
    person = shop.cast.technician.code
    found = {text.code: text for text in labels.label_texts([bin_, asset, part, person])}
    assert (found[bin_].title, found[bin_].place) == ("B-1", "Hall / Spares")
    shown = found[asset]
    assert (shown.title, shown.serial, shown.model, shown.number) == ("FL-7", "S-9", "H25D", "393")
    assert (shown.place, found[part].place, found[part].number) == ("Spares", "B-1", "HF-1")
    assert found[person].subtitle == "Technician"


def test_thousands_of_labels_take_a_few_queries(shop: Shop) -> None:
    made = [shop.bin(f"B-{number}") for number in range(40)]
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert len(list(labels.label_texts(made * 25))) == 1000
    assert len(asked) < 30
    with pytest.raises(TooLarge, match="more than 20,000"):
        codes(shop, references=[made[0]] * 20_001)


def test_paper_is_remembered_by_person_and_kind(shop: Shop) -> None:
    ctx, where = shop.context(shop.cast.storekeeper), setup()
    assert last_paper(ctx, where) == Paper("avery-l7160", "auto")
    roll, sheet = Paper("zebra-2x1", "auto"), Paper("avery-l7163", "auto", start=3, copies=2)
    for thing, paper in ((shop.asset(), roll), (shop.bin(), sheet)):
        labels.order_print(ctx, where, Wanted([thing]), paper, "pdf", new_id())
    assert last_paper(ctx, where, "asset") == Paper("zebra-2x1", "auto")
    assert last_paper(ctx, where, "part") == last_paper(ctx, where) == Paper("avery-l7163", "auto")
    other = shop.context(shop.cast.supervisor)
    assert last_paper(other, where).stock == "avery-l7160"
    # Two labels from the third on: the next sheet goes on behind the fourth.
    stopped = labels.stopped_at(ctx, labels.stock_of(where, "avery-l7163"))
    assert stopped
    assert stopped.label == 4
    assert labels.stopped_at(ctx, labels.stock_of(where, "zebra-2x1")) is None


def test_a_preview_says_what_to_know(shop: Shop) -> None:
    ctx = shop.context(shop.cast.storekeeper)
    things = [shop.asset(tag="T" * 60), shop.bin("B-1")]
    seen = labels.preview(ctx, setup(), things, Paper("avery-l7160", "auto", start=20, copies=3))
    assert (seen.labels, seen.sheets, seen.free, seen.on_first) == (6, 2, 17, 21)
    assert seen.checked
    assert seen.checked.smallest_mm > 0.4
    assert "The name is shortened to fit" in seen.checked.cautions[0]
    tiny = labels.preview(ctx, setup(), things, Paper("avery-l4731", "standard", start=190))
    assert tiny.paper.start == 1
    nameless = labels.preview(ctx, setup(""), things, Paper("avery-l7160", "auto"))
    assert "STOCKSCAN_PUBLIC_URL" in nameless.trouble
    with pytest.raises(NotFound):
        labels.preview(ctx, setup(), things, Paper("no-such-stock", "auto"))


def test_checks_permission(shop: Shop) -> None:
    technician = shop.context(shop.cast.technician)
    for verb in (labels.blank_batches, lambda ctx: labels.label_needs(ctx, TODAY)):
        with pytest.raises(NotAllowed):
            verb(technician)
    with pytest.raises(NotAllowed):
        blanks(technician)


def checked(shop: Shop, number: int, code: str, verdict: str) -> None:
    """Somebody scanned this label of a print back."""
    person, text = shop.cast.storekeeper.id, code
    shop.wait()
    with unit_of_work() as session:
        session.add(
            LabelCheck(
                uid=new_id(), print_id=number, person_id=person, at_us=shop.now_us,
                text=text, code=code, verdict=verdict,
            )
        )  # fmt: skip
