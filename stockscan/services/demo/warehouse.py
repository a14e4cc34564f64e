"""Puts the sample into the books: each thing and each event is one operation with a fixed id."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

from sqlalchemy import update

from stockscan.domain.access import Actor, Role
from stockscan.domain.errors import Invalid, RuleBroken, StockScanError
from stockscan.domain.figures import format_quantity, from_us, parse_quantity
from stockscan.domain.installs import Line
from stockscan.domain.operations import SHAPES
from stockscan.services import models, operations, people
from stockscan.services.demo import counting, working
from stockscan.services.demo.catalogue import (
    Row,
    Stocked,
    bins,
    example_parts,
    stocked,
    table,
)
from stockscan.services.demo.events import Event
from stockscan.services.demo.particulars import make_particulars, make_plans
from stockscan.services.demo.told import Told
from stockscan.services.operations import Outcome
from stockscan.services.work import Context, unit_of_work
from stockscan.store import settings
from stockscan.store.parts import Part

COMPANY: Final = "Nordkai Logistics"
CURRENCY: Final = "EUR"
# What an hour of work and keeping stock cost here, in cents.
WAYS: Final = {
    "labour_hour_minor": 5_800,
    "storage_year_minor": 1_260_000,
    "insurance_year_minor": 84_000,
}
NAMESPACE: Final = uuid.UUID("5ca1ab1e-0d0c-4a6b-9b1e-6e6f72646b61")
# The first thing that is made; where its operation is recorded, the sample was begun.
FIRST: Final = "location/Nordkai Hamburg"
# Parts that somebody classed: too dear to be counted once a year.
BY_HAND: Final = ("BAT-48V", "LI-TAB")
# What is more than one operation.
TELLERS: Final = {**counting.TELLERS, **working.TELLERS}
PLACE_FIELDS: Final = ("location", "from_location", "to_location")
SECOND_US: Final = 1_000_000
WARRANTY_MONTHS: Final = 24


def id_of(name: str) -> str:
    """The id of the operation that makes the thing, or tells the event, of this name."""
    return str(uuid.uuid5(NAMESPACE, name))


class Warehouse:
    """Makes what is missing of the sample; `made` and `refused` count the operations.

    The tables name places and people; `codes` and `actors` hold what became of them. Another
    `story` has ids of its own, so that neither is taken for an unfinished other.
    """

    def __init__(self, admin: Actor, begun_us: int, story: str = "") -> None:
        self.admin = admin
        self.now_us = begun_us
        self.story = story
        self.codes: dict[str, str] = {}
        self.actors: dict[str, Actor] = {}
        self.made = 0
        self.refused = 0

    def set_up(self, password: str, today_us: int) -> None:
        """Make the company, its people and things; ages count back from `today_us`."""
        self._make_places(bins())
        self._make_people(password)
        self._make_parts(table("parts"))
        self._make_models()
        self._make_assets(from_us(today_us).date())
        make_particulars(self._particular)
        make_plans(self._particular, from_us(today_us).date())
        with unit_of_work() as session:
            # The tables say each part's class as its use in the year before had it.
            by_use = update(Part).where(Part.part_number.not_in(BY_HAND))
            session.execute(by_use.values(class_by_hand=False))
            if settings.load(session).company == settings.Settings().company:
                kits = {"kit_place": self.codes["Picked kits"]}
                settings.save(session, company=COMPANY, currency=CURRENCY, **WAYS, **kits)

    def show(self, today_us: int) -> None:
        """Make some of the things, with stock in their bins: nobody else's past.

        Some, because somebody waits for the page meanwhile.
        """
        parts = example_parts()
        used = {row["bin"] for row in parts}
        self._make_places([each for each in bins() if each[0] in used])
        self._make_parts(parts)
        self._make_models()
        self._make_assets(from_us(today_us).date())
        make_particulars(self._particular)
        numbers = {row["number"] for row in parts}
        untracked = [part for part in stocked() if not part.tracking]
        self._stock_up([part for part in untracked if part.number in numbers])

    def play(self, events: list[Event]) -> None:
        """Tell the events that are not recorded yet, each at its own time by its own person."""
        for event in events:
            ctx = Context(self.actors[event.by], event.at_us, partial(id_of, event.name))
            if event.kind in TELLERS:
                self._tell_more(ctx, event)
            else:
                raw = {"id": id_of(event.name), "kind": event.kind, **self._spoken(event.fields)}
                self._note(operations.apply(ctx, raw, SHAPES))

    # --- things -------------------------------------------------------------------------------

    def _make_places(self, shelves: list[tuple[str, str]]) -> None:
        for row in table("places"):
            self._make_place(row["name"], row["kind"], row["parent"])
        levels: dict[tuple[str, str], list[str]] = {}
        for name, area in shelves:
            rack, _, level = name.rpartition("-")
            levels.setdefault((rack, area), []).append(level)
        for (rack, area), of_rack in levels.items():
            made = self._particular("create_bins", rack, _pattern(rack, of_rack, self.codes[area]))
            self.codes.update(zip(made["names"], made["codes"], strict=True))

    def _make_place(self, name: str, kind: str, parent: str) -> None:
        self._make("location", name, kind_of_place=kind, parent=self.codes.get(parent))

    def _make_people(self, password: str) -> None:
        first, *others = table("people")
        self.actors[first["key"]] = self.admin
        for row in others:
            code = self._make("person", row["name"], role=row["role"])
            if row["username"]:
                self._let_in(code, row["username"], password)
            person = people.person(self._context(), code).person
            self.actors[row["key"]] = Actor(person.id, person.name, Role(person.role))
            self.codes[row["key"]] = code

    def _let_in(self, code: str, username: str, password: str) -> None:
        try:
            people.grant_sign_in(self._context(), code, username=username, password=password)
        except Invalid:
            # Someone of the installation itself has that sign-in name, and keeps it.
            return

    def _make_parts(self, rows: list[Row]) -> None:
        same = ("unit", "cost", "supplier", "category", "lead_time_days", "barcode", "tracking")
        for row in rows:
            self._make(
                "part",
                row["name"],
                part_number=row["number"],
                location=self.codes[row["bin"]],
                abc_class=row["abc"],
                reorder_point=row["reorder"],
                reorder_quantity=row["order"],
                **{name: row[name] for name in same},
            )

    def _make_models(self) -> None:
        same = (
            "manufacturer", "model_number", "category", "life_months", "replacement_cost",
            "down_hour_cost",
        )  # fmt: skip
        for row in table("models"):
            self._make("model", row["name"], **{name: row[name] for name in same})
        with unit_of_work() as session:
            for row in table("usual"):
                model, part = row["model"], row["part"]
                models.add_model_part(self._context(), session, model, part, _line(row))

    def _make_assets(self, today: date) -> None:
        for row in table("assets"):
            bought = _months_before(today, int(row["age_months"]))
            self._make(
                "asset",
                row["name"],
                tag=row["tag"],
                model=row["model"],
                serial=row["serial"],
                location=self.codes[row["place"]],
                purchase_date=bought.isoformat(),
                purchase_cost=row["cost"],
                salvage=row["salvage"],
                condition=row["condition"],
                warranty_until=_months_before(bought, -WARRANTY_MONTHS).isoformat(),
            )

    def _particular(self, kind: str, name: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Say one thing more; raises `RuleBroken` where it can't be said."""
        raw = {**values, "id": id_of(f"{self.story}{kind}/{name}"), "kind": kind}
        outcome = operations.apply(self._context(), raw, SHAPES)
        if not outcome.done or outcome.result is None:
            raise RuleBroken(f"The sample's {name} can't have that: {outcome.message}")
        self._note(outcome)
        return outcome.result

    def _make(self, kind: str, name: str, **values: Any) -> str:
        """Make a thing and return its code; raises `RuleBroken` where it can't be made."""
        key = values.get("tag") or values.get("part_number") or name
        identity = id_of(f"{self.story}{kind}/{key}")
        raw = {"id": identity, "name": name, **values}
        outcome = operations.create(self._context(), f"create_{kind}", raw)
        if not outcome.done or outcome.result is None:
            raise RuleBroken(f"The sample's {kind} {name} can't be made: {outcome.message}")
        self._note(outcome)
        self.codes[name] = str(outcome.result["code"])
        return self.codes[name]

    def _stock_up(self, parts: list[Stocked]) -> None:
        raws = [
            {
                "kind": "receive",
                "part": part.number,
                "location": self.codes[part.bin],
                "quantity": format_quantity(part.opening_milli),
                "note": "Opening stock",
            }
            for part in parts
        ]
        action = id_of(f"{self.story}stock")
        for outcome in operations.perform(self._context(), action, raws):
            self._note(outcome)

    def _context(self) -> Context:
        """The admin, a second after what was made before; the first thing at the beginning."""
        ctx = Context(self.admin, self.now_us, _fresh_id)
        self.now_us += SECOND_US
        return ctx

    # --- events -------------------------------------------------------------------------------

    def _tell_more(self, ctx: Context, event: Event) -> None:
        """What is more than one operation."""
        count_id = id_of(event.fields.get("count", event.name))
        told = Told(id_of(event.name), count_id, event.fields, self.codes, self.actors)
        try:
            for outcome in TELLERS[event.kind](replace(ctx, new_id=_fresh_id), told):
                self._note(outcome)
        except StockScanError:
            self.refused += 1

    def _spoken(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields with codes for the names of places and people, ids for those of events."""
        spoken = dict(fields)
        for field in (*PLACE_FIELDS, "to_person", "assigned"):
            if field in spoken:
                spoken[field] = self.codes[spoken[field]]
        for field in ("operation", "count", "job", "work"):
            if field in spoken:
                spoken[field] = id_of(spoken[field])
        return spoken

    def _note(self, outcome: Outcome) -> None:
        self.made += outcome.status == "applied"
        self.refused += not outcome.done


def _fresh_id() -> str:
    return str(uuid.uuid4())


def _pattern(rack: str, levels: list[str], area: str) -> dict[str, str]:
    """Bins that stand one above the other: A-01-[1-3]."""
    span = levels[0] if len(levels) == 1 else f"[{levels[0]}-{levels[-1]}]"
    return {"pattern": f"{rack}-{span}", "parent": area}


def _line(row: Row) -> Line:
    return Line(
        quantity_milli=parse_quantity(row["quantity"]),
        place=row["place"],
        life_months=int(row["life_months"]) if row["life_months"] else None,
        critical=row["critical"] == "yes",
    )


def _months_before(day: date, months: int) -> date:
    """The same day of an earlier month (or a later one), at most the 28th."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))
