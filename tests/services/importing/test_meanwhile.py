"""What goes on around an import: it fails half-way, somebody works meanwhile, rights are taken."""

from dataclasses import replace

import pytest

from stockscan.domain.access import Role
from stockscan.domain.errors import Invalid, NotAllowed
from stockscan.services.importing import jobs, running
from stockscan.services.importing.reading import Way, look
from tests.services.importing.steps import bring, check, counts, importer, now_us
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@on_sqlite
def test_what_failed_half_way_is_checked_and_imported_again(shop: Shop) -> None:
    ctx = importer(shop)
    job = check(ctx, "\n".join(["Tag,Name", *(f"T-{number},Pump" for number in range(2100))]))
    jobs.begin_run(ctx, job.id, only_good=False)
    times = iter([now_us()])
    with pytest.raises(StopIteration):
        running.run(ctx, job.id, lambda: next(times))
    assert (jobs.job(ctx, job.id).state, jobs.job(ctx, job.id).done) == ("failed", running.CHUNK)
    jobs.begin_check(ctx, job.id)
    running.check(ctx, job.id, now_us)
    jobs.begin_run(ctx, job.id, only_good=False)
    running.run(ctx, job.id, now_us)
    done = jobs.job(ctx, job.id)
    assert (done.state, counts(done.tally)) == ("done", (1100, 0, 1000, 0))


def test_what_happened_while_an_import_waited_holds(shop: Shop) -> None:
    ctx = importer(shop)
    bring(ctx, "Tag,Name,Location,Condition\nK-1,Pump,Hall A,4\n")
    job = check(ctx, "Tag,Name,Location,Condition\nK-1,Pump,Hall B,3\n")
    jobs.begin_run(ctx, job.id, only_good=False)
    begun_us = now_us()
    shop.now_us = begun_us
    yard = shop.bin("Yard")
    shop.ok("move_asset", asset="K-1", location=yard)
    running.run(ctx, job.id, lambda: begun_us)
    assert jobs.job(ctx, job.id).state == "done"
    moved = shop.ok("note", asset="K-1", note="Where is it?")
    assert moved["location_name"] == "Yard"


@on_sqlite
def test_who_may_no_longer_import_does_not_go_on_either(shop: Shop) -> None:
    ctx = importer(shop)
    job = check(ctx, "Name,Username,Role\nZoe Park,zoe,technician\n", kind="person")
    jobs.begin_run(ctx, job.id, only_good=False)
    late = replace(ctx, now_us=now_us() + jobs.STILL_US + 1)
    admin = shop.cast.admin.actor
    for actor in (replace(admin, role=Role.SUPERVISOR), replace(admin, limited=True)):
        with pytest.raises(NotAllowed):
            jobs.resume(replace(late, actor=actor), job.id)


def test_only_ways_of_reading_from_the_list_are_taken() -> None:
    for way in (Way(encoding="zlib"), Way(encoding="no such"), Way(delimiter="ab"),
                Way(encoding="a\0b"), Way(delimiter='"')):  # fmt: skip
        with pytest.raises(Invalid):
            look(b"Tag,Name\nA-1,Pump\n", way)
    assert look(b"Tag;Name\nA-1;Pump\n", Way("mac-roman", ";")).headers == ("Tag", "Name")
