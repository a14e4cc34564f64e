"""The lists as pages: all is in the address, and ticks survive paging, sorting, filtering."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.domain.access import Role
from tests.cast import hire, sign_in
from tests.shop import Shop


@pytest.fixture
def shop(app: Flask, client: FlaskClient) -> Shop:
    with app.app_context():
        shop = Shop(hire(app))
        shop.make("model", name="H25", category="Trucks")
        hall = shop.make("location", name="Hall 2", kind_of_place="site")
        shop.make("location", name="Bay 1", kind_of_place="area", parent=hall)
        for number in range(60):
            where = {"location": "Bay 1"} if number < 3 else {}
            model = {"model": "H25"} if number % 2 else {}
            shop.asset(name=f"Forklift {number:02d}", tag=f"FL-{number:02d}", **model, **where)
    sign_in(client, shop.cast.of(Role.ADMIN))
    return shop


def picked(address: str | None) -> set[str]:
    query = parse_qs(urlsplit(address or "").query)
    return set(" ".join([*query.get("picked", []), *query.get("codes", [])]).split())


def tags(client: FlaskClient, address: str) -> list[str]:
    page = client.get(address).get_data(as_text=True)
    return [line.split("</a>")[0] for line in page.split('class="code" href="/assets/')[1:]]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_ticks_survive_paging_and_lead_to_actions(client: FlaskClient, shop: Shop) -> None:
    codes = [line.split('"')[0] for line in tags(client, "/assets")]
    assert len(codes) == 50
    here = " ".join(codes)
    paged = client.get("/assets", query_string={
        "code": codes[:2], "here": here, "q": "", "after": codes[-1], "sort": "tag"})  # fmt: skip
    assert paged.status_code == 303
    assert (picked(paged.location), "after=" in paged.location) == (set(codes[:2]), True)
    second = client.get(paged.location).get_data(as_text=True)
    assert ">2</b> selected" in second
    assert "0 on this page" in second
    there = [line.split('"')[0] for line in second.split('class="code" href="/assets/')[1:]]
    assert len(there) == 10
    assert not set(there) & set(codes)
    said = {"code": there[:1], "here": " ".join(there), "picked": " ".join(codes[:2])}
    wanted = {*codes[:2], there[0]}
    leads = {"labels": "/labels", "edit": "/assets/bulk", "export": "/export/assets.csv"}
    for do, path in leads.items():
        led = client.get("/assets", query_string={**said, "do": do})
        assert (urlsplit(led.location).path, picked(led.location)) == (path, wanted)
        assert client.get(led.location).status_code == 200
    everything = client.get("/assets", query_string={"do": "export-xlsx", "q": "forklift"})
    assert everything.location == "/export/assets.xlsx?q=forklift"
    asked = client.get("/assets", query_string={"do": "labels", "here": here})
    assert "Tick something in the list first." in asked.get_data(as_text=True)
    unticked = client.get("/assets", query_string={"picked": " ".join(codes[:2]), "here": here})
    assert picked(unticked.location) == set()
    every = client.get("/assets", query_string={"do": "all", "q": "forklift", "here": here})
    assert len(picked(every.location)) == 60
    assert client.get(every.location).status_code == 200
    assert client.get("/assets", query_string={"do": "none", **said}).location == "/assets?sort=tag"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_filters_combine_and_say_what_they_do_not_know(client: FlaskClient, shop: Shop) -> None:
    page = client.get("/assets?model=h25&category=trucks&place=Hall+2&q=forklift+fl-01")
    text = page.get_data(as_text=True)
    assert "Forklift 01" in text
    assert "Forklift 03" not in text
    assert "Hall 2" in text
    unknown = client.get("/assets?place=Nowhere")
    assert unknown.status_code == 422
    assert "is not a bin or place we know" in unknown.get_data(as_text=True)
    assert client.get("/assets?sort=-name").get_data(as_text=True).count("<tr>") > 40
    assert client.get("/assets?sort=wrong").status_code == 422


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "path",
    ["/parts?show=low&supplier=x&tracking=lot&q=a", "/locations?kind=area&inside=Hall+2",
     "/people?show=active&role=admin&q=ada", "/models?q=h25", "/find?q=forklit", "/find"],
)  # fmt: skip
def test_every_list_answers(client: FlaskClient, shop: Shop, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    shown = {"/locations": "Bay 1", "/people": "Ada", "/models": "H25"}
    assert shown.get(path.partition("?")[0], "") in answer.get_data(as_text=True)
