"""Two halls and what stands in them, for audits: one call per thing seen, submitted or settled."""

import uuid
from typing import Any

from sqlalchemy import select

from stockscan.domain.counts.scope import Scope
from stockscan.services import counts
from stockscan.services.counts.plans import Opened, Plan
from stockscan.services.work import reading
from stockscan.store.assets import Asset
from stockscan.store.counts import AuditLine, CountSession
from stockscan.store.locations import Location
from tests.cast import Player
from tests.shop import Shop


class Halls:
    """Hall 1 with a truck and a drill, Hall 2 with a shelf in it and a lamp there; a shed apart."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.site = shop.make("location", name="Works", kind_of_place="site")
        self.hall1 = shop.make("location", name="Hall 1", kind_of_place="area", parent=self.site)
        self.hall2 = shop.make("location", name="Hall 2", kind_of_place="area", parent=self.site)
        self.shelf = shop.make("location", name="A-2", kind_of_place="bin", parent=self.hall2)
        self.shed = shop.make("location", name="Shed", kind_of_place="area")
        self.truck = shop.asset(name="Truck", location=self.hall1)
        self.drill = shop.asset(name="Drill", location=self.hall1)
        self.lamp = shop.asset(name="Lamp", location=self.shelf)
        self.pump = shop.asset(name="Pump", location=self.shed)

    def open(self, *places: str, by: Player | None = None, **plan: Any) -> str:
        """Open an audit of these places (of the works if none are named); its id."""
        return self.opened(*places, by=by, **plan).id

    def opened(self, *places: str, by: Player | None = None, **plan: Any) -> Opened:
        """Open an audit."""
        self.shop.wait()
        named = tuple(self.place_id(place) for place in places or (self.site,))
        wanted = Plan(scope=Scope(locations=named), **plan)
        return counts.open_audit(self.shop.context(by), str(uuid.uuid4()), wanted)

    def see(self, asset: str, location: str, audit: str = "", **more: Any) -> dict[str, Any]:
        """See an asset in a place."""
        said: dict[str, Any] = {"count": audit} if audit else {}
        return self.shop.ok("audit", asset=asset, location=location, **said, **more)

    def submit(self, audit: str) -> None:
        """Submit the audit a second later."""
        self.shop.wait()
        counts.submit_audit(self.shop.context(), audit)

    def states(self, audit: str) -> dict[str, tuple[str, str]]:
        """Of each asset by its name: what the audit makes of it, and what somebody did about it."""
        return states_of(audit)

    def state(self, audit: str) -> str:
        """The state of the audit itself."""
        with reading() as connection:
            query = select(CountSession.state).where(CountSession.id == audit)
            return str(connection.execute(query).scalar_one())

    def line(self, audit: str, asset: str) -> int:
        """The number of the line of an asset."""
        with reading() as connection:
            query = (
                select(AuditLine.id)
                .join(Asset, Asset.id == AuditLine.asset_id)
                .where(AuditLine.session_id == audit, Asset.code == asset)
            )
            return int(connection.execute(query).scalar_one())

    def place_id(self, code: str) -> int:
        """The number of a place."""
        with reading() as connection:
            query = select(Location.id).where(Location.code == code)
            return int(connection.execute(query).scalar_one())


def states_of(audit: str) -> dict[str, tuple[str, str]]:
    """Of each asset by its name: what an audit makes of it, and what somebody did about it."""
    with reading() as connection:
        rows = connection.execute(
            select(Asset.name, AuditLine.state, AuditLine.settled)
            .join(Asset, Asset.id == AuditLine.asset_id)
            .where(AuditLine.session_id == audit)
        )
        return {name: (state, settled) for name, state, settled in rows}
