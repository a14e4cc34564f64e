"""Names of many bins from one pattern: "B-[A-D]-[01-12]" is B-A-01, B-A-02 ... B-D-12."""

import re
from itertools import product
from typing import Final

from stockscan.domain.errors import Invalid

MOST_NAMES: Final = 500
LONGEST_NAME: Final = 200

_RANGE: Final = re.compile(r"\[([^\[\]]*)\]")
_FROM_TO: Final = re.compile(r"(\d{1,6})-(\d{1,6})|([A-Za-z])-([A-Za-z])", re.ASCII)


def names_of(pattern: str) -> list[str]:
    """The names that a pattern stands for, the last range running fastest; each once.

    A range is [1-12], [01-12] with as many digits, or [A-D]. Raises `Invalid` for what is no
    range, for one that runs backwards and for more than 500 names.
    """
    parts = _RANGE.split(pattern.strip())
    # Every second part stood between brackets.
    choices = [_range(part) if index % 2 else _plain(part) for index, part in enumerate(parts)]
    number = 1
    for choice in choices:
        number *= len(choice)
    if number > MOST_NAMES:
        raise _wrong(f"That makes {number} bins. Make at most {MOST_NAMES} at once.")
    names = ["".join(words).strip() for words in product(*choices)]
    if not all(1 <= len(name) <= LONGEST_NAME for name in names):
        raise _wrong(f"A name has 1 to {LONGEST_NAME} characters. Correct the pattern.")
    return names


def _plain(text: str) -> list[str]:
    if "[" in text or "]" in text:
        raise _wrong("A bracket is open. Write each range as [1-12] or [A-D].")
    return [text]


def _range(text: str) -> list[str]:
    found = _FROM_TO.fullmatch(text.replace(" ", ""))
    if found is None:
        raise _wrong(f"[{text[:20]}] is no range. Write it as [1-12], [01-12] or [A-D].")
    first, last, first_letter, last_letter = found.groups()
    if first is not None:
        numbers = range(int(first), int(last) + 1)
        # A range of a million would be counted, not made.
        made = [str(number).zfill(len(first)) for number in numbers[: MOST_NAMES + 1]]
    else:
        made = [chr(letter) for letter in range(ord(first_letter), ord(last_letter) + 1)]
        made = [letter for letter in made if letter.isalpha()]
    if not made:
        raise _wrong(f"[{text[:20]}] runs backwards. Put the smaller one first.")
    return made


def _wrong(message: str) -> Invalid:
    return Invalid(message, field="pattern")
