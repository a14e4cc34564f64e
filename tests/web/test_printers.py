"""The pages of printers: the list, one printer and how it is, adding and changing one."""

import numpy as np
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient

from stockscan.domain.access import Role
from tests.cast import browser, new_id
from tests.labelling.test_zpl import dots_of
from tests.shop import Shop
from tests.web.pages import FRAGMENT, hidden_fields, text_of
from tests.zebra import free_port, plugged_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TYPED = {
    "name": "Packing", "dpi": "203", "host": "127.0.0.1", "port": "9100", "offset_x": "0",
    "offset_y": "0", "scale_x": "100", "scale_y": "100", "active": "y",
}  # fmt: skip


def add(client: FlaskClient, **typed: str) -> str:
    """Add a printer by its form; the address of its page."""
    form = hidden_fields(client, "/printers/new", "/printers")
    answer = client.post("/printers", data={**form, **TYPED, **typed})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    again = client.post("/printers", data={**form, **TYPED, **typed})
    assert again.location == answer.location, "a retry adds no second one"
    return answer.location


@pytest.fixture
def admin(app: Flask, shop: Shop) -> FlaskClient:
    """The admin's browser."""
    return browser(app, shop.cast.admin)


def test_an_admin_lists_changes_and_puts_printers_out_of_use(admin: FlaskClient) -> None:
    assert "No printer yet" in text_of(admin, "/printers")
    page = add(admin)
    add(admin, name="Office laser", dpi="600", host="")
    words = text_of(admin, "/printers")
    assert "Packing 203 dpi · prints from here, at 127.0.0.1" in words
    assert "Office laser 600 dpi · prints by people’s own computers" in words
    assert "Calibrated not yet" in text_of(admin, page)
    form = {**hidden_fields(admin, f"{page}/edit", f"{page}/edit"), **TYPED}
    moved = {"offset_x": "-0,5", "offset_y": "1", "scale_x": "99.8", "name": "Packing hall"}
    assert admin.post(f"{page}/edit", data={**form, **moved}).location == page
    words = text_of(admin, page)
    assert "Packing hall" in words
    assert "Moved 0.5 mm left, 1 mm down Scaled 99.8 % wide, 100 % long" in words
    form = {**hidden_fields(admin, f"{page}/edit", f"{page}/edit"), **TYPED}
    del form["active"]
    assert admin.post(f"{page}/edit", data=form).location == page
    assert "Out of use: nobody can choose it." in text_of(admin, page)


def test_a_form_that_was_open_while_somebody_calibrated_keeps_the_new_offsets(
    admin: FlaskClient,
) -> None:
    page = add(admin)
    early = hidden_fields(admin, f"{page}/edit", f"{page}/edit")
    late = hidden_fields(admin, f"{page}/edit", f"{page}/edit")
    admin.post(f"{page}/edit", data={**late, **TYPED, "offset_x": "0.5"})
    admin.post(f"{page}/edit", data={**early, **TYPED, "name": "Gate"})
    words = text_of(admin, page)
    assert "Gate" in words
    assert "Moved 0.5 mm right" in words


def test_everything_wrong_is_told_beside_its_field(admin: FlaskClient) -> None:
    add(admin)
    wrong = {"id": new_id(), "name": "packing", "host": "http://zebra", "port": "x"}
    answer = admin.post("/printers", data={**TYPED, **wrong})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Address on the network must be a name or an address alone" in page
    assert "Port must be a whole number from 1 to 65535." in page
    assert 'value="http://zebra"' in page
    answer = admin.post("/printers", data={**TYPED, "id": new_id(), "name": "packing"})
    assert answer.status_code == 422
    assert "There is a printer packing already." in answer.get_data(as_text=True)


def test_a_printer_is_asked_how_it_is_apart_from_its_page(admin: FlaskClient) -> None:
    with plugged_in() as zebra:
        page = add(admin, port=str(zebra.port))
        assert "Not asked yet" in text_of(admin, page)
        assert zebra.connections == 0
        fragment = admin.get(f"{page}/state", headers=FRAGMENT).get_data(as_text=True)
        assert fragment.lstrip().startswith('<div class="stack" id="state"')
        assert "Ready" in fragment
        zebra.be(paper_out=True)
        assert "Out of labels Load a roll." in text_of(admin, f"{page}/state")
    assert "Not reached" in text_of(admin, f"{page}/state")


def test_a_test_label_comes_out_once_and_leads_to_the_printer(admin: FlaskClient) -> None:
    with plugged_in() as zebra:
        page = add(admin, port=str(zebra.port))
        form = {**hidden_fields(admin, page, f"{page}/test-labels"), "stock": "zebra-2x1"}
        assert admin.post(f"{page}/test-labels", data=form).location == page
        assert "The label is on its way." in text_of(admin, page)
        admin.post(f"{page}/test-labels", data=form)
        assert "This label was sent already." in text_of(admin, page)
        (zpl,) = zebra.labels
        (code,) = zxingcpp.read_barcodes(dots_of(zpl.decode()))
        assert code.text == f"http://stock.test{page}"


def test_one_on_the_network_is_calibrated_by_a_label_that_it_prints(admin: FlaskClient) -> None:
    with plugged_in() as zebra:
        page = add(admin, port=str(zebra.port))
        path = f"{page}/calibration?stock=zebra-2x1"
        form = hidden_fields(admin, path, f"{page}/calibration-labels")
        assert admin.post(f"{page}/calibration-labels", data=form).location == path
        admin.post(f"{page}/calibration-labels", data=form)
        read = {"id": new_id(), "stock": "zebra-2x1", "was": "0 0 100000 100000"}
        admin.post(f"{page}/calibration", data={**read, "A": "9.5", "B": "8"})
        assert "Moved 0.5 mm right" in text_of(admin, page)
        form = hidden_fields(admin, path, f"{page}/calibration-labels")
        admin.post(f"{page}/calibration-labels", data=form)
        before, after = (lines_mm(zpl.decode()) for zpl in zebra.labels)
    assert after[0] - before[0] == pytest.approx(0.5, abs=0.13)


def lines_mm(zpl: str) -> tuple[float, float]:
    """Where the two lines of a calibration label are: from the left and from the top."""
    ink = np.asarray(dots_of(zpl))[16:-16, 16:-16] == 0
    return (int(ink.sum(0).argmax()) + 16) / 8, (int(ink.sum(1).argmax()) + 16) / 8


def test_a_printer_that_is_off_says_so(admin: FlaskClient) -> None:
    page = add(admin, port=str(free_port()))
    form = {**hidden_fields(admin, page, f"{page}/test-labels"), "stock": "zebra-2x1"}
    admin.post(f"{page}/test-labels", data=form)
    assert "Nothing was printed." in text_of(admin, page)


@pytest.mark.parametrize("role", [Role.STOREKEEPER, Role.SUPERVISOR])
def test_who_prints_sees_printers_and_does_not_change_them(
    app: Flask, shop: Shop, admin: FlaskClient, role: Role
) -> None:
    page = add(admin, port=str(free_port()))
    client = browser(app, shop.cast.of(role))
    for path in ("/printers", page, f"{page}/state"):
        assert "Add a printer" not in text_of(client, path)
    for path in ("/printers/new", f"{page}/edit"):
        assert client.get(path).status_code == 403
    for path in ("/printers", f"{page}/edit"):
        assert client.post(path, data={**TYPED, "id": new_id()}).status_code == 403


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.VIEWER])
def test_who_does_not_print_sees_no_printers(
    app: Flask, shop: Shop, admin: FlaskClient, role: Role
) -> None:
    page = add(admin)
    client = browser(app, shop.cast.of(role))
    for path in ("/printers", page, f"{page}/state"):
        assert client.get(path).status_code == 403
    data = {"id": new_id(), "stock": "zebra-2x1"}
    assert client.post(f"{page}/test-labels", data=data).status_code == 403


def test_unknown_printers_and_rolls(admin: FlaskClient) -> None:
    page = add(admin)
    for path in ("/printers/99", "/printers/99/state", "/printers/99/edit"):
        assert admin.get(path).status_code == 404
    data = {"id": new_id(), "stock": "no-such-roll"}
    assert admin.post(f"{page}/test-labels", data=data).status_code == 404
