"""Custody: who has an asset, where it stands, how it is, and taking that back."""

from stockscan.services.custody.handing import check_in, check_out, move_asset
from stockscan.services.custody.receiving import Offer, receiver, receivers
from stockscan.services.custody.standing import condition, note, set_due, set_status
from stockscan.services.custody.undoing import reverse_custody

__all__ = [
    "Offer",
    "check_in",
    "check_out",
    "condition",
    "move_asset",
    "note",
    "receiver",
    "receivers",
    "reverse_custody",
    "set_due",
    "set_status",
]
