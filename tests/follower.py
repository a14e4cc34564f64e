"""A phone that follows the catalogue: it keeps what it was told and asks for what changed."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from stockscan.services import sync
from stockscan.services.work import Context, unit_of_work

Things = dict[str, dict[str, Any]]


class Follower:
    """One copy of the catalogue; needs an app context around it."""

    def __init__(self, context: Callable[[], Context], limit: int = 500) -> None:
        self.context = context
        self.limit = limit
        self.cursor = ""
        self.things: Things = {}

    def ask(self) -> dict[str, Any]:
        """Take over the next page; the answer."""
        page = sync.catalogue(self.context(), since=self.cursor, limit=self.limit, last="")
        assert len(page["things"]) + len(page["gone"]) <= self.limit
        self.things |= {thing["code"]: thing for thing in page["things"]}
        for code in page["gone"]:
            self.things.pop(code, None)
        self.cursor = page["cursor"]
        return page

    def catch_up(self) -> list[str]:
        """Take over all that changed; the codes in the order in which they came."""
        codes = []
        while True:
            page = self.ask()
            codes += [*(thing["code"] for thing in page["things"]), *page["gone"]]
            if not page["more"]:
                return codes


def everything(context: Callable[[], Context]) -> Things:
    """The catalogue as a new phone gets it."""
    phone = Follower(context)
    phone.catch_up()
    return phone.things


def change(statement: str, **values: object) -> None:
    """Change rows in a way for which there is no verb yet: the database notices by itself."""
    with unit_of_work() as session:
        session.execute(text(statement), values)
