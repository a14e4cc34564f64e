"""The company's settings as every page needs them."""

from stockscan.services.work import reading
from stockscan.store.settings import Settings, load


def settings_in_force() -> Settings:
    """The settings as they are now; no permission needed, they hold no secret."""
    with reading() as connection:
        return load(connection)
