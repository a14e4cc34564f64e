"""The cells of a file that somebody else made: plain text, a typed value, or nothing to read."""

from typing import Self


class Exact(str):
    """A value that its file typed (a number, a real date): its spelling leaves nothing open."""

    __slots__ = ()


class Broken(str):  # noqa: SLOT000 - a text with slots can hold nothing more
    """A cell that can't be read: the sentence that says why, and what stood there (`was`)."""

    was: str

    def __new__(cls, message: str, was: str = "") -> Self:
        """Keep both."""
        made = super().__new__(cls, message)
        made.was = was
        return made


Row = list[str]
