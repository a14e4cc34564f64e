"""A print of labels as its page, the log and its own worker see it."""

import json
from dataclasses import dataclass
from typing import Final, Literal

from stockscan.domain.access import Permission, require
from stockscan.labelling.printing import Format
from stockscan.services.labels.choices import decoded
from stockscan.services.labels.papers import Paper
from stockscan.services.work import Context, reading
from stockscan.store import prints as store
from stockscan.store.prints import PrintRow

# A file in one of the formats, or sent to the printer that was chosen.
Way = Format | Literal["printer"]
SENT: Final = "printer"
# Up to so many labels, with all copies, are drawn while somebody waits.
SMALL: Final = 300
# A print that has not moved for so long stood still: its process is gone.
STILL_US: Final = 20_000_000
# So long the file of a large print is kept, unless its person makes another one.
KEPT_US: Final = 7 * 24 * 3600 * 1_000_000


@dataclass(frozen=True, slots=True)
class Print:
    """One print of labels; `total` of them with all copies, `done` so far.

    `is_still` tells that nobody works on it any more though it is not done.
    """

    number: int
    uid: str | None
    at_us: int
    person: str
    person_code: str
    paper: Paper
    way: Way
    printer: str
    public_url: str
    state: str
    done: int
    total: int
    trouble: str
    warnings: tuple[str, ...]
    sha256: str | None
    is_still: bool

    @property
    def is_sent(self) -> bool:
        """Whether it went to a printer; what came out of that is on paper, not in a file."""
        return self.way == SENT

    @property
    def form(self) -> Format:
        """The format that its labels are drawn in."""
        return "zpl" if self.way == SENT else self.way

    @property
    def is_small(self) -> bool:
        """Whether its file is drawn whenever it is asked for, and so is always there."""
        return self.total <= SMALL and not self.is_sent

    @property
    def has_file(self) -> bool:
        """Whether there is a file to download."""
        return self.sha256 is not None or (self.is_small and self.state == "done")

    @property
    def labels(self) -> int:
        """How many different labels it has."""
        return self.total // self.paper.copies

    @property
    def kept_until_us(self) -> int:
        """Until when its file is kept at the longest."""
        return self.at_us + KEPT_US


@dataclass(frozen=True, slots=True)
class File:
    """The file of a print, and what to know about its labels."""

    data: bytes
    media_type: str
    extension: str
    warnings: tuple[str, ...]


def print_of(ctx: Context, number: int) -> Print:
    """A print as it is now. Raises `NotFound`."""
    require(ctx.actor, Permission.LABEL_PRINT)
    with reading() as connection:
        return as_print(ctx, store.by_number(connection, number))


def as_print(ctx: Context, row: PrintRow) -> Print:
    """A print out of its row, as it is now."""
    is_running = row.state == "running"
    return Print(
        number=row.id,
        uid=row.uid,
        at_us=row.at_us,
        person=row.person,
        person_code=row.person_code,
        paper=decoded(row.choices, row.stock, row.layout, row.start),
        way=row.format,
        printer=row.printer,
        public_url=row.public_url,
        state=row.state,
        done=row.done,
        total=row.total,
        trouble=row.trouble,
        warnings=tuple(json.loads(row.warnings)),
        sha256=row.sha256,
        is_still=is_running and (row.beat_us or 0) + STILL_US < ctx.now_us,
    )
