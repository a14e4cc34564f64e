"""What was exported and is imported again is as it is; lists that can't come in are refused."""

from itertools import product

import pytest

from stockscan.domain.errors import Invalid
from stockscan.domain.importing.ours import refusal
from stockscan.services import exporting
from stockscan.services.importing import jobs
from stockscan.store.catalogue.exports import TABLES
from tests.services.importing.steps import bring, check, counts, importer
from tests.shop import Shop

# The rules are in Python; `test_like_forms` proves both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

COMES_IN = ("assets", "parts", "locations", "models", "model-parts", "people", "stock")


@pytest.fixture(autouse=True)
def workshop(shop: Shop) -> None:
    """One of everything, with a formula for a name, own fields, and stock that has moved."""
    own = {thing: shop.own_field(name="Drive: front", thing=thing) for thing in ("asset", "part")}
    site = shop.make("location", name="Works", kind_of_place="site")
    at = shop.make("location", name="A/01", kind_of_place="bin", parent=site)
    part = shop.part(name="=2+3", part_number="-F", unit="L", cost="1.2345", location=at,
                     safety_stock="1.5", service_level="97.5",
                     custom={str(own["part"]): "=4x4"})  # fmt: skip
    models = "Name,Eol,Category,Replacement cost\n'@Drill,60,Tools,1299\n"
    bring(importer(shop), models, kind="model")
    shop.asset(name="+Drill", tag="A-7", purchase_cost="1120.50", model="@Drill",
               down_hour_cost="85",
               custom={str(own["asset"]): "=4x4"})  # fmt: skip
    listed = "Model,Part,Quantity,Place,Meter,Meter life\n'@Drill,'-F,0.5,Head,Hours,250\n"
    assert bring(importer(shop), listed).tally.new == 1
    shop.ok("receive", part=part, location=at, quantity="2.5", unit_cost="4")


def exported(shop: Shop, what: str, form: str = "csv") -> bytes:
    """A list of ours as a file."""
    return b"".join(exporting.export(importer(shop), what, form).chunks)


def test_an_export_comes_in_again_unchanged(shop: Shop) -> None:
    for what, form in product(COMES_IN, ("csv", "xlsx")):
        job = check(importer(shop), exported(shop, what, form))
        new, changed, same, wrong = counts(job.tally)
        assert (new, changed, wrong) == (0, 0, 0), (what, form, job.tally)
        assert same > 0


def test_what_cannot_come_in_is_refused_with_a_sentence(shop: Shop) -> None:
    for what, kind in product(sorted(set(TABLES) - set(COMES_IN)), ("", "stock")):
        with pytest.raises(Invalid, match=r"^(This|These) .*\."):
            jobs.upload(importer(shop), f"{what}.csv", exported(shop, what), kind)


def test_a_sheet_that_is_chosen_instead_is_of_its_own_kind(shop: Shop) -> None:
    ctx = importer(shop)
    job_id = jobs.upload(ctx, "everything.xlsx", exported(shop, "everything", "xlsx"))
    found = jobs.proposal(ctx, job_id)
    kinds = {}
    for sheet in found.seen.sheets:
        way = jobs.proposal(ctx, job_id).choices.way
        found = jobs.choose(ctx, job_id, {"way": way.__class__(sheet=sheet)})
        kinds[sheet] = "refused" if found.refused else found.choices.kind
    assert set(kinds.values()) >= {"asset", "part", "stock", "location", "person", "bom", "refused"}
    assert kinds["assets"] == "asset"


def test_a_list_of_someone_else_is_not_refused() -> None:
    assert refusal(["Part", "Supplier", "Number", "Price"]) == ""
