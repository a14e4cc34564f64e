"""What no person sends: numbers beyond any row, NULs, thousands of codes. Never a server error."""

from io import BytesIO
from urllib.parse import quote

import pytest
from flask import Flask

from tests.cast import browser
from tests.shop import Shop

HUGE = "9" * 30


def test_no_odd_address_breaks_the_server(app: Flask, shop: Shop) -> None:
    ada = browser(app, shop.cast.admin)
    part = shop.part()
    for path in (f"/files/{HUGE}", f"/fields/{HUGE}/edit", f"/api/v1/files/{HUGE}"):
        assert ada.get(path).status_code == 404
    for show in ("open", "done"):
        for path in ("/jobs", "/api/v1/jobs"):
            assert ada.get(f"{path}?show={show}&after={HUGE}").status_code == 200
    assert ada.get(f"/parts/{part}?before={HUGE}").status_code == 200
    for path in ("/import/%00", "/assets?category=%00", "/stock/receipt?location=a%00b",
                 "/parts?supplier=%00", "/api/v1/assets?category=%00"):  # fmt: skip
        assert ada.get(path).status_code == 400
    code = shop.asset()
    assert ada.get(f"/labels/pictures/{code}.svg?printer={HUGE}").status_code == 200
    for made_by in ("http://[", "/parts?supplier=%00", "//elsewhere/assets"):
        assert ada.get(f"/labels?list={quote(made_by)}").status_code == 422
    assert ada.post("/stock/receipt", data={"q": "\0"}).status_code in {400, 405}
    assert ada.post("/import/x/choices", data={"kind": "a\0"}).status_code == 400


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_odd_choices_of_an_import_are_refused(app: Flask, shop: Shop) -> None:
    ada = browser(app, shop.cast.admin)
    sent = {"file": (BytesIO(b"Tag,Name\nA-1,Pump\n"), "a.csv")}
    path = ada.post("/import", data=sent).location
    for form, status in (
        ({"encoding": "zlib"}, 422),
        ({"delimiter": "ab"}, 422),
        ({"to-²": "tag", f"to-{HUGE * 200}": "tag"}, 303),
    ):
        assert ada.post(f"{path}/choices", data=form).status_code == status


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_export_of_too_many_codes_is_refused(app: Flask, shop: Shop) -> None:
    codes = " ".join(f"C{number}" for number in range(40_000))
    answer = browser(app, shop.cast.admin).post("/export/assets.csv", data={"codes": codes})
    assert answer.status_code == 413
