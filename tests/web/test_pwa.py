"""What the installed app is made of: addresses that anybody may open and that name nobody."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.paths import STATIC
from stockscan.web.pwa import BACKGROUND, KEPT_PAGES, SURFACE
from tests.cast import browser
from tests.shop import Shop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def build_of(client: FlaskClient) -> dict[str, object]:
    """What /sw.js says of its build."""
    found = re.match(r"self\.build = (.*);\n", client.get("/sw.js").text)
    assert found
    build: dict[str, object] = json.loads(found[1])
    return build


@pytest.mark.parametrize("path", ["/manifest.webmanifest", "/sw.js", *KEPT_PAGES])
def test_asked_for_again_it_comes_only_if_it_changed(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in answer.headers
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_everything_that_is_named_exists(client: FlaskClient) -> None:
    files = build_of(client)["files"]
    icons = client.get("/manifest.webmanifest").json["icons"]
    assert isinstance(files, list)
    for path in [*files, *(icon["src"] for icon in icons)]:
        with client.get(path) as answer:
            assert answer.status_code == 200, path


def test_everything_that_scripts_and_styles_load_is_kept(client: FlaskClient) -> None:
    build = build_of(client)
    kept = {str(path) for path in build["files"]}  # type: ignore[attr-defined]
    for source in [*STATIC.glob("js/*.js"), *STATIC.glob("css/*.css")]:
        loaded = re.findall(r'(?:from|import|URL\(|url\() ?"(\.[^"]+)"', source.read_text())
        for path in loaded:
            address = (source.parent / path).resolve().relative_to(STATIC)
            assert f"{build['root']}/{address.as_posix()}" in kept, source


@pytest.mark.parametrize("path", ["/sw.js", *KEPT_PAGES])
def test_it_is_the_same_for_everybody(
    app: Flask, shop: Shop, client: FlaskClient, path: str
) -> None:
    person = browser(app, shop.cast.technician)
    assert person.get(path).text == client.get(path).text == client.get(path).text


def test_a_kept_page_takes_no_notice_away_from_the_page_it_is_for(app: Flask, shop: Shop) -> None:
    person = browser(app, shop.cast.technician)
    person.post("/device", data={"theme": "", "hand": ""})
    for path in KEPT_PAGES:
        assert "Kept on this device." not in person.get(path).text
    assert "Kept on this device." in person.get("/device").text


def test_the_shell_looks_as_this_device_chose(app: Flask, shop: Shop) -> None:
    person = browser(app, shop.cast.technician)
    before = person.get("/sw.js").text
    person.post("/device", data={"theme": "dark", "hand": ""})
    shell = person.get("/offline").text
    assert 'data-theme="dark"' in shell
    assert f'<meta name="theme-color" content="{SURFACE["dark"]}">' in shell
    assert person.get("/sw.js").text != before, "the device would not fetch the shell again"


def test_the_colours_are_those_of_the_pages(app: Flask) -> None:
    tokens = (STATIC / "css/tokens.css").read_text()
    assert f"--bg: light-dark({BACKGROUND}," in tokens
    assert f"--surface: light-dark({SURFACE['light']}, {SURFACE['dark']})" in tokens
