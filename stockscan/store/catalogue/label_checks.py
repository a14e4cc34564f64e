"""Labels that were scanned back: kept once each, and what they say of their print by now."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from stockscan.store.catalogue.paging import rows_as
from stockscan.store.codes import Code
from stockscan.store.db import insert_into
from stockscan.store.labels import LabelCheck


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One label that was scanned back, or could not be; `code` where the text holds one of ours."""

    id: int
    uid: str
    print_id: int
    text: str
    code: str | None
    verdict: str

    @property
    def what(self) -> str:
        """Which label was checked: the same one again is the same, however it was read."""
        return self.code or self.text


@dataclass(frozen=True, slots=True)
class Counts:
    """Of how many labels this was found last; none counts twice."""

    right: int = 0
    old_address: int = 0
    other_print: int = 0
    unknown: int = 0
    unreadable: int = 0

    @property
    def read(self) -> int:
        """Labels of the print that lead to their things."""
        return self.right + self.old_address

    @property
    def wrong(self) -> int:
        """Labels with which something has to be done."""
        return self.other_print + self.unknown + self.unreadable


def checks_of(connection: Connection | Session, print_ids: Collection[int]) -> list[CheckRow]:
    """Every check of these prints, oldest first."""
    query = _SHOWN.where(LabelCheck.print_id.in_(print_ids)).order_by(LabelCheck.id)
    return rows_as(CheckRow, connection.execute(query))


def check_by_uid(connection: Connection | Session, uid: str) -> CheckRow | None:
    """The check that was kept under this id."""
    found = rows_as(CheckRow, connection.execute(_SHOWN.where(LabelCheck.uid == uid)))
    return found[0] if found else None


def keep_check(session: Session, **values: Any) -> None:
    """Keep a check, unless one was kept under its `uid` before."""
    row = insert_into(session.connection(), LabelCheck).values(**values)
    session.execute(row.on_conflict_do_nothing())


def is_code(connection: Connection | Session, code: str) -> bool:
    """Whether this is a code of ours."""
    return connection.execute(select(Code.code).where(Code.code == code)).scalar() is not None


def counts(checks: Collection[CheckRow]) -> Counts:
    """What checks of one print, oldest first, come to: what was found last of a label holds."""
    last = list({check.what: check.verdict for check in checks}.values())
    return Counts(**{verdict: last.count(verdict) for verdict in dict.fromkeys(last)})


_SHOWN: Final = select(
    LabelCheck.id,
    LabelCheck.uid,
    LabelCheck.print_id,
    LabelCheck.text,
    LabelCheck.code,
    LabelCheck.verdict,
)
