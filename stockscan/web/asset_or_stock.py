"""What is it? Three questions, the company's rule, and the two forms for a new thing."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from stockscan.domain.access import Permission, require
from stockscan.domain.asset_or_stock import Advice, Threshold, advise
from stockscan.domain.company import read_money
from stockscan.services.settings import settings_in_force
from stockscan.web import htmx
from stockscan.web.security import current_context

blueprint = Blueprint("asset_or_stock", __name__)

_MEANS: Final = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of a new thing; "" where they said nothing."""

    name: str
    used_up: str
    lasts: str
    cost: str

    @property
    def asset_path(self) -> str:
        """The form for a new asset, filled with what was said."""
        return f"/assets/new?{urlencode({'name': self.name, 'purchase_cost': self.cost})}"

    @property
    def part_path(self) -> str:
        """The form for a new part, filled with what was said."""
        return f"/parts/new?{urlencode({'name': self.name, 'cost': self.cost})}"

    def advice(self, threshold: Threshold) -> Advice | None:
        """What the rule says, None while nobody has said anything."""
        if not (self.used_up or self.lasts or self.cost):
            return None
        return advise(
            used_up=_MEANS.get(self.used_up),
            lasts=_MEANS.get(self.lasts),
            cost_minor=read_money(self.cost),
            threshold=threshold,
        )


@blueprint.get("/new")
def new() -> Response:
    """Ask what a new thing is like and, once something is said, what it is to the books."""
    require(current_context().actor, Permission.CATALOGUE_EDIT)
    asked = ("name", "used_up", "lasts", "cost")
    said = Said(*(request.args.get(name, "").strip() for name in asked))
    now = settings_in_force()
    rule = Threshold(now.asset_threshold_minor, now.currency)
    advice = said.advice(rule)
    return htmx.render("asset_or_stock/new.html", "main", said=said, advice=advice, threshold=rule)
