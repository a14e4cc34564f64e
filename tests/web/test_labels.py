"""The page for printing labels: choosing, the sheet, the picture, the file."""

import re
import uuid
from html import unescape
from io import BytesIO

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from stockscan.domain.cards import CARDS
from stockscan.services import labels
from stockscan.services.work import reading
from stockscan.store.labels import LabelPrint
from stockscan.store.once import Once
from tests.cast import browser
from tests.shop import Shop, blanks
from tests.web.pages import FRAGMENT, hidden_fields, text_of, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def storekeeper(app: Flask, shop: Shop) -> FlaskClient:
    return browser(app, shop.cast.storekeeper)


def test_choosing_starts_with_search(shop: Shop, storekeeper: FlaskClient) -> None:
    code = shop.asset(tag="FL-07", name="Forklift")
    page = storekeeper.get("/labels?q=fork").get_data(as_text=True)
    assert "Forklift Asset · FL-07" in words(page)
    assert f'value="{code}"' in page


def test_what_is_unusual_is_said_outside_the_fold(shop: Shop, storekeeper: FlaskClient) -> None:
    asked = f"/labels?codes={shop.asset()}&layout=standard&offered=company+bars"
    plain = words(storekeeper.get(f"{asked}&field=company").get_data(as_text=True))
    assert "Chosen here" not in plain
    unusual = words(storekeeper.get(f"{asked}&field=bars&words=Call+112").get_data(as_text=True))
    assert "Chosen here: no company, Code 128, “Call 112”" in unusual


def test_the_sheet_shows_what_goes_where(shop: Shop, storekeeper: FlaskClient) -> None:
    codes = [shop.asset(tag=f"FL-{number}") for number in range(20)]
    query = "&".join(f"code={code}" for code in codes)
    shown = text_of(storekeeper, f"/labels?{query}&start=5")
    assert "20 labels 20 assets" in shown
    assert "Sheet 1 of 2" in shown
    assert "Free on the last 18" in shown
    page = storekeeper.get(f"/labels?{query}&start=5").get_data(as_text=True)
    [picture] = re.findall(r'src="(/labels/sheet.png[^"]*)"', page)
    sheet = storekeeper.get(unescape(picture))
    image = Image.open(BytesIO(sheet.data))
    read = {found.text.rpartition("/")[2] for found in zxingcpp.read_barcodes(image)}
    assert read == set(codes[:17])


def test_a_start_beyond_another_paper_falls_back(shop: Shop, storekeeper: FlaskClient) -> None:
    shown = text_of(storekeeper, f"/labels?codes={shop.asset()}&start=20&stock=avery-l7163")
    assert "Starts at label 1" in shown


def test_print_works_without_javascript(shop: Shop, storekeeper: FlaskClient) -> None:
    page = f"/labels?codes={shop.asset()} {shop.part()}"
    fields = hidden_fields(storekeeper, page, "/labels/prints")
    paper = {"stock": "avery-l7160", "layout": "standard", "start": "3"}
    shown = storekeeper.post("/labels", data={**fields, **paper})
    assert "Starts at label 3" in words(shown.get_data(as_text=True))
    file = storekeeper.post("/labels/prints", data={**fields, **paper, "format": "pdf"})
    assert (file.status_code, file.mimetype) == (200, "application/pdf")
    assert "labels.pdf" in file.headers["Content-Disposition"]


def test_paper_as_a_fragment(shop: Shop, storekeeper: FlaskClient) -> None:
    body = {"codes": shop.asset(), "stock": "zebra-2x1"}
    fragment = storekeeper.post("/labels", data=body, headers=FRAGMENT).get_data(as_text=True)
    assert 'id="print"' in fragment
    assert "The first labels" in fragment
    assert "<html" not in fragment


@pytest.mark.parametrize(("kind", "mimetype"), [("svg", "image/svg+xml"), ("png", "image/png")])
def test_picture_works(shop: Shop, storekeeper: FlaskClient, kind: str, mimetype: str) -> None:
    answer = storekeeper.get(f"/labels/pictures/{shop.asset()}.{kind}?layout=shelf")
    assert (answer.status_code, answer.mimetype) == (200, mimetype)


def test_blank_labels_are_made_and_chosen(shop: Shop, storekeeper: FlaskClient) -> None:
    asked = {**hidden_fields(storekeeper, "/labels/blanks", "/labels/blanks"), "number": "3"}
    made = storekeeper.post("/labels/blanks", data=asked)
    assert storekeeper.post("/labels/blanks", data=asked).location == made.location
    assert made.status_code == 303
    page = made.headers["Location"]
    shown = text_of(storekeeper, page)
    assert "3 labels 3 blank labels" in shown
    codes = re.findall(
        r'name="leave" value="([^"]*)"', storekeeper.get(page).get_data(as_text=True)
    )
    fields = hidden_fields(storekeeper, page, "/labels/prints")
    assert (fields["batch"], "codes" in fields, len(codes)) == (page.rpartition("=")[2], False, 3)
    file = storekeeper.post(
        "/labels/prints", data={**fields, "stock": "zebra-2x1", "format": "pdf"}
    )
    assert (file.status_code, file.mimetype) == (200, "application/pdf")
    # One that is on a thing by now prints as that thing.
    asset = shop.asset(tag="FL-07")
    shop.ok("claim", label=codes[0], thing=asset)
    assert "2 labels 2 blank labels" in text_of(storekeeper, page)
    assert "2 of 3" in text_of(storekeeper, "/labels/blanks")
    assert "FL-07" in text_of(storekeeper, f"/labels?codes={codes[0]}")


@pytest.mark.parametrize("number", ["0", "501", "-1", "many", ""])
def test_blank_labels_have_a_limit(storekeeper: FlaskClient, number: str) -> None:
    assert (
        storekeeper.post(
            "/labels/blanks", data={"id": str(uuid.uuid4()), "number": number}
        ).status_code
        == 422
    )


def test_cards_are_printed_as_often_as_wanted(storekeeper: FlaskClient) -> None:
    shown = text_of(storekeeper, "/labels?cards=1")
    assert f"{len(CARDS)} labels {len(CARDS)} cards" in shown
    for _ in range(2):
        fields = hidden_fields(storekeeper, "/labels?cards=1", "/labels/prints")
        paper = {"stock": "avery-l7160", "format": "pdf"}
        assert storekeeper.post("/labels/prints", data={**fields, **paper}).status_code == 200
    done = next(iter(CARDS))
    answer = storekeeper.get(f"/api/v1/resolve?code={done}").get_json()
    assert (answer["kind"], answer["code"], answer["title"]) == ("command", done, "Done")


def test_the_same_form_again_is_idempotent_and_a_changed_one_another_print(
    shop: Shop, storekeeper: FlaskClient
) -> None:
    form = {"id": str(uuid.uuid4()), "codes": shop.asset(), "stock": "zebra-2x1", "format": "pdf"}
    for changed in (
        {},
        {},
        {"format": "zpl"},
        {"copies": "2"},
        {"q": "words that were looked for"},
    ):
        assert storekeeper.post("/labels/prints", data=form | changed).status_code == 200
    with reading() as connection:
        assert connection.scalar(select(func.count()).select_from(LabelPrint)) == 3
    assert storekeeper.post("/labels/prints", data=form | {"id": "7"}).status_code == 422


def test_a_source_is_described_and_not_spelled_out(shop: Shop, storekeeper: FlaskClient) -> None:
    kept = [shop.asset(tag=f"FL-{number}") for number in range(3)]
    page = storekeeper.get("/labels?list=/assets?q%3Dfl").get_data(as_text=True)
    assert "3 labels 3 assets" in words(page)
    fields = hidden_fields(storekeeper, "/labels?list=/assets?q%3Dfl", "/labels/prints")
    assert fields["list"] == "/assets?q=fl"
    assert "codes" not in fields
    less = storekeeper.post("/labels", data={**fields, "leave": kept[0]}).get_data(as_text=True)
    assert "2 labels 2 assets, 1 left out" in words(less)
    assert f'name="but" value="{kept[0]}"' in less
    again = {**fields, "but": kept[0], "code": kept[0]}
    assert "3 labels 3 assets " in words(storekeeper.post("/labels", data=again).get_data(True))
    assert storekeeper.get("/labels?list=//elsewhere.example/assets").status_code == 422
    many = " ".join(f"X{number}" for number in range(501))
    assert storekeeper.post("/labels", data={"codes": many}).status_code == 413


def test_lists_lead_to_the_labels_of_all_they_show(shop: Shop, storekeeper: FlaskClient) -> None:
    shop.asset(tag="FL-1"), shop.part(), shop.bin("B-1")
    for path in ("/assets?q=fl", "/parts", "/locations?kind=bin", "/people?role=viewer"):
        page = storekeeper.get(path).get_data(as_text=True)
        [address, *_] = re.findall(r'href="(/labels\?list=[^"]*)"', page)
        assert "1 label " in text_of(storekeeper, unescape(address)), path


def test_a_changed_look_is_kept_by_every_step(shop: Shop, storekeeper: FlaskClient) -> None:
    code = shop.asset(tag="FL-1", serial="S-1")
    first = hidden_fields(storekeeper, f"/labels?codes={code}", "/labels/prints")
    assert {"title", "serial", "bars"} <= set(first["offered"].split())
    ticked = [name for name in first["offered"].split() if name not in ("serial", "code")]
    body = {**first, "field": ticked, "layout": "auto", "stock": "avery-l7160"}
    page = storekeeper.post("/labels", data=body).get_data(as_text=True)
    boxes = re.findall(r'name="field" value="(\w+)" id="[^"]*" (checked)?', page)
    assert dict(boxes)["serial"] == ""
    assert dict(boxes)["bars"] == dict(boxes)["title"] == "checked"
    # A layout that never had the field: the choice comes along, hidden.
    other = storekeeper.post("/labels", data={**body, "layout": "shelf"}).get_data(as_text=True)
    assert re.search(r'name="without" value="[^"]*serial', other)
    file = storekeeper.post("/labels/prints", data={**body, "format": "zpl"})
    assert (file.status_code, file.mimetype) == (200, "text/plain")
    remembered = storekeeper.get(f"/labels?codes={code}").get_data(as_text=True)
    assert dict(
        re.findall(r'name="field" value="(\w+)" id="[^"]*" (checked)?', remembered)
    ) == dict(boxes)


def test_a_printer_on_the_network_is_the_first_way(shop: Shop, storekeeper: FlaskClient) -> None:
    straight = {"offset_x": "0", "offset_y": "0", "scale_x": "100", "scale_y": "100"}
    listens = {"host": "127.0.0.1", "port": "9", "dpi": "203", "active": True}
    made = Once(str(uuid.uuid4()), {"name": "Dock", **straight, **listens})
    number = labels.save_printer(shop.context(), made)
    shown = text_of(storekeeper, f"/labels?codes={shop.asset()}&stock=zebra-2x1&printer={number}")
    assert "Print on Dock, 1" in shown
    assert "Make PDF" in shown
    assert "Print on Dock" not in text_of(storekeeper, f"/labels?codes={shop.asset()}&printer=")


def test_many_things_are_looked_at_some_at_a_time(shop: Shop, storekeeper: FlaskClient) -> None:
    blanks(shop.context(), 101)
    page = f"/labels?batch={shop.now_us}"
    assert "1 to 100 of 101" in text_of(storekeeper, page)
    assert "101 to 101 of 101" in text_of(storekeeper, f"{page}&row=100")


def test_slots_have_a_style_sheet(storekeeper: FlaskClient) -> None:
    answer = storekeeper.get("/labels/stocks/avery-l7160.css?v=1")
    assert answer.mimetype == "text/css"
    css = answer.get_data(as_text=True)
    assert "aspect-ratio: 210 / 297" in css
    assert "repeat(7, 14.2857%) / repeat(3, 32.4675%)" in css
    assert storekeeper.get("/labels/stocks/none.css").status_code == 404


def test_what_needs_a_label_is_counted(shop: Shop, storekeeper: FlaskClient) -> None:
    shop.asset(tag="FL-1")
    assert "Assets 1 label" in text_of(storekeeper, "/labels/needs")
    assert "1 label 1 asset" in text_of(storekeeper, "/labels?from=needs&why=never&kind=asset")
    nothing = text_of(storekeeper, "/labels?from=needs&why=old")
    assert "Nothing of that needs a label" in nothing
    assert "You received nothing today" in text_of(storekeeper, "/labels?from=received")


def test_unknown_code(shop: Shop, storekeeper: FlaskClient) -> None:
    code = shop.asset()
    assert storekeeper.get("/labels?codes=NOSUCH").status_code == 404
    assert storekeeper.get(f"/labels?codes={code}&stock=none").status_code == 404
    assert storekeeper.get(f"/labels/pictures/{code}.gif").status_code == 404


def test_checks_permission(app: Flask, shop: Shop) -> None:
    code, client = shop.asset(), browser(app, shop.cast.technician)
    assert client.get("/labels").status_code == 403
    assert client.post("/labels/prints", data={"codes": code}).status_code == 403
    assert client.post("/labels/blanks", data={"number": "3"}).status_code == 403
    assert client.get("/labels/needs").status_code == 403
    assert 'href="/labels' not in client.get(f"/assets/{code}").get_data(as_text=True)
