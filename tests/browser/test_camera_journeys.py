"""Labels that the application printed, held before a camera: read, written, shown, taken back."""

import pytest
from PIL import Image

from tests.browser.camera import Scene
from tests.browser.conftest import OpenPhone
from tests.browser.site import Site

pytestmark = pytest.mark.browser

LOOK_S = 2
FILTER_E4 = 125_000


def one_after_the_other(*labels: Image.Image) -> list[Scene]:
    """A hand that shows each label for a while, then the empty shelf for the rest of the test."""
    scenes = [Scene(None, 0.7)]
    for label in labels:
        scenes += [Scene(label, LOOK_S), Scene(None, 0.7)]
    return [*scenes, Scene(None, 15)]


def test_machine_then_part_is_installed_and_taken_back(site: Site, open_phone: OpenPhone) -> None:
    things = site.things
    labels = site.printed_labels(things.forklift, things.filter)
    phone = open_phone(site.cast.technician, camera=one_after_the_other(*labels))
    phone.open("/scan")
    phone.shows("Forklift Linde E20")
    phone.shows("Installed", "Oil filter W 712", "Left in Shelf A-03", "12.50")
    assert phone.taps == 0
    phone.reads("40", "39")
    assert site.movements() == [("install", -1000, -FILTER_E4, site.asset_id(things.forklift))]
    assert site.parts_cost_e4(things.forklift) == FILTER_E4
    assert site.on_hand(things.filter) == 39
    phone.tap("Undo")
    phone.shows("Taken back")
    assert site.on_hand(things.filter) == 40
    assert site.parts_cost_e4(things.forklift) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_asset_then_badge_is_checked_out_and_comes_back(site: Site, open_phone: OpenPhone) -> None:
    drill, dana = site.things.drill, site.cast.technician
    drill_label, badge = site.printed_labels(drill, dana.code)
    phone = open_phone(dana, camera=one_after_the_other(drill_label, badge))
    phone.open("/scan")
    phone.shows("Checked out", "Hammer drill TE 30", "Dana Reyes")
    assert phone.taps == 0
    assert site.handovers(drill) == [("check_out", dana.id)]
    phone = open_phone(dana, camera=one_after_the_other(drill_label))
    phone.open("/scan?mode=return")
    phone.shows("Returned", "Hammer drill TE 30", "Dana Reyes")
    assert phone.taps == 0
    assert site.handovers(drill) == [("check_out", dana.id), ("check_in", None)]
