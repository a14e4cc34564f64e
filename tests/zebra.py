"""A label printer for the tests: a real server that answers ~HS and keeps the labels it gets."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from stockscan.services.labels.zebra import Patience

# As patient as a test may be; the printer answers within a millisecond.
QUICK = Patience(
    connect_s=2, first_answer_s=1, answer_s=2, takes_nothing_s=2, look_again_s=0.01,
    prints_nothing_s=0.3, last_label_s=0.3,
)  # fmt: skip

_QUESTION = re.compile(rb"~HS|~HQES")
_LABEL = re.compile(rb"\^XA.*?\^XZ\n?", re.DOTALL)


@dataclass(frozen=True)
class Mood:
    """What the printer says of itself, and what it does.

    `mute` answers nothing, `odd` answers what no printer does; one that is `sullen` says no more
    than its errors while it is stopped. After `breaks_after` labels it drops
    the connection. It prints at once, or lets all labels wait where it is `slow`; after
    `empty_after` labels it is out of them.
    """

    paper_out: bool = False
    head_open: bool = False
    ribbon_out: bool = False
    paused: bool = False
    half_label: bool = False
    mute: bool = False
    odd: bool = False
    sullen: bool = False
    slow: bool = False
    breaks_after: int | None = None
    empty_after: int | None = None


@dataclass
class Zebra:
    """The printer: its mood may be changed at any time; `labels` are those that it took."""

    port: int
    mood: Mood = field(default_factory=Mood)
    labels: list[bytes] = field(default_factory=list)
    connections: int = 0
    forgot: int = 0

    def be(self, **mood: bool | int) -> None:
        """Put it into another mood."""
        self.mood = replace(Mood(), **mood)  # type: ignore[arg-type]

    def zpl(self) -> str:
        """All that it took."""
        return b"".join(self.labels).decode()

    def serve(self, wire: socket.socket) -> None:
        """Speak with one client until it goes."""
        self.connections += 1
        unread = b""
        while more := wire.recv(65536):
            unread += more
            questions = _QUESTION.findall(unread)
            unread = self._take(_QUESTION.sub(b"", unread))
            if self._is_fed_up():
                return
            for question in questions:
                self._answer(wire, question)

    def _is_fed_up(self) -> bool:
        after = self.mood.breaks_after
        return after is not None and len(self.labels) >= after

    def _take(self, unread: bytes) -> bytes:
        """Take the labels that came whole; what is left."""
        self.forgot += unread.count(b"~JX")
        for label in _LABEL.findall(unread):
            if not self._is_fed_up():
                self.labels.append(label)
        return _LABEL.sub(b"", unread.replace(b"~JX", b""))

    def _answer(self, wire: socket.socket, question: bytes) -> None:
        mood = self.mood
        if mood.mute:
            return
        if mood.odd:
            wire.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            wire.shutdown(socket.SHUT_WR)
        elif question == b"~HQES":
            wire.sendall(self._errors().encode())
        elif not (mood.sullen and (mood.paper_out or mood.head_open)):
            wire.sendall(b"".join(f"\x02{string}\x03\r\n".encode() for string in self._status()))

    def _errors(self) -> str:
        bits = self.mood.paper_out * 1 + self.mood.head_open * 4 + self.mood.paused * 0x10000
        errors = f"ERRORS: {int(bits > 0)} 00000000 {bits:08X}"
        warnings = "WARNINGS: 0 00000000 00000000"
        return f"\x02\r\nPRINTER STATUS\r\n{errors}\r\n{warnings}\r\n\x03"

    def _status(self) -> tuple[str, str, str]:
        mood, taken = self.mood, len(self.labels)
        out = mood.paper_out or (mood.empty_after is not None and taken >= mood.empty_after)
        paused, waiting = mood.paused or out, taken if mood.slow else int(out and taken > 0)
        return (
            f"030,{out:d},{paused:d},0203,{waiting:03},0,0,{mood.half_label:d},000,0,0,0",
            f"001,0,{mood.head_open:d},{mood.ribbon_out:d},1,2,6,0,00000000,1,000",
            "1234,0",
        )


@contextmanager
def plugged_in(**mood: bool | int) -> Iterator[Zebra]:
    """A printer that is on, at a free port of this computer."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        zebra = Zebra(listening.getsockname()[1])
        zebra.be(**mood)
        thread = threading.Thread(target=_listen, args=(listening, zebra), daemon=True)
        thread.start()
        yield zebra
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def free_port() -> int:
    """A port at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def _listen(listening: socket.socket, zebra: Zebra) -> None:
    with suppress(OSError):
        while True:
            wire, _ = listening.accept()
            with wire, suppress(OSError):
                zebra.serve(wire)
