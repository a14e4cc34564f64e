"""200 hostile texts through every way in: shown as text, refused or resolved, and nothing else."""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from io import BytesIO
from itertools import islice
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from stockscan.domain.codes import read
from stockscan.domain.errors import Invalid
from stockscan.domain.operations import KINDS, Parser
from stockscan.labelling.photos import read_photo
from tests.cast import browser, hire
from tests.hostile import FAMILIES, PAYLOADS, PAYLOADS_OF_A_SECOND_DATABASE
from tests.shop import Shop
from tests.web.harm import harm_in
from tests.web.pages import FRAGMENT

# Fields of the create forms that take a code just as the two do that every payload goes through.
OTHER_FIELDS = (
    ("assets", "location"),
    ("parts", "barcode"),
    ("locations", "parent"),
    ("people", "alias"),
)


@dataclass
class World:
    """A small workshop, and the browser of someone who may do nearly everything in it."""

    shop: Shop
    client: FlaskClient
    stranger: FlaskClient
    asset: str
    part: str
    bin: str

    def get(self, path: str, payload: str, **more: str) -> TestResponse:
        """Ask with the payload at the end of the path."""
        return self.client.get(path + spelled(payload), **more)

    def post(self, path: str, *, fragment: bool = False, **form: str) -> TestResponse:
        """Send a form, byte for byte as a browser or an attacker may."""
        return self.client.post(
            path,
            data=urlencode({"id": str(uuid.uuid4()), **form}, errors="surrogatepass"),
            content_type="application/x-www-form-urlencoded",
            headers=FRAGMENT if fragment else {},
        )

    def json(self, path: str, body: dict[str, Any]) -> TestResponse:
        """Send JSON, in which halves of characters can be spelled."""
        return self.client.post(path, json=body)

    def behind(self, answer: TestResponse) -> Iterator[TestResponse]:
        """The answer, and the page that it leads to."""
        yield answer
        if answer.status_code == 303:
            yield self.client.get(answer.headers["Location"])


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    # Every failure is wanted as the answer that people get, not the first one as an exception.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        shop = Shop(hire(app))
        bin_ = shop.bin("B-12-3")
        part, asset = shop.part(location=bin_), shop.asset()
        shop.ok("receive", part=part, location=bin_, quantity=5)
        yield World(shop, browser(app, shop.cast.admin), app.test_client(), asset, part, bin_)


@pytest.fixture
def payloads(database_url: str) -> dict[str, str]:
    """All 200 on SQLite; on PostgreSQL those that a database may take in its own way."""
    return PAYLOADS if database_url.startswith("sqlite") else PAYLOADS_OF_A_SECOND_DATABASE


# --- the ways in ----------------------------------------------------------------------------------


def scanning(world: World, payload: str) -> Iterator[TestResponse]:
    yield from world.behind(world.post("/scans", raw=payload, mode="look_up"))
    yield world.post("/scans", raw=payload, mode="install", on=world.asset, fragment=True)
    yield world.post("/scans", raw=world.asset, mode=payload, on=payload, fragment=True)
    yield world.get("/scan?mode=look_up&link=", payload)
    yield world.get("/scan?on=", payload)
    yield world.get("/scan/matches?raw=", payload, headers=FRAGMENT)


def photographing(world: World, payload: str) -> Iterator[TestResponse]:
    png = photo_of(payload)
    if png:
        form = {"id": str(uuid.uuid4()), "photo": (BytesIO(png), f"{payload[:20]!r}.png")}
        yield from world.behind(world.client.post("/scans/photos", data=form))


def resolving(world: World, payload: str) -> Iterator[TestResponse]:
    yield world.get("/api/v1/resolve?code=", payload)
    yield world.json("/api/v1/scans", {"code": payload})


def opening_a_label(world: World, payload: str) -> Iterator[TestResponse]:
    for folder in ("/S/", "/s/"):
        yield from world.behind(world.get(folder, payload))
        sent_away = world.stranger.get(folder + spelled(payload))
        yield sent_away
        if sent_away.status_code == 303:
            yield world.stranger.get(sent_away.headers["Location"])


def opening_addresses(world: World, payload: str) -> Iterator[TestResponse]:
    """A sixth of the addresses that hold a text, read and written; other payloads take others."""
    rules = [rule for rule in world.client.application.url_map.iter_rules() if rule.arguments]
    for rule in rules[sum(payload.encode(errors="replace")) % 6 :: 6]:
        path = re.sub(r"<[^>]*>", spelled(payload), rule.rule)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield world.client.open(path, method=method)


def searching(world: World, payload: str) -> Iterator[TestResponse]:
    yield from world.behind(world.get("/find?q=", payload))
    for folder in ("assets", "parts", "locations"):
        yield world.get(f"/{folder}?q=", payload)
        yield world.get(f"/api/v1/{folder}?q=", payload)
    yield world.get("/assets?model=", payload)
    yield world.get("/people?after=", payload)


def linking(world: World, payload: str) -> Iterator[TestResponse]:
    yield world.get("/unknown/links?text=", payload)
    yield world.get("/unknown/links?text=x&q=", payload)
    yield from world.behind(world.post("/unknown/links", text=payload, thing=world.part))
    yield from world.behind(world.post("/unknown/links", text="X-1", thing=payload))
    yield from world.behind(world.get("/unknown?before=1&done=", payload))


def making_things(world: World, payload: str) -> Iterator[TestResponse]:
    names = ("name", "tag", "part_number", "serial", "unit", "notes", "supplier", "manufacturer")
    chosen = {"kind_of_place": "bin", "role": "viewer", "abc_class": "C"}
    for folder in ("assets", "parts", "locations", "people"):
        yield world.post(f"/{folder}", **{**dict.fromkeys(names, payload), **chosen})
    turn = len(payload) % len(OTHER_FIELDS)
    for folder, name in (("assets", "label"), ("parts", "alias"), OTHER_FIELDS[turn]):
        plain = {"name": f"{uuid.uuid4()}", "part_number": f"{uuid.uuid4()}"}
        yield world.post(f"/{folder}", **{**plain, **chosen, name: payload})
    yield world.get(f"/{OTHER_FIELDS[turn][0]}/new?name=x&label=x&alias=", payload)


def printing(world: World, payload: str) -> Iterator[TestResponse]:
    for name in ("codes", "q", "place", "stock", "batch", "cards"):
        yield world.get(f"/labels?{name}=", payload)
    yield world.post("/labels/prints", id=f"{uuid.uuid4()}", codes=payload, format="svg")
    yield world.post("/labels/blanks", number=payload)
    yield world.client.get(f"/labels/pictures/{spelled(payload)}.svg")
    yield world.json("/api/v1/labels", {"items": [payload], "format": "svg"})


def checking_a_print(world: World, payload: str) -> Iterator[TestResponse]:
    form = {"id": str(uuid.UUID(int=4)), "codes": world.asset, "format": "svg", "start": "1"}
    yield world.post("/labels/prints", **form)
    (path,) = set(re.findall(r"/labels/prints/\d+", world.client.get("/labels/prints").text))
    for noun, name in (("checks", "raw"), ("unreadable", "code")):
        yield (answer := world.post(f"{path}/{noun}", page=f"{uuid.uuid4()}", **{name: payload}))
        yield world.client.get(answer.location)
    yield world.get(f"{path}/check?seen=", payload)


WAYS: dict[str, Callable[[World, str], Iterator[TestResponse]]] = {
    way.__name__: way
    for way in (
        scanning,
        photographing,
        resolving,
        opening_a_label,
        opening_addresses,
        searching,
        linking,
        printing,
        checking_a_print,
    )
}


# --- what must hold -------------------------------------------------------------------------------


def test_there_are_exactly_200() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS.values())) == 200


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("share", [8, pytest.param(1, marks=pytest.mark.torture)])
def test_no_way_in_does_harm(world: World, payloads: dict[str, str], way: str, share: int) -> None:
    """Each way an eighth of the payloads, another than the next way; all of them at length."""
    first = list(WAYS).index(way) % share
    harm = [
        f"{name}: {answer.request.path} {answer.status_code}: {found}"
        for name, payload in islice(payloads.items(), first, None, share)
        for answer in WAYS[way](world, payload)
        for found in harm_in(answer, payload)
    ]
    assert not harm


@pytest.mark.parametrize("share", [6, pytest.param(1, marks=pytest.mark.torture)])
def test_the_pages_of_what_was_made_show_it_as_text(
    world: World, payloads: dict[str, str], share: int
) -> None:
    """Forms, then pages, lists, JSON and drawn labels of things that bear the payloads."""
    payloads = dict(islice(payloads.items(), 0, None, share))
    harm = [
        f"{name}: {answer.request.path} {answer.status_code}: {found}"
        for name, payload in payloads.items()
        for answer in making_things(world, payload)
        for found in harm_in(answer, payload)
    ]
    assert not harm
    pages = ["/", "/assets", "/parts", "/locations", "/people", "/api/v1/assets", "/api/v1/parts"]
    rows = world.client.get("/api/v1/assets?limit=500").get_json()["assets"]
    assert len(rows) > 0.75 * len(payloads)
    pages += [f"/assets/{row['code']}" for row in rows[::4]]
    pages += [f"/labels/pictures/{row['code']}.svg" for row in rows[::4]]
    answers = {path: world.client.get(path) for path in pages}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert not [(path, harm) for path, answer in answers.items() for harm in harm_in(answer, "")]


def test_operations_with_hostile_references_are_refused(
    world: World, payloads: dict[str, str]
) -> None:
    """Each field a seventh of the payloads, others than the next field."""
    good = {
        "asset": world.asset, "part": world.part, "thing": world.part, "location": world.bin,
        "from_location": world.bin, "to_location": world.bin, "quantity": "1", "reason": "x",
        "value": 3, "text": "X-1", "label": "0000000", "status": "down", "due_on": "2030-01-01",
        "meter": "Hours", "note": "x", "from_asset": world.asset, "to_asset": world.asset,
        "job": "J-1", "work": "J-1", "how": "sold", "what": "x", "runs": True, "line": 0,
    }  # fmt: skip
    for turn, (kind, name) in enumerate(references()):
        wanted = {field: good[field] for field in KINDS[kind].required}
        asked = {**wanted, name: None} if name not in wanted else wanted
        if kind == "check_out" and not name.startswith("to_"):
            asked = {**asked, "to_location": world.bin}
        sent = [
            {"id": str(uuid.uuid4()), "kind": kind, **asked, name: payload}
            for payload in islice(payloads.values(), turn % 7, None, 7)
        ]
        answer = world.json("/api/v1/operations", {"operations": sent})
        assert answer.status_code == 200, (kind, name)
        results = answer.get_json()["results"]
        assert [result["id"] for result in results] == [op["id"] for op in sent]
        may_apply = {"rejected", "applied"} if (kind, name) == ("link", "text") else {"rejected"}
        assert {result["status"] for result in results} <= may_apply, (kind, name)


def test_every_unknown_code_is_kept_and_shown_whole(world: World) -> None:
    kept = [text for text in (clean(payload) for payload in PAYLOADS.values()) if text]
    for text in kept:
        assert world.json("/api/v1/scans", {"code": text}).status_code == 201
    path, shown = "/unknown", ""
    while path:
        answer = world.client.get(path)
        assert not list(harm_in(answer, ""))
        shown += answer.get_data(as_text=True)
        older = re.search(r'href="(/unknown\?before=\d+)"', answer.get_data(as_text=True))
        path = older.group(1) if older and older.group(1) != path else ""
    missing = [text for text in kept if len(text) <= 80 and escaped(text) not in shown]
    assert not missing


def test_photos_carry_the_payloads() -> None:
    for name, payload in PAYLOADS.items():
        png = photo_of(payload)
        assert png or name.startswith(("half-", "long-")), name
        if png:
            assert clean(read_photo(png)[0].text) == clean(payload), name


def test_look_alikes_of_a_code_are_no_code() -> None:
    assert {read(text).code for text in FAMILIES["homoglyph"]} == {None}


def references() -> list[tuple[str, str]]:
    """Every field of every kind that takes a scanned text; last the one that gives it a meaning."""
    found = [
        (kind, name)
        for kind, shape in KINDS.items()
        for name, parse in {**shape.required, **shape.optional}.items()
        if is_reference(name, parse)
    ]
    return sorted(found, key=("link", "text").__eq__)


def is_reference(name: str, parse: Parser) -> bool:
    """Whether a field refuses a text because it is no code."""
    try:
        parse(name, "x" * 513)
    except Invalid as error:
        return "must be a code" in error.message
    return False


def photo_of(payload: str) -> bytes:
    """A picture of a QR code with this text; empty where no QR code can hold it."""
    try:
        symbol = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="L")
    except (RuntimeError, ValueError):
        return b""
    picture: Any = symbol.to_image(scale=3, add_quiet_zones=True)
    height, width = picture.shape
    png = BytesIO()
    Image.frombytes("L", (width, height), bytes(memoryview(picture).cast("B"))).save(png, "PNG")
    return png.getvalue()


def clean(payload: str) -> str:
    """The payload as it is logged; "" for what is refused."""
    try:
        return read(payload).text
    except Invalid:
        return ""


def spelled(payload: str) -> str:
    """The payload in an address, halves of characters and all."""
    return quote(payload, safe="", errors="surrogatepass")


def escaped(text: str) -> str:
    """A text as templates write it."""
    return escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
