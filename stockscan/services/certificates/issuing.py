"""What our certificates say: a root that can vouch for local names alone, and leaves it signs.

Whoever steals the root's key can pose as a machine of a private network, never as a bank.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT_LASTS: Final = timedelta(days=3650)
LEAF_LASTS: Final = timedelta(days=397)
# A server without a battery clock may start in the past; a phone's clock may be slow.
CLOCKS_DIFFER: Final = timedelta(days=1)

LOCAL_DOMAINS: Final = ("localhost", "local", "lan", "home", "internal", "home.arpa")
LOCAL_NETWORKS: Final = tuple(
    ip_network(text)
    for text in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",  # behind a provider's or Tailscale's address translation
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key, kept in one file: nobody reads one without the other.

    The curve is P-256: every phone with a current browser takes it, and a handshake costs a small
    server a tenth of what RSA costs.
    """

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def read(cls, path: Path) -> Self:
        """The pair of a file. Raises `OSError`, or `ValueError` where it holds something else."""
        pem = path.read_bytes()
        key = load_pem_private_key(pem, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError("its key is not one that StockScan made")  # noqa: TRY004
        return cls(x509.load_pem_x509_certificate(pem), key)

    def pem(self) -> bytes:
        """The text of such a file."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + self.certificate.public_bytes(Encoding.PEM)


def new_root(hosts: Iterable[str], now: datetime) -> Pair:
    """A root for everything local, and for those of `hosts` that do not look local."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"StockScan {secrets.token_hex(2).upper()}")  # phones list it by this name
    elsewhere = [host for host in sorted(hosts) if not _is_local(host)]
    permitted = [
        *map(x509.DNSName, LOCAL_DOMAINS),
        *map(x509.IPAddress, LOCAL_NETWORKS),
        *(_subtree(host) for host in elsewhere),
    ]
    constraints = x509.NameConstraints(permitted, excluded_subtrees=None)
    builder = (
        _builder(name, key, now, now + ROOT_LASTS)
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(is_root=True), critical=True)
        .add_extension(constraints, critical=True)
    )
    return Pair(builder.sign(key, hashes.SHA256()), key)


def new_leaf(root: Pair, hosts: Iterable[str], now: datetime) -> Pair:
    """A server's certificate for these names and addresses; it ends with its root at the latest."""
    key = ec.generate_private_key(ec.SECP256R1())
    ends = min(now - CLOCKS_DIFFER + LEAF_LASTS, root.certificate.not_valid_after_utc)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    names = x509.SubjectAlternativeName([_general_name(host) for host in sorted(hosts)])
    builder = (
        _builder(_name("StockScan server"), key, now, ends)
        .issuer_name(root.certificate.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(is_root=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(names, critical=False)
        .add_extension(issuer, critical=False)
    )
    return Pair(builder.sign(root.key, hashes.SHA256()), key)


def vouches_for(root: x509.Certificate, host: str) -> bool:
    """Whether the root's constraints allow a certificate for this name or address."""
    constraints = root.extensions.get_extension_for_class(x509.NameConstraints).value
    permitted = constraints.permitted_subtrees or []
    address = _address(host)
    if address is None:
        domains = [subtree.value for subtree in permitted if isinstance(subtree, x509.DNSName)]
        return any(f".{host}".endswith(f".{domain}") for domain in domains)
    networks = [subtree.value for subtree in permitted if isinstance(subtree, x509.IPAddress)]
    return any(address in ip_network(str(network)) for network in networks)


def hosts_of(certificate: x509.Certificate) -> frozenset[str]:
    """The names and addresses that a server's certificate stands for."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = map(str, names.get_values_for_type(x509.IPAddress))
    return frozenset([*names.get_values_for_type(x509.DNSName), *addresses])


def fingerprint(certificate: x509.Certificate) -> str:
    """The SHA-256 of a certificate as phones show it: pairs of digits."""
    return certificate.fingerprint(hashes.SHA256()).hex(" ").upper()


def _builder(
    name: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, ends: datetime
) -> x509.CertificateBuilder:
    """What root and leaf have in common."""
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_DIFFER)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _name(common: str) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "StockScan")
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, is_root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_root,
        key_cert_sign=is_root,
        crl_sign=is_root,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(host: str) -> x509.GeneralName:
    address = _address(host)
    return x509.DNSName(host) if address is None else x509.IPAddress(address)


def _subtree(host: str) -> x509.GeneralName:
    """The one host as a constraint: an address is written as the network that holds it alone."""
    return x509.DNSName(host) if _address(host) is None else x509.IPAddress(ip_network(host))


def _is_local(host: str) -> bool:
    address = _address(host)
    if address is None:
        return any(f".{host}".endswith(f".{domain}") for domain in LOCAL_DOMAINS)
    return any(address in network for network in LOCAL_NETWORKS)


def _address(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
