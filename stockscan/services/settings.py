"""The company's settings: as every page needs them, and changing them."""

from typing import Any

from sqlalchemy import select

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind, read
from stockscan.domain.company import check_settings
from stockscan.domain.errors import Invalid
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store import settings as store
from stockscan.store.locations import Location
from stockscan.store.scanning import resolve
from stockscan.store.settings import Settings


def settings_in_force() -> Settings:
    """The settings as they are now; no permission needed, they hold no secret."""
    with reading() as connection:
        return store.load(connection)


def place_code(text: str) -> str | None:
    """The code of the place that a typed or scanned text stands for, "" for no text; None: none."""
    if not text.strip():
        return ""
    with reading() as connection:
        try:
            found = resolve(connection, read(text), (Kind.LOCATION,))
        except Invalid:
            return None
    return found.code if found else None


def place_name(code: str) -> str:
    """A place as `place_code` reads it back: its name, its code where another has the name too."""
    if not code:
        return ""
    with reading() as connection:
        name = connection.scalar(select(Location.name).where(Location.code == code)) or ""
    return name if place_code(name) == code else code


def change(ctx: Context, **values: Any) -> Settings:
    """Change some settings and return all of them; the same change twice is one change.

    Raises `Invalid` whose `details["faults"]` says for each wrong field what is wrong with it.
    """
    require(ctx.actor, Permission.SETTINGS_EDIT)
    check_settings(values)
    with unit_of_work() as session:
        return store.save(session, **values)
