"""The pages of an import, without JavaScript: upload, columns, check, import, what came of it."""

import io
import re
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.services.importing import running
from tests.cast import browser, hire
from tests.web.pages import FRAGMENT, text_of, words

ASSETS = b"Tag,Name,Location,Bought on\nT-1,Drill,Hall 1,24/3/2024\nT-2,Saw,Hall 1,25/3/2024\n"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def upload(client: FlaskClient, data: bytes, name: str = "assets.csv") -> str:
    """Send a file; the path of its import."""
    answer = client.post("/import", data={"file": (io.BytesIO(data), name), "kind": ""})
    assert answer.status_code == 303, words(answer.get_data(as_text=True))
    return str(answer.location)


def choices(client: FlaskClient, path: str) -> dict[str, str]:
    """What the form of the mapping page would send as it stands."""
    page = client.get(path).get_data(as_text=True)
    form = dict(re.findall(r'<input[^>]*name="(header_line)"[^>]*value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]*name="([^"]*)">(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        form[name] = chosen.group(1) if chosen else ""
    return {**form, "existing": "update", "create": "yes", "go": "check"}


def test_a_file_goes_through_all_its_steps(app: Flask) -> None:
    client = browser(app, hire(app).supervisor)
    path = upload(client, ASSETS)
    page = text_of(client, path)
    assert "4 of 4 columns are taken in" in page
    assert "2024-03-24" in page
    sent = client.post(f"{path}/choices", data=choices(client, path))
    assert sent.status_code == 303
    page = text_of(client, path)
    assert "2 rows of assets checked" in page
    assert "Beside them are created: 1 place" in page
    assert client.post(f"{path}/run", data={}).status_code == 303
    assert "Imported" in text_of(client, path)
    assert "T-1" in text_of(client, "/assets")
    assert "2 rows imported" in text_of(client, "/import")


def test_wrong_rows_are_told_and_come_as_a_file(app: Flask) -> None:
    client = browser(app, hire(app).supervisor)
    path = upload(client, ASSETS + b"T-2,=1+1,Hall 1,soon\n")
    client.post(f"{path}/choices", data=choices(client, path))
    page = text_of(client, path)
    assert "1 row is wrong" in page
    assert "is no date" in page
    refused = client.post(f"{path}/run", data={})
    assert refused.status_code == 409
    wrong = client.get(f"{path}/errors.csv").get_data(as_text=True)
    assert "'=1+1" in wrong
    assert wrong.count("\n") == 2
    client.post(f"{path}/run", data={"only_good": "yes"})
    assert "Imported" in text_of(client, path)


def test_open_questions_come_back(app: Flask) -> None:
    client = browser(app, hire(app).supervisor)
    path = upload(client, b"Tag,Name,Bought on\nT-1,Drill,3/4/2024\n")
    form = choices(client, path)
    answer = client.post(f"{path}/choices", data=form)
    assert answer.status_code == 422
    assert "This can be read in two ways" in words(answer.get_data(as_text=True))
    client.post(f"{path}/choices", data={**form, "style-2": "mdy"})
    assert "1 row of assets checked" in text_of(client, path)


def test_what_is_no_table_is_said_at_the_form(app: Flask) -> None:
    client = browser(app, hire(app).supervisor)
    answer = client.post("/import", data={"file": (io.BytesIO(b"PK\x03\x04"), "a.xlsx")})
    assert answer.status_code == 422
    assert "can't be read" in words(answer.get_data(as_text=True))
    assert client.post("/import", data={}).status_code == 422


def test_only_those_who_may_and_only_their_own(app: Flask) -> None:
    cast = hire(app)
    path = upload(browser(app, cast.supervisor), ASSETS)
    for player in (cast.viewer, cast.technician, cast.storekeeper):
        assert browser(app, player).get("/import").status_code == 403
        assert browser(app, player).get(path).status_code == 403
    assert browser(app, cast.admin).get(path).status_code == 404
    assert "/import" not in browser(app, cast.viewer).get("/").get_data(as_text=True)


def test_a_large_file_is_watched_while_it_works(app: Flask) -> None:
    client = browser(app, hire(app).supervisor)
    rows = "\n".join(f"L-{number},Pump" for number in range(running.SMALL + 500))
    path = upload(client, f"Tag,Name\n{rows}\n".encode())
    client.post(f"{path}/choices", data=choices(client, path))
    page = client.get(path, headers=FRAGMENT)
    assert page.status_code == 200
    wait_for(client, path, "2500 rows of assets checked")
    client.post(f"{path}/run", data={})
    wait_for(client, path, "Imported")


def wait_for(client: FlaskClient, path: str, sentence: str) -> None:
    """Look again until the page says it."""
    for _ in range(600):
        if sentence in text_of(client, path):
            return
        time.sleep(0.1)
    raise AssertionError(text_of(client, path))
