"""The certificate that connections are greeted with follows its files while the server runs."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from stockscan.services.certificates import Authority
from stockscan.services.certificates.issuing import fingerprint
from stockscan.web.lan import Lan
from stockscan.web.tls import Certificate
from tests.tls import greet

HOSTS = frozenset({"stock.lan"})


def served(tmp_path: Path, **own: Path) -> Certificate:
    lan = Lan(8000, 8443, tmp_path / "certificates", **own)
    return Certificate(lan, HOSTS, look_again_after_s=0)


def trusted(folder: Path) -> str:
    root = Authority(folder).root()
    assert root
    return root.public_bytes(Encoding.PEM).decode()


def seen(context: ssl.SSLContext, folder: Path) -> bytes | None:
    """The certificate that a client which trusts the folder's root is shown."""
    return greet(context, trusted=trusted(folder), host="stock.lan").getpeercert(binary_form=True)


def test_the_same_files_are_read_once(tmp_path: Path) -> None:
    certificate = served(tmp_path)
    assert certificate.context() is certificate.context()


def test_a_new_certificate_is_shown_without_a_restart(tmp_path: Path) -> None:
    certificate, folder = served(tmp_path), tmp_path / "certificates"
    first = seen(certificate.context(), folder)
    (folder / "server.pem").unlink()
    assert seen(certificate.context(), folder) != first


def test_a_certificate_that_breaks_leaves_the_last_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own = Authority(tmp_path / "own").fresh_leaf(datetime.now(UTC), HOSTS)
    certificate = served(tmp_path, own_certificate=own)
    context = certificate.context()
    own.write_text("half a certif")
    assert certificate.context() is context
    assert "The certificate stays as it was" in caplog.text


def test_an_own_certificate_is_served_and_followed(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    own = Authority(folder).fresh_leaf(datetime.now(UTC), HOSTS)
    certificate = served(tmp_path, own_certificate=own)
    first = seen(certificate.context(), folder)
    own.unlink()
    Authority(folder).fresh_leaf(datetime.now(UTC), HOSTS)
    assert seen(certificate.context(), folder) != first
    assert not (tmp_path / "certificates").exists()


def test_the_invitation_names_the_way_and_the_fingerprint(tmp_path: Path) -> None:
    lan = Lan(8000, 8443, tmp_path / "certificates")
    text = lan.invitation(HOSTS)
    root = Authority(tmp_path / "certificates").root()
    assert root
    assert fingerprint(root)[:47] in text
    assert fingerprint(root)[48:] in text
    assert lan.trust_url() in text
