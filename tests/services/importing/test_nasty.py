"""A file with everything that goes wrong gives exact faults, and nothing of it comes in by half."""

import csv
import io

import pytest
from sqlalchemy import func, select

from stockscan.domain.errors import Conflict, Invalid, TooLarge
from stockscan.services.importing import jobs, running
from stockscan.services.importing.reading import Way
from stockscan.services.work import reading
from stockscan.store.assets import Asset
from tests.services.importing.nasty import Nasty, csv_file, workbook
from tests.services.importing.steps import bring, check, counts, importer, now_us
from tests.shop import Shop

ROWS = 300
LONG = 100_000
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def assets() -> int:
    """How many assets the books have."""
    with reading() as connection:
        return connection.execute(select(func.count(Asset.id))).scalar_one()


def assert_exact(shop: Shop, nasty: Nasty, rows: int) -> None:
    ctx = importer(shop)
    job = check(ctx, nasty.data)
    assert counts(job.tally) == (rows - len(nasty.faults), 0, 0, len(nasty.faults))
    told = [(one["line"], one["column"], one["message"]) for one in job.tally.faults]
    for (line, column, message), (at, name, begins) in zip(told, nasty.faults, strict=False):
        assert (line, column) == (at, name)
        assert message.startswith(begins)
    with pytest.raises(Conflict):
        jobs.begin_run(ctx, job.id, only_good=False)
    assert assets() == 0
    wrong = list(csv.reader(io.StringIO("".join(jobs.failing_csv(ctx, job.id)))))
    assert [int(row[-2]) for row in wrong[1:]] == [line for line, _, _ in nasty.faults]


def test_a_nasty_file_is_told_exactly_and_not_imported(shop: Shop) -> None:
    assert_exact(shop, csv_file(ROWS), ROWS)


@on_sqlite
@pytest.mark.torture
def test_a_long_nasty_file_is_told_exactly(shop: Shop) -> None:
    assert_exact(shop, csv_file(LONG), LONG)


@on_sqlite
def test_the_good_rows_come_in_alone_and_the_wrong_ones_once_corrected(shop: Shop) -> None:
    ctx, nasty = importer(shop), csv_file(40)
    job = bring(ctx, nasty.data, only_good=True)
    assert counts(job.tally) == (40 - len(nasty.faults), 0, 0, len(nasty.faults))
    assert assets() == 40 - len(nasty.faults)
    wrong = "".join(jobs.failing_csv(ctx, job.id))
    wrong = wrong.replace("n-000000", "N-X", 1).replace("n-000000", "N-Y")
    for was, corrected in (("31.2.2024", "1.2.2024"), ("many", "1"), ("dreaming", "down")):
        wrong = wrong.replace(was, corrected)
    again = bring(ctx, wrong)
    assert counts(again.tally) == (len(nasty.faults), 0, 0, 0), again.tally.faults


@on_sqlite
def test_a_workbook_gives_values_and_names_its_errors(shop: Shop) -> None:
    ctx, nasty = importer(shop), workbook()
    job_id = jobs.upload(ctx, "parts.xlsx", nasty.data)
    found = jobs.choose(ctx, job_id, {"way": Way(sheet="Parts")})
    assert (found.seen.way.header_line, found.choices.kind) == (4, "part")
    assert found.choices.mapping[1:4] == ("part_number", "name", "quantity")
    assert found.preview[0]["cells"][0] == ("10045", "")
    assert found.preview[2]["cells"][2] == ("200", "")
    jobs.begin_check(ctx, job_id)
    running.check(ctx, job_id, now_us)
    told = [(one["line"], one["column"], one["message"][:40]) for one in
            jobs.job(ctx, job_id).tally.faults]  # fmt: skip
    assert told == nasty.faults
    jobs.begin_run(ctx, job_id, only_good=True)
    running.run(ctx, job_id, now_us)
    held = {"10045": "Box 1", "10046": "Box 2", "10047": "Box 3"}
    assert [shop.on_hand(part, place) for part, place in held.items()] == [100, 50, 200]


@on_sqlite
def test_what_is_no_table_is_refused_with_a_sentence(shop: Shop) -> None:
    ctx = importer(shop)
    for data, error in (
        (b"", Invalid),
        (b"PK\x03\x04 no workbook", Invalid),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Invalid),
        (b"a,b\n" + b"x" * (15 * 1024 * 1024), TooLarge),
    ):
        with pytest.raises(error):
            jobs.upload(ctx, "file", data)


@on_sqlite
def test_what_can_be_read_in_two_ways_is_asked(shop: Shop) -> None:
    ctx = importer(shop)
    data = b'Tag,Name,Bought on,Price\nA,Drill,3/4/2024,"1,234"\n'
    job_id = jobs.upload(ctx, "a.csv", data)
    asked = jobs.proposal(ctx, job_id)
    assert [(one.header, one.answer) for one in asked.questions] == [
        ("Bought on", ""),
        ("Price", ""),
    ]
    with pytest.raises(Invalid):
        jobs.begin_check(ctx, job_id)
    found = jobs.choose(ctx, job_id, {"styles": {"2": "mdy", "3": "point"}})
    assert found.is_ready
    assert found.preview[0]["cells"][2] == ("2024-03-04", "")
