"""How a number came about at the bin: every scan adds, a typed number replaces what was before."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from stockscan.domain.errors import Invalid
from stockscan.domain.figures import format_quantity, parse_quantity

# As many as one operation may carry.
MOST_ENTRIES: Final = 500

_ENTRY: Final = re.compile(r"(\+?[0-9]{1,10}(?:\.[0-9]{1,3})?)(?:\*([0-9]{1,3}))?")


def total_milli(entries: Sequence[str]) -> int:
    """What the entries come to, oldest first: "+1" adds one, "12" replaces all before it."""
    total = 0
    for entry in entries:
        figure = parse_quantity(entry.removeprefix("+"), zero=True)
        total = total + figure if entry.startswith("+") else figure
    return total


def scanned(entries: Sequence[str], quantity: str = "1") -> tuple[str, ...]:
    """The entries with one scan more; `quantity` is what the scanned label says it holds.

    Raises `Invalid` when there are too many to keep each of them.
    """
    if len(entries) >= MOST_ENTRIES:
        message = f"{MOST_ENTRIES} scans are counted here. Type the whole number instead."
        raise Invalid(message, code="entries_full")
    return (*entries, f"+{format_quantity(parse_quantity(quantity))}")


def packed(entries: Sequence[str]) -> str:
    """The entries as an address carries them: "+1*3,12" for three scans and a typed number."""
    runs = ((entry, len(list(run))) for entry, run in groupby(entries))
    return ",".join(f"{entry}*{times}" if times > 1 else entry for entry, times in runs)


def unpacked(text: str) -> tuple[str, ...]:
    """The entries that an address carries; what makes no sense is no entry."""
    found: list[str] = []
    for piece in text.split(",")[:MOST_ENTRIES]:
        match = _ENTRY.fullmatch(piece)
        if match is None:
            return ()
        found += [match[1]] * int(match[2] or 1)
    return tuple(found) if len(found) <= MOST_ENTRIES else ()


def in_figures(entries: Sequence[str]) -> str:
    """What the entries come to, as it stands on the dial; "" for none."""
    return format_quantity(total_milli(entries)) if entries else ""


def in_words(entries: Sequence[str]) -> str:
    """The entries for people, oldest first: "scanned 3, typed 12"."""
    words = []
    for is_scan, run in groupby(entries, key=lambda entry: entry.startswith("+")):
        group = list(run)
        figure = format_quantity(total_milli(group)) if is_scan else group[-1]
        words.append(f"{'scanned' if is_scan else 'typed'} {figure}")
    return ", ".join(words)
