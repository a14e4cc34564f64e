"""The pages of kits: walked with scans, with taps, with a script or without, and who may not."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.services import settings
from tests.cast import browser, new_id
from tests.shop import Shop
from tests.web.pages import FRAGMENT, hidden_fields, text_of, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Scene:
    """A job that needs 3 filters from A-1 and a switch that nobody has."""

    def __init__(self, app: Flask, shop: Shop) -> None:
        self.app, self.shop = app, shop
        self.cart, self.shelf = shop.bin("Cart"), shop.bin("A-1")
        settings.change(shop.context(), kit_place=self.cart)
        self.asset = shop.asset(name="Press", tag="FL-1")
        self.filter = shop.part(name="Filter", location=self.shelf)
        self.switch = shop.part(name="Switch", location=self.shelf)
        shop.ok("receive", part=self.filter, location=self.shelf, quantity=5, unit_cost="2")
        self.job = shop.make("job", asset=self.asset, title="Service")
        for part, many in ((self.filter, 3), (self.switch, 1)):
            shop.ok("set_job_part", job=self.job, part=part, quantity=many)
        self.client = browser(app, shop.cast.technician)

    def scan(self, raw: str, at: str = "/jobs/1/kit") -> str:
        """Scan where the page stands at; where it stands after that."""
        asked = {name: given[0] for name, given in parse_qs(urlsplit(at).query).items()}
        given = {**asked, "raw": raw, "id": new_id()}
        return self.client.post("/jobs/1/kit/scans", data=given).location


@pytest.fixture
def scene(app: Flask, shop: Shop) -> Scene:
    return Scene(app, shop)


def test_it_is_walked_with_scans_alone(scene: Scene) -> None:
    assert "Short" in text_of(scene.client, "/jobs/1")
    first = text_of(scene.client, "/jobs/1/kit")
    assert "A-1 Filter" in first
    assert "1 pcs missing, not on order" in first
    at = scene.scan(scene.filter, scene.scan(scene.shelf))
    assert 'name="quantity" inputmode="decimal" autocomplete="off" required value="3"' in (
        scene.client.get(at).get_data(as_text=True)
    )
    twice = scene.scan(scene.filter, at)
    assert "3 are needed from here" in text_of(scene.client, twice)
    done = scene.scan(scene.filter, twice)
    assert "Picked 3 pcs" in text_of(scene.client, done)
    assert (scene.shop.on_hand(scene.filter, scene.cart), "seen=" in done) == (3, True)
    unknown = text_of(scene.client, scene.scan("what is this", done))
    assert "what is this is no bin and no part" in unknown
    assert "does not need that part" in text_of(scene.client, scene.scan(scene.shop.part(), done))
    html = scene.client.get(scene.scan(scene.shop.part(), done)).get_data(as_text=True)
    assert html.index('<scan-result data-tone="warn">') < html.index("does not need that part")
    assert html.count("does not need that part") == 1


def test_without_javascript_it_is_tapped(scene: Scene) -> None:
    at = f"/jobs/1/kit?bin={scene.shelf}&part={scene.filter}"
    hidden = hidden_fields(scene.client, at, "/jobs/1/kit/picks")
    answer = scene.client.post("/jobs/1/kit/picks", data={**hidden, "quantity": "2"})
    again = scene.client.post("/jobs/1/kit/picks", data={**hidden, "quantity": "2"})
    assert answer.location == again.location
    page = text_of(scene.client, answer.location)
    assert "Picked 2 pcs" in page
    assert scene.shop.on_hand(scene.filter, scene.cart) == 2
    back = hidden_fields(scene.client, "/jobs/1/kit", "/jobs/1/kit/returns")
    answer = scene.client.post("/jobs/1/kit/returns", data={**back, "quantity": "1"})
    assert "Put back 1 pcs" in text_of(scene.client, answer.location)
    more = scene.client.post("/jobs/1/kit/returns", data={**back, "id": new_id(), "quantity": "9"})
    assert "lies in the kit of J-1" in text_of(scene.client, more.location)
    assert scene.shop.on_hand(scene.filter, scene.shelf) == 4


def test_as_a_fragment_it_is_the_stage_alone(scene: Scene) -> None:
    answer = scene.client.get("/jobs/1/kit", headers=FRAGMENT).get_data(as_text=True)
    assert answer.lstrip().startswith('<div id="stage"')
    assert "<html" not in answer


def test_what_is_missing_is_asked_for_once(scene: Scene) -> None:
    marco = browser(scene.app, scene.shop.cast.storekeeper)
    ask = "/jobs/1/kit/requisition"
    hidden = hidden_fields(marco, "/jobs/1", ask)
    told = text_of(marco, marco.post(ask, data=hidden).location)
    assert "Asked for: R-1." in told
    assert "1 pcs missing, asked for" in told
    assert "Ask for what is missing" not in told
    later = marco.post(ask, data={"id": new_id()})
    assert "is asked for already" in text_of(marco, later.location)
    marco.post("/jobs/1/kit/reservation", data={"id": new_id()})
    assert "3 kept" in text_of(marco, "/jobs/1")
    assert "J-1 Service Press FL-1 3 pcs" in text_of(marco, f"/parts/{scene.filter}")
    marco.post("/jobs/1/kit/release", data={"id": new_id()})
    assert "3 kept" not in text_of(marco, "/jobs/1")


def test_what_it_needs_is_changed(scene: Scene) -> None:
    grease, path = scene.shop.part(name="Grease"), "/jobs/1/parts"
    raw = {"id": new_id(), "part": grease, "quantity": "2"}
    assert "needs 2 pcs of Grease" in text_of(
        scene.client, scene.client.post(path, data=raw).location
    )
    wrong = scene.client.post(path, data={**raw, "id": new_id(), "quantity": "two"})
    assert wrong.status_code == 422
    scene.client.post(f"{path}/removal", data={"id": new_id(), "part": grease})
    assert "Grease" not in words(scene.client.get("/jobs/1").get_data(as_text=True))


def test_it_checks_permission(scene: Scene) -> None:
    vera = browser(scene.app, scene.shop.cast.viewer)
    assert [vera.get(f"/jobs/1/{page}").status_code for page in ("kit", "parts")] == [403, 403]
    refused = {
        client.post(f"/jobs/1/kit/{what}", data={"id": new_id(), "part": scene.filter}).status_code
        for client in (vera,)
        for what in ("picks", "returns", "reservation", "requisition")
    }
    assert refused <= {303, 403}
    assert scene.shop.on_hand(scene.filter, scene.shelf) == 5
    assert scene.client.get("/jobs/99/kit").status_code == 404


def test_nothing_is_offered_for_install_that_is_not_there(scene: Scene) -> None:
    """What only some jobs need is never missing, so that alone says nothing of what is there."""
    seal = scene.shop.part(name="Seal", location=scene.shelf)
    scene.shop.ok("set_job_part", job=scene.job, part=seal, quantity=1, probability=50)
    assert "Install Seal" not in text_of(scene.client, "/jobs/1")
    scene.shop.ok("receive", part=seal, location=scene.shelf, quantity=1)
    assert "Install Seal" in text_of(scene.client, "/jobs/1")


def test_without_a_place_of_kits_one_is_scanned_first(scene: Scene) -> None:
    settings.change(scene.shop.context(), kit_place="")
    page = text_of(scene.client, "/jobs/1/kit")
    assert "Scan a cart, a shelf or a van" in page
    assert "install the parts from their bins" in page
    for raw in (scene.shelf, scene.filter):
        refused = scene.scan(raw)
        assert "to=" not in refused
        assert "Scan first where" in text_of(scene.client, refused)
    at = scene.scan(scene.cart)
    assert "goes to Cart" in text_of(scene.client, at)
    at = scene.scan(scene.filter, scene.scan(scene.shelf, at))
    for _ in range(2):
        at = scene.scan(scene.filter, at)
    assert "Picked 3 pcs" in text_of(scene.client, at)
    assert scene.shop.on_hand(scene.filter, scene.cart) == 3
    # What lies in the kit says where the rest goes.
    assert "Scan a cart" not in text_of(scene.client, "/jobs/1/kit")


def test_what_is_nowhere_in_stock_comes_from_a_machine_that_stands(scene: Scene) -> None:
    shop, dana = scene.shop, scene.client
    donor, runs = (shop.asset(name="Saw", tag=tag) for tag in ("SAW-1", "SAW-2"))
    for asset in (donor, runs):
        shop.ok("install", asset=asset, part=scene.switch, quantity=1)
    shop.ok("set_status", asset=donor, status="retired")
    path = f"/assets/{scene.asset}/parts/donors?part={scene.switch}&amp;quantity=1.0&amp;work=J-1"
    assert path in dana.get("/jobs/1").get_data(as_text=True)
    path = path.replace("amp;", "")
    page = text_of(dana, path)
    assert "SAW-1 retired" in page
    assert "SAW-2" not in page
    post = f"/assets/{donor}/parts/moving"
    moved = dana.post(post, data=hidden_fields(dana, path, post))
    assert moved.location == "/jobs/1"
    assert "Installed" in text_of(dana, "/jobs/1")
    assert "No machine that is down or retired" in text_of(dana, path)
    vera = browser(scene.app, shop.cast.viewer)
    assert (vera.get(path).status_code, dana.get(path + "x").status_code) == (403, 200)


def test_a_part_moves_over_by_a_form(scene: Scene) -> None:
    other, dana = scene.shop.asset(name="Saw", tag="FL-2"), scene.client
    scene.shop.ok("install", asset=scene.asset, part=scene.filter, quantity=1)
    assert "Move to another machine" in text_of(dana, f"/assets/{scene.asset}/parts")
    path = f"/assets/{scene.asset}/parts/moving"
    raw = {"id": new_id(), "part": scene.filter, "quantity": "1"}
    assert "Say which machine" in text_of_post(dana, path, raw, 422)
    assert "already" in text_of_post(dana, path, {**raw, "to_asset": scene.asset}, 422)
    moved = dana.post(path, data={**raw, "id": new_id(), "to_asset": other})
    assert "Filter moved to Saw FL-2" in text_of(dana, moved.location)
    assert "Filter" in text_of(dana, f"/assets/{other}/parts")


def text_of_post(client: FlaskClient, path: str, data: dict[str, str], status: int) -> str:
    answer = client.post(path, data=data)
    assert answer.status_code == status
    return words(answer.get_data(as_text=True))
