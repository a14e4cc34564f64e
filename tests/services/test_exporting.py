"""Export: what leaves is what is in the books, in every format, of one moment, for whom it may."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from stockscan.domain.errors import Invalid, NotAllowed, NotFound
from stockscan.domain.formulas import original
from stockscan.domain.tables import Column, Holds
from stockscan.services import exporting, purchasing
from stockscan.services.exporting.texts import csv_file, json_array
from stockscan.services.exporting.workbook import workbook
from stockscan.services.work import unit_of_work
from stockscan.store.catalogue.exports import TABLES, Asked, Table, Tables
from stockscan.store.locations import Location
from stockscan.store.snapshot import snapshot
from tests.cast import Player, new_id
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# What the store can hold: no NUL and no halves of characters; forms strip what is around it.
TEXTS = st.text(
    st.characters(exclude_characters="\x00", exclude_categories=["Cs"])
    | st.sampled_from("=+-@'\t\r\n\";,|_x"),
    min_size=1,
    max_size=30,
)


def exported(
    shop: Shop, what: str, form: str, by: Player | None = None, **more: list[str]
) -> bytes:
    return b"".join(exporting.export(shop.context(by), what, form, **more).chunks)


def csv_rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def of_texts(texts: list[str]) -> Tables:
    rows = [(text, text) for text in texts]
    return [("texts", lambda: Table((Column("a"), Column("b")), rows))]


def a_workshop(shop: Shop) -> tuple[str, str]:
    """A part with stock, moved and counted, an asset that is out; the codes of both."""
    site = shop.make("location", name="Works", kind_of_place="site")
    at = shop.make("location", name="A-01", kind_of_place="bin", parent=site)
    part = shop.part(name="=2+3", part_number="F-1", unit="L", cost="1.2345", location=at)
    asset = shop.asset(name="Drill", tag="A-7", purchase_cost="120.50", location=at)
    shop.ok("receive", part=part, location=at, quantity="2.5", unit_cost="4")
    shop.ok("install", part=part, asset=asset, location=at, quantity="1")
    shop.counted(part=part, location=at, quantity="3")
    shop.ok("check_out", asset=asset, to_person=shop.cast.technician.code, due_on="2023-11-20")
    job = shop.make("job", asset=asset, title="Oil")
    shop.ok("start_job", job=job)
    shop.ok("finish_job", job=job, minutes=25)
    purchasing.ask_for(shop.context(), new_id(), part, 9_000, None)
    return part, asset


def test_each_list_is_exported_in_each_format(shop: Shop) -> None:
    a_workshop(shop)
    for what in TABLES:
        rows = csv_rows(exported(shop, what, "csv"))
        told = json.loads(exported(shop, what, "json"))
        book = CalamineWorkbook.from_filelike(io.BytesIO(exported(shop, what, "xlsx")))
        assert len(told) == len(rows) == len(book.get_sheet_by_name(what).to_python()) - 1
    empty = {what for what in TABLES if not csv_rows(exported(shop, what, "csv"))}
    assert empty == {"supplier-parts", "substitutes", "models", "model-parts", "asset-parts",
                     "meters", "barcodes", "plans", "plan-parts", "edits"}  # fmt: skip


def test_the_figures_are_those_of_the_books(shop: Shop) -> None:
    a_workshop(shop)
    (part,) = csv_rows(exported(shop, "parts", "csv"))
    assert part["name"] == "'=2+3"
    assert (part["cost"], part["total_on_hand"]) == ("1.2345", "3")
    assert part["location"] == "Works / A-01"
    (lying,) = csv_rows(exported(shop, "stock", "csv"))
    assert (lying["part"], lying["quantity"], lying["unit_cost"]) == ("F-1", "3", "4.00")
    moves = csv_rows(exported(shop, "movements", "csv"))
    assert [(move["kind"], move["quantity"], move["value"]) for move in moves] == [
        ("receive", "2.5", "10.00"), ("install", "-1", "-4.00"), ("count_adjust", "1.5", "6.00"),
    ]  # fmt: skip
    assert moves[0]["effective_at_utc"].endswith("Z")
    (asset,) = csv_rows(exported(shop, "assets", "csv"))
    assert (asset["custodian"], asset["parts_cost"]) == ("Dana Reyes", "4.00")
    (out,) = json.loads(exported(shop, "checked-out", "json"))
    assert (out["tag"], out["due_on"], out["overdue"]) == ("A-7", "2023-11-20", False)


def test_everything_is_one_file(shop: Shop) -> None:
    a_workshop(shop)
    told = json.loads(exported(shop, "everything", "json"))
    archive = zipfile.ZipFile(io.BytesIO(exported(shop, "everything", "csv")))
    book = CalamineWorkbook.from_filelike(io.BytesIO(exported(shop, "everything", "xlsx")))
    assert archive.testzip() is None
    assert archive.namelist() == [f"{name}.csv" for name in TABLES]
    assert list(told) == book.sheet_names == list(TABLES)
    assert len(csv_rows(archive.read("movements.csv"))) == len(told["movements"]) == 3


@on_sqlite
def test_only_what_was_chosen(shop: Shop) -> None:
    part, _ = a_workshop(shop)
    shop.part(part_number="F-2")
    assert len(csv_rows(exported(shop, "parts", "csv"))) == 2
    assert [row["code"] for row in csv_rows(exported(shop, "parts", "csv", codes=[part]))] == [part]


@on_sqlite
def test_places_come_behind_the_place_that_they_are_in(shop: Shop) -> None:
    first = shop.bin("inner")
    outer = shop.make("location", name="outer", kind_of_place="site")
    with unit_of_work() as session:
        found = session.scalars(select(Location).where(Location.code == outer)).one()
        session.execute(update(Location).where(Location.code == first).values(parent_id=found.id))
    rows = csv_rows(exported(shop, "locations", "csv"))
    assert [(row["path"], row["parent"]) for row in rows] == [
        ("outer", ""),
        ("outer / inner", "outer"),
    ]


@on_sqlite
def test_people_are_for_who_runs_them(shop: Shop) -> None:
    storekeeper = shop.cast.storekeeper
    assert "people" not in exporting.choices(shop.context(storekeeper))
    assert "people" not in json.loads(exported(shop, "everything", "json", storekeeper))
    with pytest.raises(NotAllowed):
        exporting.export(shop.context(storekeeper), "people", "csv")
    told = exported(shop, "people", "json").decode()
    assert len(json.loads(told)) == 5
    assert "hash" not in told


@on_sqlite
def test_who_may_not_and_what_is_not(shop: Shop) -> None:
    for what in ("parts", "everything"):
        with pytest.raises(NotAllowed):
            exporting.export(shop.context(shop.cast.technician), what, "csv")
    with pytest.raises(NotFound):
        exporting.export(shop.context(), "passwords", "csv")
    with pytest.raises(Invalid):
        exporting.export(shop.context(), "parts", "exe")


def test_an_export_sees_one_moment_and_stops_no_writer(shop: Shop) -> None:
    shop.part(part_number="F-1")
    shop.part(part_number="F-2")
    with snapshot() as connection:
        rows = iter(TABLES["parts"](connection, Asked(date(2026, 11, 22))).rows)
        numbers = [next(rows)[1]]
        shop.part(part_number="F-3")
        numbers += [row[1] for row in rows]
        stock = list(TABLES["parts"](connection, Asked(date(2026, 11, 22))).rows)
    assert numbers == ["F-1", "F-2"]
    assert len(stock) == 2
    assert len(csv_rows(exported(shop, "parts", "csv"))) == 3


def test_an_export_that_nobody_reads_on_lets_go(shop: Shop) -> None:
    for _ in range(20):
        exporting.export(shop.context(), "everything", "csv").chunks.close()
    shop.part()


@given(st.lists(TEXTS, max_size=5))
def test_texts_come_through_csv(texts: list[str]) -> None:
    data = b"".join(csv_file(of_texts(texts))).decode("utf-8-sig")
    _, *rows = csv.reader(io.StringIO(data, newline=""))
    assert [[original(cell) for cell in row] for row in rows] == [[text] * 2 for text in texts]


@given(st.lists(TEXTS, max_size=5))
def test_texts_come_through_json(texts: list[str]) -> None:
    rows = json.loads(b"".join(json_array(of_texts(texts))))
    assert rows == [{"a": text, "b": text} for text in texts]


@settings(max_examples=40)
@given(st.lists(TEXTS, max_size=3))
def test_texts_come_through_a_workbook_as_texts(texts: list[str]) -> None:
    data = b"".join(workbook(of_texts(texts)))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    assert sheet.to_python()[1:] == [[text] * 2 for text in texts]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_workbook_has_numbers_and_dates() -> None:
    columns = {
        Holds.MILLI: -2500, Holds.MINOR: 12050, Holds.E4: 12345, Holds.WHOLE: 7, Holds.FLAG: True,
        Holds.DAY: date(2026, 2, 28), Holds.TIME: 1_700_000_000_000_000,
    }  # fmt: skip
    made = Table(tuple(Column(holds, holds) for holds in columns), [tuple(columns.values())])
    data = b"".join(workbook([("figures", lambda: made)]))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("figures")
    instant = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC).replace(tzinfo=None)
    assert sheet.to_python()[1] == [-2.5, 120.5, 1.2345, 7, "yes", date(2026, 2, 28), instant]


def test_a_workbook_goes_on_in_another_sheet() -> None:
    data = b"".join(workbook(of_texts(["a", "b", "c"]), sheet_rows=2))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert [len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names] == [3, 2]


def test_what_was_done_to_a_job_is_exported_as_a_job(shop: Shop) -> None:
    """Not among the changes of particulars, which hold texts: its history holds numbers."""
    a_workshop(shop)
    assert csv_rows(exported(shop, "edits", "csv")) == []
    [job] = csv_rows(exported(shop, "jobs", "csv"))
    assert (job["job"], job["state"], job["minutes"]) == ("J-1", "done", "25")
    [line] = csv_rows(exported(shop, "requisitions", "csv"))
    assert (line["requisition"], line["quantity"], line["job"]) == ("R-1", "9", "")
    assert exported(shop, "edits", "xlsx")
