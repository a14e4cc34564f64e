"""The company's logo: sent, kept in black and white, shown, replaced, removed; for admins."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from stockscan.services.labels.logo import logo
from stockscan.web.label_files import label_setup
from tests.cast import Cast, sign_in
from tests.web.pages import text_of, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def admin(client: FlaskClient, cast: Cast) -> Iterator[FlaskClient]:
    sign_in(client, cast.admin)
    with client.application.app_context():
        yield client


def drawing(colour: str, kind: str = "PNG") -> bytes:
    """A bar of this colour on white, with a wide rim."""
    picture = Image.new("RGB", (1000, 500), "white")
    ImageDraw.Draw(picture).rectangle((200, 200, 799, 299), fill=colour)
    file = BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def send(client: FlaskClient, data: bytes) -> str:
    answer = client.post(
        "/settings/logo", data={"file": (BytesIO(data), "logo")}, follow_redirects=True
    )
    assert answer.status_code == 200
    return words(answer.get_data(as_text=True))


def test_a_logo_is_cut_kept_replaced_and_removed(admin: FlaskClient) -> None:
    assert logo(label_setup()) is None
    assert "no logo yet" in text_of(admin, "/settings/logo")
    assert admin.get("/settings/logo.png").status_code == 404
    assert "This is how it prints" in send(admin, drawing("gold"))
    kept = logo(label_setup())
    assert kept
    assert (kept.width, kept.height) == (320, 53)
    assert set(b"".join(kept.rows)) == {1}
    shown = Image.open(BytesIO(admin.get("/settings/logo.png").data))
    assert (shown.mode, shown.size) == ("1", (320, 53))
    send(admin, drawing("navy", "JPEG")[:-2] + b"\xff\xd9")
    assert [path.name for path in label_setup().folder.iterdir()] == ["logo.png"]
    assert admin.post("/settings/logo/removal").status_code == 303
    assert logo(label_setup()) is None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Choose a picture first"),
        (b"<svg/>", "Send it as JPEG or PNG"),
        (drawing("white"), "Nothing is to be seen"),
    ],
    ids=["none", "svg", "white"],
)
def test_what_is_no_logo_is_refused_and_the_old_one_stays(
    admin: FlaskClient, data: bytes, sentence: str
) -> None:
    send(admin, drawing("black"))
    assert sentence in send(admin, data)
    assert logo(label_setup())


def test_a_broken_file_of_somebodys_own_prints_no_logo(admin: FlaskClient) -> None:
    send(admin, drawing("black"))
    (label_setup().folder / "logo.png").write_bytes(b"no picture")
    assert logo(label_setup()) is None
    assert "no logo yet" in text_of(admin, "/settings/logo")


def test_only_an_admin_changes_the_logo(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.supervisor)
    assert client.get("/settings/logo").status_code == 403
    assert client.post("/settings/logo").status_code == 403
    assert client.post("/settings/logo/removal").status_code == 403
