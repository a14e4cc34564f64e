"""The page that brings a phone to https, the certificate to install, and the self-check page."""

import plistlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from flask import Flask
from flask.testing import FlaskClient

from stockscan.services.certificates import Authority
from stockscan.services.certificates.issuing import fingerprint
from stockscan.services.settings import change
from stockscan.store.db import dispose
from stockscan.web import create_app
from tests.cast import browser, context, hire
from tests.web.pages import text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ADDRESS = "http://192.168.1.20:8000"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8)"


@pytest.fixture
def lan_app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application as `stockscan serve --lan` serves it."""
    data = tmp_path / "data"
    Authority(data / "certificates").fresh_leaf(datetime.now(UTC), {"192.168.1.20"})
    ports = {"HTTP_PORT": "8000", "HTTPS_PORT": "8443"}
    app = create_app({"DATABASE_URL": database_url, "DATA_DIR": str(data), **ports})
    yield app
    dispose(app)


@pytest.fixture
def phone(lan_app: Flask) -> FlaskClient:
    """A phone that nobody has signed in on."""
    return lan_app.test_client()


def root_of(app: Flask) -> x509.Certificate:
    root = Authority(app.config["STOCKSCAN"].data_dir / "certificates").root()
    assert root
    return root


def test_trust_works_before_anybody_signs_in(lan_app: Flask, phone: FlaskClient) -> None:
    page = text_of(phone, f"{ADDRESS}/trust")
    assert "This page is not secure" in page
    assert "https://192.168.1.20:8443" in page
    assert "http://192.168.1.20:8000/trust" in page
    digits = fingerprint(root_of(lan_app))
    assert digits[:23] in page
    assert digits[72:] in page


@pytest.mark.parametrize(("agent", "file"), [(IPHONE, "ca.mobileconfig"), (ANDROID, "ca.crt")])
def test_the_button_is_for_this_platform(phone: FlaskClient, agent: str, file: str) -> None:
    page = phone.get(f"{ADDRESS}/trust", headers={"User-Agent": agent}).get_data(as_text=True)
    main = page[page.index('class="btn big main wide"') :]
    assert main.startswith(f'class="btn big main wide" href="/trust/{file}"')
    assert page.count("<details open") == 1


def test_the_certificate_is_the_root(lan_app: Flask, phone: FlaskClient) -> None:
    answer = phone.get(f"{ADDRESS}/trust/ca.crt")
    assert answer.mimetype == "application/x-x509-ca-cert"
    assert x509.load_der_x509_certificate(answer.data) == root_of(lan_app)


def test_the_profile_holds_the_root_and_is_the_same_each_time(
    lan_app: Flask, phone: FlaskClient
) -> None:
    answer = phone.get(f"{ADDRESS}/trust/ca.mobileconfig")
    assert answer.mimetype == "application/x-apple-aspen-config"
    (payload,) = plistlib.loads(answer.data)["PayloadContent"]
    assert payload["PayloadType"] == "com.apple.security.root"
    assert x509.load_der_x509_certificate(payload["PayloadContent"]) == root_of(lan_app)
    assert phone.get(f"{ADDRESS}/trust/ca.mobileconfig").data == answer.data


@pytest.mark.parametrize("file", ["authority.pem", "server.pem", "..%2fsecret.key"])
def test_nothing_else_is_handed_out(phone: FlaskClient, file: str) -> None:
    assert phone.get(f"{ADDRESS}/trust/{file}").status_code == 404


def test_only_the_trust_page_may_ask_at_the_https_door(phone: FlaskClient) -> None:
    policy = phone.get(f"{ADDRESS}/trust").headers["Content-Security-Policy"]
    assert "connect-src 'self' https://192.168.1.20:8443;" in policy
    assert "8443" not in phone.get(f"{ADDRESS}/device/check").headers["Content-Security-Policy"]


def test_any_private_address_is_ours_and_no_other_name(lan_app: Flask) -> None:
    for host, status in (("10.1.2.3", 200), ("[fd00::7]:8000", 200), ("evil.example", 400),
                         ("8.8.8.8", 400)):  # fmt: skip
        client = lan_app.test_client()
        assert client.get("/healthz", headers={"Host": host}).status_code == status, host


def test_without_https_it_says_so(client: FlaskClient) -> None:
    page = text_of(client, "/trust")
    assert "No https here yet" in page
    assert client.get("/trust/ca.crt").status_code == 404


def test_check_works_and_knows_every_outcome(phone: FlaskClient) -> None:
    page = text_of(phone, f"{ADDRESS}/device/check")
    for line in ("Secure page", "Start without network", "Camera", "Reading codes", "Clock"):
        assert line in page


def test_https_only_begins_when_an_admin_says_so(app: Flask) -> None:
    cast = hire(app)
    client = browser(app, cast.admin)

    def told(url: str) -> str | None:
        return client.get("/sign-in", base_url=url).headers.get("Strict-Transport-Security")

    assert told("https://stock.test") is None
    with app.app_context():
        change(context(cast.admin), only_https=True)
    assert told("https://stock.test") == "max-age=31536000"
    assert told("http://stock.test") is None


def test_https_only_can_be_taken_back(phone: FlaskClient) -> None:
    answer = phone.get("https://192.168.1.20:8443/trust")
    assert answer.headers["Strict-Transport-Security"] == "max-age=0"


def test_http_and_https_keep_their_cookies_apart(app: Flask) -> None:
    """Cookies know no ports: one browser may be signed in at both doors, as two people."""
    cast = hire(app)
    plain, secure = "http://localhost:8000", "https://localhost:8443"
    client = browser(app, cast.viewer)
    client.post("/device", data={"theme": "dark"}, base_url=plain)
    assert 'data-theme="dark"' in client.get("/trust", base_url=plain).text
    assert 'data-theme="dark"' not in client.get("/trust", base_url=secure).text
    assert client.get("/assets", base_url=plain).status_code == 200
    assert client.get("/assets", base_url=secure).status_code == 303
