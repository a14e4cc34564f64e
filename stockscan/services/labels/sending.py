"""Printing on a printer of the list: labels handed over one by one, and its state in words.

Nothing here sends a label twice: what went wrong in the middle says how many labels the printer
has for sure, and a person decides about the rest.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from stockscan.domain.errors import RuleBroken
from stockscan.labelling.zpl import labels_in
from stockscan.services.labels.zebra import USUAL, Patience, PrinterTrouble, State, Wire, stalled
from stockscan.store.printers import PrinterRow

# So many labels at most are in the printer and not on paper: who cancels gets no more than these.
MOST_WAITING: Final = 8

# Told how many labels were handed over for sure; answers whether to go on.
Told = Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class Sent:
    """How sending ended: labels handed over, and how many of them are in the printer still.

    `waiting` is None for a printer that does not tell. `trouble` is why those wait: they come out
    by themselves once it is put right.
    """

    handed_over: int
    waiting: int | None
    trouble: str = ""
    cancelled: bool = False


def send(
    printer: PrinterRow, labels: Iterable[bytes], told: Told, patience: Patience = USUAL
) -> Sent:
    """Print labels of `labelling.zpl` on a network printer, after asking how it is.

    `told` is called after every label, and while the printer is busy; False ends the print.
    Raises `PrinterTrouble` in words with what to do; its `details["handed_over"]` are the labels
    that the printer has for sure, `details["perhaps"]` those that it may have.
    """
    job = _Job(told, patience)
    try:
        with Wire(*address_of(printer), patience) as wire:
            return job.run(wire, labels)
    except PrinterTrouble as error:
        message = f"{printer.name}: {error.message} {job.so_far}"
        raise PrinterTrouble(
            message, code=error.code, handed_over=job.sure, perhaps=job.perhaps
        ) from error


def address_of(printer: PrinterRow) -> tuple[str, int]:
    """Where it listens. Raises `RuleBroken` for one that is out of use or not on the network."""
    if not printer.active:
        raise RuleBroken(f"{printer.name} is out of use. Choose another printer.")
    if not printer.is_on_network:
        message = f"{printer.name} has no address. Print a PDF, or let an admin give it one."
        raise RuleBroken(message, code="printer_without_address")
    return printer.host, printer.port


class _Job:
    """One print on its way over the wire."""

    def __init__(self, told: Told, patience: Patience) -> None:
        self._told, self._patience = told, patience
        self.sure = self.perhaps = 0
        self._tells = False

    @property
    def so_far(self) -> str:
        """What the printer has got, in words."""
        if self.perhaps == 0:
            return "Nothing was printed."
        handed_over = f"{_count(self.sure)} handed over"
        if not self._tells:
            return f"{handed_over}, perhaps one more; look how many came out."
        if self.perhaps == self.sure:
            return f"{handed_over}, the rest not."
        return f"{handed_over} for sure; look whether the next one came out."

    def run(self, wire: Wire, labels: Iterable[bytes]) -> Sent:
        """Hand over every label, or until somebody cancels."""
        first = wire.greet()
        self._tells = first is not None
        if first is not None:
            _refuse_stopped(first)
            if first.half_label:
                wire.forget_half()
        for label in labels:
            if self._tells and not self._has_room(wire):
                return Sent(self.sure, None, cancelled=True)
            self.perhaps = self.sure + labels_in(label)
            wire.hand_over(label)
            if self._tells:
                wire.state()
            self.sure = self.perhaps
            if not self._told(self.sure):
                return Sent(self.sure, None, cancelled=True)
        return self._last(wire) if self._tells else Sent(self.sure, None)

    def _has_room(self, wire: Wire) -> bool:
        """Wait until the printer has printed most of what it holds; False for a cancelled print."""
        state, moved = wire.state(), time.monotonic()
        while True:
            _refuse_stopped(state)
            if state.waiting < MOST_WAITING:
                return True
            if time.monotonic() - moved > self._patience.prints_nothing_s:
                raise stalled(state)
            if not self._told(self.sure):
                return False
            time.sleep(self._patience.look_again_s)
            before, state = state, wire.state()
            moved = time.monotonic() if state.waiting < before.waiting else moved

    def _last(self, wire: Wire) -> Sent:
        """Wait a little for the last label to come out; that it was handed over is sure."""
        until = time.monotonic() + self._patience.last_label_s
        try:
            while (state := wire.state()).waiting and not state.trouble:
                if time.monotonic() > until:
                    break
                time.sleep(self._patience.look_again_s)
        except PrinterTrouble:
            return Sent(self.sure, None)
        why = state.trouble[1] if state.trouble and state.waiting else ""
        return Sent(self.sure, state.waiting, why)


def _count(labels: int) -> str:
    return "1 label was" if labels == 1 else f"{labels} labels were"


def _refuse_stopped(state: State) -> None:
    if state.trouble:
        code, words = state.trouble
        raise PrinterTrouble(words, code=code)
