"""Prints as the tests of labels need them: recorded, with the address of then, without a file."""

from pathlib import Path

from stockscan.services.labels import LabelSetup
from stockscan.services.work import unit_of_work
from stockscan.store import prints
from tests.shop import Shop

OLD, TODAY = "http://old.example:8000", "https://stock.example.com"


def setup(public_url: str = TODAY) -> LabelSetup:
    """A server of this address that has no files of its own."""
    return LabelSetup(public_url, Path("nowhere"))


def print_of(shop: Shop, *codes: str, address: str = TODAY, state: str = "done") -> int:
    """Record a print of these labels a second later; its number."""
    shop.wait()
    values = {
        "at_us": shop.now_us,
        "person_id": shop.cast.storekeeper.id,
        "stock": "avery-l7160",
        "layout": "standard",
        "format": "pdf",
        "start": 1,
        "public_url": address,
        "state": state,
        "total": len(codes),
    }
    with unit_of_work() as session:
        return prints.record(session, codes, **values).id
