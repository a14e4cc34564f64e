"""Every page that a browser can open here, each with something on it to show.

A new page is found by itself; one whose address has a part to fill in needs an example below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote

from PIL import Image
from werkzeug.routing import Rule

from stockscan.domain.access import Role
from stockscan.services import access, counts, files, labels, operations, purchasing, settings
from stockscan.services.importing import jobs, running
from stockscan.services.work import unit_of_work
from stockscan.store.codes import claim_code
from stockscan.store.once import Once
from tests.aisle import Aisle
from tests.browser.site import Site, Things
from tests.cast import browser, context, new_id
from tests.services.labels.paper import print_of
from tests.shop import Shop

LONG = "Hydraulikzylinderdichtungssatz für Reachstacker, doppeltwirkend"


# A sheet with one row that can't be taken.
SHEET = "Tag;Name;Bought on;Price\nM-1;Mixer;2024-03-01;900\nM-2;Mixer;yesterday;900\n"


@dataclass(frozen=True, slots=True)
class Examples:
    """What the addresses with a part to fill in are opened for."""

    machine: str
    blank: str
    count: str
    audit: str
    planned: str
    reviewed: str
    bins: str
    photo: str
    field: str
    invitation: str
    mapping: str
    checked: str
    printed: str
    printer: str
    jobs: list[str]
    plan: str
    requisitions: list[str]


def furnish(site: Site) -> Examples:
    """Fill the workshop: a late tool, a machine not worth its parts, a count to decide on."""
    things, cast = site.things, site.cast
    with site.app.app_context():
        shop = Shop(cast, now_us=context().now_us - 3_600_000_000)
        _own_field(shop)
        model = {"id": new_id(), "name": "Linde H25D", "manufacturer": "Linde"}
        operations.create(shop.context(), "create_model", model)
        for part in (things.filter, things.hose):
            listed = {"model": model["name"], "part": part, "quantity": "1", "id": new_id()}
            operations.edit(shop.context(), "set_model_part", listed)
        with unit_of_work() as session:
            blank = claim_code(session, "blank", shop.now_us)
        machine = shop.asset(
            name=LONG, model="Linde H25D", location=things.bin, purchase_cost="20.00",
            purchase_date="2026-01-01", life_months="120", notes="Starts badly when it is cold.",
            custom={"1": "Diesel"},
        )  # fmt: skip
        shop.part(name=LONG, part_number="0" * 40, location=things.bin, reorder_point="4")
        shop.ok("install", by=cast.technician, asset=machine, part=things.filter, quantity="2")
        shop.ok(
            "read_meter", by=cast.technician, asset=machine, meter="Hours", value="812", unit="h"
        )
        shop.ok("check_out", by=cast.technician, asset=things.drill, to_person=cast.technician.code,
                due_on="2026-01-07")  # fmt: skip
        counted = shop.ok("count", by=cast.storekeeper, location=things.bin, part=things.filter,
                          quantity="9")  # fmt: skip
        shop.do("check_out", asset=things.drill, to_person=cast.viewer.code, queued=True)
        return Examples(
            machine,
            blank,
            counted["count"],
            _audit(shop, things),
            _planned(shop),
            _reviewed(shop),
            bins=_many_bins(shop),
            photo=_photo(shop, machine),
            field="1",
            invitation=access.invite(shop.context(), cast.viewer.code).token,
            mapping=jobs.upload(shop.context(), "machines.csv", SHEET.encode(), "asset"),
            checked=_checked(shop),
            printed=str(print_of(shop, machine, things.drill, blank, address="http://old.test")),
            printer=_printer(shop),
            jobs=[_fault(shop, machine, things), _signed_off(shop, machine, things)],
            plan=_plan(shop, machine, things),
            requisitions=[_asked_for(shop, things), _partly_received(shop, things)],
        )


def _fault(shop: Shop, machine: str, things: Things) -> str:
    """One that is worked on, with a part in and one to come."""
    told = {"asset": machine, "what": LONG, "stands": True, "note": "Under the seat."}
    job = shop.ok("report_fault", by=shop.cast.viewer, **told)["job"]
    for part in (things.filter, things.hose):
        shop.ok("set_job_part", job=job, part=part, quantity="2")
    shop.ok("start_job", by=shop.cast.technician, job=job)
    shop.ok("install", asset=machine, part=things.filter, quantity="1", work=job)
    return job.removeprefix("J-")


def _signed_off(shop: Shop, machine: str, things: Things) -> str:
    """One that somebody planned, with a checklist; its part was not needed."""
    lines = f"Lock it out\n{LONG}"
    job = shop.make("job", asset=machine, title=LONG, checklist=lines, due_on="2026-01-07")
    shop.ok("tick_job", by=shop.cast.technician, job=job, line=1)
    shop.ok("set_job_part", job=job, part=things.filter, quantity="1")
    shop.ok("finish_job", by=shop.cast.technician, job=job, minutes="40", cause="Wear: dry")
    return job.removeprefix("J-")


def _plan(shop: Shop, machine: str, things: Things) -> str:
    """Work that comes each month, with a kit."""
    raw = {"name": LONG, "asset": machine, "basis": "calendar", "every": 1, "unit": "month",
           "starts_on": "2026-01-31", "checklist": f"Lock it out\n{LONG}"}  # fmt: skip
    made = operations.create(shop.context(), "create_plan", {"id": new_id(), **raw}).result
    assert made is not None
    line = {"plan": made["plan"], "part": things.hose, "quantity": "2", "probability": "25"}
    operations.edit(shop.context(), "set_plan_part", {"id": new_id(), **line})
    return str(made["plan"])


def _asked_for(shop: Shop, things: Things) -> str:
    """A requisition that nobody has approved, without a supplier."""
    [number] = purchasing.ask_for(shop.context(), new_id(), things.hose, 2000, None)
    purchasing.set_note(shop.context(), number, LONG)
    return str(number)


def _partly_received(shop: Shop, things: Things) -> str:
    """An order of which less has come, at another price."""
    [number] = purchasing.ask_for(shop.context(), new_id(), things.filter, 8000, None)
    purchasing.set_supplier(shop.context(), number, LONG)
    purchasing.order(shop.context(), number, purchasing.Placed())
    shop.ok("receive", part=things.filter, location=things.bin, quantity="3", unit_cost="99")
    return str(number)


def _printer(shop: Shop) -> str:
    """One on the network that is switched off: nothing listens at that port."""
    ways = {"offset_x": "0.5", "offset_y": "-1", "scale_x": "100", "scale_y": "99.8"}
    listens = {"host": "127.0.0.1", "port": "9", "dpi": "203", "active": True}
    made = Once(new_id(), {"name": LONG, **ways, **listens})
    return str(labels.save_printer(shop.context(), made))


def _audit(shop: Shop, things: Things) -> str:
    """One in which something is found, missing, and not expected."""
    plan = counts.audit_plan(shop.context(), [things.bin])
    audit = counts.open_audit(shop.context(), new_id(), plan).id
    for asset in (things.forklift, things.drill):
        shop.ok("audit", asset=asset, location=things.bin, count=audit)
    counts.submit_audit(shop.context(), audit)
    return audit


def _planned(shop: Shop) -> str:
    """One that two people share and nobody has begun."""
    people = (shop.cast.technician.id, shop.cast.storekeeper.id)
    plan = counts.Plan(name="Everything", counters=people, blind=False)
    return counts.open_count(shop.context(), new_id(), plan).id


def _reviewed(shop: Shop) -> str:
    """One that waits for decisions, and a line of it."""
    aisle, counter = Aisle(shop), shop.cast.storekeeper
    for name, quantity in (("C-04-2", 18), ("C-04-3", 6)):
        bin_ = aisle.bin(name)
        part = aisle.stock(bin_, quantity, name=LONG, cost="11.50")
        aisle.counts.append((part, bin_, quantity - 4))
    aisle.open(counter)
    aisle.count_all()
    return f"{aisle.count_id} {aisle.review().rows[0].id}"


def _own_field(shop: Shop) -> None:
    fuel = {"thing": "asset", "name": "Fuel", "type": "choice", "choices": "Diesel\nGas"}
    assert operations.create(shop.context(), "create_field", {"id": new_id(), **fuel}).done


def _many_bins(shop: Shop) -> str:
    made = {"id": new_id(), "pattern": "Z-[1-3]"}
    assert operations.create(shop.context(), "create_bins", made).done
    return made["id"]


def _photo(shop: Shop, machine: str) -> str:
    picture = BytesIO()
    Image.new("RGB", (640, 480), "steelblue").save(picture, "JPEG")
    target = files.Target("asset", machine)
    files.add(shop.context(), new_id(), target, [files.Sent("machine.jpg", picture.getvalue())])
    return str(files.files_of(shop.context(), target)[0].id)


def _checked(shop: Shop) -> str:
    job = jobs.upload(shop.context(), "machines.csv", SHEET.encode(), "asset")
    jobs.begin_check(shop.context(), job)
    running.check(shop.context(), job, lambda: shop.now_us)
    return job


def offer_a_reward(site: Site) -> None:
    """Let strangers who find a thing read whom to call."""
    with site.app.app_context():
        settings.change(
            context(site.cast.admin), company="ACME Reachstacker GmbH", found_contact="+49 30 12345"
        )


def addresses(site: Site, examples: Examples) -> list[str]:
    """The address of every page, in the order of the rules."""
    client = browser(site.app, site.cast.of(Role.ADMIN))
    opened = {
        path: client.get(path)
        for rule in site.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/")
        for path in _filled(rule, site, examples)
    }
    return [
        path
        for path, answer in opened.items()
        if answer.mimetype == "text/html" and answer.status_code in {200, 404}
    ]


def _filled(rule: Rule, site: Site, examples: Examples) -> list[str]:
    """The rule's address for each example; without a part to fill in, just itself."""
    if rule.rule in NO_PAGES:
        return []
    if "<" not in rule.rule:
        return [rule.rule + more for more in ASKED.get(rule.rule, [""])]
    stem, fillings = max(
        (item for item in _examples(site, examples).items() if rule.rule.startswith(item[0])),
        key=lambda item: len(item[0]),
        default=("", []),
    )
    assert stem, f"walk.py needs an example for {rule.rule}"
    return [_fill(rule.rule, filling) for filling in fillings]


def _fill(rule: str, filling: str) -> str:
    """The rule with the example in place of its first part, and of its second behind a blank."""
    for part in filling.split(" "):
        rule = re.sub("<[^>]*>", part, rule, count=1)
    return rule


def _examples(site: Site, examples: Examples) -> dict[str, list[str]]:
    """What stands in the addresses that begin so; the longest beginning counts."""
    things = site.things
    ways = ("receipt", "issue", "transfer", "scrapping", "disposal")
    acts = [f"{things.filter} {act}" for act in ways]
    return {
        "/assets/<": [examples.machine, things.drill],
        "/assets/<ref>/status/": [f"{examples.machine} disposed", f"{examples.machine} down"],
        "/audits/<": [examples.audit],
        "/audits/<audit_id>/rooms/<": [f"{examples.audit} {things.bin}"],
        "/counts/<": [examples.count, examples.reviewed],
        "/counts/<count_id>/ending": [examples.planned],
        "/counts/<count_id>/lines/": [examples.reviewed],
        "/counts/<count_id>/people": [examples.planned],
        "/counts/<count_id>/sheet": [examples.planned],
        "/counts/<count_id>/paper": [examples.planned],
        "/counts/<count_id>/typing": [examples.planned],
        "/fields/<": [examples.field],
        "/files/<": [examples.photo],
        "/import/<": [examples.mapping, examples.checked],
        "/invitations/<": [examples.invitation],
        "/jobs/<": examples.jobs,
        "/plans/<": [examples.plan],
        "/jobs/<int:number>/edit": examples.jobs[:1],
        "/labels/prints/<": [examples.printed],
        "/labels/layouts/<": ["standard"],
        "/labels/stocks/<": ["avery-l7160", "dymo-30252"],
        "/locations/<": [things.bin],
        "/locations/new-many/<": [examples.bins],
        "/models/<": ["Linde%20H25D"],
        "/parts/<": [things.filter, things.hose],
        "/parts/<ref>/stock/": acts,
        "/people/<": [site.cast.technician.code],
        "/printers/<": [examples.printer],
        "/requisitions/<": examples.requisitions,
        "/reports/<": ["abc", "consumption", "costs", "downtime", "ledger", "obsolete"],
        "/suppliers/<": [quote(LONG)],
        "/S/<": [examples.blank, "0000000", "what-is-this"],
        "/stock/<": ["receipt", "scrapping"],
    }


# Files, and what goes on to the server's own page.
NO_PAGES = {
    "/assets/<ref>/costs/<table>.<ending>",
    "/export/<what>.<ending>",
    "/files/<int:number>/<name>",
    "/files/<int:number>/thumbnail",
    "/import/<job_id>/errors.csv",
    "/labels/pictures/<code>.<kind>",
    "/labels/sheet.png",
    "/labels/stocks/<slug>.css",
    "/labels/prints/<int:number>/file",
    "/labels/stocks/<slug>/test.pdf",
    "/labels/layouts/<slug>/example.png",
    "/printers/<int:number>/calibration.pdf",
    "/requisitions/<int:number>/order.csv",
    "/offline",
    "/s/<code>",
    "/sheets/<code>",
    "/reports/<name>/<table>.<ending>",
    "/settings/logo.png",
    "/trust/<file>",
}
ASKED = {
    "/find": ["?q=filter", "?q=nothing-is-called-this"],
    "/jobs/calendar": ["", "?month=2027-02"],
    "/labels/stocks/new": ["", "?copy=avery-22806"],
    "/labels": ["", "?codes=HF-712&stock=avery-l7160"],
}
