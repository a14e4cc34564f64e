"""An import keeps the rules of the forms: where places may stand, and what is not retired."""

import pytest

from stockscan.services import operations
from tests.cast import new_id
from tests.services.importing.steps import check, counts, importer
from tests.shop import Shop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("Name,Parent location\nX,Site/Area/B1", "B1 is a bin"),
        ("Location,Kind\nSite/Area/B1,area", "stays a bin"),
        ("Location,Kind\nSite/Area,bin", "nothing stands inside a bin"),
        ("Name,Parent location,Kind\nRack,,bin\nX,Rack,", "nothing stands inside a bin"),
        ("Location\n" + "/".join(f"L{number}" for number in range(21)), "More than 20 places"),
        ("Location\nOld/New", "Old is out of use"),
    ],
)
def test_places_stand_where_forms_let_them(shop: Shop, file: str, says: str) -> None:
    site = shop.make("location", name="Site", kind_of_place="site")
    area = shop.make("location", name="Area", kind_of_place="area", parent=site)
    bin_ = shop.make("location", name="B1", kind_of_place="bin", parent=area)
    shop.ok("receive", part=shop.part(), location=bin_, quantity=1)
    old = shop.make("location", name="Old", kind_of_place="area")
    raw = {"id": new_id(), "location": old, "active": False}
    assert operations.edit(shop.context(), "edit_location", raw).done
    tally = check(importer(shop), file, kind="location").tally
    assert tally.wrong == 1
    assert says in tally.faults[0]["message"]


def test_a_place_that_a_row_only_names_stands_where_forms_let_it(shop: Shop) -> None:
    site = shop.make("location", name="Site", kind_of_place="site")
    shop.make("location", name="B1", kind_of_place="bin", parent=site)
    sheet = "Tag,Name,Location\nT-1,Mixer,Site/B1/Deep\nT-2,Mixer,Site/Hall\n"
    tally = check(importer(shop), sheet, kind="asset").tally
    assert counts(tally) == (1, 0, 0, 1)
    assert "B1 is a bin" in tally.faults[0]["message"]


def test_what_carries_others_is_not_retired(shop: Shop) -> None:
    truck, crane = shop.asset(tag="T-1"), shop.asset(tag="T-2")
    shop.ok("check_out", asset=crane, to_asset=truck)
    tally = check(importer(shop), "Tag,Status\nT-1,retired\nT-2,down\n", kind="asset").tally
    assert counts(tally) == (0, 0, 0, 2)
    assert "Other assets are on it" in tally.faults[0]["message"]
