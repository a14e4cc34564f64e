"""What labels are of, in words, for pages that list them."""

from collections.abc import Collection

from sqlalchemy import Connection

from stockscan.domain.cards import card
from stockscan.domain.codes import shown
from stockscan.store.titles import titles


def label_names(connection: Connection, codes: Collection[str]) -> dict[str, str]:
    """The name of the thing behind each code, of a card its title; a blank one says so."""
    known = titles(connection, codes)
    return {code: known.get(code) or _name_of_nothing(code) for code in codes}


def _name_of_nothing(code: str) -> str:
    known = card(code)
    return known.title if known else f"Blank {shown(code)}"
