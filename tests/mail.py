"""A mail server of the tests' own, on a port of this machine: what it took, it keeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ssl import SSLContext
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from stockscan.services.digests.post import Mailbox, read_mailbox
from tests.lan import free_ports

USER, PASSWORD = "stock", "a password of the mail"
# Who is not known here, as mail servers say it.
UNKNOWN = "nobody@example.com"


@dataclass
class MailServer:
    """A running server; with a certificate it takes letters encrypted and by password only."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)

    @property
    def mailbox(self) -> Mailbox:
        """Where letters go without encryption."""
        return read_mailbox(f"smtp://127.0.0.1:{self.port}", "stockscan@example.com")

    @property
    def received(self) -> list[str]:
        """To whom letters came."""
        return [str(letter["To"]) for letter in self.letters]

    async def handle_RCPT(  # noqa: N802 - the server's own way of calling
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Take letters to anyone who is known."""
        if address == UNKNOWN:
            return "550 No such person here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the server's own way of calling
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep a letter."""
        content = cast("bytes", envelope.content)
        letter = message_from_bytes(content, policy=policy.default)
        self.letters.append(cast("EmailMessage", letter))
        return "250 OK"


@contextmanager
def mail_server(safe: SSLContext | None = None) -> Iterator[MailServer]:
    """The server, until the end of the block."""

    def knows(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, said: Any) -> Any:
        told = (said.login, said.password) if isinstance(said, LoginPassword) else None
        return AuthResult(success=told == (USER.encode(), PASSWORD.encode()))

    port, _ = free_ports()
    server = MailServer(port)
    guarded = {"tls_context": safe, "require_starttls": True, "auth_required": True}
    controller = Controller(
        server, "127.0.0.1", port, authenticator=knows, **(guarded if safe else {})
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
