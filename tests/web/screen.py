"""Someone at the scan screen of a small workshop, by plain forms."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import Player, hire, sign_in
from tests.shop import Shop

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


@dataclass
class Screen:
    """Someone at the scan screen of a small workshop."""

    shop: Shop
    client: FlaskClient
    bin: str
    part: str
    asset: str

    def scan(self, raw: str, mode: str = "look_up", on: str = "", **values: str) -> TestResponse:
        """Send one scan as a plain form."""
        self.forget()
        form = {"id": str(uuid.uuid4()), "raw": raw, "mode": mode, "on": on, **values}
        return self.client.post("/scans", data=form)

    def shows(self, response: TestResponse) -> str:
        """The page behind the redirect."""
        assert response.status_code == 303, response.get_data(as_text=True)
        return self.client.get(response.headers["Location"]).get_data(as_text=True)

    def post(self, path: str, **form: str) -> TestResponse:
        """Send a form of the screen."""
        self.forget()
        return self.client.post(path, data={"id": str(uuid.uuid4()), **form})

    def forget(self) -> None:
        """Let the next request have its own time: what Flask keeps for a request lives on here."""
        vars(g).clear()

    def custodian(self, asset: str) -> str:
        """The name of who has the asset, "" for nobody."""
        holder = self.client.get(f"/api/v1/assets/{asset}").get_json()["custodian"]
        return holder["name"] if holder else ""

    def become(self, player: Player) -> None:
        """Sign in as someone else."""
        sign_in(self.client, player)


@pytest.fixture
def screen(app: Flask, client: FlaskClient) -> Iterator[Screen]:
    with app.app_context():
        shop = Shop(hire(app))
        bin_ = shop.bin("B-12-3")
        part = shop.part(name="Hydraulic filter", part_number="HF6553", location=bin_)
        asset = shop.asset(name="Forklift", tag="FL-07")
        shop.ok("receive", part=part, location=bin_, quantity=12, unit_cost="18.40")
        sign_in(client, shop.cast.technician)
        yield Screen(shop, client, bin_, part, asset)


def state(response: TestResponse) -> dict[str, str]:
    """What the next scan meets after this answer."""
    assert response.status_code == 303, response.get_data(as_text=True)
    query = parse_qs(urlsplit(response.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}
