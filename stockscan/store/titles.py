"""What references are called now, many at once, for lists that show what was said of things."""

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, select

from stockscan.domain.codes import read
from stockscan.domain.errors import StockScanError
from stockscan.store.assets import Asset
from stockscan.store.locations import Location
from stockscan.store.parts import Part
from stockscan.store.people import Person
from stockscan.store.scanning import resolve
from stockscan.store.screen import asset_title, location_title


def titles(connection: Connection, references: Collection[str]) -> dict[str, str]:
    """What each reference is called, an asset with its tag; those that mean nothing are left out.

    Label codes are looked up together; every other spelling costs a few queries of its own.
    """
    codes = {reference: _code(reference) for reference in references}
    known = dict(_by_code(connection, {code for code in codes.values() if code}))
    others = {
        reference: _resolved(connection, reference)
        for reference, code in codes.items()
        if code not in known
    }
    if any(others.values()):
        known.update(_by_code(connection, {code for code in others.values() if code}))
    meant = {**codes, **others}
    return {reference: known[code] for reference, code in meant.items() if code in known}


def _code(reference: str) -> str | None:
    try:
        return read(reference).code
    except StockScanError:
        return None


def _resolved(connection: Connection, reference: str) -> str | None:
    try:
        found = resolve(connection, read(reference))
    except StockScanError:
        return None
    return found.code if found else None


def _by_code(connection: Connection, codes: Collection[str]) -> Iterator[tuple[str, str]]:
    assets = select(Asset.code, Asset.name, Asset.tag).where(Asset.code.in_(codes))
    for code, name, tag in connection.execute(assets):
        yield code, asset_title(name, tag)
    places = select(Location.code, Location.name, Location.kind).where(Location.code.in_(codes))
    for code, name, kind in connection.execute(places):
        yield code, location_title(name, kind)
    for table in (Part, Person):
        for code, name in connection.execute(
            select(table.code, table.name).where(table.code.in_(codes))
        ):
            yield code, name
