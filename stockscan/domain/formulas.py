"""Texts that a spreadsheet would run as formulas, made harmless in a CSV file and read back.

A spreadsheet takes a cell for a formula by its first sign, whoever wrote it; an apostrophe in
front makes it text. Whoever reads our files again takes the apostrophe off by `original`.
"""

import re
from typing import Final

_STARTS: Final = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
# Blanks in front do not stop every spreadsheet; nor does an apostrophe that was there before.
_RISKY: Final = re.compile(rf"'*[^\S\t\r\n]*[{_STARTS}]")
_MARKED: Final = re.compile(rf"'+[^\S\t\r\n]*[{_STARTS}]")


def harmless(text: str) -> str:
    """The text as it may stand in a CSV file: with an apostrophe in front where it needs one."""
    return f"'{text}" if _RISKY.match(text) else text


def original(text: str) -> str:
    """What `harmless` was given; any other text as it is."""
    return text[1:] if _MARKED.match(text) else text
