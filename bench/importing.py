"""Imports of 100,000 rows beside the database's own bulk load of the same rows in the same run."""

import csv
import io
import resource
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

from sqlalchemy import select, text

from stockscan.domain.access import Role
from stockscan.domain.codes import check_character
from stockscan.services import people
from stockscan.services.importing import jobs, running
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store.codes import Code
from stockscan.store.db import dispose, migrate, on_postgresql
from stockscan.web import create_app

ROWS = 100_000


@dataclass(frozen=True)
class Took:
    """Seconds of the check and of the import, of the bulk load, and memory above the start."""

    rows: int
    check_s: float
    import_s: float
    bulk_s: float
    peak_mb: float

    @property
    def shown(self) -> str:
        """As the table of measurements has it."""
        both = self.check_s + self.import_s
        speeds = ", ".join(
            f"{name} {self.rows / seconds:6.0f} rows/s"
            for name, seconds in (
                ("check", self.check_s), ("import", self.import_s), ("bulk load", self.bulk_s),
            )
        )  # fmt: skip
        alone, whole = self.import_s / self.bulk_s, both / self.bulk_s
        ratios = f"import = {alone:.1f} x bulk load, with the check {whole:.1f} x"
        return f"{speeds}; {ratios}; memory +{self.peak_mb:.0f} MB"


def measure(url: str, folder: Path, rows: int = ROWS) -> dict[str, Took]:
    """Import assets, then parts and their opening stock, into an empty database at `url`."""
    migrate(url)
    app = create_app({"DATABASE_URL": url, "DATA_DIR": str(folder)})
    try:
        with app.app_context():
            people.add_user(_context(), username="bench", role=Role.ADMIN, password="b" * 12)
            _import(assets_csv(10), "asset")
            found = {"assets": _took(assets_csv(rows), "asset", _bulk_assets, rows)}
            _import(parts_csv(rows), "part")
            found["opening stock"] = _took(stock_csv(rows), "stock", _bulk_stock, rows)
            return found
    finally:
        dispose(app)


def assets_csv(rows: int) -> bytes:
    """Assets with eleven columns, twenty models and fifty places."""
    header = ["Tag", "Name", "Serial", "Model", "Category", "Location", "Bought on",
              "Purchase price", "Supplier", "Order number", "Notes"]  # fmt: skip
    return _csv(
        header,
        ([f"T{rows}-{n:06d}", f"Drill {n}", f"S-{n:08d}", f"Model {n % 20}", "Tools",
          f"Site {n % 5}/Room {n % 50}", f"2024-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
          f"{n % 900 + 100}.50", f"Supplier {n % 7}", f"PO-{n % 300}", "imported"]
         for n in range(rows)),
    )  # fmt: skip


def parts_csv(rows: int) -> bytes:
    """As many parts as rows of stock."""
    return _csv(["Part number", "Name"], ([f"PART-{n:06d}", f"Screw {n}"] for n in range(rows)))


def stock_csv(rows: int) -> bytes:
    """Each part once, in one of two hundred bins."""
    return _csv(
        ["Item Code", "Warehouse", "Quantity", "Valuation Rate"],
        ([f"PART-{n:06d}", f"Bin {n % 200}", str(n % 90 + 1), f"{n % 50 + 1}.25"]
         for n in range(rows)),
    )  # fmt: skip


def _csv(header: list[str], rows: Iterator[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def _took(data: bytes, kind: str, bulk: Callable[[int], float], rows: int) -> Took:
    with peak() as rise:
        check_s, import_s = _import(data, kind)
    return Took(rows, check_s, import_s, bulk(rows), rise["mb"] - len(data) / 1e6)


def _import(data: bytes, kind: str) -> tuple[float, float]:
    ctx = _context()
    job_id = jobs.upload(ctx, f"{kind}.csv", data, kind)
    jobs.begin_check(ctx, job_id)
    begun = time.perf_counter()
    running.check(ctx, job_id, _now_us)
    checked = time.perf_counter()
    assert jobs.job(ctx, job_id).tally.wrong == 0, jobs.job(ctx, job_id).tally.faults[:3]
    jobs.begin_run(ctx, job_id, only_good=False)
    running.run(ctx, job_id, _now_us)
    job = jobs.job(ctx, job_id)
    assert job.state == "done", job
    return checked - begun, time.perf_counter() - checked


def _bulk_assets(rows: int) -> float:
    """The same assets by the database's own means: staged, then inserted with codes and events."""
    with reading() as connection:
        known = set(connection.execute(select(Code.code)).scalars())
    free = (made for n in range(2 * rows) if (made := code(n)) not in known)
    codes = [next(free) for _ in range(rows)]
    staged = [(n, f"B-{n:06d}", f"Drill {n}", f"S-{n:08d}", codes[n]) for n in range(rows)]
    return _bulk(
        "CREATE TEMPORARY TABLE staged (n integer, tag text, name text, serial text, code text)",
        staged,
        "INSERT INTO code (code, kind, created_us) SELECT code, 'asset', 1 FROM staged",
        "INSERT INTO asset (code, tag, name, serial, category, status, location_id,"
        " purchase_date, purchase_cost_minor, order_number, notes, custom, created_us)"
        " SELECT code, tag, name, serial, 'Tools', 'in_service', (SELECT MIN(id) FROM location),"
        " '2024-03-05', 12550, 'PO-1', 'imported', '{}', 1 FROM staged",
        "INSERT INTO asset_event (kind, asset_id, effective_us, recorded_us, person_id,"
        " to_location_id, note, operation_id, leg) SELECT 'move', asset.id, 1, 1, 1,"
        " location_id, '', (SELECT MIN(id) FROM operation), staged.n + 1000000 FROM staged"
        " JOIN asset ON asset.code = staged.code",
    )


def _bulk_stock(rows: int) -> float:
    """The same movements, balances and worths by the database's own means, in another bin."""
    staged = [(n, f"PART-{n:06d}", "", "", "") for n in range(rows)]
    return _bulk(
        "CREATE TEMPORARY TABLE staged (n integer, tag text, name text, serial text, code text)",
        staged,
        "INSERT INTO movement (SEQ kind, part_id, location_id, lot, serial, quantity_milli,"
        " unit_cost_e4, value_e4, effective_us, rank, recorded_us, person_id, reason, note,"
        " removed_serial, operation_id, origin_id, leg) SELECT DRAW 'opening', part.id,"
        " (SELECT MAX(id) FROM location),"
        " 'bulk', '', 1000, 10000, 10000, 1, 0, 1, 1, '', '', '',"
        " (SELECT MIN(id) FROM operation), (SELECT MIN(id) FROM operation), n + 1000000"
        " FROM staged JOIN part ON part.part_number = staged.tag",
        "INSERT INTO balance (part_id, location_id, lot, serial, quantity_milli) SELECT part.id,"
        " (SELECT MAX(id) FROM location), 'bulk', '', 1000 FROM staged"
        " JOIN part ON part.part_number = staged.tag",
        "UPDATE part_worth SET quantity_milli = quantity_milli + 1000, value_e4 = value_e4 + 10000",
    )


def _bulk(staging: str, rows: list[tuple[Any, ...]], *statements: str) -> float:
    """The seconds of staging rows and of the statements, in one transaction."""
    begun = time.perf_counter()
    with unit_of_work() as session:
        connection = session.connection()
        connection.exec_driver_sql(staging)
        raw: Any = connection.connection.cursor()
        if on_postgresql(connection):
            with raw.copy("COPY staged FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            raw.executemany("INSERT INTO staged VALUES (?, ?, ?, ?, ?)", rows)
        drawn = "nextval('movement_seq_seq')," if on_postgresql(connection) else ""
        for statement in statements:
            told = statement.replace("(SEQ ", "(seq, " if drawn else "(").replace("DRAW", drawn)
            connection.execute(text(told))
        connection.exec_driver_sql("DROP TABLE staged")
    return time.perf_counter() - begun


def code(number: int) -> str:
    """A label code of ours that says this number."""
    body = f"{number:06}"
    return body + check_character(body)


@contextmanager
def peak() -> Iterator[dict[str, float]]:
    """How far the memory of this process rises meanwhile, in MB."""
    found, over = {"mb": 0.0}, Event()
    before = _resident_mb()

    def watch() -> None:
        while not over.wait(0.02):
            found["mb"] = max(found["mb"], _resident_mb() - before)

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def _context() -> Context:
    return Context(people.console_actor(), _now_us(), lambda: str(uuid.uuid4()))


def _now_us() -> int:
    return time.time_ns() // 1000


if __name__ == "__main__":
    import sys
    import tempfile

    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    from tests.postgres import running_server

    with tempfile.TemporaryDirectory() as place, running_server() as server:
        server.create("importing")
        for url in (f"sqlite:///{place}/importing.db", server.url("importing")):
            for name, took in measure(url, Path(place), count).items():
                print(f"{url.partition(':')[0]:<12} {name:<14} {took.shown}", flush=True)
