"""A TLS handshake in memory: a server with a certificate, a client with a trust store."""

import ssl
from pathlib import Path


def greet(certificate: Path | ssl.SSLContext, *, trusted: str, host: str) -> ssl.SSLObject:
    """The client's side of a finished handshake; the client trusts nothing but `trusted` (PEM).

    Raises what the client's verification raises.
    """
    client_context = ssl.create_default_context(cadata=trusted)
    server_context = certificate
    if isinstance(server_context, Path):
        server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server_context.load_cert_chain(certificate)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(down, up, server_hostname=host)
    server = server_context.wrap_bio(up, down, server_side=True)
    open_sides = [client, server]
    while open_sides:
        for side in list(open_sides):
            try:
                side.do_handshake()
                open_sides.remove(side)
            except ssl.SSLWantReadError:
                continue
    return client
