"""The installation's own certificate authority, and the server certificate that it keeps fresh.

Phones trust the root once, for ten years; the server's certificate follows the addresses.
"""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509

from stockscan.domain.errors import StockScanError
from stockscan.services.certificates.issuing import (
    Pair,
    hosts_of,
    new_leaf,
    new_root,
    vouches_for,
)

RENEWED_WHEN_LEFT: Final = timedelta(days=90)


class NoAuthority(StockScanError):
    """The certificate authority can't be used."""

    code = "no_authority"


@dataclass(frozen=True, slots=True)
class Authority:
    """The root certificate in a folder and the server certificate that it has signed there."""

    folder: Path

    def root(self) -> x509.Certificate | None:
        """The root, None where none was made yet. Raises `NoAuthority` where it can't be read."""
        return _read_root(self._root_path).certificate if self._root_path.exists() else None

    def fresh_leaf(self, now: datetime, hosts: Iterable[str]) -> Path:
        """The file with key and certificate for those of `hosts` that the root may vouch for.

        The first call makes the root, for these hosts besides all local ones. The certificate is
        made anew when it nears its end or lacks a host. Raises `NoAuthority` where files can't be
        kept or the root has ended.
        """
        wanted = frozenset(hosts)
        try:
            root = self._root_for(now, wanted)
            named = frozenset(host for host in wanted if vouches_for(root.certificate, host))
            path = self.folder / "server.pem"
            if not _is_fresh(path, root.certificate, named, now):
                _put(path, new_leaf(root, named, now).pem())
        except OSError as error:
            raise NoAuthority(f"Can't keep certificates in {self.folder}: {error}.") from error
        return path

    @property
    def _root_path(self) -> Path:
        return self.folder / "authority.pem"

    def _root_for(self, now: datetime, hosts: frozenset[str]) -> Pair:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._root_path.exists():
            _put_once(self._root_path, new_root(hosts, now).pem())
        root = _read_root(self._root_path)
        if now > root.certificate.not_valid_after_utc:
            message = f"The certificate authority in {self._root_path} has ended. Remove that file"
            raise NoAuthority(f"{message} for a new one; every phone must then trust it again.")
        return root


def _is_fresh(path: Path, root: x509.Certificate, hosts: frozenset[str], now: datetime) -> bool:
    """Whether the kept leaf is of this root, stands for these hosts and lasts for a while."""
    try:
        leaf = Pair.read(path).certificate
        leaf.verify_directly_issued_by(root)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is made anew
        return False
    begun = leaf.not_valid_before_utc <= now
    return begun and now < leaf.not_valid_after_utc - RENEWED_WHEN_LEFT and hosts <= hosts_of(leaf)


def _read_root(path: Path) -> Pair:
    try:
        return Pair.read(path)
    except (OSError, ValueError) as error:
        raise NoAuthority(f"Can't read the certificate authority in {path}: {error}.") from error


def _put(path: Path, pem: bytes) -> None:
    """Write the file for its owner alone; readers see the old or the new one, never half of it."""
    _draft(path, pem).replace(path)


def _put_once(path: Path, pem: bytes) -> None:
    """The same, but the first of several processes that start at once wins."""
    draft = _draft(path, pem)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _draft(path: Path, pem: bytes) -> Path:
    draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return draft
