"""The lists that StockScan itself exports and that no import takes in, told by their headers."""

from collections.abc import Sequence
from typing import Final

from stockscan.domain.importing.synonyms import plain

_GOODS: Final = "Import the list of stock instead."
_BY_SCAN: Final = "Hand assets out by scan."
_IN_PLANS: Final = "Make them under Plans."
_ON_THE_PART: Final = "Enter them on the part."

# What only that list has among its headers, and what to do instead.
_LISTS: Final = (
    (("seq", "part", "corrects", "operation"), f"These are movements, each booked once. {_GOODS}"),
    (("line", "count", "counted", "book"), f"These are counts, each posted once. {_GOODS}"),
    (("seq", "asset", "due on", "operation"), f"This is what happened to assets. {_BY_SCAN}"),
    (("tag", "custodian code", "out since utc"), f"This is what is checked out. {_BY_SCAN}"),
    (("part", "part code", "supplier", "number"), f"These are further suppliers. {_ON_THE_PART}"),
    (("part", "substitute", "substitute code"), f"These are substitutes. {_ON_THE_PART}"),
    (("barcode", "code", "linked at utc"), "These are barcodes. Scan them, and link each."),
    (
        ("asset", "asset code", "part", "critical"),
        "These are lists of single assets. Import the lists of models, or enter them on the asset.",
    ),
    (("asset", "meter", "read at utc"), "These are meters. Enter readings on the asset."),
    (("records", "right", "in tolerance", "shrink"), "This is how right the books were."),
    (("plan", "due by", "counts from"), f"These are maintenance plans. {_IN_PLANS}"),
    (("plan", "plan id", "needed in"), f"These are kits of plans. {_IN_PLANS}"),
    (("job", "state", "done at utc"), "These are jobs, each done once. Plan or report new ones."),
    (("requisition", "state", "asked at utc"), "These are orders. Ask for the parts again."),
    (("at utc", "field", "was", "is"), "This is who changed what. Nothing can be made of it."),
)  # fmt: skip


def refusal(headers: Sequence[str]) -> str:
    """Why a list of ours is not taken in and what to do instead; "" for any other file."""
    columns = {plain(header) for header in headers}
    return next((why for signs, why in _LISTS if columns.issuperset(signs)), "")
