"""The wire to a ZPL printer: asks for its state first, hands over label by label, never repeats.

A printer that answers `~HS` is asked after every label, so that it never holds more than a few
and everybody knows which it has taken for sure. Some do not answer it while they are stopped, so
`~HQES`, the question for errors, is asked as well. One that answers neither (print servers, one-way
ports) is printed on all the same; then only the network's word counts.
"""

import re
import socket
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from stockscan.domain.errors import RuleBroken
from stockscan.services.labels.hosts import connect

_STATUS, _ERRORS = b"~HS", b"~HQES"
# Throws away a label of which only a part came; those that came whole stay.
_FORGET_HALF: Final = b"~JX"
_STX, _ETX = b"\x02", b"\x03"
# How many strings come back on each question.
_STRINGS: Final = {_STATUS: 3, _ERRORS: 1}
_REPORT: Final = re.compile(rb"ERRORS:\s*([01])\s+[0-9A-F]{8}\s+([0-9A-F]{8})")
_LONGEST_ANSWER: Final = 1024
_CLOSE_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a printer.

    A page waits for the `first` answer; a printer at work may be busy before it reads on. One that
    takes nothing for so long, or prints nothing of what it has, waits for somebody.
    """

    connect_s: float = 4.0
    first_answer_s: float = 3.0
    answer_s: float = 8.0
    takes_nothing_s: float = 15.0
    prints_nothing_s: float = 120.0
    look_again_s: float = 0.5
    last_label_s: float = 5.0


USUAL: Final = Patience()


class PrinterTrouble(RuleBroken):
    """The printer did not take the labels. Look at it, then try again."""

    code = "printer_trouble"


@dataclass(frozen=True, slots=True)
class State:
    """What a printer says of itself; `waiting` labels are in it and not printed yet."""

    paper_out: bool = False
    head_open: bool = False
    ribbon_out: bool = False
    paused: bool = False
    too_hot: bool = False
    too_cold: bool = False
    fault: bool = False
    half_label: bool = False
    label_to_take: bool = False
    waiting: int = 0

    @property
    def trouble(self) -> tuple[str, str] | None:
        """Why it prints nothing, as a code and in words with what to do; None while it can.

        What is wrong comes before the pause that it leads to.
        """
        return next((found for name, found in _TROUBLES.items() if getattr(self, name)), None)


_TROUBLES: Final = {
    "head_open": ("printer_head_open", "The print head is open. Close it."),
    "paper_out": ("printer_out_of_labels", "Out of labels. Load a roll."),
    "ribbon_out": ("printer_out_of_ribbon", "Out of ribbon. Put in a new one."),
    "too_hot": ("printer_too_hot", "Too hot. Let it cool down."),
    "too_cold": ("printer_too_cold", "Too cold. Let it warm up."),
    "fault": ("printer_fault", "It reports a fault. Look at its display or lamps."),
    "paused": ("printer_paused", "Paused. Press the pause button on the printer."),
}


class Wire:
    """An open connection to a printer: `with Wire(host, port) as wire`.

    Each method raises `PrinterTrouble` in words when the printer is off, breaks off or is none.
    """

    def __init__(self, host: str, port: int, patience: Patience = USUAL) -> None:
        self._where, self._patience = f"{host}, port {port}", patience
        try:
            self._socket = connect(host, port, patience.connect_s)
        except OSError as error:
            raise PrinterTrouble(_why(error, host, port), code="printer_unreachable") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _close(self._socket)

    def greet(self) -> State | None:
        """The printer's state, or None when it does not tell it."""
        return self._hear(self._patience.first_answer_s)

    def state(self) -> State:
        """The state of a printer that has told it before."""
        state = self._hear(self._patience.answer_s)
        if state is None:
            raise PrinterTrouble(f"{self._where} does not answer any more.", code="printer_broke")
        return state

    def hand_over(self, zpl: bytes) -> None:
        """Send one label; that it arrived is sure only once the printer has answered again."""
        try:
            self._socket.settimeout(self._patience.takes_nothing_s)
            self._socket.sendall(zpl)
        except TimeoutError as error:
            raise stalled() from error
        except OSError as error:
            raise _broken(self._where) from error

    def forget_half(self) -> None:
        """Let the printer throw away the beginning of a label that an earlier break left in it."""
        self.hand_over(_FORGET_HALF)

    def _hear(self, within_s: float) -> State | None:
        """What it says of itself; one that is silent may still name what stops it."""
        if answer := self._ask(_STATUS, within_s):
            return _read_status(answer, self._where)
        state = _read_errors(self._ask(_ERRORS, self._patience.first_answer_s))
        return state if state.trouble else None

    def _ask(self, question: bytes, within_s: float) -> bytes:
        """What comes back on a question, b"" for nothing in time."""
        until, answer = time.monotonic() + within_s, b""
        try:
            self._socket.settimeout(within_s)
            self._socket.sendall(question)
            while answer.count(_ETX) < _STRINGS[question] and len(answer) < _LONGEST_ANSWER:
                self._socket.settimeout(max(0.01, until - time.monotonic()))
                if not (more := self._socket.recv(_LONGEST_ANSWER)):
                    raise _broken(self._where)
                answer += more
        except TimeoutError:
            return answer
        except OSError as error:
            raise _broken(self._where) from error
        return answer


def stalled(state: State | None = None) -> PrinterTrouble:
    """It goes on with nothing and says no reason."""
    to_take = state is not None and state.label_to_take
    message = "A label waits to be taken off." if to_take else _NO_MORE
    return PrinterTrouble(message, code="printer_stalled")


_NO_MORE: Final = (
    "It takes no more labels. See whether it is out of labels or ribbon, open or paused."
)


def _read_status(answer: bytes, where: str) -> State:
    """The answer to ~HS: three strings of fields, of which the first two tell what we ask for."""
    strings = [part.partition(_ETX)[0].split(b",") for part in answer.split(_STX)[1:]]
    try:
        media, head = strings[0], strings[1]
        with_ribbon = head[4] == b"1"
        return State(
            paper_out=media[1] == b"1",
            paused=media[2] == b"1",
            half_label=media[7] == b"1",
            too_cold=media[10] == b"1",
            too_hot=media[11] == b"1",
            head_open=head[2] == b"1",
            ribbon_out=with_ribbon and head[3] == b"1",
            label_to_take=head[7] == b"1",
            waiting=int(media[4]) + int(head[8]),
        )
    except (IndexError, ValueError) as error:
        message = f"What answers at {where} is no ZPL printer. Check the address."
        raise PrinterTrouble(message, code="printer_unknown") from error


def _read_errors(answer: bytes) -> State:
    """The answer to ~HQES: a bit for each error; no answer, no error."""
    report = _REPORT.search(answer)
    bits = int(report[2], 16) if report and report[1] == b"1" else 0
    return State(
        paper_out=bool(bits & 0x1),
        ribbon_out=bool(bits & 0x2),
        head_open=bool(bits & 0x4),
        too_hot=bool(bits & 0x30),
        paused=bool(bits & 0x10000),
        fault=bool(bits & ~0x10037),
    )


def _why(error: OSError, host: str, port: int) -> str:
    """Why there is no connection, and what to do."""
    if isinstance(error, socket.gaierror):
        return f"Nothing on this network is called {host}. Check the printer's address."
    if isinstance(error, PermissionError):
        return f"{host} is at an address that no printer has. Check the printer's address."
    if isinstance(error, ConnectionRefusedError):
        return (
            f"{host} is there, but takes nothing at port {port}. Check the port, and that no"
            " other program holds the printer."
        )
    return f"{host} does not answer. Switch it on, and check its cable or Wi-Fi and its address."


def _broken(where: str) -> PrinterTrouble:
    message = f"The connection to {where} broke off."
    return PrinterTrouble(message, code="printer_broke")


def _close(wire: socket.socket) -> None:
    """Let the printer read to the end: closing on unread bytes would throw away what it has not
    read yet."""
    try:
        wire.shutdown(socket.SHUT_WR)
        until = time.monotonic() + _CLOSE_S
        while (left_s := until - time.monotonic()) > 0:
            wire.settimeout(left_s)
            if not wire.recv(_LONGEST_ANSWER):
                break
    except OSError:
        pass
    finally:
        wire.close()
