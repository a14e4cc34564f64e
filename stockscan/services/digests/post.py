"""The mail server that takes our letters, by SMTP; passwords travel encrypted or not at all."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

TIMEOUT_S: Final = 20
_PORTS: Final = {"smtp": 25, "smtps": 465}
_LIKE: Final = "SMTP_URL must be like smtp://user:password@mail.example.com:587 or smtps://…:465"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """How letters leave: `encrypted` from the first byte (smtps), else by STARTTLS if offered."""

    host: str
    port: int
    encrypted: bool
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    @contextmanager
    def open(self) -> Iterator["Post"]:
        """A connection for any number of letters.

        Raises `OSError` (smtplib's errors are among them) where the server does not take us.
        """
        safe = ssl.create_default_context()
        if self.encrypted:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_S, context=safe
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S)
        with server:
            if not self.encrypted:
                server.ehlo()
                if self.user or server.has_extn("starttls"):
                    server.starttls(context=safe)
            if self.user:
                server.login(self.user, self.password)
            yield Post(server, self.sender)


@dataclass(frozen=True, slots=True)
class Post:
    """An open connection to the mail server."""

    server: smtplib.SMTP
    sender: str

    def send(self, to: str, subject: str, text: str) -> None:
        """Hand one letter over. Raises `OSError` where it is not taken."""
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self.sender, to, subject
        # So that no absence note answers a machine.
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        self.server.send_message(letter)


def read_mailbox(url: str, sender: str) -> Mailbox:
    """The mail server at an address; raises `ValueError` with what is wrong with it."""
    address = urlsplit(url)
    if address.scheme not in _PORTS or not address.hostname or address.path not in {"", "/"}:
        raise ValueError(f"{_LIKE}.")
    if "@" not in sender or set(sender) & set("\r\n,"):
        raise ValueError(f"MAIL_FROM must be one e-mail address; it is {sender!r}.")
    try:
        port = address.port or _PORTS[address.scheme]
    except ValueError as error:
        raise ValueError(f"{_LIKE}: its port is none.") from error
    user, password = unquote(address.username or ""), unquote(address.password or "")
    return Mailbox(address.hostname, port, address.scheme == "smtps", sender, user, password)
