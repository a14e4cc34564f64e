"""Where the server may open a connection to: printers that an admin listed, and nothing else.

The list of printers is the only place from which StockScan connects to an address that somebody
typed. Decided, so that it can't be turned against the network around the server:

* only who may change the settings sets a host and a port; whoever prints names a printer's number;
* a host is a name or an address alone: no scheme, no user, no path, so nothing but TCP is spoken;
* a name is looked up once for each connection, and the connection goes to the address that was
  checked: a second answer of the name server counts for nothing;
* never to where a cloud keeps its secrets (link-local, and the two such addresses outside it), to
  groups (multicast, broadcast) or to no address (0.0.0.0), also not spelled as IPv6;
* this computer and private networks are allowed: that is where printers and print servers are;
* what comes back is read as numbers of a status and shown to nobody; what goes out is drawn by us.
"""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

from stockscan.domain.errors import Invalid

USUAL_PORT: Final = 9100

_Address = IPv4Address | IPv6Address
_NAME: Final = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.|$))+")
_CLOUD_SECRETS: Final = frozenset(map(ip_address, ("fd00:ec2::254", "100.100.100.200")))
_BROADCAST: Final = ip_address("255.255.255.255")
_IPV4_BEHIND: Final = IPv6Network("64:ff9b::/96")


def as_host(name: str, raw: Any) -> str:
    """A host as an admin typed it, or "" for none. Raises `Invalid` for what is more than a host,
    and for an address that is never connected to.
    """
    host = str(raw or "").strip().lower()
    if not host:
        return ""
    try:
        address = ip_address(host)
    except ValueError:
        if not _NAME.fullmatch(host):
            raise Invalid(f"{name} must be {_HOST_ALONE}", field=name) from None
        return host
    if not may_be_connected_to(address):
        raise Invalid(f"{name} {host} is no printer's address. {_LOOK}", field=name)
    return host


def may_be_connected_to(address: _Address) -> bool:
    """Whether a printer may be at this address; see the top of this file."""
    address = _spelled_out(address)
    return not (
        address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or address == _BROADCAST
        or address in _CLOUD_SECRETS
    )


def connect(host: str, port: int, timeout_s: float) -> socket.socket:
    """A connection to the first allowed address of the host that takes one.

    Raises `OSError` when there is none, `PermissionError` when none of them is allowed.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    allowed = [entry for entry in found if may_be_connected_to(_address_of(entry[4][0]))]
    if not allowed:
        raise PermissionError(f"{host} is at an address that no printer has")
    trouble: OSError | None = None
    for family, kind, protocol, _, where in allowed[:_MOST_ADDRESSES]:
        wire = socket.socket(family, kind, protocol)
        wire.settimeout(timeout_s)
        try:
            wire.connect(where)
        except OSError as error:
            wire.close()
            trouble = error
        else:
            return wire
    raise trouble or OSError(f"{host} has no address")


_MOST_ADDRESSES: Final = 2
_HOST_ALONE: Final = (
    "a name or an address alone, such as 192.168.1.40: no http://, no port, no path."
)
_LOOK: Final = "Look it up on the printer's own configuration label."


def _address_of(text: str | int) -> _Address:
    return ip_address(str(text))


def _spelled_out(address: _Address) -> _Address:
    """The IPv4 address inside an IPv6 one that only leads there."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _IPV4_BEHIND:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
