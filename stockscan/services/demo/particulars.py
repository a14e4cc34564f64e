"""What the sample says about its things besides: own fields, suppliers, plans with their kits."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from stockscan.services.demo.catalogue import table

# Name, category, type, choices; then what the assets of that category have in it.
FUEL: Final = {"name": "Drive", "category": "Forklift", "type": "choice",
               "choices": "Diesel\nGas\nElectric"}  # fmt: skip
INSPECTED: Final = {"name": "Safety check due", "category": "Forklift", "type": "date"}
DRIVES: Final = {"Linde H25D": "Diesel", "Jungheinrich EFG 216": "Electric"}

# Makes or changes one thing: the kind of operation, a name for it, its fields; returns the result.
Teller = Callable[[str, str, Mapping[str, Any]], Mapping[str, Any]]


def make_particulars(tell: Teller) -> None:
    """Add what makes the pages of the sample worth reading; `tell` records each."""
    drive = tell("create_field", FUEL["name"], {"thing": "asset", **FUEL})["field"]
    due = tell("create_field", INSPECTED["name"], {"thing": "asset", **INSPECTED})["field"]
    for turn, row in enumerate(table("assets")):
        if row["model"] in DRIVES:
            month = f"2026-{turn % 12 + 1:02d}-15"
            own = {f"{drive}": DRIVES[row["model"]], f"{due}": month}
            tell("edit_asset", row["tag"], {"asset": row["tag"], "custom": own})
    for row in table("suppliers"):
        same = ("part", "supplier", "number", "price", "lead_time_days")
        tell("set_supplier_part", row["part"], {name: row[name] for name in same})
        if row["instead_of"]:
            pair = {"part": row["part"], "substitute": row["instead_of"]}
            tell("set_substitute", row["part"], pair)


# Of how many services one needs the part, to the share of them in percent.
_SHARES: Final = {"1": "100", "2": "50", "3": "33", "4": "25"}
# The fleet is checked by somebody from outside, who comes for all of it.
CHECKED_IN_DAYS: Final = 19


def make_plans(tell: Teller, today: date) -> None:
    """Plan the services by the parts lists, checks, and what is changed before it fails."""
    for row in table("plans"):
        plain = {name: row[name] for name in _PLAN_FIELDS if row[name]}
        more: dict[str, Any] = {"checklist": row["checklist"].split("|")}
        if row["basis"] == "calendar":
            more["starts_on"] = (today + timedelta(CHECKED_IN_DAYS)).isoformat()
        plan = tell(
            "create_plan", row["name"], {**plain, **more, "stops_asset": row["stops"] == "yes"}
        )["plan"]
        for part, quantity, share in _kit(row):
            line = {"plan": plan, "part": part, "quantity": quantity, "probability": share}
            tell("set_plan_part", f"{row['name']}/{part}", line)


_PLAN_FIELDS: Final = (
    "name", "model", "asset", "basis", "every", "unit", "meter", "every_meter", "starts_meter",
    "part", "horizon_days", "minutes",
)  # fmt: skip


def _kit(row: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """The parts of a plan: of a service those of the parts list, else the one that is changed."""
    if row["part"]:
        return [(row["part"], "1", "100")]
    if not row["name"].startswith("Service"):
        return []
    return [
        (usual["part"], usual["quantity"], _SHARES[usual["every"]])
        for usual in table("usual")
        if usual["model"] == row["model"] and usual["every"] in _SHARES
    ]
