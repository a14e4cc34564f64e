"""The pages of jobs: without a script, without typing, and nothing that was typed is lost."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from stockscan.services import files
from stockscan.services.files import Sent, Target
from stockscan.services.maintenance import job_pages
from stockscan.services.maintenance.job_pages import JobPage
from tests.cast import browser, new_id
from tests.shop import Shop
from tests.web.pages import hidden_fields, text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def client(app: Flask, shop: Shop) -> FlaskClient:
    """Dana's phone, without scripts."""
    return browser(app, shop.cast.technician)


def page(shop: Shop, job: str) -> JobPage:
    return job_pages.job_page(shop.context(), job)


def picture() -> BytesIO:
    """A photo as a phone sends it."""
    photo = BytesIO()
    Image.new("RGB", (64, 48), "steelblue").save(photo, "JPEG")
    photo.seek(0)
    return photo


def send(client: FlaskClient, path: str, about: str, status: int = 303, **typed: str) -> str:
    """Press a button of the job's page `about`; what the page after it says."""
    shown = client.get(about).get_data(as_text=True)
    hidden = re.findall(r'<input type="hidden" form="work" name="([^"]*)" value="([^"]*)"', shown)
    own = re.search(r'id="work".*?name="id" value="([^"]*)"', shown, re.DOTALL)
    assert own
    answer = client.post(path, data={**dict(hidden), "id": own.group(1), **typed})
    assert answer.status_code == status, answer.get_data(as_text=True)
    return text_of(client, answer.location) if status == 303 else answer.get_data(as_text=True)


def test_a_viewer_reports_a_fault_with_a_photo(app: Flask, shop: Shop) -> None:
    asset, vera = shop.asset(tag="FL-07"), browser(app, shop.cast.viewer)
    path = f"/assets/{asset}/fault"
    assert "Report a fault" in text_of(vera, f"/assets/{asset}")
    nothing = vera.post(path, data={})
    assert (nothing.status_code, "Tap what is wrong" in nothing.text) == (422, True)
    answer = vera.post(path, data={
        "fault": "Leaks", "words": "at the mast", "stands": "y", "photo": (picture(), "leak.jpg"),
    })  # fmt: skip
    assert answer.location == "/jobs/1"
    shown = text_of(vera, "/jobs/1")
    assert "Leaks: at the mast" in shown
    assert "Sign off" not in shown
    assert vera.post("/jobs/1/start", data={"id": new_id()}).status_code == 403
    job = page(shop, "J-1")
    assert ([file.name for file in job.attachments], job.job.urgent) == (["leak.jpg"], True)
    dana = browser(app, shop.cast.technician)
    fields = hidden_fields(dana, "/jobs/1", "/files")
    assert dana.post("/files", data={**fields, "file": (picture(), "x.jpg")}).location == "/jobs/1"
    assert len(page(shop, "J-1").attachments) == 2
    assert "J-1" in text_of(vera, path)
    assert "J-1" in text_of(vera, f"/scan?on={asset}")


def test_a_fault_sent_twice_has_one_photo_and_a_refused_one_is_said(app: Flask, shop: Shop) -> None:
    path, vera = f"/assets/{shop.asset()}/fault", browser(app, shop.cast.viewer)
    sent = {"id": new_id(), "fault": "Leaks"}
    for _ in range(2):
        told = vera.post(path, data={**sent, "photo": (picture(), "leak.jpg")})
        assert told.location == "/jobs/1"
    assert len(page(shop, "J-1").attachments) == 1
    # A viewer may show photos alone.
    paper = {**sent, "id": new_id(), "photo": (BytesIO(b"%PDF-1.4 x %%EOF"), "leak.pdf")}
    assert vera.post(path, data=paper).location == "/jobs/2"
    assert "is reported, without the photo" in text_of(vera, "/jobs/2")


def test_a_signature_is_taken_back_after_a_photo_was_removed(
    client: FlaskClient, shop: Shop
) -> None:
    shop.ok("report_fault", asset=shop.asset(), what="Leaks")
    ctx, photo = shop.context(), Sent("leak.jpg", picture().getvalue())
    files.add(ctx, new_id(), Target("job", "J-1"), [photo])
    done = shop.ok("finish_job", job="J-1")
    files.remove(ctx, page(shop, "J-1").attachments[0].id)
    assert page(shop, "J-1").undoes == done["operation"]


def test_every_button_keeps_what_was_typed(client: FlaskClient, shop: Shop) -> None:
    asset, bin_ = shop.asset(), shop.bin()
    part = shop.part(location=bin_, name="Filter")
    shop.ok("receive", part=part, location=bin_, quantity="5")
    shop.ok("read_meter", asset=asset, meter="Hours", value="100")
    job = shop.make("job", asset=asset, title="Service", checklist="Lock it out\nOil")
    shop.ok("set_job_part", job=job, part=part, quantity="2")
    send(client, "/jobs/1/start", "/jobs/1")
    send(client, "/jobs/1/ticks", "/jobs/1", tick="0", notes="Worn seal", cause="Wear")
    shown = page(shop, job)
    assert (shown.ticked, shown.job.notes, shown.job.cause) == (1, "Worn seal", "Wear")
    send(client, "/jobs/1/ticks", "/jobs/1", tick="-0", notes="Worn seal", cause="Wear", why="dry")
    assert (page(shop, job).ticked, page(shop, job).job.cause) == (0, "Wear: dry")
    wrong = send(client, "/jobs/1/pause", "/jobs/1", 422, notes="Twice", **{"meter Hours": "90"})
    assert "Hours was at 100 before" in wrong
    assert "Twice" in wrong
    said = send(client, "/jobs/1/installs", "/jobs/1", fit=f"{part} 2", **{"meter Hours": "112"})
    assert "Installed." in said
    shown = page(shop, job)
    assert [row.quantity_milli for row in shown.installed] == [2000]
    assert shown.meters[0].value_milli == 112_000
    done = send(client, "/jobs/1/sign-off", "/jobs/1", minutes="35", cause="Wear", why="dry",
                notes="Worn seal")  # fmt: skip
    assert "J-1 is signed off." in done
    job_row = page(shop, job).job
    assert (job_row.state, job_row.minutes, job_row.meter_milli) == ("done", 35, 112_000)


def test_a_part_is_scanned_onto_the_job(client: FlaskClient, shop: Shop) -> None:
    asset, other, bin_ = shop.asset(tag="FL-07"), shop.asset(tag="FL-08"), shop.bin()
    part = shop.part(location=bin_, name="Filter")
    shop.ok("receive", part=part, location=bin_, quantity="5")
    job = shop.make("job", asset=asset, title="Service")
    shop.ok("set_job_part", job=job, part=part, quantity="2")
    shown = send(client, "/jobs/1/scanning", "/jobs/1")
    assert "J-1" in shown
    assert "0 of 1 in" in shown
    scan = {"mode": "install", "on": asset, "work": job, "raw": part}

    def submit(number: int, **more: str) -> str:
        id_ = f"00000000-0000-4000-8000-00000000000{number}"
        return str(client.post("/scans", data={"id": id_, **scan, **more}).location)

    assert "work=J-1" in submit(1, times="2")
    assert [row.quantity_milli for row in page(shop, job).installed] == [2000]
    # Another machine is another matter: what goes on it is not this job's.
    after = submit(2, raw=other)
    assert "work=" not in after
    submit(3, on=other)
    assert len(page(shop, job).installed) == 1


def test_which_lot_is_asked_on_the_job_itself(client: FlaskClient, shop: Shop) -> None:
    asset, bin_ = shop.asset(tag="FL-07"), shop.bin()
    part = shop.part(location=bin_, name="Grease", tracking="lot")
    for lot in ("A 1", "B 2"):
        shop.ok("receive", part=part, location=bin_, quantity=5, unit_cost="1", lot=lot)
    job = shop.make("job", asset=asset, title="Service")
    typed = {"minutes": "25", "fit": f"{part} 2"}
    asked = send(client, "/jobs/1/installs", "/jobs/1", 422, **typed)
    assert "Which lot?" in asked
    assert 'value="25"' in asked
    tap = f"{part} 2 lot=B 2"
    assert f'name="fit" value="{tap}"' in asked
    send(client, "/jobs/1/installs", "/jobs/1", minutes="25", fit=tap)
    assert [row.mark for row in page(shop, job).installed] == ["B 2"]
    assert page(shop, job).minutes == 25


def test_a_job_is_planned_changed_and_cancelled(app: Flask, shop: Shop) -> None:
    marco, asset = browser(app, shop.cast.storekeeper), shop.asset(tag="FL-07")
    assert "FL-07" in marco.get("/jobs/new?asset=FL-07").get_data(as_text=True)
    raw = {"asset": asset, "title": "Check the brake", "checklist": "One\nTwo"}
    assert marco.post("/jobs", data={**raw, "due_on": "soon"}).status_code == 422
    assert marco.post("/jobs", data={**raw, "due_on": "2026-12-01"}).location == "/jobs/1"
    form = marco.get("/jobs/1/edit").get_data(as_text=True)
    fields = dict(re.findall(r'name="(was|based_on|id)"[^>]*value="([^"]*)"', form))
    changed = {"title": "Check both brakes", "due_on": "2026-12-01", "urgent": "y",
               "assigned": shop.cast.technician.code, "was": fields["was"].replace("&#34;", '"'),
               "based_on": fields["based_on"], "id": fields["id"]}  # fmt: skip
    assert marco.post("/jobs/1/edit", data=changed).location == "/jobs/1"
    job = page(shop, "1").job
    assert (job.title, job.urgent, job.assigned) == ("Check both brakes", True, "Dana Reyes")
    assert "Check both brakes" in text_of(browser(app, shop.cast.technician), "/jobs?show=mine")
    called_off = marco.post("/jobs/1/cancellation", data={"id": new_id(), "reason": "Sold"})
    assert called_off.location == "/jobs/1"
    assert "Nothing to do." in text_of(marco, "/jobs")


def test_jobs_for_programs(client: FlaskClient, app: Flask, shop: Shop) -> None:
    asset = shop.asset(tag="FL-07")
    marco = browser(app, shop.cast.storekeeper)
    made = marco.post("/api/v1/jobs", json={"asset": "FL-07", "title": "Oil"})
    assert (made.status_code, made.json["code"]) == (201, "J-1")
    assert client.post("/api/v1/jobs", json={"asset": "FL-07", "title": "x"}).status_code == 403
    changed = marco.post("/api/v1/jobs/J-1", json={"due_on": "2026-12-01"})
    assert changed.status_code == 200
    [listed] = client.get("/api/v1/jobs?asset=FL-07").json["jobs"]
    assert (listed["job"], listed["due_on"], listed["ready"]) == ("J-1", "2026-12-01", "ready")
    shown = client.get("/api/v1/jobs/J-1").json
    assert (shown["asset"], shown["costs"]["total"], shown["installed"]) == (asset, "0.00", [])
    assert client.get("/api/v1/jobs/J-9").status_code == 404
    assert client.get("/api/v1/jobs?show=some").status_code == 400
