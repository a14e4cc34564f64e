"""The pages of stocks and of calibration: typed in inches, drawn, saved, told what is wrong."""

import re
import shutil
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockscan.domain.access import Role
from stockscan.services import labels
from stockscan.web.label_files import setup_of
from tests.cast import browser, new_id
from tests.shop import Shop
from tests.web.pages import FRAGMENT, hidden_fields, text_of, words

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SHEET = {
    "name": "Weatherproof 30",
    "kind": "sheet",
    "page": "Letter",
    "columns": "3",
    "rows": "10",
    "label_width_mm": "2 5/8 in",
    "label_height_mm": "1 in",
    "pitch_x_mm": "2 3/4 in",
}


@pytest.fixture
def admin(app: Flask, shop: Shop) -> Iterator[FlaskClient]:
    folder = setup_of(app.config["STOCKSCAN"]).folder
    shutil.rmtree(folder, ignore_errors=True)
    yield browser(app, shop.cast.admin)
    shutil.rmtree(folder, ignore_errors=True)


@on_sqlite
def test_an_admin_types_in_a_stock_changes_and_removes_it(admin: FlaskClient) -> None:
    drawn = admin.post("/labels/stocks/preview", data=SHEET, headers=FRAGMENT)
    assert "66.675 × 25.4 mm, 3 × 10 on Letter" in drawn.get_data(as_text=True)
    assert drawn.get_data(as_text=True).count('class="cell"') == 30
    for _ in range(2):
        answer = admin.post("/labels/stocks", data=SHEET)
        assert answer.location == "/labels/stocks/weatherproof-30"
    page = text_of(admin, "/labels/stocks/weatherproof-30")
    assert "Our own" in page
    assert "4.7625 mm" in page, "in the middle, as on the shipped sheet of this size"
    assert 'value="66.675"' in admin.get("/labels/stocks/weatherproof-30/edit").get_data(True)
    changed = admin.post("/labels/stocks/weatherproof-30/edit", data={**SHEET, "rows": "9"})
    assert changed.status_code == 303
    assert "3 × 9 on Letter Ours" in text_of(admin, "/labels/stocks")
    assert admin.post("/labels/stocks/weatherproof-30/removal").location == "/labels/stocks"
    assert "Weatherproof" not in text_of(admin, "/labels/stocks")


@on_sqlite
def test_a_shipped_stock_is_copied_and_replaced(admin: FlaskClient) -> None:
    page = text_of(admin, "/labels/stocks/avery-22806")
    assert "Measure before you print a stack." in page
    assert admin.get("/labels/stocks/avery-22806/test.pdf").data.startswith(b"%PDF")
    assert "Copy it" in text_of(admin, "/labels/stocks/avery-22806/edit", 404)
    form = hidden_fields(admin, "/labels/stocks/new?copy=avery-22806", "/labels/stocks")
    own = {**form, **SHEET, "name": "Avery 22806, measured", "instead": "y"}
    assert admin.post("/labels/stocks", data=own).location == "/labels/stocks/avery-22806"
    page = text_of(admin, "/labels/stocks/avery-22806")
    assert "Avery 22806, measured" in page
    assert "Stands in place of the shipped one" in page
    assert "Measure before" not in page


@on_sqlite
def test_every_fault_stands_at_its_field_in_the_words_of_the_form(admin: FlaskClient) -> None:
    wrong = {**SHEET, "columns": "many", "label_width_mm": "broad", "name": ""}
    answer = admin.post("/labels/stocks", data=wrong)
    assert answer.status_code == 422
    page = words(answer.get_data(as_text=True))
    assert "3 things to put right" in page
    assert "Label width : Enter a length such as 66.7 or 2 5/8 in." in page
    tight = admin.post("/labels/stocks", data={**SHEET, "pitch_x_mm": "60"})
    page = words(tight.get_data(as_text=True))
    assert "Step to the right : Smaller than the label: neighbours would overlap" in page
    huge = admin.post("/labels/stocks", data={**SHEET, "columns": f"000000001{'0' * 400}"})
    assert "Enter a whole number from 1 to 200." in words(huge.get_data(as_text=True))
    half = admin.post("/labels/stocks/preview", data={"kind": "sheet", "page": "A4"})
    page = words(half.get_data(as_text=True))
    assert "It appears here when its sizes are in." in page, "empty fields are not wrong yet"
    assert "to put right" not in page


@on_sqlite
def test_a_broken_file_is_told_on_the_page_and_nowhere_in_the_way(
    app: Flask, admin: FlaskClient
) -> None:
    folder = setup_of(app.config["STOCKSCAN"]).folder / "stock"
    folder.mkdir(parents=True)
    (folder / "round.toml").write_text('name = "Round"\ncolour = 1\n', "utf-8")
    page = text_of(admin, "/labels/stocks")
    assert "One file can't be used. Put it right or remove it" in page
    assert "round.toml: unknown key 'colour'" in page
    assert admin.get("/labels").status_code == 200


@on_sqlite
def test_a_printer_is_calibrated_by_its_page(app: Flask, shop: Shop, admin: FlaskClient) -> None:
    given = {"name": "Office", "dpi": "300", "host": "", "port": "9100", "active": "y"}
    exact = {"offset_x": "0", "offset_y": "0", "scale_x": "100", "scale_y": "100"}
    admin.post("/printers", data={**given, **exact, "id": new_id()})
    keeper, path = browser(app, shop.cast.storekeeper), "/printers/1/calibration"
    assert keeper.get(f"{path}.pdf?stock=avery-l7160").data.startswith(b"%PDF")
    form = {"id": new_id(), "stock": "avery-l7160", "was": "0 0 100000 100000"}
    wrong = keeper.post(path, data={**form, "A": "-0,8", "B": "", "C": "-0.8", "D": "x"})
    assert wrong.status_code == 422
    assert "2 things to put right" in words(wrong.get_data(as_text=True))
    far = keeper.post(path, data={**form, "A": "-3.9", "B": "0", "C": "3.9", "D": "0"})
    assert "print it again at 100 %" in words(far.get_data(as_text=True)).lower()
    read = {**form, "A": "\N{MINUS SIGN}0,8", "B": "+0.5", "C": "-0.8", "D": "0.5"}
    assert keeper.post(path, data=read).location == f"{path}?stock=avery-l7160"
    page = text_of(keeper, path)
    assert "Office is calibrated. Print it again" in page
    assert "Moved 0.80 mm left Moved 0.50 mm down" in page
    late = keeper.post(path, data={**read, "id": new_id()}, follow_redirects=True)
    assert "Office was changed since this page was printed" in words(late.get_data(as_text=True))
    assert labels.printer_of(1).offset_x_um == -800
    assert "Top edge of the paper to line B" in text_of(keeper, f"{path}?stock=dymo-30252")


@on_sqlite
def test_a_layout_is_copied_shown_changed_and_removed(admin: FlaskClient) -> None:
    form = hidden_fields(admin, "/labels/layouts/new?copy=asset", "/labels/layouts")
    lines = {
        "lines-0-field": "title",
        "lines-0-place": "top",
        "lines-0-size": "30",
        "lines-0-rows": "2",
        "lines-1-field": "",
        "lines-2-field": "code",
        "lines-2-size": "14,5",
    }
    typed = {**form, **lines, "name": "Tool", "qr_share": "40", "kinds": ["asset"], "typed": "y"}
    shown = admin.post("/labels/layouts/preview", data=typed, headers=FRAGMENT)
    assert 'src="data:image/png;base64,' in shown.get_data(as_text=True)
    moved = admin.post("/labels/layouts/preview", data={**typed, "up": "2"}).get_data(as_text=True)
    assert re.search(r'<input[^>]*id="lines-1-size"[^>]*value="14,5"', moved)
    for _ in range(2):
        assert admin.post("/labels/layouts", data=typed).location == "/labels/layouts"
    assert "Tool Ours" in text_of(admin, "/labels/layouts")
    assert admin.get("/labels/layouts/tool/example.png").data.startswith(b"\x89PNG")
    page = admin.get("/labels/layouts/tool/edit").get_data(as_text=True)
    assert 'value="14.5"' in page
    assert admin.post("/labels/layouts/preview").status_code == 200, "nothing at all is no fault"
    odd = {"lines-²-field": "title", f"lines-{'9' * 5000}-field": "title", "lines-0-size": "300"}
    wrong = {**typed, **odd, "qr_share": "5", "name": ""}
    answer = admin.post("/labels/layouts/tool/edit", data=wrong)
    assert answer.status_code == 422
    page = words(answer.get_data(as_text=True))
    assert "Line 1: enter its size, from 1 to 100 %." in page
    assert "Enter the width of the symbol, from 10 to 100 %." in page
    untyped = admin.post("/labels/layouts/tool/edit", data={**typed, "lines-2-field": ""})
    assert "A line for the code is missing" in words(untyped.get_data(as_text=True))
    assert admin.post("/labels/layouts/tool/removal").location == "/labels/layouts"
    assert "Tool" not in text_of(admin, "/labels/layouts").replace("Tool is saved", "")


@on_sqlite
@pytest.mark.parametrize("role", [Role.VIEWER, Role.TECHNICIAN, Role.STOREKEEPER, Role.SUPERVISOR])
def test_who_prints_looks_at_stocks_and_admins_change_them(
    app: Flask, shop: Shop, role: Role
) -> None:
    client = browser(app, shop.cast.of(role))
    one = "/labels/stocks/avery-l7160"
    prints = role in {Role.STOREKEEPER, Role.SUPERVISOR}
    for path in ("/labels/stocks", one, f"{one}/test.pdf"):
        assert client.get(path).status_code == (200 if prints else 403), path
    assert not prints or "/labels/stocks/new" not in client.get(one).get_data(as_text=True)
    for path in ("/labels/stocks/new", "/labels/stocks/new?copy=avery-l7160", f"{one}/edit"):
        assert client.get(path).status_code == 403, path
    for path in ("/labels/stocks", "/labels/stocks/preview", f"{one}/edit", f"{one}/removal"):
        assert client.post(path, data=SHEET).status_code == 403, path
    layout = "/labels/layouts/standard"
    for path in ("/labels/layouts", "/labels/layouts/new", f"{layout}/edit"):
        assert client.get(path).status_code == 403, path
    for path in (
        "/labels/layouts",
        "/labels/layouts/preview",
        f"{layout}/edit",
        f"{layout}/removal",
    ):
        assert client.post(path, data=SHEET).status_code == 403, path
