"""Labels from a list to the file: chosen, looked at, printed; with scripts and without."""

from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPhone
from tests.browser.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def codes_on(pdf: bytes) -> dict[str, tuple[float, float]]:
    """The codes that a reader sees on the first page, and where: shares of its width and height."""
    picture = pypdfium2.PdfDocument(BytesIO(pdf))[0].render(scale=4).to_pil()
    squares = [read for read in zxingcpp.read_barcodes(picture) if "/S/" in read.text]
    at = {read.text.rpartition("/")[2]: read.position.top_left for read in squares}
    return {code: (top.x / picture.width, top.y / picture.height) for code, top in at.items()}


def download(page: Page, name: str) -> bytes:
    """The file that a button brings."""
    with page.expect_download() as brought:
        page.get_by_role("button", name=name).click()
    return Path(brought.value.path()).read_bytes()


def test_from_the_list_to_a_file_on_a_phone(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.storekeeper)
    page = phone.page
    phone.open("/assets")
    page.get_by_role("link", name="Labels of all 2").click()
    expect(page.get_by_text("2 labels", exact=True)).to_be_visible()

    page.get_by_label("Label stock").select_option("avery-l7163")
    expect(page.get_by_text("2 × 7 on a sheet")).to_be_visible()
    page.get_by_text("What is on the label").click()
    page.get_by_label("Code 128 for old scanners").check()
    page.get_by_role("radio", name="Start at label 4", exact=True).check()
    expect(page.get_by_text("label 4", exact=True)).to_be_visible()
    # Nothing was lost on the way, and what was unfolded still is.
    expect(page.get_by_label("Code 128 for old scanners")).to_be_checked()
    expect(page.get_by_label("Label stock")).to_have_value("avery-l7163")
    expect(page.get_by_role("radio", name="Start at label 4", exact=True)).to_be_focused()

    found = codes_on(download(page, "Make PDF, 1 sheet"))
    assert set(found) == {site.things.forklift, site.things.drill}
    # The fourth label of two columns is the right one in the second row; the next one is below.
    (first_x, first_y), (next_x, next_y) = sorted(found.values(), key=lambda at: at[1])
    assert first_x > 0.5 > next_x
    assert (first_y * 297 // 38.1, next_y * 297 // 38.1) == (1, 2)

    phone.open(f"/labels?codes={site.things.filter}")
    expect(page.locator(".went-on")).to_contain_text("You stopped at label 5")
    expect(page.locator(".went-on")).to_contain_text("It goes on at 6")
    page.get_by_text("Fresh sheet").click()
    expect(page.locator("#start-1")).to_be_checked()


def test_slots_lie_where_labels_are_printed(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.storekeeper)
    phone.open(f"/labels?codes={site.things.forklift}&stock=avery-l4731&start=100")
    sheet = phone.page.locator(".sheet").bounding_box()
    slot = phone.page.locator(".slot:has(#start-100)").bounding_box()
    assert sheet
    assert slot
    # 7 columns: label 100 is the second of the fifteenth row; sizes in mm from the maker.
    left_mm = (slot["x"] - sheet["x"]) / sheet["width"] * 210
    top_mm = (slot["y"] - sheet["y"]) / sheet["height"] * 297
    assert (left_mm, top_mm) == (pytest.approx(8.5 + 27.9, abs=0.5), pytest.approx(153.5, abs=1.0))


def test_leaving_out_and_adding(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.storekeeper)
    page = phone.page
    phone.open("/labels?list=/assets")
    page.get_by_text("Look at them").click()
    page.get_by_role("button", name="Leave out").first.click()
    expect(page.get_by_text("1 label", exact=True)).to_be_visible()
    page.get_by_text("Add more").click()
    page.get_by_label("Name, tag or number").fill("filter")
    page.get_by_label("Name, tag or number").press("Tab")
    page.get_by_role("checkbox", name="filter").check()
    expect(page.get_by_text("2 labels", exact=True)).to_be_visible()


def test_without_javascript(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.storekeeper, javascript=False)
    page = phone.page
    phone.open(f"/labels?codes={site.things.forklift} {site.things.drill}")
    page.get_by_label("Label stock").select_option("herma-4360")
    page.get_by_role("button", name="Show it so").last.click()
    page.get_by_role("radio", name="Start at label 3", exact=True).check()
    found = codes_on(download(page, "Make PDF"))
    assert set(found) == {site.things.forklift, site.things.drill}
