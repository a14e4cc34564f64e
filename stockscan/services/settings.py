"""The company's settings: as every page needs them, and changing them."""

from typing import Any

from stockscan.domain.access import Permission, require
from stockscan.domain.company import check_settings
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store import settings as store
from stockscan.store.settings import Settings


def settings_in_force() -> Settings:
    """The settings as they are now; no permission needed, they hold no secret."""
    with reading() as connection:
        return store.load(connection)


def change(ctx: Context, **values: Any) -> Settings:
    """Change some settings and return all of them; the same change twice is one change.

    Raises `Invalid` whose `details["faults"]` says for each wrong field what is wrong with it.
    """
    require(ctx.actor, Permission.SETTINGS_EDIT)
    check_settings(values)
    with unit_of_work() as session:
        return store.save(session, **values)
