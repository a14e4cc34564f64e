"""A server that is killed in the middle of a large print: the print can be continued, once."""

import os
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pypdfium2
import pytest
from sqlalchemy import func, select

from stockscan.services import labels
from stockscan.services.labels import LabelSetup, Paper, Wanted, running
from stockscan.services.labels.prints import STILL_US, print_of
from stockscan.services.work import reading
from stockscan.store.labels import LabelPrint, LabelPrinted
from tests.shop import Shop

SETUP = LabelSetup("https://stock.example.com", Path("no-folder-of-the-company"))
COPIES = 400

# What a thread of the server's worker does, as a process of its own that rests in the middle.
WORKER = """
import sys, time
from pathlib import Path
from stockscan.services import people
from stockscan.services.labels import LabelSetup, running
from stockscan.services.work import Context
from stockscan.web import create_app

now_us, beats = int(sys.argv[2]), [0] * int(sys.argv[3])
clock = lambda: now_us + beats.pop() if beats else time.sleep(600)
with create_app().app_context():
    ctx = Context(people.console_actor(), now_us, str)
    setup = LabelSetup("https://stock.example.com", Path("no-folder-of-the-company"))
    running.work(ctx, setup, int(sys.argv[1]), clock)
"""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_killed_print_is_continued(shop: Shop, database_url: str, tmp_path: Path) -> None:
    ctx, codes = shop.context(), [shop.asset() for _ in range(3)]
    paper = Paper("zebra-2x1", "standard", copies=COPIES)
    number = labels.order_print(ctx, SETUP, Wanted(codes), paper, "pdf", str(uuid4())).print.number
    settings = {"STOCKSCAN_DATABASE_URL": database_url, "STOCKSCAN_DATA_DIR": str(tmp_path)}
    beats = 1 + COPIES // running.STEP
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(number), str(shop.now_us), str(beats)],
        env={**os.environ, **settings},
    )
    while worker.poll() is None and print_of(ctx, number).done < COPIES:
        time.sleep(0.005)
    worker.kill()
    assert worker.wait() == -9
    shop.now_us += STILL_US + 1
    broken = print_of(shop.context(), number)
    assert (broken.state, broken.is_still, broken.has_file) == ("running", True, False)
    running.make_again(shop.context(), number)
    running.work(shop.context(), SETUP, number, lambda: shop.now_us)
    assert print_of(shop.context(), number).state == "done"
    file = labels.file_of(shop.context(), SETUP, number)
    assert len(pypdfium2.PdfDocument(BytesIO(file.data))) == 3 * COPIES
    with reading() as connection:
        tables = (LabelPrint, LabelPrinted)
        counts = [connection.scalar(select(func.count()).select_from(one)) for one in tables]
    assert counts == [1, 3]
