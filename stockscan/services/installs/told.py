"""A machine's parts as the API tells them."""

from typing import Any

from stockscan.domain.figures import format_money, format_quantity, iso
from stockscan.services.installs.parts_page import AssetParts, Belongs, Due, InIt
from stockscan.store.installs.listed import listed_json


def asset_parts_json(page: AssetParts) -> dict[str, Any]:
    """What belongs in an asset and what is in it now, each with when it is due."""
    return {
        "asset": page.asset.code,
        "listed": [_listed_json(line) for line in page.listed],
        "installed": [_installed_json(one) for one in page.installed],
        "hidden": page.hides,
    }


def _listed_json(line: Belongs) -> dict[str, Any]:
    part, coming = line.part, line.coming
    return {
        **listed_json(part),
        "own": part.is_own,
        "on_hand": _quantity(part.on_hand_milli),
        "location": part.location_code,
        "in_location": _quantity(part.in_bin_milli),
        **_due_json(line.due),
        "coming": None if coming is None else f"R-{coming.requisition_number}",
        "expected_on": None if coming is None else _day(coming.expected_on),
    }


def _installed_json(one: InIt) -> dict[str, Any]:
    part = one.part
    return {
        "part": part.code,
        "part_number": part.part_number,
        "name": part.name,
        "lot": part.lot,
        "serial": part.serial,
        "place": part.place,
        "quantity": format_quantity(part.quantity_milli),
        "since": iso(part.since_us),
        "cost": format_money(part.cost_e4),
        "listed": part.is_listed,
        **_due_json(one.due),
    }


def _due_json(due: Due) -> dict[str, Any]:
    return {"due_on": _day(due.on), "due_at": _quantity(due.at_milli), "due_soon": due.is_soon}


def _quantity(milli: int | None) -> str | None:
    return None if milli is None else format_quantity(milli)


def _day(value: Any) -> str | None:
    return None if value is None else str(value.isoformat())
