"""What people mean by what they type into a search field: its words, and how well a name fits."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

# More words than anyone types on purpose, and more letters than any word has.
MOST_WORDS: Final = 8
LONGEST_WORD: Final = 60

# Of a few rare letters SQLite's index does not know yet that they are letters.
_BETWEEN_WORDS: Final = re.compile(r"[\W_\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3]+")
_LOOK_ALIKE: Final = str.maketrans({"o": "0", "i": "1", "l": "1"})


def words_in(text: str) -> list[str]:
    """The words of a text in lower case, each once; letters and digits only, so safe anywhere."""
    lowered = unicodedata.normalize("NFKC", text).lower()
    found = [word[:LONGEST_WORD] for word in _BETWEEN_WORDS.split(lowered) if word]
    return list(dict.fromkeys(found))[:MOST_WORDS]


def plain(text: str) -> str:
    """The text without case and accents: "Dvořák" -> "dvorak"."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).lower()


def misread(word: str) -> str:
    """The word with digits for the letters that look like them: "a-ooo1" -> "a-0001"."""
    return word.translate(_LOOK_ALIKE)


def fit(text: str, name: str, numbers: Sequence[str]) -> int:
    """How well a thing fits what was typed, the best first: 0 for its very number or name.

    1 when the name or a number begins so, 2 when the name has all the words, 3 for anything else.
    """
    wanted, called = plain(text).strip(), plain(name)
    others = [plain(number) for number in numbers if number]
    if wanted == called or wanted in others:
        return 0
    if any(own.startswith(wanted) for own in (called, *others)):
        return 1
    own_words = words_in(called)
    if all(any(own.startswith(word) for own in own_words) for word in words_in(wanted)):
        return 2
    return 3


def most_slips(word: str) -> int:
    """How many slips of the finger a word of this length may have; 0 for short ones."""
    if len(word) < 4:
        return 0
    return 1 if len(word) <= 5 else 2
