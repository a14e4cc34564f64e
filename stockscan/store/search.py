"""The words of all things in one index, and a list of them to correct spelling by.

Both are kept by triggers (migration 0007), whoever writes.
"""

from typing import Final

from sqlalchemy.orm import Mapped, mapped_column

from stockscan.store.db import Base, Big

# The number of each kind; a thing's entry is KINDS[kind] * FIRST + its own id.
KINDS: Final = {"asset": 1, "part": 2, "location": 3, "person": 4, "model": 5}
FIRST: Final = 1 << 40


class SearchEntry(Base):
    """What one thing is found by: its names, numbers, barcodes, also without their separators.

    Nobody writes here but the triggers. On PostgreSQL a generated column holds the lexemes, on
    SQLite the table `search_index` (FTS5) indexes the words.
    """

    __tablename__ = "search_entry"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    words: Mapped[str]


class SearchWord(Base):
    """A word of letters that some thing is found by, and the entry that brought it first."""

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(Big, primary_key=True)
