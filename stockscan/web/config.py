"""The settings: read from the environment once, checked, typed; a wrong one stops the start."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from stockscan.services.digests.post import Mailbox, read_mailbox
from stockscan.web.lan import Lan, is_local_address, own_hosts

PREFIX = "STOCKSCAN_"
ALWAYS_TRUSTED = ("localhost", "127.0.0.1", "::1")
SHORTEST_SECRET = 32


class WrongSetting(SystemExit):
    """A setting that can't be used. Printed as one line, without a traceback, by any server."""


@dataclass(frozen=True, slots=True)
class Config:
    """Where StockScan keeps its data, how it is reached and what it signs with.

    `public_url` is empty where nobody has said it; then no labels are printed. `trusted_hosts`
    are names and addresses without a port, lower-case, IPv6 without brackets; one that starts
    with a dot stands for all names under it. `proxies` is how many reverse proxies stand in front
    and may say what the client's address and scheme were. `lan` is there where phones of the local
    network are served by ourselves.
    """

    database_url: str
    data_dir: Path
    public_url: str
    secret_key: str
    trusted_hosts: frozenset[str]
    proxies: int
    lan: Lan | None
    nightly: bool
    mailbox: Mailbox | None
    testing: bool

    def answers_to(self, host: str) -> bool:
        """Whether this server goes by that name or address.

        In the local network any private address is fine, since addresses change while we run, and
        a page of another site can't have one for its name.
        """
        parents = {host[index:] for index, sign in enumerate(host) if sign == "."}
        trusted = host in self.trusted_hosts or bool(parents & self.trusted_hosts)
        return trusted or (self.lan is not None and is_local_address(host))

    @property
    def named_hosts(self) -> frozenset[str]:
        """The trusted hosts that a certificate can be made for."""
        return frozenset(host for host in self.trusted_hosts if not host.startswith("."))


def load(given: Mapping[str, Any] | None = None) -> Config:
    """The settings of the environment (STOCKSCAN_*), overridden by `given` (without the prefix).

    Makes the data folder and, once, the secret key in it. Raises `WrongSetting`.
    """
    environment = {
        name.removeprefix(PREFIX): value
        for name, value in os.environ.items()
        if name.startswith(PREFIX) and value
    }
    raw = {**environment, **(given or {})}
    data_dir = _data_dir(raw.get("DATA_DIR", "./data"))
    public_url = _public_url(str(raw.get("PUBLIC_URL", "")))
    lan = _lan(raw, data_dir)
    return Config(
        database_url=_database_url(str(raw.get("DATABASE_URL", "")), data_dir),
        data_dir=data_dir,
        public_url=public_url,
        secret_key=_secret_key(raw.get("SECRET_KEY"), data_dir),
        trusted_hosts=_trusted_hosts(raw, public_url, lan),
        proxies=_whole("PROXIES", raw.get("PROXIES", 0)),
        lan=lan,
        nightly=_switch("NIGHTLY", raw.get("NIGHTLY", "on")),
        mailbox=_mailbox(raw, public_url),
        testing=bool(raw.get("TESTING", False)),
    )


def _data_dir(raw: Any) -> Path:
    folder = Path(raw).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSetting(f"{PREFIX}DATA_DIR: can't use {folder}: {error.strerror}.") from error
    return folder


def _database_url(raw: str, data_dir: Path) -> str:
    if not raw:
        return f"sqlite:///{data_dir / 'stockscan.db'}"
    try:
        address = make_url(raw)
        backend = address.drivername.partition("+")[0]
    except (ArgumentError, ValueError):
        backend = ""
    if backend == "sqlite" and address.database in {None, "", ":memory:"}:
        message = f"{PREFIX}DATABASE_URL must name a file: a database in memory forgets everything"
        raise WrongSetting(f"{message}. Write sqlite:////path/to/stockscan.db.")
    if backend not in {"sqlite", "postgresql", "postgres"}:
        message = f"{PREFIX}DATABASE_URL must start with sqlite:///, or postgresql://"
        raise WrongSetting(f"{message}; it starts with {raw.partition(':')[0][:12]!r}.")
    return raw


def _public_url(raw: str) -> str:
    if not raw:
        return ""
    try:
        address = urlsplit(raw)
        fine = address.scheme in {"http", "https"} and bool(address.hostname)
        fine = fine and address.port != 0 and address.path in {"", "/"}
        fine = fine and not (address.query or address.fragment or address.username)
        fine = fine and not set(raw) & set(" '\"<>\\^`{|}")
    except ValueError:
        fine = False
    if not fine:
        message = f"{PREFIX}PUBLIC_URL must be like https://stock.example.com or http://host:8000"
        raise WrongSetting(f"{message}, without a path; it is {raw!r}.")
    return raw.rstrip("/")


def _secret_key(raw: Any, data_dir: Path) -> str:
    if raw is None:
        return _kept_secret(data_dir / "secret.key")
    if len(str(raw)) < SHORTEST_SECRET:
        message = f"{PREFIX}SECRET_KEY must have at least {SHORTEST_SECRET} characters"
        raise WrongSetting(f"{message}. Leave it out to have one made in the data folder.")
    return str(raw)


def _kept_secret(path: Path) -> str:
    """The secret of the data folder; the first of several processes that start at once makes it.

    It appears under its name only when it is complete, so nobody reads half a key.
    """
    draft = path.with_name(f".secret-{secrets.token_hex(8)}")
    try:
        if not path.exists():
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
            _link_once(draft, path)
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSetting(f"Can't keep the secret key in {path}: {error}.") from error
    finally:
        draft.unlink(missing_ok=True)


def _link_once(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return


def _lan(raw: Mapping[str, Any], data_dir: Path) -> Lan | None:
    """The doors for phones; the two ports are set by `stockscan serve --lan`."""
    if not raw.get("HTTPS_PORT"):
        return None
    certificate, key = (
        Path(raw[name]).absolute() if raw.get(name) else None
        for name in ("CERTIFICATE", "CERTIFICATE_KEY")
    )
    return Lan(
        http_port=_whole("HTTP_PORT", raw.get("HTTP_PORT", 8000)),
        https_port=_whole("HTTPS_PORT", raw["HTTPS_PORT"]),
        folder=data_dir / "certificates",
        own_certificate=certificate,
        own_key=key,
    )


def _trusted_hosts(raw: Mapping[str, Any], public_url: str, lan: Lan | None) -> frozenset[str]:
    listed = raw.get("TRUSTED_HOSTS")
    if listed is None:
        listed = [*ALWAYS_TRUSTED, urlsplit(public_url).hostname or "", raw.get("BIND_HOST", "")]
        listed += [*own_hosts(), *lan.own_names()] if lan else []
    names = listed.split(",") if isinstance(listed, str) else listed
    hosts = frozenset(str(name).strip().strip("[]").lower() for name in names) - {""}
    if not hosts or any(set(host) & set("/@* ") for host in hosts):
        message = f"{PREFIX}TRUSTED_HOSTS must be names or addresses, separated by commas"
        raise WrongSetting(f"{message}; it is {listed!r}.")
    return hosts


def _mailbox(raw: Mapping[str, Any], public_url: str) -> Mailbox | None:
    if not raw.get("SMTP_URL"):
        return None
    host = urlsplit(public_url).hostname or "localhost"
    try:
        return read_mailbox(str(raw["SMTP_URL"]), str(raw.get("MAIL_FROM", f"stockscan@{host}")))
    except ValueError as error:
        raise WrongSetting(f"{PREFIX}{error}") from error


def _switch(name: str, raw: Any) -> bool:
    if raw not in {"on", "off"}:
        raise WrongSetting(f"{PREFIX}{name} must be on or off; it is {raw!r}.")
    return bool(raw == "on")


def _whole(name: str, raw: Any) -> int:
    if not str(raw).isdecimal():
        raise WrongSetting(f"{PREFIX}{name} must be a whole number; it is {raw!r}.")
    return int(raw)
