"""Files of other systems import without a hand on the columns, and again without a change."""

from pathlib import Path

import pytest

from stockscan.services.importing import jobs
from tests.services.importing.steps import bring, check, counts, importer
from tests.shop import Shop

SAMPLES = Path(__file__).parents[2] / "samples" / "imports"

# File, what it is recognised as, new rows, and what is made beside them; what a file needs first
# stands above it.
KNOWN = [
    ("snipe-it-locations", "Snipe-IT locations", 2, {}),
    ("snipe-it-models", "Snipe-IT models", 3, {}),
    ("snipe-it-users", "Snipe-IT users", 2, {}),
    ("snipe-it-assets", "Snipe-IT assets", 3, {"supplier": 1}),
    ("snipe-it-consumables", "Snipe-IT consumables", 2, {"supplier": 1, "location": 1}),
    ("snipe-it-accessories", "Snipe-IT accessories", 2, {"location": 1}),
    ("snipe-it-components", "Snipe-IT components", 2, {}),
    ("inventree-locations", "InvenTree locations", 3, {}),
    ("inventree-parts", "InvenTree parts", 2, {}),
    ("inventree-stock", "InvenTree stock items", 3, {"location": 1}),
    ("inventree-bom", "InvenTree parts list", 1, {"model": 1}),
    ("odoo-products", "Odoo products", 2, {}),
    ("erpnext-stock", "ERPNext stock reconciliation", 2, {"location": 1}),
    ("part-db-parts", "Part-DB parts", 2, {"supplier": 1, "location": 3}),
    ("atlas-locations", "Atlas CMMS locations", 2, {}),
    ("atlas-parts", "Atlas CMMS parts", 2, {"supplier": 1, "location": 1}),
    ("atlas-assets", "Atlas CMMS assets", 2, {}),
    ("eptura-inventory", "Eptura Asset inventory", 2, {"location": 2}),
    ("plain-stock", "Your own sheet", 2, {"location": 2}),
]


def test_files_of_other_systems_import_by_themselves(shop: Shop) -> None:
    ctx = importer(shop)
    for name, known_as, new, beside in KNOWN:
        data = (SAMPLES / f"{name}.csv").read_bytes()
        job = bring(ctx, data)
        found = jobs.proposal(ctx, job.id)
        assert found.recognised.name == known_as
        assert counts(job.tally) == (new, 0, 0, 0), (name, job.tally.faults)
        assert (name, job.tally.made) == (name, beside)
        again = check(ctx, data)
        assert (name, counts(again.tally)) == (name, (0, 0, new, 0)), again.tally.samples


def test_what_came_in_is_in_the_books(shop: Shop) -> None:
    ctx = importer(shop)
    bring(ctx, (SAMPLES / "part-db-parts.csv").read_bytes())
    assert shop.on_hand("BC547B", "Box 5") == 250
    bring(ctx, (SAMPLES / "odoo-products.csv").read_bytes())
    bring(ctx, (SAMPLES / "erpnext-stock.csv").read_bytes())
    assert shop.on_hand("HH-12", "Stores - N") == 24
    issued = shop.ok("issue", part="HH-12", location="Stores - N", quantity="2", reason="test")
    assert issued["unit_cost"] == "11.20"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_column_of_a_known_file_has_a_field_or_a_reason(shop: Shop) -> None:
    ctx = importer(shop)
    for name, *_ in KNOWN:
        job_id = jobs.upload(ctx, name, (SAMPLES / f"{name}.csv").read_bytes())
        found = jobs.proposal(ctx, job_id)
        for header, to in zip(found.seen.headers, found.choices.mapping, strict=True):
            assert to or found.recognised.left_out[header]
