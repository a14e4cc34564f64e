"""Importing a row leaves the same rows in the database as creating the thing by its form."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from stockscan.services import operations
from stockscan.services.work import reading, unit_of_work
from stockscan.store.assets import Asset, AssetEvent, AssetModel
from stockscan.store.codes import Alias
from stockscan.store.fields import CustomField
from stockscan.store.locations import Location
from stockscan.store.parts import Part, Supplier
from tests.cast import new_id
from tests.services.importing.steps import bring, importer
from tests.shop import Shop

# Ids, codes and times differ between any two things; so do the words that must be unique.
APART = {"id", "code", "created_us", "seq", "asset_id", "operation_id", "effective_us",
         "recorded_us", "tag", "part_number", "text", "leg"}  # fmt: skip

words = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12)
days = st.dates().map(lambda day: day.isoformat()).filter(lambda day: day > "1900")
prices = st.integers(0, 10**7).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")

ASSETS = st.fixed_dictionaries(
    {"name": words},
    optional={
        "serial": words, "category": words, "condition": st.sampled_from("12345"),
        "purchase_date": days, "purchase_cost": prices, "order_number": words,
        "warranty_until": days, "life_months": st.integers(1, 1200).map(str), "notes": words,
        "location": st.just("Shelf"), "supplier": words, "alias": st.just("SAME"),
    },
)  # fmt: skip
PARTS = st.fixed_dictionaries(
    {"name": words},
    optional={
        "unit": words, "category": words, "cost": prices, "location": st.just("Shelf"),
        "supplier": words, "supplier_part_number": words, "manufacturer": words,
        "manufacturer_part_number": words, "pack": st.integers(1, 500).map(str),
        "lead_time_days": st.integers(0, 365).map(str),
        "reorder_point": st.integers(0, 500).map(str), "abc_class": st.sampled_from("ABC"),
        "tracking": st.sampled_from(["none", "lot", "serial"]), "notes": words,
        "barcode": st.just("SAME"),
    },
)  # fmt: skip

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
quick = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@quick
@given(fields=ASSETS)
def test_an_asset(shop: Shop, fields: dict[str, str]) -> None:
    assert_same(shop, "asset", "tag", fields)


@quick
@given(fields=PARTS)
def test_a_part(shop: Shop, fields: dict[str, str]) -> None:
    assert_same(shop, "part", "part_number", fields)


def assert_same(shop: Shop, kind: str, key: str, fields: dict[str, str]) -> None:
    ctx = importer(shop)
    if not any(row["name"] == "Shelf" for row in rows_of("location")):
        shop.bin("Shelf")
    by_form, by_file = f"F{new_id()[:13]}", f"I{new_id()[:13]}"
    barcode = "alias" if kind == "asset" else "barcode"
    given_form, given_file = (
        {**fields, key: name, **({barcode: f"B-{name}"} if barcode in fields else {})}
        for name in (by_form, by_file)
    )
    outcome = operations.create(ctx, f"create_{kind}", {**given_form, "id": new_id()})
    assert outcome.done, outcome
    job = bring(ctx, sheet(given_file), kind=kind)
    assert job.tally.new == 1, (job.tally, given_file)
    assert trace(kind, key, by_form) == trace(kind, key, by_file)


def sheet(fields: dict[str, str]) -> str:
    """A file with one row, each column called like its field."""
    quoted = ['"' + value.replace('"', '""') + '"' for value in fields.values()]
    return ",".join(fields) + "\n" + ",".join(quoted) + "\n"


def trace(kind: str, key: str, name: str) -> Any:
    """All that the books have of a thing, less what tells any two apart."""
    thing = next(row for row in rows_of(kind) if row[key] == name)
    more: list[Any] = [row for row in rows_of("alias") if row["code"] == thing["code"]]
    if kind == "asset":
        more += [row for row in rows_of("event") if row["asset_id"] == thing["id"]]
    return [{name: value for name, value in row.items() if name not in APART}
            for row in (thing, *more)]  # fmt: skip


def rows_of(kind: str) -> list[dict[str, Any]]:
    """Every row of a table."""
    tables: dict[str, Any] = {
        "asset": Asset, "part": Part, "location": Location, "alias": Alias, "event": AssetEvent,
        "model": AssetModel, "supplier": Supplier,
    }  # fmt: skip
    with reading() as connection:
        return [row._asdict() for row in connection.execute(select(tables[kind].__table__))]


def test_custom_fields_are_columns_too(shop: Shop) -> None:
    with unit_of_work() as session:
        session.add(CustomField(thing="asset", category="", name="Inspected on", type="date",
                                choices="[]", position=1, active=True))  # fmt: skip
    job = bring(importer(shop), "Tag,Name,Inspected on\nT-1,Drill,24/3/2024\n")
    assert job.tally.new == 1
    asset = next(row for row in rows_of("asset") if row["tag"] == "T-1")
    assert list(json.loads(asset["custom"]).values()) == ["2024-03-24"]
