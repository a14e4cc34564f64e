"""The certificate authority: what it signs verifies, what it must not sign is refused by TLS."""

import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from stockscan.services.certificates import Authority, NoAuthority
from stockscan.services.certificates.issuing import (
    Pair,
    hosts_of,
    new_leaf,
    new_root,
    vouches_for,
)
from tests.tls import greet

NOW = datetime.now(UTC)
HOSTS = {"localhost", "stock-pi", "stock-pi.local", "127.0.0.1", "192.168.1.20", "fd00::20"}


def leaf_of(authority: Authority, now: datetime = NOW, hosts: set[str] = HOSTS) -> x509.Certificate:
    """The server certificate as it is kept after asking for a fresh one."""
    return Pair.read(authority.fresh_leaf(now, hosts)).certificate


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def test_a_root_lasts_ten_years_and_signs_servers_only(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "certificates")
    assert authority.root() is None
    leaf, root = leaf_of(authority), authority.root()
    assert root
    assert (root.not_valid_after_utc - NOW).days == 3650 - 1
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert root.extensions.get_extension_for_class(x509.NameConstraints).critical
    assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc) <= timedelta(days=397)
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert isinstance(leaf.public_key(), ec.EllipticCurvePublicKey)
    assert hosts_of(leaf) == HOSTS


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    Authority(folder).fresh_leaf(NOW, HOSTS)
    assert folder.stat().st_mode & 0o777 == 0o700
    kept = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert kept == {"authority.pem": 0o600, "server.pem": 0o600}


@pytest.mark.parametrize("host", sorted(HOSTS))
def test_a_client_that_trusts_the_root_takes_every_host(tmp_path: Path, host: str) -> None:
    authority = Authority(tmp_path)
    path = authority.fresh_leaf(NOW, HOSTS)
    root = authority.root()
    assert root
    greet(path, trusted=pem(root), host=host)


def test_another_host_and_another_root_are_refused(tmp_path: Path) -> None:
    authority, other = Authority(tmp_path / "a"), Authority(tmp_path / "b")
    path, _ = authority.fresh_leaf(NOW, HOSTS), other.fresh_leaf(NOW, HOSTS)
    root, stranger = authority.root(), other.root()
    assert root
    assert stranger
    with pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"):
        greet(path, trusted=pem(root), host="192.168.1.21")
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"):
        greet(path, trusted=pem(stranger), host="localhost")


@pytest.mark.parametrize(
    "host", ["example.com", "local.example.com", "mylocal", "8.8.8.8", "2600::1"]
)
def test_a_thief_of_the_key_can_pose_as_nobody_outside(tmp_path: Path, host: str) -> None:
    root = new_root(HOSTS, NOW)
    forged = tmp_path / "forged.pem"
    forged.write_bytes(new_leaf(root, [host], NOW).pem())
    assert not vouches_for(root.certificate, host)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        greet(forged, trusted=pem(root.certificate), host=host)


def test_addresses_may_change_without_a_new_root(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    first, root = leaf_of(authority), authority.root()
    moved = HOSTS | {"10.20.30.40", "169.254.1.1", "100.100.1.1", "new-name.local", "stock.lan"}
    second = leaf_of(authority, hosts=moved)
    assert authority.root() == root
    assert hosts_of(second) == moved > hosts_of(first)


def test_todays_hosts_are_allowed_even_where_they_look_public(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    public = {"203.0.113.9", "stock.example.com"}
    assert hosts_of(leaf_of(authority, hosts=public)) == public
    later = public | {"203.0.113.10", "other.example.com"}
    assert hosts_of(leaf_of(authority, hosts=later)) == public, "what the root can't vouch for"


def test_a_certificate_is_renewed_in_time_and_only_then(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    first = leaf_of(authority)
    assert leaf_of(authority, NOW + timedelta(days=300)) == first
    renewed = leaf_of(authority, NOW + timedelta(days=310))
    assert renewed != first
    assert renewed.not_valid_after_utc > first.not_valid_after_utc
    back = leaf_of(authority, NOW - timedelta(days=30))
    assert back.not_valid_before_utc < NOW - timedelta(days=30), "the clock was wrong before"


@pytest.mark.parametrize("content", [b"", b"half a k"])
def test_a_damaged_certificate_is_made_anew(tmp_path: Path, content: bytes) -> None:
    authority = Authority(tmp_path)
    path = authority.fresh_leaf(NOW, HOSTS)
    path.write_bytes(content)
    assert hosts_of(leaf_of(authority)) == HOSTS


def test_a_new_root_signs_a_new_certificate(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    first = leaf_of(authority)
    (tmp_path / "authority.pem").unlink()
    second, root = leaf_of(authority), authority.root()
    assert root
    second.verify_directly_issued_by(root)
    assert second != first


def test_a_damaged_or_ended_root_is_told_and_never_replaced(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.fresh_leaf(NOW, HOSTS)
    with pytest.raises(NoAuthority, match="has ended"):
        authority.fresh_leaf(NOW + timedelta(days=3651), HOSTS)
    (tmp_path / "authority.pem").write_bytes(b"damaged")
    with pytest.raises(NoAuthority, match="Can't read"):
        authority.fresh_leaf(NOW, HOSTS)
    assert (tmp_path / "authority.pem").read_bytes() == b"damaged"


def test_several_that_start_at_once_agree_on_one_root(tmp_path: Path) -> None:
    def start(_number: int) -> x509.Certificate | None:
        authority = Authority(tmp_path)
        authority.fresh_leaf(NOW, HOSTS)
        return authority.root()

    with ThreadPoolExecutor(12) as pool:
        roots = list(pool.map(start, range(12)))
    (root,) = set(roots)
    assert root
    leaf_of(Authority(tmp_path)).verify_directly_issued_by(root)
    assert {path.name for path in tmp_path.iterdir()} == {"authority.pem", "server.pem"}
