"""Machines that stand and have what another one needs."""

from stockscan.services import installs
from tests.shop import Shop


def test_who_can_give_a_part(shop: Shop) -> None:
    """The same model first, the retired before the broken; none that runs or gave it away."""
    bin_ = shop.bin()
    part, cell = shop.part(location=bin_), shop.part(location=bin_, tracking="serial")
    shop.make("model", name="H25")
    needs, twin = (shop.asset(tag=tag, model="H25") for tag in ("A-1", "A-2"))
    broken, old, gave, runs = (shop.asset(tag=f"B-{number}") for number in range(1, 5))
    shop.ok("receive", part=part, location=bin_, quantity=9, unit_cost="1")
    shop.ok("receive", part=cell, location=bin_, serials=["S1", "S2"], unit_cost="1")
    for asset in (needs, twin, broken, old, gave, runs):
        shop.ok("install", asset=asset, part=part, quantity=1)
    for serial in ("S1", "S2"):
        shop.ok("install", asset=old, part=cell, quantity=1, serial=serial)
    shop.ok("return_part", asset=gave, part=part, quantity=1, location=bin_)
    for asset, status in ((twin, "down"), (broken, "down"), (old, "retired"), (gave, "retired")):
        shop.ok("set_status", asset=asset, status=status)
    page = installs.donor_page(shop.context(shop.cast.technician), needs, part)
    assert [donor.tag for donor in page.donors or ()] == ["A-2", "B-2", "B-1"]
    assert [bool(donor.same_model) for donor in page.donors or ()] == [True, False, False]
    (newest,) = installs.donor_page(shop.context(), needs, cell).donors or ()
    assert (newest.tag, newest.serial, newest.left_milli) == ("B-2", "S2", 1000)
