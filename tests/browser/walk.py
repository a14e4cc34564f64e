"""Every page that a browser can open here, each with something on it to show.

A new page is found by itself; one whose address has a part to fill in needs an example below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from werkzeug.routing import Rule

from stockscan.domain.access import Role
from stockscan.services import models, operations, settings
from stockscan.services.models import Need
from stockscan.services.work import unit_of_work
from stockscan.store.codes import claim_code
from tests.browser.site import Site
from tests.cast import browser, context, new_id
from tests.shop import Shop

LONG = "Hydraulikzylinderdichtungssatz für Reachstacker, doppeltwirkend"


@dataclass(frozen=True, slots=True)
class Examples:
    """What the addresses with a part to fill in are opened for."""

    machine: str
    blank: str
    count: str


def furnish(site: Site) -> Examples:
    """Fill the workshop: a late tool, a machine not worth its parts, a count to decide on."""
    things, cast = site.things, site.cast
    with site.app.app_context():
        shop = Shop(cast, now_us=context().now_us - 3_600_000_000)
        model = {"id": new_id(), "name": "Linde H25D", "manufacturer": "Linde"}
        operations.create(shop.context(), "create_model", model)
        with unit_of_work() as session:
            for part in (things.filter, things.hose):
                models.add_model_part(shop.context(), session, model["name"], Need(part, 1000))
            blank = claim_code(session, "blank", shop.now_us)
        machine = shop.asset(
            name=LONG, model="Linde H25D", location=things.bin, purchase_cost="20.00",
            purchase_date="2026-01-01", life_months="120", notes="Starts badly when it is cold.",
        )  # fmt: skip
        shop.part(name=LONG, part_number="0" * 40, location=things.bin, reorder_point="4")
        shop.ok("install", by=cast.technician, asset=machine, part=things.filter, quantity="2")
        shop.ok("check_out", by=cast.technician, asset=things.drill, to_person=cast.technician.code,
                due_on="2026-01-07")  # fmt: skip
        counted = shop.ok("count", by=cast.storekeeper, location=things.bin, part=things.filter,
                          quantity="9")  # fmt: skip
        shop.do("check_out", asset=things.drill, to_person=cast.viewer.code, queued=True)
    return Examples(machine, blank, counted["count"])


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
    things = site.things
    fillings = {
        "/assets/<ref>": [examples.machine, things.drill],
        "/counts/<count_id>": [examples.count],
        "/find": ["?q=filter", "?q=nothing-is-called-this"],
        "/offline": [],  # goes on to the server's own page, where there is one
        "/labels": ["", f"?codes={things.filter}+{things.bin}&stock=avery-l7160"],
        "/labels/pictures/<code>.<kind>": [],
        "/locations/<ref>": [things.bin],
        "/models/<path:name>": ["Linde%20H25D"],
        "/parts/<ref>": [things.filter, things.hose],
        "/people/<ref>": [site.cast.technician.code],
        "/S/<code>": [examples.blank, "0000000", "what-is-this"],
        "/s/<code>": [],
        "/trust/<file>": [],
    }
    if rule.rule not in fillings:
        assert "<" not in rule.rule, f"walk.py needs an example for {rule.rule}"
        return [rule.rule]
    stem = re.sub("<.*", "", rule.rule)
    return [stem + filling for filling in fillings[rule.rule]]
