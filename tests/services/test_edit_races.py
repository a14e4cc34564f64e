"""Several people who change the same particulars at the same moment: nothing lost, no error."""

from collections import Counter
from functools import partial
from typing import Any

from flask import Flask

from stockscan.domain.errors import NotFound
from stockscan.services import files, operations
from stockscan.services.files import Sent, Target
from stockscan.services.operations import Outcome
from stockscan.services.work import reading
from stockscan.store import edits
from tests.cast import Player, context
from tests.crowd import at_once, new_id
from tests.shop import Shop

CLIENTS = 6


def change(shop: Shop, kind: str, **values: Any) -> Outcome:
    return operations.edit(context(shop.cast.admin), kind, {"id": new_id(), **values})


def statuses(outcomes: list[Outcome]) -> Counter[str]:
    assert all(one.error is None for one in outcomes), outcomes
    return Counter(one.status for one in outcomes)


def test_a_parts_list_takes_the_same_part_from_many(app: Flask, shop: Shop) -> None:
    part = shop.part()
    shop.make("model", name="Lift")
    say = partial(change, shop, "set_model_part", model="Lift", part=part, quantity="2")
    assert statuses(at_once(app, [say] * CLIENTS)) == {"applied": CLIENTS}


def test_two_parts_stand_in_for_each_other_whoever_says_it(app: Flask, shop: Shop) -> None:
    one, other = shop.part(), shop.part()
    ways = [
        partial(change, shop, "set_substitute", part=part, substitute=instead)
        for part, instead in ((one, other), (other, one)) * (CLIENTS // 2)
    ]
    assert statuses(at_once(app, ways)) == {"applied": CLIENTS}


def test_somebody_gets_the_same_places_from_many(app: Flask, shop: Shop) -> None:
    hall = shop.make("location", name="Hall", kind_of_place="site")
    vera: Player = shop.cast.viewer
    say = partial(change, shop, "edit_person", person=vera.code, places=[hall])
    assert statuses(at_once(app, [say] * CLIENTS)) == {"applied": CLIENTS}
    rename = partial(change, shop, "edit_person", person=vera.code, name="Vera Berg")
    mail = partial(change, shop, "edit_person", person=vera.code, email="vera@example.com")
    assert statuses(at_once(app, [rename, mail])) == {"applied": 2}
    with reading() as connection:
        told = edits.edits_of(connection, edits.Thing("person", vera.id), limit=10)
    assert sorted(name for edit in told for name in edit.changes) == ["email", "name", "places"]


def test_a_file_is_removed_once(app: Flask, shop: Shop) -> None:
    ctx = context(shop.cast.admin)
    target = Target("asset", shop.asset())
    files.add(ctx, new_id(), target, [Sent("a.txt", b"Serviced in May")])
    [kept] = files.files_of(ctx, target)

    def remove() -> str:
        try:
            return files.remove(context(shop.cast.admin), kept.id).file.name
        except NotFound:
            return "gone"

    assert Counter(at_once(app, [remove] * CLIENTS)) == {"a.txt": 1, "gone": CLIENTS - 1}
