"""What the sample says about some of its things besides: own fields, suppliers, substitutes."""

from collections.abc import Callable, Mapping
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
