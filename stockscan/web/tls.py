"""The certificate that connections are greeted with: it follows its files and our addresses."""

import logging
import ssl
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from stockscan.domain.errors import StockScanError
from stockscan.web.lan import Lan

LOOKED_AT_AGAIN_AFTER_S: Final = 30
HANDSHAKE_MAY_TAKE_S: Final = 10

_log = logging.getLogger("gunicorn.error")


class Certificate:
    """What new connections are greeted with: looked at again when one comes after a while."""

    def __init__(
        self,
        lan: Lan,
        hosts: frozenset[str],
        *,
        look_again_after_s: float = LOOKED_AT_AGAIN_AFTER_S,
    ) -> None:
        self._lan = lan
        self._hosts = hosts
        self._look_again_after_s = look_again_after_s
        self._lock = threading.Lock()
        self._context: ssl.SSLContext | None = None
        self._files: list[tuple[Path, int, int]] = []
        self._looked_at_s = 0.0

    def context(self) -> ssl.SSLContext:
        """The context of the certificate as it should be now.

        Where it can't be made anew, the last one goes on, with a line in the log.
        """
        with self._lock:
            if self._context is None:
                self._context = self._load()
            elif time.monotonic() > self._looked_at_s + self._look_again_after_s:
                self._context = self._load_again(self._context)
            return self._context

    def _load_again(self, last: ssl.SSLContext) -> ssl.SSLContext:
        try:
            return self._load()
        except (OSError, StockScanError) as error:  # ssl's errors are among the first
            _log.warning("The certificate stays as it was: %s", error)
            return last

    def _load(self) -> ssl.SSLContext:
        self._looked_at_s = time.monotonic()
        pair = self._lan.server_files(datetime.now(UTC), self._hosts)
        files = [(path, path.stat().st_mtime_ns, path.stat().st_ino) for path in pair]
        if self._context is not None and files == self._files:
            return self._context
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sslsocket_class = _TimedSocket
        context.set_alpn_protocols(["http/1.1"])
        context.load_cert_chain(*pair)
        self._files = files
        return context


class _TimedSocket(ssl.SSLSocket):
    """Lets nobody hold a thread who begins a handshake and never ends it."""

    # typing.override comes with Python 3.12; we run on 3.11 too.
    def do_handshake(self, block: bool = False) -> None:  # type: ignore[explicit-override]  # noqa: FBT001, FBT002
        self.settimeout(HANDSHAKE_MAY_TAKE_S)
        super().do_handshake(block)
        self.settimeout(None)
