"""Who counts blind finds the book nowhere: not on a page, in the API, in a file, in an answer.

A book quantity and a value that nothing else can have are planted; then every address is opened.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from stockscan.domain.codes import read as scanned
from stockscan.domain.counts.scope import Scope
from stockscan.services import counts, exporting, operations, purchasing
from stockscan.services.counts.plans import Plan
from stockscan.services.work import reading
from stockscan.store.counts.blindness import blindness, hidden_parts
from stockscan.store.scanning import resolve
from stockscan.web.reports.door import REPORTS
from tests.cast import Cast, Player, browser, new_id
from tests.shop import Shop
from tests.web.pages import FRAGMENT, text_of

# 7013.291 in the bin and 7018.291 in all, worth 22,232.13 and 22,247.98, and 2013.291 more than
# somebody counted; less what moves here.
BOOKED = re.compile(r"(?<![\w.])([72],?01\d(\.\d+)?|22,?2\d\d\.\d\d)(?![\w])|SNQX\d")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# The rest are pictures, styles and scripts.
TEXTS = ("text/html", "application/json", "text/csv", "text/plain")


@dataclass(frozen=True)
class Planted:
    """The codes of what was planted, and the count in which it is counted."""

    bin: str
    other: str
    part: str
    marked: str
    asset: str
    count: str
    adhoc: str
    operation: str

    def filled(self, rule: Rule) -> list[str]:
        """The addresses of a rule: about what was planted, else about nothing that there is."""
        firsts = {
            "assets": [self.asset], "parts": [self.part, self.marked], "counts": [self.count,
            self.adhoc], "locations": [self.bin], "models": ["Planted"], "S": [self.part],
            "s": [self.bin], "reports": sorted(REPORTS),
        }  # fmt: skip
        path = rule.rule.removeprefix("/api/v1")
        stem = path.split("/")[1]
        if stem == "export" and rule.arguments:
            both = [f"/export/{what}.{end}" for what in exporting.LISTS for end in ("csv", "xlsx")]
            return [*both, *(f"/export/everything.{end}" for end in ("zip", "csv", "xlsx", "json"))]
        filled = []
        for first in firsts.get(stem, ["1"]):
            for act in ("receipt", "issue", "transfer") if "<act>" in rule.rule else ("1",):
                address = re.sub(r"<[^>]*>", first, rule.rule, count=1)
                filled.append(re.sub(r"<[^>]*>", act, address))
        return filled

    def asked(self) -> list[str]:
        """Addresses that ask for more than their rule says."""
        on = f"/scan?on={self.bin}&part={self.part}"
        return [
            *(f"/parts?show={show}" for show in ("low", "out", "inactive")),
            *(f"/parts?sort={sort}" for sort in ("-number", "name")),
            *(f"/find?q={quote(text)}" for text in ("Planted", self.part)),
            "/scan/matches?raw=Planted",
            *(f"{on}&act={act}&mode={act}" for act in ("issue", "receive", "count")),
            f"/scan?on={self.bin}&part={self.marked}&act=issue&mode=issue",
            f"/scan?on={self.part}",
            f"/scan?on={self.bin}",
            f"/scan?on={self.asset}&mode=install",
            f"/scan?done={self.operation}&on={self.part}",
            f"/scan?mode=count&on={self.bin}&count={self.count}",
            f"/scan?mode=count&count={self.count}",
            f"/stock/issue?location={self.bin}",
            f"/labels?place={self.bin}&inside=parts",
            f"/labels?codes={self.part}",
            "/api/v1/parts?low=true",
            "/api/v1/movements?after=0&limit=500",
            "/api/v1/catalogue",
            f"/api/v1/resolve?code={self.part}",
            f"/parts/{self.part}?before=999999",
            "/reports/ledger/rows.csv",
            "/reports/slow?days=1",
            "/reports/turnover/parts.csv",
        ]


@pytest.fixture
def planted(app: Flask, cast: Cast) -> Iterator[Planted]:
    """A bin of one part by the metre and one by serial, which nobody has begun to count yet."""
    with app.app_context():
        shop = Shop(cast)
        bin_, other = shop.bin("Planted bin"), shop.bin("Other bin")
        part = shop.part(name="Planted hose", unit="m", cost="3.17", location=bin_,
                         reorder_point="8000")  # fmt: skip
        marked = shop.part(name="Planted pump", tracking="serial", location=bin_)
        made = {"id": new_id(), "name": "Planted"}
        operations.create(shop.context(), "create_model", made)
        listed = {"id": new_id(), "model": "Planted", "part": part, "quantity": "1"}
        operations.edit(shop.context(), "set_model_part", listed)
        asset = shop.asset(model="Planted")
        by = cast.supervisor
        order(shop, part)
        shop.ok("receive", by=by, part=part, location=bin_, quantity="7013.291")
        shop.ok("receive", by=by, part=part, location=other, quantity="5")
        shop.ok("receive", by=by, part=marked, location=bin_, quantity="2",
                serials=["SNQX1", "SNQX2"])  # fmt: skip
        adhoc = shop.ok("count", by=by, part=part, location=bin_, quantity="5000")
        done = shop.ok("install", by=by, part=part, location=bin_, asset=asset, quantity="1")
        job = shop.make("job", asset=asset, title="Planted job")
        # What is missing of it would be 2014.709.
        shop.ok("set_job_part", job=job, part=part, quantity="9032")
        shop.ok("reserve_kit", job=job)
        plan = Plan(scope=Scope(locations=(place_id(bin_),)), counters=())
        opened = counts.open_count(shop.context(), new_id(), plan)
        yield Planted(bin_, other, part, marked, asset, opened.id, adhoc["count"],
                      done["operation"])  # fmt: skip


def order(shop: Shop, part: str) -> None:
    """R-1, for which the goods come in: what has come of it tells what is booked."""
    [number] = purchasing.ask_for(shop.context(), new_id(), part, 9_000_000, None)
    purchasing.set_supplier(shop.context(), number, "Planted supplier")
    purchasing.order(shop.context(), number, purchasing.Placed())


def place_id(code: str) -> int:
    """The number of a place."""
    with reading() as connection:
        found = resolve(connection, scanned(code))
    assert found is not None
    assert found.id is not None
    return found.id


def read(client: FlaskClient, address: str, *, twice: bool) -> str:
    """What an address sends, unpacked; `twice` as a fragment too; nothing for what is no text."""
    answer = client.get(address)
    if answer.mimetype == "text/html" and twice:
        fragment = client.get(address, headers=FRAGMENT)
        return answer.get_data(as_text=True) + fragment.get_data(as_text=True)
    if zipfile.is_zipfile(io.BytesIO(answer.data)):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
            return "\n".join(packed.read(name).decode() for name in packed.namelist())
    return answer.get_data(as_text=True) if answer.mimetype in TEXTS else ""


def telling(
    app: Flask, who: Player, planted: Planted, *only: str, twice: bool = False
) -> dict[str, str]:
    """The addresses that tell this person what is booked, and what they say; see `read`."""
    client = browser(app, who)
    found = {}
    for address in only or everywhere(app, planted):
        told = BOOKED.search(ID.sub("", read(client, address, twice=twice)))
        if told:
            found[address] = told.string[max(0, told.start() - 60) : told.end() + 20]
    return found


def everywhere(app: Flask, planted: Planted) -> list[str]:
    """Every address that can be read."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return [path for rule in rules for path in planted.filled(rule)] + planted.asked()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_counts_nothing_reads_the_books(app: Flask, cast: Cast, planted: Planted) -> None:
    """The walk finds what is planted where it is to be read: else it would prove nothing."""
    told = {
        "/", "/parts", "/parts?show=low", f"/parts/{planted.part}", f"/locations/{planted.bin}",
        f"/assets/{planted.asset}", f"/scan?on={planted.part}", "/export/stock.csv",
        "/export/stock.xlsx", "/export/movements.csv", "/export/parts.csv", "/export/counts.csv",
        "/export/everything.xlsx", "/api/v1/parts", f"/api/v1/parts/{planted.part}",
        f"/api/v1/locations/{planted.bin}", "/api/v1/movements?after=0&limit=500",
        f"/api/v1/counts/{planted.adhoc}", f"/parts/{planted.marked}",
        f"/parts/{planted.part}/stock/issue",
        f"/scan?on={planted.bin}&part={planted.part}&act=issue&mode=issue",
        "/jobs/1", "/jobs/1/kit", "/reports/carrying", "/reports/turnover",
    }  # fmt: skip
    assert told <= set(everywhere(app, planted))
    assert set(telling(app, cast.supervisor, planted, *told)) == told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_approver_who_counts_reads_them_nowhere_either(
    app: Flask, cast: Cast, planted: Planted
) -> None:
    with app.app_context():
        shop = Shop(cast)
        counts.cancel(shop.context(), planted.count)
        plan = Plan(scope=Scope(locations=(place_id(planted.bin),)), counters=(cast.admin.id,))
        counts.open_count(shop.context(), new_id(), plan)
    assert telling(app, cast.admin, planted) == {}
    page = f"/parts/{planted.part}"
    assert telling(app, cast.technician, planted, page)


def test_who_counts_blind_reads_them_nowhere_whatever_they_do(
    app: Flask, cast: Cast, planted: Planted, database_url: str
) -> None:
    """Answers say the change: in the API, again for a repetition, and on the scan screen."""
    client, said = browser(app, cast.storekeeper), []
    here = {"part": planted.part, "location": planted.bin}
    install = {"id": new_id(), "kind": "install", "asset": planted.asset, "quantity": "2", **here}
    away = {"from_location": planted.bin, "to_location": planted.other, "part": planted.part}
    pump = {"kind": "install", "asset": planted.asset, "part": planted.marked}
    for raw in [
        install,
        install,
        {"id": new_id(), "kind": "issue", "quantity": "1", "reason": "used", **here},
        {"id": new_id(), "kind": "issue", "quantity": "90000", "reason": "used", **here},
        {"id": new_id(), "kind": "receive", "quantity": "90000", **here},
        {"id": new_id(), "kind": "transfer", "quantity": "1", **away},
        {
            "id": new_id(),
            "kind": "pick",
            "work": "J-1",
            "quantity": "1",
            "to_location": planted.other,
            **here,
        },
        {"id": new_id(), "kind": "count", "quantity": "7012", **here},
        {"id": new_id(), "kind": "reverse", "operation": install["id"]},
        {"id": new_id(), "location": planted.bin, **pump},
        {"id": new_id(), "location": planted.other, "serial": "SNQX1", **pump},
    ]:
        answer = client.post("/api/v1/operations", json={"operations": [raw]})
        said.append(re.sub(r"SNQX1|7012", "", ID.sub("", json.dumps(answer.json))))
    first, again = (json.loads(one)["results"][0] for one in said[:2])
    assert first["result"]["quantity"] == "2"
    assert first["result"]["before"] is first["result"]["after"] is None
    assert (again["status"], again["result"]["after"]) == ("duplicate", None)
    assert [one for one in said if BOOKED.search(one)] == []
    shown = text_of(client, f"/scan?done={install['id']}&on={planted.asset}")
    assert "hidden while you count it" in shown
    asked, whole = everywhere(app, planted), database_url.startswith("sqlite")
    if not whole:  # how pages and files are made is the same on each database, what is read is not
        asked = [address for address in asked if not address.endswith((".xlsx", ".json", ".zip"))]
    assert telling(app, cast.storekeeper, planted, *asked, twice=whole) == {}


def test_no_list_can_be_asked_how_much_there_is(app: Flask, cast: Cast, planted: Planted) -> None:
    """Whatever its reorder point, what is hidden is neither low nor out."""
    client = browser(app, cast.storekeeper)
    assert "Planted hose" not in text_of(client, "/parts?show=low")
    assert "Planted hose" not in text_of(client, "/parts?show=out")
    assert "Planted hose" in text_of(client, "/parts")
    assert "Planted hose" in text_of(browser(app, cast.supervisor), "/parts?show=low")


def test_the_feed_waits_before_what_is_hidden_and_goes_on_afterwards(
    app: Flask, cast: Cast, planted: Planted
) -> None:
    client = browser(app, cast.technician)
    assert client.get("/api/v1/movements").json == {"movements": [], "next": 0}
    with app.app_context():
        counts.cancel(Shop(cast).context(), planted.count)
    answer = client.get("/api/v1/movements").json
    assert answer is not None
    assert "7013.291" in [row["quantity"] for row in answer["movements"]]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_not_counted_is_told_as_ever(app: Flask, cast: Cast, planted: Planted) -> None:
    """The question which lot it is has its choices, beside a count of something else."""
    with app.app_context():
        shop = Shop(cast)
        oil = shop.part(name="Oil", tracking="lot")
        for lot in ("L1", "L2"):
            shop.ok("receive", part=oil, location=planted.other, quantity=1, lot=lot)
        said = {"part": oil, "location": planted.other, "quantity": 1, "reason": "used"}
        refused = shop.do("issue", by=cast.storekeeper, **said).error or {}
    assert refused["code"] == "lot_missing"
    assert [choice["lot"] for choice in refused["choices"]] == ["L1", "L2"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_any_number_of_parts_the_hidden_ones_are_found(
    app: Flask, cast: Cast, planted: Planted
) -> None:
    """More than a database takes in one list."""
    with app.app_context(), reading() as connection:
        found = [resolve(connection, scanned(code)) for code in (planted.part, planted.marked)]
        ids = {one.id for one in found if one and one.id}
        blind = blindness(connection, cast.storekeeper.actor)
        assert hidden_parts(connection, blind, range(1, 300_000)) == ids
        assert hidden_parts(connection, blind, ids) == ids
