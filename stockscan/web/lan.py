"""This machine in its local network: the names and addresses that phones may reach it by."""

import io
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import ifaddr
import qrcode
from cryptography import x509

from stockscan.services.certificates import Authority
from stockscan.services.certificates.issuing import LOCAL_NETWORKS, fingerprint, hosts_of

# Kept for documentation, so nobody answers there; nothing is sent to it anyway.
SOMEWHERE_ELSE: Final = ("192.0.2.255", 9)


@dataclass(frozen=True, slots=True)
class Lan:
    """The two doors for phones: plain http at one port, https at the other.

    `own_certificate` and its key are the admin's; without them the authority in `folder` signs one.
    """

    http_port: int
    https_port: int
    folder: Path
    own_certificate: Path | None = None
    own_key: Path | None = None

    @property
    def authority(self) -> Authority | None:
        """The built-in authority, where it is the one that signs."""
        return None if self.own_certificate else Authority(self.folder)

    def server_files(self, now: datetime, hosts: Iterable[str] = ()) -> tuple[Path, Path]:
        """Certificate and key to serve now, for `hosts` and this machine's; may be one file.

        Raises `NoAuthority`.
        """
        if self.own_certificate:
            return self.own_certificate, self.own_key or self.own_certificate
        pair = Authority(self.folder).fresh_leaf(now, own_hosts() | set(hosts))
        return pair, pair

    def own_names(self) -> list[str]:
        """The names in the admin's own certificate; empty without one. Raises `ValueError`."""
        if not self.own_certificate:
            return []
        certificate = x509.load_pem_x509_certificate(self.own_certificate.read_bytes())
        return sorted(name for name in hosts_of(certificate) if not name.startswith("*"))

    def url(self, host: str = "") -> str:
        """The https address by that name, else by the likeliest one; empty without a network.

        The admin's own certificate decides which names are fit.
        """
        fit = self.own_names() or [host, *addresses()]
        host = host if host in fit else ""
        host = host or next(filter(None, fit), "")
        return f"https://{in_address(host)}:{self.https_port}" if host else ""

    def trust_url(self, host: str = "") -> str:
        """Where a phone begins: the page that walks through trusting, at the plain door."""
        host = host or next(iter([*addresses(), *self.own_names()]), "")
        return f"http://{in_address(host)}:{self.http_port}/trust" if host else ""

    def invitation(self, hosts: Iterable[str]) -> str:
        """What the console says to bring a phone here. Raises `NoAuthority`."""
        self.server_files(datetime.now(UTC), hosts)
        root = self.authority.root() if self.authority else None
        begin = self.trust_url() if root else self.url()
        if not begin:
            return "No network: phones can come when there is one."
        lines = [f"Phones: scan this, or open {begin}", terminal_qr(begin), f"Then {self.url()}"]
        if root:
            lines += ["The fingerprint to compare on the phone (SHA-256):"]
            digits = fingerprint(root)
            lines += [f"  {digits[:47]}", f"  {digits[48:]}"]
        return "\n".join(lines)


def own_hosts() -> frozenset[str]:
    """Every name and address of this machine, as it is now."""
    return frozenset([*_names(), *addresses(), "localhost", "127.0.0.1", "::1"])


def addresses() -> list[str]:
    """The addresses that others in the network can reach, the likeliest first."""
    found = [
        address
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
        if _is_reachable(address := ip.ip if isinstance(ip.ip, str) else ip.ip[0])
    ]
    main = _main_address()
    return sorted(dict.fromkeys(found), key=lambda address: (address != main, ":" in address))


def is_local_address(host: str) -> bool:
    """Whether this is an address, not a name, and one of a private network."""
    try:
        return any(ip_address(host) in network for network in LOCAL_NETWORKS)
    except ValueError:
        return False


def in_address(host: str) -> str:
    """A host as it stands in a web address."""
    return f"[{host}]" if ":" in host else host


def terminal_qr(text: str) -> str:
    """The QR code of a text in half blocks: the filled ones are the light ones."""
    code = qrcode.QRCode(border=2)
    code.add_data(text)
    lines = io.StringIO()
    code.print_ascii(out=lines, invert=True)
    return lines.getvalue().rstrip("\n")


def _names() -> list[str]:
    whole = socket.gethostname().lower().strip(".")
    if not whole.isascii() or not whole:
        return []
    short = whole.partition(".")[0]
    return [whole, short, f"{short}.local"]


def _is_reachable(address: str) -> bool:
    """Whether another machine's browser can be given this address."""
    ip = ip_address(address)
    return not ip.is_loopback and not (ip.version == 6 and ip.is_link_local)


def _main_address() -> str:
    """The address that this machine uses towards the outside; empty without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE_ELSE)
        except OSError:
            return ""
        return str(probe.getsockname()[0])
